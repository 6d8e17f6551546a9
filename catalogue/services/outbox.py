"""Leaving work to be done, in the transaction of the change that asks for it."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from catalogue.models import OutboxMessage


def enqueue(session: Session, kind: str, key: str, *, at: datetime, payload: dict[str, Any] | None = None) -> None:
    """Ask the worker to do `kind` for `key`, once what the session holds is committed."""
    session.add(OutboxMessage(kind=kind, key=key, payload=payload or {}, due_at=at))
