"""One database session for a request to read and one to write, each opened when it is first asked for."""

from flask import Flask, g
from sqlalchemy.orm import Session

from catalogue.runtime import runtime


def install(app: Flask) -> None:
    """Close the sessions at the end of every request; what was not committed is rolled back."""
    app.teardown_appcontext(_close)


def reading() -> Session:
    """The request's session for reading."""
    if "reading_session" not in g:
        g.reading_session = runtime().reading_sessions()
    session: Session = g.reading_session
    return session


def read_anew() -> None:
    """Let `reading` see what was committed since it began: what was refused may have been overtaken."""
    reading().rollback()


def writing() -> Session:
    """The request's session for what changes something; what it commits, `reading` sees only if it has not begun."""
    if "writing_session" not in g:
        g.writing_session = runtime().sessions()
    session: Session = g.writing_session
    return session


def _close(_error: BaseException | None) -> None:
    for name in ("reading_session", "writing_session"):
        session: Session | None = g.pop(name, None)
        if session is not None:
            session.close()
