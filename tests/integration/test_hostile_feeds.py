"""Broken and hostile feeds in the place of a good one: a report says what is wrong, and nothing good changes."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from catalogue.models import DatasetIdentifier, DatasetState, RunState
from catalogue.reading.entries import MOST_REVISIONS
from tests.integration.feeds import Bench, document, name_of, outcomes

GOOD = [document(number) for number in range(4)]
FILES = (
    "ckan_empty_results.json",
    "ckan_success_false.json",
    "control_chars_in_title.jsonld",
    "empty_data.json",
    "html_error_page_as_turtle.ttl",
    "html_login_page.json",
    "json_deep_nesting.json",
    "json_duplicate_keys.json",
    "json_nan.json",
    "jsonld_context_file.jsonld",
    "jsonld_remote_context.jsonld",
    "jsonld_schemaorg_context.jsonld",
    "script_in_fields.jsonld",
    "zero_bytes.ttl",
)


@pytest.fixture
def harbour(harbour: Bench) -> Bench:
    harbour.harvest(*GOOD, complete=True)
    return harbour


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_changes_nothing_that_was_good(
    harbour: Bench, reference_data: Path, connections: list[object], name: str
) -> None:
    before = {identifier: each.version_number for identifier, each in harbour.datasets().items()}
    text = (reference_data / "feeds/hostile-made" / name).read_text(encoding="utf-8")
    for _ in range(3):
        report = harbour.harvest(text=text, complete=True)
        assert report.state is not RunState.SUCCEEDED
        assert report.problems
        assert all(each.problem.message for each in report.problems)
        assert report.counts["withdrawn"] == 0
    after = harbour.datasets()
    assert {identifier: after[identifier].version_number for identifier in before} == before
    assert all(after[identifier].state is DatasetState.PUBLISHED for identifier in before)
    assert connections == []
    assert outcomes(harbour.harvest(*GOOD))["unchanged"] == len(GOOD)


def test_a_record_may_name_any_number_of_earlier_versions(harbour: Bench) -> None:
    """Each is a value in a question to the database, which takes only so many; the others are kept, and not asked."""
    revisions = [{"version": "1.0.0", "url": name_of(10_000 + number)} for number in range(MOST_REVISIONS + 5)]
    report = harbour.harvest(*GOOD, document(9, revisions=revisions))
    assert outcomes(report) == {"unchanged": len(GOOD), "new": 1}
    assert len(harbour.description(name_of(9)).revisions) == len(revisions)
    with harbour.session() as session:
        asked = DatasetIdentifier.value.in_(each["url"] for each in revisions)
        assert session.scalar(select(func.count()).where(asked)) == MOST_REVISIONS
    again = document(int(1e4), title="The first version again")
    assert outcomes(harbour.harvest(*GOOD, again, source="other"))["conflict"] == len(GOOD) + 1
