"""Facts read from words: kept beside what is stated, told to search, decided on once and for all."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import ColumnElement, select, update

from catalogue.config import Settings
from catalogue.db import make_reading_session_factory, make_session_factory
from catalogue.mail.log import LogMailer
from catalogue.models import DatasetReading, DatasetVersion, FactState, InferredFact, OutboxMessage
from catalogue.outbox import worker
from catalogue.runtime import Runtime
from catalogue.search.backend import SearchQuery
from catalogue.search.opening import open_backend
from catalogue.services import dataset_facts, discovery, indexing
from catalogue.services.outbox import dataset_changed
from schemas.inference import filling
from schemas.metadata import Coverage, Description, Summary, from_json
from tests.databases import opened
from tests.publishing import publish

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
COHORT = Description(summary=Summary(title="A cohort", abstract="Records of 12,500 participants in Wales with asthma."))
PLAIN = Description(summary=Summary(title="A list", abstract="Nothing is said of it."))


@pytest.fixture
def runtime(database_url: str, tmp_path: Path) -> Iterator[Runtime]:
    with opened(database_url) as engine:
        settings = Settings(data_dir=str(tmp_path), database_url=database_url)
        sessions, reading = make_session_factory(engine), make_reading_session_factory(engine)
        backend = open_backend("", folder=tmp_path / "index", synonyms=None)
        yield Runtime(settings, engine, sessions, reading, backend, LogMailer())


def change(runtime: Runtime, *descriptions: Description) -> None:
    with runtime.sessions() as session:
        for description in descriptions:
            dataset_changed(session, publish(session, description), at=NOON)
        session.commit()


def work(runtime: Runtime, *descriptions: Description) -> int:
    change(runtime, *descriptions)
    done, failed = worker.run_once(runtime, lambda: NOON)
    assert failed == 0
    with runtime.reading_sessions() as session:
        assert indexing.check(session, runtime.backend).agree
    return done


def decide(runtime: Runtime, state: FactState, path: str) -> None:
    with runtime.sessions() as session:
        session.execute(update(InferredFact).where(InferredFact.path == path).values(state=state))
        reading = session.scalars(select(DatasetReading)).one()
        assert dataset_facts.restamp(session, reading)
        session.commit()
        assert len(indexing.check(session, runtime.backend).stale) == 1
        indexing.rebuild(session, runtime.backend)


def kept(runtime: Runtime) -> dict[tuple[str, str], tuple[bool, FactState]]:
    with runtime.reading_sessions() as session:
        return {(row.path, row.value): (row.is_live, row.state) for row in session.scalars(select(InferredFact))}


def counted(runtime: Runtime, facet: str, **filters: str) -> Mapping[str, int]:
    asked = SearchQuery(filters={name: (value,) for name, value in filters.items()})
    return {each.value: each.count for each in runtime.backend.search(asked).facets[facet]}


def test_search_takes_what_was_read_where_nothing_is_stated(runtime: Runtime) -> None:
    assert work(runtime, COHORT, PLAIN) == 6
    assert counted(runtime, "population") == {"10000-99999": 1, "not-stated": 1}
    assert counted(runtime, "coverage") == {"Wales": 1, "not-stated": 1}
    assert counted(runtime, "data_subtype") == {"Respiratory": 1, "not-stated": 1}
    assert counted(runtime, "read") == {
        "coverage": 1,
        "data_type": 1,
        "data_subtype": 1,
        "population": 1,
        "not-stated": 1,
    }
    assert counted(runtime, "custodian", read="population") == {"fell-and-dale-trust": 1}


def test_a_list_of_results_says_what_was_read(runtime: Runtime) -> None:
    work(runtime, COHORT)
    with runtime.reading_sessions() as session:
        (found,) = discovery.search(session, runtime.backend, SearchQuery()).items
    assert (found.population_size, found.places) == (12_500, ("Wales",))
    assert found.read == {"population_size", "places"}


def test_what_is_stated_later_wins_and_the_fact_goes(runtime: Runtime) -> None:
    work(runtime, COHORT)
    stated = replace(COHORT, coverage=Coverage(spatial=("England",)))
    work(runtime, stated)
    assert counted(runtime, "coverage") == {"England": 1}
    assert "coverage" not in counted(runtime, "read")
    assert (filling.PLACES, "Wales") not in kept(runtime)


def test_the_version_stays_what_its_source_stated(runtime: Runtime) -> None:
    work(runtime, COHORT)
    with runtime.reading_sessions() as session:
        stored = session.scalars(select(DatasetVersion.description)).one()
    assert from_json(stored) == COHORT


def test_a_decision_outlives_harvests(runtime: Runtime) -> None:
    work(runtime, COHORT)
    decide(runtime, FactState.REFUSED, filling.PLACES)
    assert counted(runtime, "coverage") == {"not-stated": 1}
    decide(runtime, FactState.CONFIRMED, filling.POPULATION)
    assert counted(runtime, "population") == {"10000-99999": 1}
    assert "population" not in counted(runtime, "read")
    silent = replace(COHORT, summary=replace(COHORT.summary, abstract="Nothing is said of it."))
    work(runtime, silent)
    assert kept(runtime) == {
        (filling.PLACES, "Wales"): (False, FactState.REFUSED),
        (filling.POPULATION, "12500"): (False, FactState.CONFIRMED),
    }
    assert counted(runtime, "population") == {"not-stated": 1}
    work(runtime, COHORT)
    assert kept(runtime)[filling.PLACES, "Wales"] == (True, FactState.REFUSED)
    assert counted(runtime, "coverage") == {"not-stated": 1}
    assert counted(runtime, "population") == {"10000-99999": 1}


def test_other_words_are_another_fact(runtime: Runtime) -> None:
    work(runtime, COHORT)
    decide(runtime, FactState.REFUSED, filling.POPULATION)
    grown = replace(COHORT, summary=replace(COHORT.summary, abstract="Records of 13,000 participants."))
    work(runtime, grown)
    assert kept(runtime)[filling.POPULATION, "13000"] == (True, FactState.WAITING)
    assert kept(runtime)[filling.POPULATION, "12500"] == (False, FactState.REFUSED)
    assert counted(runtime, "population") == {"10000-99999": 1}


def test_other_rules_read_everything_again(runtime: Runtime) -> None:
    work(runtime, COHORT, PLAIN)
    with runtime.sessions() as session:
        session.execute(update(DatasetReading).values(rules="older"))
        session.execute(update(InferredFact).values(value="7", words="read wrongly").where(is_population()))
        session.commit()
        for reading in session.scalars(select(DatasetReading)).all():
            dataset_facts.restamp(session, reading)
        session.commit()
        indexing.rebuild(session, runtime.backend)
    assert counted(runtime, "population") == {"under-1000": 1, "not-stated": 1}
    assert worker.run_once(runtime, lambda: NOON) == (1, 0)
    assert counted(runtime, "population") == {"10000-99999": 1, "not-stated": 1}
    with runtime.reading_sessions() as session:
        assert dataset_facts.outdated(session) == []


def test_search_is_told_once(runtime: Runtime) -> None:
    change(runtime, COHORT)
    with runtime.sessions() as session:
        identifier = session.scalars(select(OutboxMessage.key)).first()
        assert identifier is not None
        assert dataset_facts.refresh(session, [identifier], at=NOON) == 1
        assert dataset_facts.refresh(session, [identifier], at=NOON) == 0
        kinds = list(session.scalars(select(OutboxMessage.kind)))
        assert kinds.count("dataset.index") == 1
        session.execute(update(OutboxMessage).values(held_by="another worker"))
        session.execute(update(DatasetReading).values(stamp="older"))
        assert dataset_facts.refresh(session, [identifier], at=NOON) == 1
        assert list(session.scalars(select(OutboxMessage.kind))).count("dataset.index") == 2
        session.commit()


def is_population() -> ColumnElement[bool]:
    return InferredFact.path == filling.POPULATION
