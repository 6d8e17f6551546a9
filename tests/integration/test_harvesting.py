"""The harvest loop, rule by rule (ADR 17)."""

import errno
import json
from unittest.mock import Mock

import pytest
from sqlalchemy import select

from catalogue import locks
from catalogue.domain.errors import Busy, Gone, Moved, Refused
from catalogue.models import DatasetState, HarvestRun, Outcome, RecordState, RunState
from catalogue.reading import spool
from catalogue.services import datasets, organisations, sources
from catalogue.services.harvesting import withdrawal
from catalogue.services.harvesting.report import stored
from schemas.metadata import BasisKind, Severity
from tests.integration.feeds import Bench, document, name_of, outcomes


def test_a_first_harvest_publishes_and_leaves_work_for_the_index(harbour: Bench) -> None:
    report = harbour.harvest(document(1), document(2))
    assert outcomes(report) == {"new": 2}
    assert report.state is RunState.SUCCEEDED
    assert set(harbour.datasets()) == {name_of(1), name_of(2)}
    assert harbour.waiting() == [name_of(1), name_of(2)]


def test_the_same_again_changes_nothing(harbour: Bench) -> None:
    harbour.harvest(document(1), document(2))
    report = harbour.harvest(document(1), document(2))
    assert outcomes(report) == {"unchanged": 2}
    assert len(harbour.waiting()) == 2


def test_a_different_order_of_keywords_is_no_change(harbour: Bench) -> None:
    harbour.harvest(document(1, summary__keywords=["a", "b", "c"]))
    report = harbour.harvest(document(1, summary__keywords=["c", "a", "b"]))
    assert outcomes(report) == {"unchanged": 1}
    assert harbour.datasets()[name_of(1)].version_number == 1


def test_a_change_makes_a_version_with_who_when_and_why(harbour: Bench) -> None:
    harbour.harvest(document(1))
    report = harbour.harvest(document(1, summary__abstract="Now with prescriptions too."))
    assert outcomes(report) == {"changed": 1}
    with harbour.session() as session:
        newest, oldest = datasets.history(session, name_of(1))
    assert (newest.number, newest.actor, newest.created_at) == (2, "feed", harbour.at)
    assert [each.path for each in newest.differences] == ["summary.abstract"]
    assert oldest.differences == ()


def test_a_dataset_says_which_source_it_came_from_and_when(harbour: Bench) -> None:
    harbour.harvest(document(1), document(2))
    first = harbour.at
    harbour.harvest(document(1, summary__abstract="Now with prescriptions too."), document(2))
    with harbour.session() as session:
        changed, unchanged = (datasets.get(session, name_of(number)) for number in (1, 2))
    assert changed.source is not None
    assert changed.source.name == "feed"
    assert (changed.harvested_at, unchanged.harvested_at) == (harbour.at, first)


def test_the_outcomes_add_up_to_what_was_seen(harbour: Bench) -> None:
    harbour.harvest(document(1), document(2), document(3))
    broken = document(4)
    del broken["summary"]["title"]
    report = harbour.harvest(document(1), document(2, "Another title"), document(5), broken, "junk", document(1))
    assert report.counts["seen"] == 6
    assert outcomes(report) == {"unchanged": 1, "changed": 1, "new": 1, "invalid": 3}
    assert report.state is RunState.SUCCEEDED_WITH_PROBLEMS


def test_an_invalid_record_keeps_its_last_good_version(harbour: Bench) -> None:
    harbour.harvest(document(1))
    broken = document(1)
    del broken["summary"]["title"]
    for _ in range(2):
        report = harbour.harvest(broken)
        assert outcomes(report) == {"invalid": 1}
        assert any(each.problem.severity is Severity.ERROR for each in report.problems)
    dataset = harbour.datasets()[name_of(1)]
    assert (dataset.version_number, dataset.state) == (1, DatasetState.PUBLISHED)
    assert outcomes(harbour.harvest(document(1))) == {"unchanged": 1}


def test_an_address_that_ends_in_the_identifier_is_the_same_record(harbour: Bench) -> None:
    harbour.harvest(document(1))
    report = harbour.harvest(document(1, identifier=f"https://gateway.example/dataset/{name_of(1).upper()}"))
    assert outcomes(report) == {"unchanged": 1}


