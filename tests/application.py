"""For the rings above the application: what a test writes is what it shows and answers."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session, sessionmaker

from catalogue.runtime import Runtime
from tests.databases import Databases


@pytest.fixture(scope="session", params=["sqlite"])
def databases(request: pytest.FixtureRequest, start_databases: Callable[[str], Databases]) -> Databases:
    """SQLite: what a database decides is tried below, in services. A module that wants both asks for both."""
    return start_databases(request.param)


@pytest.fixture
def session_factory(runtime: Runtime) -> sessionmaker[Session]:
    """Sessions on the application's database: what they commit, it shows."""
    return runtime.sessions
