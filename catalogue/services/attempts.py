"""How often something was tried in a while, kept in the database so that every process counts the same."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from catalogue.domain.errors import TooMany
from catalogue.models import Attempt

WINDOW = timedelta(minutes=15)
KEPT_FOR = timedelta(days=1)


def count(session: Session, limits: Mapping[str, int], *, at: datetime, window: timedelta = WINDOW) -> None:
    """Count one more attempt under each key; at most so many of each are let through in a window.

    Commits before anything is tried, so that attempts made at once count each other. Raises `TooMany`.
    """
    session.execute(delete(Attempt).where(Attempt.at < at - KEPT_FOR))
    session.add_all(Attempt(key=key, at=at) for key in limits)
    session.commit()
    recent = select(Attempt.key, func.count()).where(Attempt.key.in_(limits), Attempt.at > at - window)
    counted = session.execute(recent.group_by(Attempt.key)).all()
    # What follows may take a while, and must not hold up other writers meanwhile.
    session.commit()
    if any(number > limits[key] for key, number in counted):
        raise TooMany("It was tried too often. Try again in a quarter of an hour.")


def forget(session: Session, keys: Iterable[str]) -> None:
    """Forget the attempts under these keys: one has succeeded. Does not commit."""
    session.execute(delete(Attempt).where(Attempt.key.in_(list(keys))))


def take_back(session: Session, keys: Iterable[str]) -> None:
    """Forget the latest attempt under each of these keys, and none before it. Does not commit.

    For what many people share: that one of them succeeded says nothing about the others.
    """
    for key in keys:
        latest = select(func.max(Attempt.id)).where(Attempt.key == key).scalar_subquery()
        session.execute(delete(Attempt).where(Attempt.id == latest))
