"""Harvests under pressure: others who write at the same time, and a second process that does what it should not."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from catalogue import db
from catalogue.db import make_session_factory
from catalogue.models import HarvestRun, Organisation, RunState
from catalogue.services.harvesting import Report, keeping, run
from catalogue.services.harvesting.record import Taken, take
from harvesters.base import Origin
from harvesters.hdruk import HdrukHarvester
from tests.databases import ONCE, opened
from tests.integration.feeds import Bench, document, outcomes

WRITE = text("UPDATE organisation SET name = name")


@pytest.fixture
def two(database_url: str) -> Iterator[tuple[Engine, Engine]]:
    """The database as two processes have it."""
    with opened(database_url) as one, opened(database_url) as other:
        yield one, other


@ONCE
def test_a_writer_that_waits_is_there_when_the_other_is_between_two_transactions(
    two: tuple[Engine, Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite itself would look ten times a second, and a harvest is seldom between two for as long as that."""
    first, second = map(make_session_factory, two)
    naps: list[float] = []
    with first() as holder:
        holder.execute(WRITE)

        def sleep(seconds: float) -> None:
            naps.append(seconds)
            if len(naps) == 50:
                holder.commit()

        monkeypatch.setattr(time, "sleep", sleep)
        with second() as waiter:
            waiter.execute(WRITE)
            waiter.commit()
    assert len(naps) == 50
    assert max(naps) < 0.01


@ONCE
def test_a_writer_that_waited_long_enough_gives_up_and_can_try_again(
    two: tuple[Engine, Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = map(make_session_factory, two)
    monkeypatch.setattr(db, "BUSY_SECONDS", 0.05)
    with first() as holder:
        holder.execute(WRITE)
        with second() as waiter, pytest.raises(OperationalError, match="database is locked"):
            waiter.execute(WRITE)
        holder.commit()
    with second() as waiter:
        waiter.execute(WRITE)
        waiter.commit()
        assert waiter.scalar(text("PRAGMA busy_timeout")) == 50


class Interruption:
    """A value that interrupts whoever writes it, as Ctrl-C does."""

    def __conform__(self, _protocol: object) -> str:
        raise KeyboardInterrupt


@ONCE
def test_a_statement_that_is_interrupted_keeps_nobody_from_writing(
    two: tuple[Engine, Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not while the interruption is handled either: a harvest notes then that it broke off."""
    first, second = map(make_session_factory, two)
    monkeypatch.setattr(db, "BUSY_SECONDS", 0.05)
    naming = text("UPDATE organisation SET name = :name")
    try:
        with first() as writer:
            writer.execute(naming, [{"name": "Half"}, {"name": Interruption()}])
    except KeyboardInterrupt:
        with second() as other, first() as same:
            other.execute(WRITE)
            other.commit()
            same.execute(WRITE)
            assert same.scalars(select(Organisation.name)).all() == []


@ONCE
def test_a_harvest_that_is_interrupted_counts_what_it_kept(harbour: Bench) -> None:
    def interrupted(done: int, _all: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    harbour.harvest()
    path = harbour.folder / "feed.json"
    path.write_text(json.dumps([document(number) for number in range(20)]))
    harvester = HdrukHarvester.from_source(Origin(path=path), {})
    with pytest.raises(KeyboardInterrupt):
        run(harbour.place, 1, harvester, now=lambda: harbour.at, progress=interrupted)
    kept = len(harbour.datasets())
    with harbour.session() as session:
        last = session.scalars(select(HarvestRun).order_by(HarvestRun.id.desc())).first()
        assert last is not None
        assert (last.state, last.counts["new"]) == (RunState.FAILED, kept)


@pytest.mark.postgres
@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_two_harvests_that_bring_one_dataset_at_the_same_time_make_one(
    harbour: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its identifier has no UUID, the bytes are different, and the custodian is known: no row is the same."""
    found: list[Future[Report]] = []

    def harvest(name: str) -> Report:
        folder = tmp_path / name
        folder.mkdir()
        alliance = Bench(harbour.place, folder)
        record = document(1, identifier="https://ours.example/1", summary__abstract=name)
        return alliance.harvest(record, organisation=alliance.organisation(name), source=name, aggregator=True)

    def taking(session: Session, run: Any, *others: Any) -> Taken:
        taken = take(session, run, *others)
        if run.source.name == "North":
            found.append(threads.submit(harvest, "South"))
            while not found[0].done() and not somebody_waits(harbour):
                time.sleep(0.01)
        return taken

    harbour.harvest(document(2))
    monkeypatch.setattr(keeping, "take", taking)
    with ThreadPoolExecutor(1) as threads:
        assert outcomes(harvest("North")) == {"new": 1}
        assert outcomes(found[0].result()) == {"conflict": 1}
    assert len(harbour.datasets()) == 2


@pytest.mark.postgres
@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
@pytest.mark.parametrize(("dry_run", "locks"), [(True, 1), (False, 2)])
def test_a_rehearsal_keeps_no_harvest_waiting(
    harbour: Bench, monkeypatch: pytest.MonkeyPatch, dry_run: bool, locks: int
) -> None:
    """It is one transaction from beginning to end; a harvest has its source, and its turn for a few records."""
    found: list[int | None] = []

    def taking(*arguments: Any) -> Taken:
        with harbour.place.engine.connect() as connection:
            found.append(connection.scalar(text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")))
        return take(*arguments)

    monkeypatch.setattr(keeping, "take", taking)
    harbour.harvest(document(1), document(2), dry_run=dry_run)
    assert found == [locks, locks]


def somebody_waits(harbour: Bench) -> bool:
    """Whether a transaction waits for another one."""
    with harbour.place.engine.connect() as connection:
        return bool(connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))
