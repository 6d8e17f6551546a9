"""Harvests under pressure: others who write at the same time, and a second process that does what it should not."""

import time
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from catalogue import db
from catalogue.db import make_session_factory
from tests.databases import ONCE, opened

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
