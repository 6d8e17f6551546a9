"""What a harvest leaves for a person: pairs that may be one dataset, withdrawals that were held (ADR 17)."""

import pytest
from sqlalchemy import select

from catalogue import locks
from catalogue.domain.errors import Busy, Gone, Invalid, Moved, NotFound
from catalogue.models import DatasetIdentifier, DatasetState, IdentityQuestion, RecordState, RunState
from catalogue.services import datasets, sources
from catalogue.services.harvesting.questions import Answer, answer, open_questions
from catalogue.services.harvesting.withdrawal import held_back, withdraw_held
from schemas.metadata import BasisKind
from tests.integration.feeds import Bench, document, name_of, outcomes

OLD, NEW = document(1, "Respiratory audit"), document(2, "Respiratory audit", version="2.0.0", summary__keywords=["x"])
TABLES = {"tables": [{"name": "visits", "columns": [{"name": "peak_flow", "dataType": "int", "sensitive": False}]}]}


@pytest.fixture
def asked(harbour: Bench) -> Bench:
    """A catalogue with one open question: is the new record 2 the old record 1?"""
    harbour.harvest(OLD, document(3), complete=True)
    harbour.harvest(NEW, document(3), complete=True)
    return harbour


def settle(harbour: Bench, verdict: Answer, question: int = 1) -> IdentityQuestion:
    return answer(harbour.place, question, verdict, by="Ada of the office", at=harbour.at)


def test_a_pair_is_listed_with_what_differs(asked: Bench) -> None:
    with asked.session() as session:
        (found,) = open_questions(session)
    assert (found.earlier.identifier, found.later.identifier) == (name_of(1), name_of(2))
    assert (found.source.name, found.organisation.slug) == ("feed", "harbour-trust")
    assert {"version", "summary.keywords"} <= {each.path.partition("[")[0] for each in found.differences}


def test_the_same_dataset_goes_on_under_its_old_identifier(asked: Bench) -> None:
    settled = settle(asked, Answer.SAME)
    assert (settled.answer, settled.answered_by, settled.answered_at) == ("same", "Ada of the office", asked.at)
    with asked.session() as session:
        assert open_questions(session) == []
        view = datasets.get(session, name_of(1))
        assert (view.description.version, view.dataset.version_number) == ("2.0.0", 2)
        reasons = [each.reason for each in datasets.history(session, name_of(1))]
        assert reasons == ["The same dataset under a new identifier, says Ada of the office.", "First harvested."]
        with pytest.raises(Moved) as moved:
            datasets.get(session, name_of(2))
        assert moved.value.identifier == name_of(1)
    assert asked.waiting()[-2:] == [name_of(1), name_of(2)]
    assert asked.records()[name_of(1)].state is RecordState.SUPERSEDED


def test_after_joining_the_source_is_harvested_as_if_nothing_had_been(asked: Bench) -> None:
    settle(asked, Answer.SAME)
    for _ in range(3):
        report = asked.harvest(NEW, document(3), complete=True)
        assert (outcomes(report), report.state) == ({"unchanged": 2}, RunState.SUCCEEDED)
    changed = document(2, "Respiratory audit of the county")
    assert outcomes(asked.harvest(changed, document(3), complete=True)) == {"changed": 1, "unchanged": 1}
    found = asked.datasets()[name_of(1)]
    assert (found.title, found.version_number) == ("Respiratory audit of the county", 3)


def test_the_old_identifier_beside_the_new_one_is_not_doubled(asked: Bench) -> None:
    settle(asked, Answer.SAME)
    report = asked.harvest(OLD, NEW, document(3))
    assert outcomes(report) == {"unchanged": 2, "conflict": 1}
    assert [each.state for each in asked.datasets().values()].count(DatasetState.PUBLISHED) == 2


def test_all_versions_of_the_newer_one_come_over(asked: Bench) -> None:
    asked.harvest(document(2, "Respiratory audit", version="2.1.0"), document(3))
    settle(asked, Answer.SAME)
    with asked.session() as session:
        versions = datasets.history(session, name_of(1))
        assert [each.number for each in versions] == [3, 2, 1]
        assert versions[0].reason == "Changed at the source."
        changes = datasets.compare(session, name_of(1), 2, 3)
        assert [(each.before, each.after) for each in changes if each.path == "version"] == [("2.0.0", "2.1.0")]


def test_every_name_of_the_newer_one_leads_to_the_older(asked: Bench) -> None:
    settle(asked, Answer.SAME)
    with asked.session() as session:
        rows = session.execute(select(DatasetIdentifier.value, DatasetIdentifier.dataset_id)).all()
    owner = asked.datasets()[name_of(1)].id
    assert {value for value, dataset_id in rows if dataset_id == owner} == {name_of(1), name_of(2)}
    assert not [value for value, dataset_id in rows if dataset_id == asked.datasets()[name_of(2)].id]


def test_what_another_source_filled_stays_filled(harbour: Bench) -> None:
    hub = harbour.organisation("Airways Hub")
    harbour.harvest(OLD, complete=True)
    harbour.harvest(document(1, structuralMetadata=TABLES), organisation=hub, source="hub", aggregator=True)
    harbour.harvest(NEW, complete=True)
    settle(harbour, Answer.SAME)
    description = harbour.description(name_of(1))
    assert description.version == "2.0.0"
    assert description.structural_metadata.tables[0].columns[0].name == "peak_flow"
    assert [(each.kind, each.source) for each in description.bases] == [(BasisKind.FILLED, "hub")]


