"""A version is a change of what is said; the difference between two is for people to read."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.domain.content import says
from catalogue.domain.versions import DifferenceKind, content_hash, differences
from catalogue.domain.word_differences import Effort, WordKind, changed_words
from harvesters.base import Origin, Raw
from harvesters.hdruk import HdrukHarvester
from schemas.metadata import (
    Basis,
    BasisKind,
    Column,
    Description,
    Supplied,
    Table,
    from_json,
    to_json,
)

A_TABLE: dict[str, Any] = {
    "name": "Births",
    "columns": [
        {"name": "age", "dataType": "integer", "description": "Age of the mother in years at the birth of the child"},
        {"name": "weight", "dataType": "integer", "sensitive": False},
    ],
}
A_DOCUMENT: dict[str, Any] = {
    "version": "1.0.0",
    "modified": "2026-01-01",
    "summary": {
        "title": "Births register",
        "abstract": "Every birth in the country since 1990, with weight, length and place of birth.",
        "populationSize": 0,
        "keywords": ["births", "mothers", "weight"],
        "dataCustodian": {"name": "Example Trust"},
    },
    "provenance": {"origin": {"datasetType": [{"name": "Registry", "subTypes": ["Births and deaths", "Others"]}]}},
    "observations": [
        {"observedNode": "Persons", "measuredValue": 10, "observationDate": "2025-01-01"},
        {"observedNode": "Events", "measuredValue": 20, "observationDate": "2025-01-01"},
    ],
    "structuralMetadata": {"tables": [A_TABLE, {"name": "Places", "columns": [{"name": "code"}]}]},
}


def described(**changes: object) -> Description:
    """The sample description, with parts replaced by dotted path written with double underscores."""
    document = to_json(from_json(A_DOCUMENT))
    for path, value in changes.items():
        *way, last = path.split("__")
        part = document
        for key in way:
            part = part.setdefault(key, {})
        part[last] = value
    return from_json(document)


SAMPLE = described()


def read(old: Description, new: Description) -> list[tuple[str, str, str, Any, Any]]:
    return [(found.path, found.label, found.kind.value, found.before, found.after) for found in differences(old, new)]


@pytest.mark.parametrize(
    "same",
    [
        described(summary__keywords=["weight", "births", "mothers"]),
        described(summary__keywords=["weight", "births", "mothers", "births", " births", ""]),
        described(summary__title="  Births\n register "),
        described(summary__doiName=""),
        described(accessibility__access__accessBody={}),
        described(observations=A_DOCUMENT["observations"][::-1]),
        described(provenance__origin__datasetType=[{"name": "Registry", "subTypes": ["Others", "Births and deaths"]}]),
        replace(SAMPLE, bases=(Basis("summary.title", BasisKind.CONFIRMED, by="somebody"),)),
    ],
)
def test_what_says_the_same_is_the_same_version(same: Description) -> None:
    assert content_hash(same) == content_hash(SAMPLE)
    assert differences(SAMPLE, same) == ()


@pytest.mark.parametrize(
    "other",
    [
        described(summary__keywords=["births", "mothers"]),
        described(summary__title="Births Register"),
        described(summary__populationSize=None),
        described(modified="2026-01-02"),
        described(structuralMetadata__tables=A_DOCUMENT["structuralMetadata"]["tables"][::-1]),
        replace(SAMPLE, as_supplied=(Supplied("coverage.spatial", "here and there", "no such place"),)),
    ],
)
def test_what_says_something_else_is_another_version(other: Description) -> None:
    assert content_hash(other) != content_hash(SAMPLE)
    assert differences(SAMPLE, other)


def test_why_a_value_was_not_understood_is_not_the_sources_word() -> None:
    versions = [replace(SAMPLE, as_supplied=(Supplied("coverage", "x", reason),)) for reason in ("unknown", "odd")]
    assert content_hash(versions[0]) == content_hash(versions[1])


def test_nought_and_no_are_stated() -> None:
    nothing, none = Column(name="a"), Column(name="a", sensitive=False)
    assert says(nothing) != says(none)
    assert says(Column(distinct_count=0)) != says(Column())


def test_a_hash_is_the_same_in_every_process() -> None:
    described_once = from_json({"summary": {"title": "Births", "keywords": ["b", "a"], "populationSize": 3}})
    assert content_hash(described_once) == "1167d2c9d092e7c6dab42c6d4b86a51e8b7a9920644291481fc5ae599c01223b"


def test_plain_values() -> None:
    old = described(summary__doiName="10.1234/a", summary__populationSize=100)
    new = described(summary__populationSize=200, summary__laySummary="For everybody")
    assert read(old, new) == [
        ("summary.populationSize", "Number of people", "changed", 100, 200),
        ("summary.doiName", "DOI", "removed", "10.1234/a", None),
        ("summary.laySummary", "Plain-language summary", "added", None, "For everybody"),
    ]


def test_sets_say_what_came_and_what_went() -> None:
    new = described(summary__keywords=["mothers", "babies", "births"])
    assert read(SAMPLE, new) == [
        ("summary.keywords", "Keywords", "removed", "weight", None),
        ("summary.keywords", "Keywords", "added", None, "babies"),
    ]


def test_a_long_text_in_a_list_is_compared_word_by_word() -> None:
    old = described(accessibility__usage__resourceCreator=["Please cite the births register of 2025"])
    new = described(accessibility__usage__resourceCreator=["Please cite the births register of 2026"])
    [found] = differences(old, new)
    assert found.kind is DifferenceKind.CHANGED
    assert [(words.text, words.kind.value) for words in found.words] == [
        ("Please cite the births register of", "same"),
        ("2025", "removed"),
        ("2026", "added"),
    ]


def test_a_count_that_changed_is_one_change() -> None:
    new = described(
        observations=[
            {"observedNode": "Events", "measuredValue": 20, "observationDate": "2025-01-01"},
            {"observedNode": "Persons", "measuredValue": 11, "observationDate": "2025-01-01"},
            {"observedNode": "Findings", "measuredValue": 1},
        ]
    )
    assert [(path, kind, before, after) for path, _, kind, before, after in read(SAMPLE, new)] == [
        ("observations[1].measuredValue", "changed", 10, 11),
        ("observations[2]", "added", None, "Findings, 1"),
    ]
    assert "Persons, 2025-01-01" in differences(SAMPLE, new)[0].label


def the_labels(old: Description, new: Description) -> list[tuple[str, str]]:
    return [(found.label, found.kind.value) for found in differences(old, new)]


def with_tables(*tables: dict[str, Any]) -> Description:
    return described(structuralMetadata__tables=list(tables))


def test_columns_are_named_with_their_table() -> None:
    age, weight = A_TABLE["columns"]
    changed = {"name": "age", "dataType": "number", "description": "Age of the mother in whole years"}
    table = {"name": "Births", "columns": [weight, changed, {"name": "sex", "description": "At birth"}]}
    found = differences(with_tables(A_TABLE), with_tables(table))
    assert [(each.path, each.kind.value, each.before, each.after) for each in found] == [
        ("structuralMetadata.tables[0].columns[1].dataType", "changed", "integer", "number"),
        (
            "structuralMetadata.tables[0].columns[1].description",
            "changed",
            age["description"],
            "Age of the mother in whole years",
        ),
        ("structuralMetadata.tables[0].columns[2]", "added", None, "At birth"),
        ("structuralMetadata.tables[0].columns", "moved", None, None),
    ]
    assert found[0].label.endswith("(column age of table Births)")
    assert found[2].label == "Column sex of table Births"
    assert WordKind.REMOVED in {words.kind for words in found[1].words}


def test_tables_that_come_and_go() -> None:
    places = {"name": "Places", "columns": [{"name": "code"}]}
    assert the_labels(with_tables(A_TABLE), with_tables(places)) == [
        ("Table Births", "removed"),
        ("Table Places", "added"),
    ]
    [gone, come] = differences(with_tables(A_TABLE), with_tables(places))
    assert (gone.before, come.after) == ("2 columns", "1 column")


def test_columns_of_one_name_are_told_apart_by_their_order() -> None:
    twice = {"name": "Births", "columns": [{"name": "code", "dataType": "a"}, {"name": "code", "dataType": "b"}]}
    thrice = {"name": "Births", "columns": [*twice["columns"], {"name": "code", "dataType": "c"}]}
    assert the_labels(with_tables(twice), with_tables(thrice)) == [("Column code of table Births", "added")]


def test_a_part_that_is_absent_says_as_much_as_an_empty_one() -> None:
    new = described(accessibility__access__accessBody={"name": "Access committee"})
    assert [path for path, *_ in read(SAMPLE, new)] == ["accessibility.access.accessBody.name"]
    assert [kind for _, _, kind, *_ in read(new, SAMPLE)] == ["removed"]


def test_every_difference_has_words_of_its_own() -> None:
    for found in differences(Description(), SAMPLE):
        assert found.label != found.path
        assert found.label[0].isupper()


def test_many_long_changed_texts_are_shown_without_comparing_them_all() -> None:
    old, new = (
        Description(
            structural_metadata=replace(
                SAMPLE.structural_metadata,
                tables=(
                    Table(
                        name="Wide",
                        columns=tuple(
                            Column(
                                name=f"c{number}",
                                description=" ".join(f"{start + step * number}" for step in range(100)),
                            )
                            for number in range(900)
                        ),
                    ),
                ),
            )
        )
        for start in (1, 900_001)
    )
    found = differences(old, new)
    assert len(found) == 900
    assert all(len(each.words) >= 2 for each in found)


texts = st.text(alphabet="ab \n", max_size=3)
optional_texts = st.none() | texts
columns = st.builds(
    Column,
    name=st.none() | texts | st.integers(0, 2) | st.booleans(),
    description=optional_texts,
    sensitive=st.none() | st.booleans(),
)
tables = st.builds(Table, name=optional_texts, columns=st.lists(columns, max_size=3).map(tuple))
observations = st.fixed_dictionaries(
    {}, optional={"observedNode": texts, "measuredValue": st.integers(0, 2), "measuredProperty": st.integers(0, 1)}
)
references = st.fixed_dictionaries({}, optional={"pid": texts, "title": texts})


@st.composite
def descriptions(draw: st.DrawFn) -> Description:
    document = {
        "version": draw(optional_texts),
        "summary": {
            "keywords": draw(st.lists(texts, max_size=3)),
            "populationSize": draw(st.none() | st.integers(0, 1)),
        },
        "observations": draw(st.lists(observations, max_size=3)),
        "enrichmentAndLinkage": {"isPartOf": draw(st.lists(references, max_size=3))},
        "accessibility": {"access": {"accessBody": draw(st.none() | st.fixed_dictionaries({"name": texts}))}},
    }
    made = from_json(document)
    listed = replace(made.structural_metadata, tables=tuple(draw(st.lists(tables, max_size=3))))
    return replace(made, structural_metadata=listed)


@given(descriptions(), descriptions())
def test_there_is_a_difference_exactly_where_the_hashes_differ(old: Description, new: Description) -> None:
    found = differences(old, new)
    assert bool(found) == (content_hash(old) != content_hash(new))
    assert all(each.before != each.after or each.kind is DifferenceKind.MOVED for each in found)


@given(descriptions())
def test_nothing_changes_when_nothing_changes(description: Description) -> None:
    assert differences(description, from_json(to_json(description))) == ()


words = st.lists(st.sampled_from("abcd"), max_size=12).map(" ".join)


@given(words, words, st.sampled_from([0, 3, 10**6]))
def test_both_texts_can_be_read_from_the_changed_words(before: str, after: str, steps: int) -> None:
    runs = changed_words(before, after, Effort(steps))
    assert " ".join(run.text for run in runs if run.kind is not WordKind.ADDED) == before
    assert " ".join(run.text for run in runs if run.kind is not WordKind.REMOVED) == after
    assert all(one.kind is not other.kind for one, other in pairwise(runs))


def test_the_fewest_words_are_marked() -> None:
    runs = changed_words("the quick brown fox jumps", "the slow brown fox jumps high", Effort())
    assert [(run.text, run.kind.value) for run in runs] == [
        ("the", "same"),
        ("quick", "removed"),
        ("slow", "added"),
        ("brown fox jumps", "same"),
        ("high", "added"),
    ]


def test_the_history_of_the_gateway_has_63_changes_of_content(reference_data: Path) -> None:
    """Of 4,436 pairs of neighbours, 2,875 differ in bytes; 62 in their dates, one in its custodian."""

    @cache
    def read(raw: Raw) -> Description:
        description = HdrukHarvester.parse(raw, date_order=None, today=date(2026, 11, 22)).description
        assert description is not None
        return description

    in_bytes = in_content = 0
    paths: set[str] = set()
    for before, after in pairwise(snapshots(reference_data / "hdruk" / "real" / "replay")):
        for identifier in before.keys() & after.keys():
            if before[identifier].data == after[identifier].data:
                continue
            old, new = read(before[identifier]), read(after[identifier])
            in_bytes += 1
            in_content += content_hash(old) != content_hash(new)
            paths.update(found.path for found in differences(old, new))
    assert (in_bytes, in_content) == (2875, 63)
    assert paths == {"issued", "modified", "summary.dataCustodian.name"}


def snapshots(folder: Path) -> Iterator[dict[str | None, Raw]]:
    for path in sorted(folder.glob("*.json.gz")):
        harvester = HdrukHarvester.from_source(Origin(path=path), {})
        yield {raw.identifier: replace(raw, url="") for raw in harvester.gather()}
