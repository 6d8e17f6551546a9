"""What the tests of pages ask for by name."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalogue.runtime import Runtime
from catalogue.services import indexing
from tests.application import databases, published, session_factory
from tests.asking import Cast, gather
from tests.web.conversations import as_

__all__ = ["databases", "published", "session_factory"]


@pytest.fixture
def cast(runtime: Runtime) -> Cast:
    """A small alliance, on the application's database."""
    with runtime.sessions() as session:
        return gather(session)


@pytest.fixture
def indexed(runtime: Runtime, cast: Cast) -> None:
    """The datasets of the alliance can be found."""
    with runtime.sessions() as session:
        indexing.rebuild(session, runtime.backend)
        session.commit()


@pytest.fixture
def ada(app: Flask, cast: Cast) -> FlaskClient:
    """A researcher who is signed in."""
    return as_(app, cast.researcher)


@pytest.fixture
def peek(runtime: Runtime) -> Iterator[Session]:
    """A session that only reads, so that it holds up nobody."""
    with runtime.reading_sessions() as session:
        yield session
