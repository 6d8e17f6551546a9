"""The application as visitors meet it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from catalogue.app import create_app
from catalogue.config import Settings
from catalogue.runtime import Runtime
from tests.page_checks import CheckingClient


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application on a database of the test's own."""
    app = create_app(settings)
    app.testing = True
    app.test_client_class = CheckingClient
    yield app
    app.extensions["catalogue"].engine.dispose()


@pytest.fixture
def runtime(app: Flask) -> Runtime:
    """What the application is made of: its database and its search index."""
    found = app.extensions["catalogue"]
    assert isinstance(found, Runtime)
    return found


@pytest.fixture
def session_factory(runtime: Runtime) -> sessionmaker[Session]:
    """Sessions on the application's database: what they commit, its pages show."""
    return runtime.sessions


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor; every page it gets is checked against the rules of all pages."""
    return app.test_client()
