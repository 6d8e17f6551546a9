from dataclasses import replace
from datetime import UTC, datetime

import pytest

from catalogue.domain.versions import differences
from catalogue.services.datasets import VersionView
from catalogue.web import versions_page
from schemas.metadata import (
    AgeCount,
    Column,
    DemographicFrequency,
    Description,
    StructuralMetadata,
    Summary,
    Table,
)

HISTORY = [VersionView(number, datetime(2026, 1, number, tzinfo=UTC), "feed", "", ()) for number in (3, 2, 1)]


@pytest.mark.parametrize(
    ("earlier", "later", "numbers"),
    [("1", "3", (1, 3)), ("3", "1", (1, 3)), (" 2 ", "3", (2, 3)), ("", "", None)],
)
def test_two_versions_are_chosen_in_their_order(earlier: str, later: str, numbers: tuple[int, int] | None) -> None:
    assert versions_page.chosen(earlier, later, HISTORY) == versions_page.Chosen(numbers)


@pytest.mark.parametrize(("earlier", "later"), [("1", "1"), ("1", "9"), ("one", "two"), ("2", ""), ("9" * 9999, "1")])
def test_what_cannot_be_compared_is_said(earlier: str, later: str) -> None:
    chosen = versions_page.chosen(earlier, later, HISTORY)
    assert chosen.numbers is None
    assert chosen.notice


def changed(before: Description, after: Description) -> versions_page.Changes:
    return versions_page.changes(differences(before, after))


def test_changes_are_summed_up() -> None:
    before = Description(summary=Summary(title="Births", population_size=10, keywords=("birth",)))
    after = Description(summary=Summary(title="Births", population_size=12, lay_summary="Babies."))
    found = changed(before, after)
    assert found.summary == "1 fact added, 1 removed and 1 changed"
    rows = {each.label: (each.before, each.after) for group in found.groups for each in group.changes}
    assert rows["Number of people"] == ("10", "12")
    assert rows["Keywords"] == ("birth", "")


def test_changed_words_are_marked() -> None:
    before = Description(summary=Summary(abstract="Every birth in Wales since 1990 by month"))
    after = Description(summary=Summary(abstract="Every live birth in Wales since 1985 by month"))
    (change,) = changed(before, after).groups[0].changes
    assert [(mark.text, mark.element) for mark in change.marks if mark.element != "span"] == [
        ("live", "ins"),
        ("1990", "del"),
        ("1985", "ins"),
    ]
    assert (change.before, change.after) == ("", "")


def test_many_changes_of_one_kind_stand_together() -> None:
    def people(step: int) -> Description:
        ages = tuple(AgeCount(f"{age}-{age + 4} years", age + step) for age in range(0, 50, 5))
        return Description(summary=Summary(population_size=step), demographic_frequency=DemographicFrequency(age=ages))

    found = changed(people(100), people(200))
    assert [group.title for group in found.groups] == ["", "Changed: People in the age group, 10 times"]


def test_a_new_data_dictionary_is_not_listed_whole() -> None:
    columns = tuple(Column(name=f"c{number}") for number in range(500))
    before = Description(structural_metadata=StructuralMetadata(tables=(Table(name="births", columns=()),)))
    tables = (replace(before.structural_metadata.tables[0], columns=columns),)
    found = changed(before, replace(before, structural_metadata=StructuralMetadata(tables=tables)))
    assert found.unlisted == 300
    assert not found.is_open


def test_values_of_every_kind_are_said() -> None:
    assert versions_page.said(None) == ""
    assert versions_page.said(value=True) == "yes"
    assert versions_page.said(1234.5) == "1,234.5"
    assert versions_page.said("2020-01-02") == "2 January 2020"
    assert versions_page.said(Column(name="bw", description="Weight", sensitive=False)) == "bw; Weight; no"
    assert versions_page.said(("a", "b")) == "a, b"
