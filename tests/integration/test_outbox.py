"""The outbox worker: what is due is done, what fails waits, what a dead worker held is taken over."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from catalogue import locks
from catalogue.config import Settings
from catalogue.db import make_reading_session_factory, make_session_factory
from catalogue.mail.log import LogMailer
from catalogue.models import OutboxMessage
from catalogue.outbox import worker
from catalogue.outbox.registry import handlers
from catalogue.runtime import Runtime
from catalogue.search.backend import IndexDifferences, SearchDocument, SearchQuery, SearchResult
from catalogue.services.outbox import FOLLOWS, enqueue
from tests.databases import opened
from tests.integration.feeds import bench, document, name_of

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
EACH = len(FOLLOWS)
"""Messages that one changed dataset leaves."""


class MemoryBackend:
    """An index in memory that can be told to refuse a dataset."""

    def __init__(self) -> None:
        self.documents: dict[str, SearchDocument] = {}
        self.commits = 0
        self.refused: set[str] = set()

    def index_many(self, documents: Iterable[SearchDocument], *, delete: Sequence[str] = ()) -> None:
        found = list(documents)
        if self.refused & {each.identifier for each in found}:
            raise OSError("the index is locked")
        self.commits += 1
        self.documents.update({each.identifier: each for each in found})
        for identifier in delete:
            self.documents.pop(identifier, None)

    def search(self, query: SearchQuery) -> SearchResult:
        return SearchResult(len(self.documents), query.page, query.per_page)

    def rebuild(self, documents: Iterable[SearchDocument]) -> int:
        self.documents = {each.identifier: each for each in documents}
        return len(self.documents)

    def merge(self) -> int:
        return len(self.documents)

    def check(self, expected: Mapping[str, str]) -> IndexDifferences:
        return IndexDifferences(missing=tuple(expected.keys() - self.documents.keys()))


@pytest.fixture
def backend() -> MemoryBackend:
    return MemoryBackend()


@pytest.fixture
def runtime(database_url: str, tmp_path: Path, backend: MemoryBackend) -> Iterator[Runtime]:
    with opened(database_url) as engine:
        settings = Settings(data_dir=str(tmp_path), database_url=database_url)
        sessions, reading = make_session_factory(engine), make_reading_session_factory(engine)
        yield Runtime(settings, engine, sessions, reading, backend, LogMailer())


def messages(runtime: Runtime) -> list[OutboxMessage]:
    with runtime.sessions() as session:
        return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def test_changes_are_indexed_together(runtime: Runtime, backend: MemoryBackend, tmp_path: Path) -> None:
    bench(runtime.engine, tmp_path).harvest(document(1), document(2))
    assert worker.run_once(runtime, lambda: NOON) == (2 * EACH, 0)
    assert set(backend.documents) == {name_of(1), name_of(2)}
    assert backend.commits == 1
    assert messages(runtime) == []


def test_a_message_that_fails_waits_longer_each_time_and_the_others_go(
    runtime: Runtime, backend: MemoryBackend, tmp_path: Path
) -> None:
    bench(runtime.engine, tmp_path).harvest(document(1), document(2), document(3))
    backend.refused = {name_of(2)}
    assert worker.run_once(runtime, lambda: NOON) == (3 * EACH - 1, 1)
    assert set(backend.documents) == {name_of(1), name_of(3)}
    [left] = messages(runtime)
    assert (left.attempts, left.due_at, left.held_by) == (1, NOON + timedelta(seconds=10), None)
    assert "the index is locked" in (left.last_error or "")
    assert worker.run_once(runtime, lambda: NOON + timedelta(seconds=5)) == (0, 0)
    assert worker.run_once(runtime, lambda: NOON + timedelta(seconds=11)) == (0, 1)
    assert messages(runtime)[0].due_at == NOON + timedelta(seconds=31)
    backend.refused = set()
    assert worker.run_once(runtime, lambda: NOON + timedelta(hours=1)) == (1, 0)


def test_what_a_dead_worker_held_is_taken_over(runtime: Runtime, backend: MemoryBackend, tmp_path: Path) -> None:
    bench(runtime.engine, tmp_path).harvest(document(1))
    worker._take(runtime, "worker-that-died", NOON, NOON)
    assert worker.run_once(runtime, lambda: NOON) == (EACH, 0)
    assert set(backend.documents) == {name_of(1)}


def test_what_a_living_worker_holds_is_left_to_it(runtime: Runtime, backend: MemoryBackend, tmp_path: Path) -> None:
    bench(runtime.engine, tmp_path).harvest(document(1))
    with locks.held(runtime.engine, runtime.locks_folder, "worker-alive"):
        worker._take(runtime, "worker-alive", NOON, NOON)
        assert worker.run_once(runtime, lambda: NOON) == (0, 0)
    assert worker.run_once(runtime, lambda: NOON) == (EACH, 0)


def test_a_message_nobody_handles_is_kept_with_its_reason(runtime: Runtime) -> None:
    with runtime.sessions() as session:
        enqueue(session, "pigeon.send", "1", at=NOON)
        session.commit()
    assert worker.run_once(runtime, lambda: NOON) == (0, 1)
    assert "pigeon.send" in (messages(runtime)[0].last_error or "")


def test_nothing_is_queued_when_the_change_is_rolled_back(runtime: Runtime) -> None:
    with runtime.sessions() as session:
        enqueue(session, "dataset.index", "1", at=NOON)
        session.rollback()
    assert messages(runtime) == []


def test_every_kind_has_a_handler() -> None:
    assert "dataset.index" in handlers()
