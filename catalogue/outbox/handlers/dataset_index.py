"""`dataset.index`: bring the search index up to date with a dataset."""

from collections.abc import Sequence

from catalogue.models import OutboxMessage
from catalogue.outbox.registry import handles
from catalogue.runtime import Runtime
from catalogue.services import indexing


@handles("dataset.index")
def refresh(runtime: Runtime, messages: Sequence[OutboxMessage]) -> None:
    """Index or delete every dataset that the messages name, in one commit of the index."""
    with runtime.reading_sessions() as session:
        indexing.refresh(session, runtime.backend, [message.key for message in messages])
