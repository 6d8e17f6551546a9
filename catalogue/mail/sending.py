"""What every way of sending mail promises."""

from contextlib import AbstractContextManager
from typing import Protocol

from catalogue.mail.message import Message


class Unreachable(Exception):
    """It did not go, for a reason that passes: it may be tried again."""


class Refused(Exception):
    """It did not go and never will: the server refuses this mail or this address for good."""


class Uncertain(Exception):
    """The server stopped answering after it had the text: it may have gone."""


class Sender(Protocol):
    """An open way out. A mail goes in two steps, because only the second cannot be taken back."""

    def address(self, to: str) -> None:
        """Say for whom the next mail is. Raises `Unreachable` or `Refused`."""

    def send(self, message: Message) -> None:
        """Hand over the mail for whoever was addressed. Raises `Unreachable`, `Refused` or `Uncertain`."""


class Mailer(Protocol):
    """Where mail goes."""

    def opened(self) -> AbstractContextManager[Sender]:
        """Open the way for several mails. Raises `Unreachable`."""
