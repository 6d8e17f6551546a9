"""One database session for a request, opened when the first view asks for it."""

from flask import Flask, g
from sqlalchemy.orm import Session

from catalogue.runtime import runtime


def install(app: Flask) -> None:
    """Close the session at the end of every request; what was not committed is rolled back."""
    app.teardown_appcontext(_close)


def reading() -> Session:
    """The request's session for reading."""
    if "reading_session" not in g:
        g.reading_session = runtime().reading_sessions()
    session: Session = g.reading_session
    return session


def _close(_error: BaseException | None) -> None:
    session: Session | None = g.pop("reading_session", None)
    if session is not None:
        session.close()
