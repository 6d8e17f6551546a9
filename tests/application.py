"""For the rings above the application: what a test writes is what it shows and answers."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TypeAlias

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from catalogue.runtime import Runtime
from tests.databases import Databases
from tests.publishing import published_catalogue

Published: TypeAlias = Callable[[Callable[[Session], None]], Flask]


@pytest.fixture(scope="session", params=["sqlite"])
def databases(request: pytest.FixtureRequest, start_databases: Callable[[str], Databases]) -> Databases:
    """SQLite: what a database decides is tried below, in services. A module that wants both asks for both."""
    return start_databases(request.param)


@pytest.fixture
def session_factory(runtime: Runtime) -> sessionmaker[Session]:
    """Sessions on the application's database: what they commit, it shows."""
    return runtime.sessions


@pytest.fixture(scope="module")
def published(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    """Makes an application that a function fills once, for the tests of a module that only read."""
    with ExitStack() as kept:

        def make(fill: Callable[[Session], None]) -> Flask:
            url = kept.enter_context(databases.copy())
            return kept.enter_context(published_catalogue(url, tmp_path_factory.mktemp("published"), fill))

        yield make
