"""`dataset.facts`: read what the words of a dataset say where it states nothing."""

from collections.abc import Sequence
from datetime import datetime

from catalogue.models import OutboxMessage
from catalogue.outbox.registry import handles, looks_after
from catalogue.runtime import Runtime
from catalogue.services import dataset_facts


@handles("dataset.facts")
def refresh(runtime: Runtime, messages: Sequence[OutboxMessage]) -> None:
    """Read every dataset that the messages name, before search is told of it."""
    identifiers = [message.key for message in messages]
    # What follows is due when this was, so that it is done in the same pass.
    at = max(message.due_at for message in messages)
    with runtime.sessions() as session:
        dataset_facts.refresh(session, identifiers, at=at, worker=messages[0].held_by)
        session.commit()


@looks_after
def refresh_outdated(runtime: Runtime, at: datetime) -> None:
    """Read again, a batch with each pass, what an older release of the rules has read."""
    with runtime.reading_sessions() as session:
        identifiers = dataset_facts.outdated(session)
    if identifiers:
        with runtime.sessions() as session:
            dataset_facts.refresh(session, identifiers, at=at)
            session.commit()
