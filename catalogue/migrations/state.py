"""Which revision the database has and which it should have, without Alembic, which a start would wait for."""

from pathlib import Path

from sqlalchemy import column, inspect, select, table
from sqlalchemy.engine import Engine

VERSIONS = Path(__file__).parent / "versions"
VERSION_TABLE = "alembic_version"


def head() -> str:
    """The newest revision there is: files begin with their numbers, which count up (a contract test keeps that)."""
    return max(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*_*.py"))


def current(engine: Engine) -> str | None:
    """The revision of the database, or None when it has no tables of ours."""
    if not inspect(engine).has_table(VERSION_TABLE):
        return None
    with engine.connect() as connection:
        return connection.scalar(select(column("version_num")).select_from(table(VERSION_TABLE)))


def is_current(engine: Engine) -> bool:
    """Whether nothing is missing."""
    return current(engine) == head()
