"""`dataset.rdf`: write what a dataset says in RDF, so that pages and dumps find it ready."""

from collections.abc import Sequence

from catalogue.models import OutboxMessage
from catalogue.outbox.registry import handles
from catalogue.runtime import Runtime
from catalogue.services import dataset_rdf


@handles("dataset.rdf")
def refresh(runtime: Runtime, messages: Sequence[OutboxMessage]) -> None:
    """Write or remove the lines of every dataset that the messages name."""
    with runtime.sessions() as session:
        dataset_rdf.refresh(session, [message.key for message in messages], base_url=runtime.settings.base_url)
        session.commit()