def test_a_different_dataset_lets_the_old_one_go(asked: Bench) -> None:
    for _ in range(2):
        assert outcomes(asked.harvest(NEW, document(3), complete=True))["held"] == 1
    settle(asked, Answer.DIFFERENT)
    assert outcomes(asked.harvest(NEW, document(3), complete=True)) == {"unchanged": 2, "missing": 1, "withdrawn": 1}
    with asked.session() as session:
        with pytest.raises(Gone):
            datasets.get(session, name_of(1))
        assert datasets.get(session, name_of(2)).dataset.version_number == 1


def test_a_question_is_answered_once(asked: Bench) -> None:
    settle(asked, Answer.DIFFERENT)
    with pytest.raises(Invalid, match="answered already: different"):
        settle(asked, Answer.SAME)
    with pytest.raises(NotFound):
        settle(asked, Answer.SAME, question=99)


def test_two_records_that_are_both_sent_again_cannot_be_the_same(asked: Bench) -> None:
    asked.harvest(OLD, NEW, document(3), complete=True)
    with pytest.raises(Invalid, match="sends both"):
        settle(asked, Answer.SAME)
    assert asked.datasets()[name_of(2)].state is DatasetState.PUBLISHED
    settle(asked, Answer.DIFFERENT)


def test_a_newer_one_that_is_gone_cannot_be_joined(asked: Bench) -> None:
    for _ in range(2):
        asked.harvest(document(3), complete=True)
    assert asked.datasets()[name_of(2)].state is DatasetState.WITHDRAWN
    with pytest.raises(Invalid, match="no longer there"):
        settle(asked, Answer.SAME)


def test_a_question_waits_while_its_source_is_harvested(asked: Bench) -> None:
    with locks.held(asked.place.engine, asked.place.locks_folder, "source-1") as is_mine:
        assert is_mine
        with pytest.raises(Busy):
            settle(asked, Answer.SAME)


def test_two_old_records_and_one_new_one_become_one(harbour: Bench) -> None:
    twin = document(4, "Respiratory audit")
    harbour.harvest(OLD, twin, document(3), complete=True)
    harbour.harvest(NEW, document(3), complete=True)
    with harbour.session() as session:
        assert len(open_questions(session)) == 2
    settle(harbour, Answer.SAME, question=1)
    with harbour.session() as session:
        (left,) = open_questions(session)
        assert {left.earlier.identifier, left.later.identifier} == {name_of(4), name_of(1)}
    settle(harbour, Answer.SAME, question=2)
    with harbour.session() as session:
        for gone in (1, 2):
            with pytest.raises(Moved) as moved:
                datasets.get(session, name_of(gone))
            assert moved.value.identifier == name_of(4)
        assert datasets.get(session, name_of(4)).description.version == "2.0.0"
    assert outcomes(harbour.harvest(NEW, document(3), complete=True)) == {"unchanged": 2}


@pytest.fixture
def emptied(harbour: Bench) -> Bench:
    """A source that lost six of its eight records, which is too much for a run to withdraw."""
    everything = [document(number) for number in range(8)]
    harbour.harvest(*everything, complete=True)
    for _ in range(2):
        report = harbour.harvest(*everything[:2], complete=True)
    assert report.counts["held"] == 6
    return harbour


def test_what_was_held_is_withdrawn_when_a_person_says_so(emptied: Bench) -> None:
    with emptied.session() as session:
        source = sources.get(session, 1)
        assert len(held_back(session, source)) == 6
        assert {each.record.absences for each in withdraw_held(session, source, at=emptied.at)} == {2}
        assert withdraw_held(session, source, at=emptied.at) == []
    states = [each.state for each in emptied.datasets().values()]
    assert (states.count(DatasetState.WITHDRAWN), states.count(DatasetState.PUBLISHED)) == (6, 2)
    assert emptied.waiting()[-6:] == [name_of(number) for number in range(2, 8)]
    report = emptied.harvest(document(0), document(1), complete=True)
    assert (outcomes(report), report.state) == ({"unchanged": 2}, RunState.SUCCEEDED)


def test_a_held_pair_is_not_withdrawn_with_the_rest(harbour: Bench) -> None:
    harbour.harvest(OLD, document(3), complete=True)
    for _ in range(3):
        harbour.harvest(NEW, document(3), complete=True)
    with harbour.session() as session:
        assert held_back(session, sources.get(session, 1)) == []


def test_what_is_missing_for_the_first_time_is_not_held(harbour: Bench) -> None:
    harbour.harvest(document(1), document(2), complete=True)
    harbour.harvest(document(1), complete=True)
    with harbour.session() as session:
        assert held_back(session, sources.get(session, 1)) == []


def test_another_sources_dataset_is_never_asked_about(harbour: Bench) -> None:
    hub = harbour.organisation("Airways Hub")
    harbour.harvest(OLD, complete=True)
    harbour.harvest(OLD, organisation=hub, source="hub", aggregator=True, complete=True)
    harbour.harvest(NEW, organisation=hub, source="hub", aggregator=True, complete=True)
    with harbour.session() as session:
        assert open_questions(session) == []
