"""`dataset.index`: bring the search index up to date with a dataset, and notice what is new about it."""

from collections.abc import Sequence

from catalogue import clock
from catalogue.models import OutboxMessage
from catalogue.outbox.registry import handles
from catalogue.runtime import Runtime
from catalogue.services import indexing, news


@handles("dataset.index")
def refresh(runtime: Runtime, messages: Sequence[OutboxMessage]) -> None:
    """Index or delete every dataset that the messages name, in one commit of the index.

    What is new is written down afterwards: nobody is told of what search does not find yet.
    """
    identifiers = [message.key for message in messages]
    with runtime.reading_sessions() as session:
        indexing.refresh(session, runtime.backend, identifiers)
    with runtime.sessions() as session:
        news.notice(session, identifiers, at=clock.now())
