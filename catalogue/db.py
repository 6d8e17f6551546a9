"""Engines and sessions: SQLite in one file, or PostgreSQL."""

import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine, ExceptionContext, make_url
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import StaticPool

BUSY_SECONDS = 30
"""How long a SQLite writer waits for another before it gives up."""
LOOK_SECONDS = 0.003
"""How often one that waits looks: SQLite itself does ten times a second, and seldom meets the moment between two
transactions of one who writes all the time, as a harvest does."""
WRITING = "BEGIN IMMEDIATE"
LOG_PAGES = 8_000
"""The pages of 4 kB that SQLite's write-ahead log has before they are copied into the database: 32 MB."""


def make_engine(url: str) -> Engine:
    """An engine for the address; a missing folder of a SQLite file is made.

    What it raises names no values: they are mail addresses and words of people, and errors go into the log.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        engine = create_engine(parsed, pool_pre_ping=True, hide_parameters=True)
        event.listen(engine, "handle_error", _withhold_values)
        return engine
    in_memory = parsed.database in (None, "", ":memory:")
    if not in_memory:
        Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
    options: dict[str, Any] = {"poolclass": StaticPool} if in_memory else {}
    options["connect_args"] = {"check_same_thread": False, "timeout": BUSY_SECONDS}
    engine = create_engine(parsed, hide_parameters=True, **options)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "invalidate", _let_go)
    return engine


def make_session_factory(engine: Engine) -> sessionmaker[Session]:
    """Sessions that read and write; they keep what they loaded after a commit.

    On SQLite they take the writer's place when they begin: one that began by reading and writes later would be
    refused if another process wrote in between, however long it were ready to wait.
    """
    return sessionmaker(engine.execution_options(begin=WRITING), expire_on_commit=False)


def make_reading_session_factory(engine: Engine) -> sessionmaker[Session]:
    """Sessions that only read, and wait for nobody."""
    return sessionmaker(engine, expire_on_commit=False)


def _withhold_values(context: ExceptionContext) -> None:
    """Say what kind of rule was broken and where, in place of PostgreSQL's own words, which quote the values."""
    error = context.sqlalchemy_exception
    if not isinstance(error, (DataError, IntegrityError)) or error.orig is None:
        return
    diagnosis, state = getattr(error.orig, "diag", None), getattr(error.orig, "sqlstate", None)
    places = [getattr(diagnosis, each, None) for each in ("constraint_name", "table_name", "column_name")]
    said = " ".join(each for each in (type(error.orig).__name__, state, *places) if each)
    error.orig.args = error.args = (said,)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # sqlite3 begins transactions by itself, and too late for savepoints: SQLAlchemy begins them instead.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA foreign_keys=ON")
    # With a write-ahead log, NORMAL survives a killed process; only a power cut can lose the last commits.
    connection.execute("PRAGMA synchronous=NORMAL")
    # A harvest writes the same pages of indexes over and over; they are copied from the log once in so many.
    connection.execute(f"PRAGMA wal_autocheckpoint={LOG_PAGES}")


def _let_go(connection: sqlite3.Connection, _record: object, _error: object) -> None:
    """Give the writer's place back: whoever handles an interruption writes down that there was one.

    A connection that is closed within a statement keeps it for as long as the error is handled.
    """
    connection.rollback()


def _begin_sqlite(connection: Connection) -> None:
    begin = connection.get_execution_options().get("begin", "BEGIN")
    if begin == WRITING:
        _begin_writing(connection)
    else:
        connection.exec_driver_sql(begin)


def _begin_writing(connection: Connection) -> None:
    """Take the writer's place as soon as it is free."""
    until = time.monotonic() + BUSY_SECONDS
    _let_sqlite_wait(connection, 0)
    try:
        while not _has_begun(connection, until):
            time.sleep(LOOK_SECONDS)
    finally:
        _let_sqlite_wait(connection, BUSY_SECONDS)


def _has_begun(connection: Connection, until: float) -> bool:
    try:
        connection.exec_driver_sql(WRITING)
    except OperationalError as error:
        # the lower byte; the others say why
        is_busy = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
        if not is_busy or time.monotonic() > until:
            raise
        return False
    return True


def _let_sqlite_wait(connection: Connection, seconds: float) -> None:
    connection.connection.cursor().execute(f"PRAGMA busy_timeout={int(seconds * 1000)}")
