"""The score counts what is stated, and the list of fixes adds up to what is missing."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.domain.quality import _table, score
from schemas.metadata import Description, Problem, Severity, from_json
from schemas.validation import check
from schemas.validation.structure import parts_of
from schemas.vocabularies import field

FACTS = _table().facts


def stated(*paths: str, **more: Any) -> Description:
    """A description that states these facts, with any value of the right type."""
    document: dict[str, Any] = {}
    for path in paths:
        place, parts = document, parts_of()
        *way, last = path.split(".")
        for key in way:
            part = next(each for each in parts if each.key == key)
            below = place.setdefault(key, [{}] if part.is_list else {})
            place, parts = below[0] if part.is_list else below, part.below
        part = next(each for each in parts if each.key == last)
        value: Any = {} if part.section else 1 if part.kinds[0] is int else "x"
        place[last] = [value] if part.is_list else value
    return from_json(document | more)


ALL_PATHS = [fact.path for fact in FACTS]
WHOLE = stated(*ALL_PATHS)


def test_nothing_is_not_rated() -> None:
    quality = score(Description(), check(Description(), today=date(2026, 11, 22)))
    assert quality.band == "Not rated"
    assert quality.score < 50
    assert len(quality.fixes) == len(FACTS)


def test_everything_is_a_hundred() -> None:
    quality = score(WHOLE, ())
    assert (quality.score, quality.band, quality.fixes) == (100, "Platinum", ())


@pytest.mark.parametrize("path", ALL_PATHS)
def test_each_fact_counts(path: str) -> None:
    quality = score(stated(*(each for each in ALL_PATHS if each != path)), ())
    assert path in {fix.path for fix in quality.fixes}
    assert quality.score < 100


def test_every_fact_has_a_label_and_a_reason() -> None:
    for fact in FACTS:
        assert field(fact.path) is not None
        assert fact.why.endswith(".")
    assert len(set(ALL_PATHS)) == len(ALL_PATHS)


def test_the_points_add_up() -> None:
    assert sum(fact.points for fact in FACTS) == pytest.approx(100)
    assert sum(fix.points for fix in score(Description(), ()).fixes) == pytest.approx(50, abs=3)


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (0, "Not rated"),
        (60, "Not rated"),
        (61, "Bronze"),
        (70, "Bronze"),
        (71, "Silver"),
        (80, "Silver"),
        (81, "Gold"),
        (90, "Gold"),
        (91, "Platinum"),
        (100, "Platinum"),
    ],
)
def test_bands(total: int, band: str) -> None:
    assert _table().band(total) == band


def test_what_counts_most_is_to_be_fixed_first() -> None:
    required = Problem("summary.populationSize", "“Number of people” is not stated.", Severity.ERROR)
    fixes = score(stated("summary.title"), [required]).fixes
    assert [fix.points for fix in fixes] == sorted((fix.points for fix in fixes), reverse=True)
    assert [(fix.path, fix.label) for fix in fixes[:2]] == [
        ("summary.populationSize", "Number of people"),
        ("summary.abstract", "Abstract"),
    ]
    assert fixes[0].points == pytest.approx(2 * fixes[1].points, abs=0.1)


def test_an_error_counts_and_a_doubt_does_not() -> None:
    wrong = Problem("summary.contactPoint", "“Contact for the dataset” is not an e-mail address.", Severity.ERROR)
    doubtful = Problem("summary.title", "“Title” has 200 characters.", Severity.WARNING)
    quality = score(WHOLE, [wrong, doubtful])
    assert [(fix.path, fix.points) for fix in quality.fixes] == [("summary.contactPoint", 1.3)]
    assert quality.score == 98


def test_a_problem_within_an_entry_is_one_of_its_list() -> None:
    wrong = Problem("observations[3].measuredValue", "“Count” is -1; it cannot be less than 0.", Severity.ERROR)
    assert [fix.path for fix in score(WHOLE, [wrong]).fixes] == ["observations"]


def test_columns_count_by_their_share() -> None:
    path = "structuralMetadata.tables.columns.description"
    tables = [
        {"name": "a", "description": "x", "columns": [{"name": n, "dataType": "x", "sensitive": False} for n in "abc"]},
        {
            "name": "b",
            "description": "x",
            "columns": [{"name": "d", "description": "x", "dataType": "x", "sensitive": True}],
        },
    ]
    others = stated(*(each for each in ALL_PATHS if not each.startswith("structuralMetadata.tables")))
    described = from_json({"structuralMetadata": {"tables": tables}})
    [fix] = [fix for fix in score(described, ()).fixes if fix.path == path]
    [fact] = [fact for fact in FACTS if fact.path == path]
    assert fix.points == pytest.approx(0.75 * fact.points / 2, abs=0.05)
    assert score(others, ()).score < score(WHOLE, ()).score


def test_no_end_is_needed_where_data_go_on() -> None:
    paths = [
        each
        for each in ALL_PATHS
        if each not in {"provenance.temporal.endDate", "provenance.temporal.distributionReleaseDate"}
    ]
    assert {fix.path for fix in score(stated(*paths), ()).fixes} == set(ALL_PATHS) - set(paths)
    document = {"publishingFrequency": "Continuous", "startDate": "2020", "timeLag": "x"}
    origin = {key: ["x"] for key in ("purpose", "source", "collectionSource")} | {"datasetType": [{"name": "x"}]}
    assert score(stated(*paths, provenance={"temporal": document, "origin": origin}), ()).fixes == ()


@given(st.sets(st.sampled_from(ALL_PATHS)), st.sampled_from(ALL_PATHS))
def test_stating_more_never_lowers_the_score(paths: set[str], more: str) -> None:
    assert score(stated(*paths), ()).score <= score(stated(*paths, more), ()).score