def test_a_record_sent_twice_is_taken_once(harbour: Bench) -> None:
    report = harbour.harvest(document(1), document(1, "Another title"))
    assert outcomes(report) == {"new": 1, "invalid": 1}
    assert harbour.datasets()[name_of(1)].title == "Clinic visits 1"


def test_a_new_identifier_whose_revisions_name_the_old_one_continues_it(harbour: Bench) -> None:
    harbour.harvest(document(1))
    revisions = [{"version": "1.0.0", "url": f"https://gateway.example/dataset/{name_of(1)}"}]
    report = harbour.harvest(document(2, "New title", version="2.0.0", revisions=revisions), complete=True)
    assert outcomes(report) == {"continued": 1}
    assert {each.title: each.version_number for each in harbour.datasets().values()} == {"New title": 2}
    assert harbour.records()[name_of(1)].state is RecordState.SUPERSEDED
    with harbour.session() as session, pytest.raises(Moved) as moved:
        datasets.get(session, name_of(2))
    assert moved.value.identifier == name_of(1)


def test_a_chain_of_revisions_is_one_dataset_and_may_go_back(harbour: Bench) -> None:
    def version(number: int, *earlier: int) -> dict:
        return document(number, "Chain", revisions=[{"version": "1.0.0", "url": name_of(each)} for each in earlier])

    harbour.harvest(version(1))
    assert outcomes(harbour.harvest(version(2, 1))) == {"continued": 1}
    assert outcomes(harbour.harvest(version(3, 1, 2))) == {"continued": 1}
    assert outcomes(harbour.harvest(version(3, 1, 2))) == {"unchanged": 1}
    assert len(harbour.datasets()) == 1


def test_a_revision_that_is_still_sent_is_another_dataset(harbour: Bench) -> None:
    harbour.harvest(document(1))
    report = harbour.harvest(document(1), document(2, revisions=[{"version": "1.0.0", "url": name_of(1)}]))
    assert outcomes(report) == {"unchanged": 1, "new": 1}


def test_a_superseded_record_that_comes_back_beside_its_successor_is_not_doubled(harbour: Bench) -> None:
    harbour.harvest(document(1))
    successor = document(2, revisions=[{"version": "1.0.0", "url": name_of(1)}])
    harbour.harvest(successor)
    report = harbour.harvest(successor, document(1))
    assert outcomes(report) == {"unchanged": 1, "conflict": 1}
    assert len(harbour.datasets()) == 1


def test_the_same_title_and_custodian_is_put_before_a_person(harbour: Bench) -> None:
    harbour.harvest(document(1, "Respiratory audit"), document(3), complete=True)
    report = harbour.harvest(document(2, "Respiratory audit"), document(3), complete=True)
    assert outcomes(report) == {"new": 1, "unchanged": 1, "missing": 1, "held": 1}
    assert any("Respiratory audit" in each.problem.message for each in report.problems)
    for _ in range(3):
        report = harbour.harvest(document(2, "Respiratory audit"), document(3), complete=True)
    assert report.counts["held"] == 1
    assert harbour.datasets()[name_of(1)].state is DatasetState.PUBLISHED


def test_a_record_is_withdrawn_after_two_complete_runs_without_it(harbour: Bench) -> None:
    everything = [document(number) for number in range(10)]
    harbour.harvest(*everything, complete=True)
    first = harbour.harvest(*everything[1:], complete=True)
    assert outcomes(first) == {"unchanged": 9, "missing": 1}
    assert harbour.datasets()[name_of(0)].state is DatasetState.PUBLISHED
    second = harbour.harvest(*everything[1:], complete=True)
    assert outcomes(second) == {"unchanged": 9, "missing": 1, "withdrawn": 1}
    with harbour.session() as session, pytest.raises(Gone):
        datasets.get(session, name_of(0))
    third = harbour.harvest(*everything, complete=True)
    assert outcomes(third) == {"unchanged": 9, "changed": 1}
    assert harbour.datasets()[name_of(0)].state is DatasetState.PUBLISHED


def test_a_record_that_returns_in_between_starts_again(harbour: Bench) -> None:
    both = [document(1), document(2)]
    harbour.harvest(*both, complete=True)
    harbour.harvest(both[1], complete=True)
    assert outcomes(harbour.harvest(*both, complete=True)) == {"unchanged": 2}
    assert outcomes(harbour.harvest(both[1], complete=True)) == {"unchanged": 1, "missing": 1}


