"""No mail at all: only a line in the log that one would have gone."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from catalogue.mail.message import Message

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LogMailer:
    """Says what kind of mail would have gone; never to whom, nor its text, whose links let people in."""

    @contextmanager
    def opened(self) -> Iterator["LogMailer"]:
        """Nothing has to be opened."""
        yield self

    def address(self, to: str) -> None:
        """Anybody will do."""

    def send(self, message: Message) -> None:
        """Log one line."""
        log.warning("a mail of kind %s was not sent: CATALOGUE_MAIL_URL is empty", message.kind)
