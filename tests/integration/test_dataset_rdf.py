"""What is kept of datasets in RDF: written by the worker, never sent when it is of something else."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text

from catalogue.config import Settings
from catalogue.db import make_reading_session_factory, make_session_factory
from catalogue.mail.log import LogMailer
from catalogue.migrations import running
from catalogue.models import Dataset, DatasetRdf, Organisation, OutboxMessage
from catalogue.outbox import worker
from catalogue.runtime import Runtime
from catalogue.search.opening import open_backend
from catalogue.services import dataset_rdf
from catalogue.services.dataset_rdf import Selection
from catalogue.services.harvesting import saving
from schemas.crosswalks import dcat
from tests.databases import Databases, opened
from tests.integration.feeds import Bench, bench, document, name_of

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
BASE = "https://catalogue.example"
ORGANISATION = text(
    "INSERT INTO organisation (id, slug, name, kind, is_claimed, accepts_aggregators, created_at) "
    "VALUES (1, :slug, :name, :kind, true, true, :at)"
)
DATASET = text(
    "INSERT INTO dataset (identifier, organisation_id, state, title, version_number, quality_score, quality_band, "
    "published_at, changed_at) VALUES (:identifier, 1, :state, 'T', 1, 0, '', :at, :at)"
)


@pytest.fixture
def runtime(database_url: str, tmp_path: Path) -> Iterator[Runtime]:
    with opened(database_url) as engine:
        settings = Settings(data_dir=str(tmp_path), database_url=database_url, base_url=BASE)
        sessions, reading = make_session_factory(engine), make_reading_session_factory(engine)
        backend = open_backend("", folder=tmp_path / "index", synonyms=None)
        yield Runtime(settings, engine, sessions, reading, backend, LogMailer())


@pytest.fixture
def harbour(runtime: Runtime, tmp_path: Path) -> Bench:
    made = bench(runtime.engine, tmp_path)
    made.harvest(*(document(number) for number in range(5)))
    return made


def kept(harbour: Bench) -> dict[int, str]:
    with harbour.session() as session:
        return {each.dataset_id: each.made_from for each in session.scalars(select(DatasetRdf))}


def titles(harbour: Bench, selection: Selection | None = None, base_url: str = BASE) -> list[str]:
    with harbour.session() as session:
        return [each.title for each in dataset_rdf.read(session, selection or Selection(), base_url=base_url)]


def test_the_worker_keeps_what_changed_and_forgets_what_is_gone(runtime: Runtime, harbour: Bench) -> None:
    worker.run_once(runtime, lambda: NOON)
    before = kept(harbour)
    assert len(before) == 5
    harbour.harvest(document(1, "Renamed"))
    worker.run_once(runtime, lambda: NOON)
    after = kept(harbour)
    assert [before[key] == after[key] for key in sorted(before)].count(False) == 1
    with harbour.session() as session:
        dataset = session.scalars(select(Dataset).where(Dataset.identifier == name_of(2))).one()
        saving.withdraw(session, dataset, at=NOON)
        session.commit()
    worker.run_once(runtime, lambda: NOON)
    assert len(kept(harbour)) == 4
    assert "Clinic visits 2" not in titles(harbour)


def test_what_is_not_kept_is_made_on_the_way_and_says_the_same(runtime: Runtime, harbour: Bench) -> None:
    with harbour.session() as session:
        made = list(dataset_rdf.read(session, Selection(), base_url=BASE))
    worker.run_once(runtime, lambda: NOON)
    with harbour.session() as session:
        assert list(dataset_rdf.read(session, Selection(), base_url=BASE)) == made


def test_what_is_kept_is_not_made_again(runtime: Runtime, harbour: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    worker.run_once(runtime, lambda: NOON)
    monkeypatch.setattr(dcat, "write", None)
    assert len(titles(harbour)) == 5


def test_a_renamed_custodian_and_another_address_are_never_sent_with_the_old_one(
    runtime: Runtime, harbour: Bench
) -> None:
    worker.run_once(runtime, lambda: NOON)
    with harbour.session() as session:
        session.scalars(select(Organisation)).one().name = "Harbour and Dale Trust"
        session.commit()
        (first, *_) = dataset_rdf.read(session, Selection(), base_url=BASE)
        assert b'"Harbour and Dale Trust"' in first.lines
        (moved, *_) = dataset_rdf.read(session, Selection(), base_url="https://moved.example")
        assert moved.url.startswith("https://moved.example/")
        assert BASE.encode() not in moved.lines
        assert first.made_from != moved.made_from


def test_what_is_outdated_is_brought_up_to_date_batch_by_batch(
    runtime: Runtime, harbour: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dataset_rdf, "BATCH", 2)
    worker.run_once(runtime, lambda: NOON)
    with harbour.session() as session:
        assert list(dataset_rdf.refresh_outdated(session, base_url=BASE)) == [0, 0, 0]
        assert list(dataset_rdf.refresh_outdated(session, base_url="https://moved.example")) == [2, 2, 1]
        assert list(dataset_rdf.refresh_outdated(session, base_url="https://moved.example")) == [0, 0, 0]


def run_for(runtime: Runtime, passes: int) -> None:
    left = iter(range(passes))
    worker.run_forever(runtime, lambda: NOON, lambda: next(left, None) is None)


def test_a_worker_that_starts_renews_what_an_older_release_wrote(
    runtime: Runtime, harbour: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dataset_rdf, "BATCH", 2)
    monkeypatch.setattr(worker, "PAUSE_SECONDS", 0)
    worker.run_once(runtime, lambda: NOON)
    before = kept(harbour)
    monkeypatch.setattr(dataset_rdf, "WRITTEN_BY", "a later release")
    harbour.harvest(document(9))
    # Between the batches it does what is due.
    run_for(runtime, 1)
    after = kept(harbour)
    assert [before.get(key) == made_from for key, made_from in after.items()].count(True) == 3
    assert len(after) == 6
    run_for(runtime, 4)
    assert not set(before.values()) & set(kept(harbour).values())
    harbour.harvest(document(9, "Renamed"))
    assert "Renamed" in titles(harbour)


def test_a_renewal_that_fails_holds_nobody_up(
    runtime: Runtime, harbour: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_words: object, **_more: object) -> Iterator[int]:
        raise RuntimeError
        yield 0

    monkeypatch.setattr(dataset_rdf, "refresh_outdated", broken)
    monkeypatch.setattr(worker, "PAUSE_SECONDS", 0)
    run_for(runtime, 3)
    assert len(kept(harbour)) == 5


@pytest.mark.parametrize("batch", [1, 2, 3, 200])
def test_pages_are_taken_whatever_the_batches(harbour: Bench, batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dataset_rdf, "BATCH", batch)
    everything = titles(harbour)
    assert everything == [f"Clinic visits {number}" for number in range(5)]
    assert titles(harbour, Selection(offset=1, limit=3)) == everything[1:4]
    assert titles(harbour, Selection(offset=4, limit=3)) == everything[4:]
    assert titles(harbour, Selection(offset=9, limit=3)) == []
    assert titles(harbour, Selection(custodian="harbour-trust", limit=2)) == everything[:2]
    assert titles(harbour, Selection(custodian="somebody-else")) == []


def test_a_stamp_changes_only_with_what_is_selected(harbour: Bench) -> None:
    def stamp(selection: Selection) -> str:
        with harbour.session() as session:
            return dataset_rdf.stamp(session, selection, base_url=BASE)

    first, second = Selection(offset=0, limit=3), Selection(offset=3, limit=3)
    before = stamp(first), stamp(second)
    harbour.harvest(document(4, "Renamed"))
    assert stamp(first) == before[0]
    assert stamp(second) != before[1]
    with harbour.session() as session:
        assert dataset_rdf.count(session, replace(second, limit=1)) == 5


def test_what_was_described_before_is_left_to_the_worker(databases: Databases) -> None:
    with databases.empty() as url, opened(url) as engine:
        running.upgrade(engine)
        running.downgrade(engine, "0005")
        # As it was then: the models may have learnt more since.
        organisation = {"slug": "a", "name": "A", "kind": "custodian", "at": NOON.isoformat()}
        described = [
            {"identifier": name_of(number), "state": state, "at": NOON.isoformat()}
            for number, state in enumerate(("published", "withdrawn"))
        ]
        with engine.begin() as connection:
            connection.execute(ORGANISATION, organisation)
            connection.execute(DATASET, described)
        running.upgrade(engine)
        with make_session_factory(engine)() as session:
            messages = list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.kind)))
            assert [each.kind for each in messages] == ["dataset.facts", "dataset.rdf"]
            assert {(each.key, str(each.payload), each.due_at) for each in messages} == {(name_of(0), "{}", NOON)}
