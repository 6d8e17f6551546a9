"""A real mail server on loopback that keeps what it is given, and can be told to refuse, to stop, and to hold on."""

import asyncio
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


def text_of(mail: EmailMessage) -> str:
    """The text of a mail with the ends of lines that Python knows."""
    return "\n".join(mail.get_content().splitlines())


@dataclass
class MailServer:
    """Handles the commands that matter; aiosmtpd calls each `handle_` of its own."""

    port: int
    taken: list[EmailMessage] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    """What to say to whom a mail is for, instead of taking it."""
    said_to_text: str = "250 taken"
    holding: str = ""
    """The command at which to say nothing: RCPT, or DATA when the text is there and kept."""
    reached: threading.Event = field(default_factory=threading.Event)
    """Set when a client waits at that command."""
    let_go: threading.Event = field(default_factory=threading.Event)
    """Set when it is to be answered after all."""

    @property
    def url(self) -> str:
        """The server as a setting names it."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def counts(self) -> Counter[str]:
        """How often each mail was taken, by its Message-ID."""
        return Counter(str(mail["Message-ID"]) for mail in self.taken)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd names it
        self, _server: SMTP, _session: Session, envelope: Envelope, to: str, _options: Any
    ) -> str:
        if self.holding == "RCPT":
            await self._hold()
        if to in self.refusals:
            return self.refusals[to]
        envelope.rcpt_tos.append(to)
        return "250 known"

    async def handle_DATA(  # noqa: N802 - aiosmtpd names it
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self.said_to_text.startswith("250"):
            content = envelope.content if isinstance(envelope.content, bytes) else b""
            message = message_from_bytes(content, _class=EmailMessage, policy=default)
            assert isinstance(message, EmailMessage)
            self.taken.append(message)
        if self.holding == "DATA":
            await self._hold()
        return self.said_to_text

    async def _hold(self) -> None:
        """Leave the client alone with its question until the test goes on."""
        self.holding = ""
        self.reached.set()
        await asyncio.to_thread(self.let_go.wait)


class ClosingController(Controller):
    """Leaves no connection open at its end, whether its client was killed or is only slow to go."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._connections: list[SMTP] = []

    def factory(self) -> SMTP:
        connection = super().factory()
        self._connections.append(connection)
        return connection

    def close_connections(self) -> None:
        for connection in self._connections:
            if connection.transport is not None:
                connection.transport.close()


@contextmanager
def mail_server(**options: Any) -> Iterator[MailServer]:
    """Run a server while the block runs."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = MailServer(port)
    controller = ClosingController(server, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield server
    finally:
        server.let_go.set()
        controller.loop.call_soon_threadsafe(controller.close_connections)
        controller.stop()
