"""The database fixtures keep their word: one test never sees another's rows, and databases of its own really are."""

from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, func, inspect, select, text
from sqlalchemy.orm import Session, sessionmaker

from catalogue.models import Base, OutboxMessage
from tests.databases import Databases, opened

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def enqueue(session: Session, key: str) -> None:
    session.add(OutboxMessage(kind="test", key=key, payload={}, due_at=AT))


def count(session: Session) -> int:
    return session.scalars(select(func.count(OutboxMessage.id))).one()


@pytest.mark.parametrize("turn", [1, 2])
def test_what_one_test_commits_the_next_does_not_see(session_factory: sessionmaker[Session], turn: int) -> None:
    with session_factory() as writer:
        assert count(writer) == 0
        enqueue(writer, f"of turn {turn}")
        writer.commit()
    with session_factory() as reader:
        assert count(reader) == 1


def test_a_rollback_takes_back_to_the_last_commit(session: Session) -> None:
    enqueue(session, "kept")
    session.commit()
    enqueue(session, "dropped")
    session.flush()
    session.rollback()
    assert session.scalars(select(OutboxMessage.key)).all() == ["kept"]


def test_a_copied_database_has_the_tables_and_outlives_its_connections(database_url: str) -> None:
    with opened(database_url) as engine, Session(engine) as session:
        enqueue(session, "kept")
        session.commit()
    with opened(database_url) as engine, Session(engine) as session:
        assert count(session) == 1


def test_an_empty_database_has_no_tables(databases: Databases) -> None:
    with databases.empty() as url, opened(url) as engine:
        assert inspect(engine).get_table_names() == []


@pytest.mark.parametrize("change", ["", "CREATE TABLE more (id INTEGER)", "ALTER TABLE outbox_message ADD a INTEGER"])
def test_a_copied_database_is_as_new_whatever_was_done_to_the_one_before(databases: Databases, change: str) -> None:
    with databases.copy() as url, opened(url) as engine:
        tables = inspect(engine).get_table_names()
        columns = [each["name"] for each in inspect(engine).get_columns("outbox_message")]
        with Session(engine) as session:
            for key in ("one", "two"):
                enqueue(session, key)
            session.commit()
            session.execute(text(change or "SELECT 1"))
            session.commit()
    with databases.copy() as url, opened(url) as engine:
        assert inspect(engine).get_table_names() == tables
        assert [each["name"] for each in inspect(engine).get_columns("outbox_message")] == columns
        with Session(engine) as session:
            assert count(session) == 0
            enqueue(session, "one")
            session.flush()
            assert session.scalars(select(OutboxMessage.id)).all() == [1]


def test_a_database_that_somebody_is_still_connected_to_is_nobody_elses(databases: Databases) -> None:
    with ExitStack() as still:
        with databases.copy() as url:
            connection = still.enter_context(opened(url)).connect()
            connection.execute(text("SELECT 1"))
        with databases.copy() as other:
            assert other != url
        # on PostgreSQL it was closed with its database
        connection.invalidate()


def test_the_engine_has_every_table(engine: Engine) -> None:
    assert set(inspect(engine).get_table_names()) >= set(Base.metadata.tables)
