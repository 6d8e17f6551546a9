"""The numbered changes lead to the tables of the models, there and back, on both databases."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect

from catalogue.migrations import running, state
from catalogue.models import Base
from tests.databases import Databases, opened

NUMBERED = re.compile(r"^(\d{4})_[a-z][a-z0-9_]*\.py$")


@pytest.fixture
def empty_engine(databases: Databases) -> Iterator[Engine]:
    with databases.empty() as url, opened(url) as engine:
        yield engine


def differences(engine: Engine) -> list[object]:
    """List what would have to change for the database to be what the models say."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_an_empty_database_gets_the_tables_of_the_models(empty_engine: Engine) -> None:
    assert not state.is_current(empty_engine)
    running.upgrade(empty_engine)
    assert state.is_current(empty_engine)
    assert differences(empty_engine) == []
    assert tables(empty_engine) == set(Base.metadata.tables)


def test_every_change_can_be_taken_back(empty_engine: Engine) -> None:
    running.upgrade(empty_engine)
    running.downgrade(empty_engine, "base")
    assert tables(empty_engine) == set()
    running.upgrade(empty_engine)
    assert differences(empty_engine) == []


def test_upgrading_twice_changes_nothing(empty_engine: Engine) -> None:
    assert running.upgrade(empty_engine) == running.upgrade(empty_engine)


def test_changes_are_numbered_in_the_order_they_are_applied() -> None:
    scripts = ScriptDirectory.from_config(running.configuration(create_engine("sqlite://")))
    names = [Path(revision.path).name for revision in reversed(list(scripts.walk_revisions()))]
    assert all(NUMBERED.match(name) for name in names), names
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    assert len(scripts.get_heads()) == 1
    assert state.head() == scripts.get_current_head()
