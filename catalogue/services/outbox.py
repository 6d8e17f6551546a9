"""Leaving work to be done, in the transaction of the change that asks for it."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from catalogue.models import OutboxMessage, table_of

ENQUEUE = insert(table_of(OutboxMessage))

FOLLOWS = ("dataset.facts", "dataset.index", "dataset.rdf")
"""What is made of a dataset, and made anew when it changes, comes, goes or is given another custodian.

Its facts come first: search is told of them.
"""


def enqueue(session: Session, kind: str, key: str, *, at: datetime, payload: dict[str, Any] | None = None) -> None:
    """Ask the worker to do `kind` for `key`, once what the session holds is committed."""
    row = {"kind": kind, "key": key, "payload": payload or {}, "due_at": at, "attempts": 0}
    session.connection().execute(ENQUEUE, row)


def dataset_changed(session: Session, *identifiers: str, at: datetime) -> None:
    """Ask for everything that follows from a change of these datasets, one after another."""
    rows = [
        {"kind": kind, "key": identifier, "payload": {}, "due_at": at, "attempts": 0}
        for identifier in identifiers
        for kind in FOLLOWS
    ]
    session.connection().execute(ENQUEUE, rows)
