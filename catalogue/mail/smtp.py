"""Mail through a server (RFC 5321), encrypted whenever the server can."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address

from catalogue.mail.message import Message
from catalogue.mail.sending import Refused, Uncertain, Unreachable

TIMEOUT_SECONDS = 30
"""For each answer of the server, so that a silent one does not hold up the worker."""
FIRST_PERMANENT = 500
ACCEPTED = frozenset({250, 251})


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Sends through one server; `is_encrypted` from the first byte (smtps), else as soon as the server offers it."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    is_encrypted: bool
    sender: str
    sender_name: str
    timeout: float = TIMEOUT_SECONDS

    @contextmanager
    def opened(self) -> Iterator["SmtpSender"]:
        """Connect, encrypt and sign in."""
        try:
            connection = self._connected()
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(f"the mail server {self.host}:{self.port} cannot be used: {error!r}") from error
        try:
            yield SmtpSender(connection, self)
        finally:
            with suppress(OSError, smtplib.SMTPException):
                connection.quit()
            connection.close()

    def _connected(self) -> smtplib.SMTP:
        if self.is_encrypted:
            return self._ready(smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=self._context()))
        return self._ready(smtplib.SMTP(self.host, self.port, timeout=self.timeout))

    def _ready(self, connection: smtplib.SMTP) -> smtplib.SMTP:
        """The connection, encrypted and signed in; closed when it cannot be."""
        try:
            connection.ehlo_or_helo_if_needed()
            if not self.is_encrypted and connection.has_extn("starttls"):
                connection.starttls(context=self._context())
                connection.ehlo_or_helo_if_needed()
            if self.user:
                self._sign_in(connection)
        except (OSError, smtplib.SMTPException):
            connection.close()
            raise
        return connection

    def _sign_in(self, connection: smtplib.SMTP) -> None:
        if not isinstance(connection.sock, ssl.SSLSocket) and not self._is_on_this_machine:
            raise smtplib.SMTPException("it offers no encryption, and a password is never sent without")
        if not (self.user + self.password).isascii():
            raise smtplib.SMTPException("a user and a password with letters beyond ASCII cannot be sent")
        connection.login(self.user, self.password)

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if self._is_on_this_machine:
            # A relay on this machine has a certificate that it made itself, and nobody stands in between.
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context

    @property
    def _is_on_this_machine(self) -> bool:
        if self.host.lower() == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False


class SmtpSender:
    """A connection over which mails go one after the other."""

    def __init__(self, connection: smtplib.SMTP, mailer: SmtpMailer) -> None:
        self._connection = connection
        self._mailer = mailer

    def address(self, to: str) -> None:
        """Begin a mail; whatever the last one left behind goes first."""
        try:
            self._connection.rset()
            _expect(self._connection.mail(self._mailer.sender))
            _expect(self._connection.rcpt(to))
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(f"the mail server did not take the addresses: {error!r}") from error

    def send(self, message: Message) -> None:
        """Hand over the text, telling apart what certainly did not go and what may have gone."""
        text = message.as_email(self._mailer.sender, self._mailer.sender_name).as_bytes()
        try:
            answer = self._connection.data(text)
        except smtplib.SMTPDataError as error:
            # Refused before the text was sent.
            answer = (error.smtp_code, str(error.smtp_error).encode())
        except (OSError, smtplib.SMTPException) as error:
            raise Uncertain(f"the mail server did not say whether it took the mail: {error!r}") from error
        _expect(answer)


def _expect(answer: tuple[int, bytes]) -> None:
    code, text = answer
    if code in ACCEPTED:
        return
    said = f"the mail server said {code} {text.decode('utf-8', 'replace')[:300]}"
    raise Refused(said) if code >= FIRST_PERMANENT else Unreachable(said)
