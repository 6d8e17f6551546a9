"""In this ring, what a test writes is what the application answers."""

import pytest
from sqlalchemy.orm import Session, sessionmaker

from catalogue.runtime import Runtime


@pytest.fixture
def session_factory(runtime: Runtime) -> sessionmaker[Session]:
    """Sessions on the application's database: what they commit, it answers."""
    return runtime.sessions
