"""Named locks between processes, freed by the operating system or the database when their holder dies."""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

TAKE_TURN = text("SELECT pg_advisory_xact_lock(:key)")


@contextmanager
def held(engine: Engine, folder: Path, name: str) -> Iterator[bool]:
    """Try to hold the lock `name` while the block runs; yields whether it was free.

    PostgreSQL keeps it as an advisory lock, so that it holds across machines; with SQLite it is a locked
    file in `folder`, since everything is on one machine then.
    """
    if engine.dialect.name == "postgresql":
        with _advisory(engine, name) as is_mine:
            yield is_mine
    else:
        with _file(folder, name) as is_mine:
            yield is_mine


def take_turn(session: Session, name: str) -> None:
    """Wait until no other transaction has the turn `name`, and have it until this one ends.

    With SQLite whoever writes has every turn.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(TAKE_TURN, {"key": _key(name)})


@contextmanager
def _advisory(engine: Engine, name: str) -> Iterator[bool]:
    key = _key(name)
    # Autocommit: a transaction held open for a whole harvest would keep the database from cleaning up.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        is_mine = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}))
        try:
            yield is_mine
        finally:
            if is_mine:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})


def _key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


@contextmanager
def _file(folder: Path, name: str) -> Iterator[bool]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def forget(folder: Path, name: str) -> None:
    """Remove what is left of a lock that nobody will ask for again."""
    (folder / f"{name}.lock").unlink(missing_ok=True)