def test_what_is_missing_is_looked_up_some_at_a_time(harbour: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(withdrawal, "LOADED_AT_ONCE", 2)
    everything = [document(number) for number in range(8)]
    harbour.harvest(*everything, complete=True)
    assert outcomes(harbour.harvest(*everything[5:], complete=True)) == {"unchanged": 3, "missing": 5}


def test_too_many_at_once_are_held_and_a_person_is_asked(harbour: Bench) -> None:
    everything = [document(number) for number in range(8)]
    harbour.harvest(*everything, complete=True)
    for _ in range(2):
        report = harbour.harvest(*everything[:2], complete=True)
    assert outcomes(report) == {"unchanged": 2, "missing": 6, "held": 6}
    assert report.needs_a_person
    assert all(each.state is DatasetState.PUBLISHED for each in harbour.datasets().values())


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", '{"count": 0, "dataModels": []}', "<html><body>Sign in</body></html>", '{"success": false}', "{"],
)
def test_a_broken_feed_withdraws_nothing(harbour: Bench, text: str) -> None:
    harbour.harvest(document(1), complete=True)
    for _ in range(3):
        report = harbour.harvest(text=text, complete=True)
        assert report.state is RunState.FAILED
        assert [each.problem.message for each in report.problems]
    assert harbour.datasets()[name_of(1)].state is DatasetState.PUBLISHED
    assert outcomes(harbour.harvest(document(1), complete=True)) == {"unchanged": 1}


def test_a_total_that_was_not_reached_makes_the_run_incomplete(harbour: Bench) -> None:
    harbour.harvest(document(1), document(2), complete=True)
    for _ in range(3):
        text = json.dumps({"count": 9, "dataModels": [document(1)]})
        report = harbour.harvest(text=text, complete=True)
        assert outcomes(report) == {"unchanged": 1}
        assert report.state is RunState.SUCCEEDED_WITH_PROBLEMS
    assert harbour.datasets()[name_of(2)].state is DatasetState.PUBLISHED


def test_a_file_that_is_not_said_to_be_complete_takes_nothing_for_missing(harbour: Bench) -> None:
    harbour.harvest(document(1), document(2))
    for _ in range(3):
        assert outcomes(harbour.harvest(document(1))) == {"unchanged": 1}
    assert len(harbour.datasets()) == 2


def test_an_aggregator_carries_custodians_who_are_created_unclaimed(harbour: Bench) -> None:
    other = {"name": "ALLIANCE > Tern  Coast", "memberOf": None}
    report = harbour.harvest(
        document(1),
        document(2, summary__dataCustodian=other),
        document(3, summary__dataCustodian={"name": "TERN COAST"}),
        aggregator=True,
    )
    assert report.counts["custodians"] == 2
    with harbour.session() as session:
        view = datasets.get(session, name_of(3))
    assert (view.organisation.name, view.organisation.slug) == ("Tern Coast", "tern-coast")
    assert (view.organisation.member_of, view.organisation.is_claimed) == ("Alliance", False)


def test_a_source_that_is_no_aggregator_publishes_for_its_own_organisation_only(harbour: Bench) -> None:
    report = harbour.harvest(document(1, summary__dataCustodian={"name": "Tern Coast"}))
    with harbour.session() as session:
        assert datasets.get(session, name_of(1)).organisation.slug == "harbour-trust"
    assert any("Tern Coast" in each.problem.message for each in report.problems)


def test_a_claimed_custodian_can_refuse_to_be_spoken_for(harbour: Bench) -> None:
    slug = harbour.organisation("Tern Coast")
    with harbour.session() as session:
        organisations.get(session, slug).accepts_aggregators = False
        session.commit()
    report = harbour.harvest(document(1, summary__dataCustodian={"name": "Tern Coast"}), aggregator=True)
    assert outcomes(report) == {"conflict": 1}
    assert harbour.datasets() == {}


TABLES = {"tables": [{"name": "visits", "columns": [{"name": "peak_flow", "dataType": "int", "sensitive": False}]}]}


def test_a_second_source_of_a_dataset_fills_but_does_not_overwrite(harbour: Bench) -> None:
    hub = harbour.organisation("Airways Hub")
    harbour.harvest(document(1))
    twin = document(1, "Its own title", structuralMetadata=TABLES)
    report = harbour.harvest(twin, organisation=hub, source="hub", aggregator=True)
    assert outcomes(report) == {"conflict": 1}
    description = harbour.description(name_of(1))
    assert description.summary.title == "Clinic visits 1"
    assert description.structural_metadata.tables[0].columns[0].name == "peak_flow"
    assert [(each.kind, each.source) for each in description.bases] == [(BasisKind.FILLED, "hub")]
    report = harbour.harvest(twin, organisation=hub, source="hub", aggregator=True)
    assert outcomes(report) == {"conflict": 1}
    assert harbour.datasets()[name_of(1)].version_number == 2
    assert outcomes(harbour.harvest(document(1, "Renamed"))) == {"changed": 1}
    description = harbour.description(name_of(1))
    assert (description.summary.title, len(description.structural_metadata.tables)) == ("Renamed", 1)


def test_the_custodians_own_source_takes_over_from_an_aggregator(harbour: Bench) -> None:
    hub = harbour.organisation("Airways Hub")
    harbour.harvest(document(1, "As the hub says", structuralMetadata=TABLES), organisation=hub, aggregator=True)
    report = harbour.harvest(document(1), source="own")
    assert outcomes(report) == {"changed": 1}
    description = harbour.description(name_of(1))
    assert description.summary.title == "Clinic visits 1"
    assert len(description.structural_metadata.tables) == 1
    report = harbour.harvest(
        document(1, "As the hub says", structuralMetadata=TABLES), organisation=hub, aggregator=True
    )
    assert outcomes(report) == {"conflict": 1}
    assert len(harbour.datasets()) == 1


def test_a_dry_run_says_the_same_and_keeps_nothing(harbour: Bench) -> None:
    harbour.harvest(document(1))
    report = harbour.harvest(document(1, "Renamed"), document(2), dry_run=True)
    assert outcomes(report) == {"changed": 1, "new": 1}
    assert report.run is None
    assert {each.title for each in harbour.datasets().values()} == {"Clinic visits 1"}
    assert len(harbour.waiting()) == 1


def test_a_source_is_harvested_once_at_a_time(harbour: Bench) -> None:
    harbour.harvest(document(1))
    with locks.held(harbour.place.engine, harbour.place.locks_folder, "source-1") as is_mine:
        assert is_mine
        with pytest.raises(Busy):
            harbour.harvest(document(1))


def test_a_report_can_be_read_again(harbour: Bench) -> None:
    report = harbour.harvest(document(1, summary__abstract=None), "junk")
    with harbour.session() as session:
        again = stored(session, report.run)
    assert again == report.as_json()
    assert again["invalid"] == 1
    assert any(each["record"] == name_of(1) for each in again["problems"])


def test_a_record_that_cannot_be_stored_spoils_itself_only(harbour: Bench) -> None:
    report = harbour.harvest(document(1), document(2, summary__title="T" * 40 + "\x00 with a NUL"), document(3))
    assert report.counts["seen"] == sum(report.counts[each] for each in Outcome) == 3
    assert {name_of(1), name_of(3)} <= set(harbour.datasets())


def test_a_source_that_holds_new_records_publishes_none(harbour: Bench) -> None:
    harbour.harvest(document(1))
    with harbour.session() as session:
        sources.get(session, 1).holds_new = True
        session.commit()
    harbour.harvest(document(1), document(2))
    states = {identifier: each.state for identifier, each in harbour.datasets().items()}
    assert states == {name_of(1): DatasetState.PUBLISHED, name_of(2): DatasetState.IN_REVIEW}


def test_a_run_without_room_for_what_is_sent_fails_and_says_so(harbour: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A device that is always full is in the place of the temporary file."""
    monkeypatch.setattr(spool.tempfile, "TemporaryFile", lambda **_: open("/dev/full", "wb"))  # noqa: PTH123, SIM115
    with pytest.raises(Refused, match="temporary files: No space left"):
        harbour.harvest(document(1))
    with harbour.session() as session:
        assert session.scalars(select(HarvestRun.state)).all() == [RunState.FAILED]
    monkeypatch.setattr(spool.tempfile, "TemporaryFile", Mock(side_effect=OSError(errno.EROFS, "Read-only")))
    with pytest.raises(Refused, match="temporary files: Read-only"):
        harbour.harvest(document(1))
    with harbour.session() as session:
        assert session.scalars(select(HarvestRun.state)).all() == [RunState.FAILED]
