"""A mail: plain text to one person, with headers that nothing in them can break."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from types import MappingProxyType

LONGEST_SUBJECT = 200
LONGEST_HEADER = 900
"""Characters of a header of one's own: a line of mail ends before 998 (RFC 5322, section 2.1.1)."""
UNBROKEN = frozenset({"List-Unsubscribe"})
"""Headers that hold an address, which is no longer one once it is broken or encoded."""


class LetterError(ValueError):
    """The mail cannot be written as it was asked for: a mistake of the program, not of the network."""


class LetterPolicy(EmailPolicy):
    """How mail is written for SMTP; the standard one would encode an address that is longer than a line."""

    def fold_binary(self, name: str, value: str) -> bytes:
        """A header as it is sent."""
        return f"{name}: {value}\r\n".encode("ascii") if name in UNBROKEN else super().fold_binary(name, value)


@dataclass(frozen=True, slots=True)
class Message:
    """A mail to one address. `kind` is the name of its template, `identifier` its Message-ID without brackets."""

    kind: str
    identifier: str
    to: str
    subject: str
    text: str
    at: datetime
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        """Refuse what would let a value end its header and begin another."""
        for value in (self.identifier, self.to, self.subject, *self.headers.keys(), *self.headers.values()):
            if not value.isprintable():
                raise LetterError(f"a header of {self.kind!r} would hold a line break or a control character")
        for name, value in self.headers.items():
            if len(value) > LONGEST_HEADER or not value.isascii():
                raise LetterError(f"the header {name!r} of {self.kind!r} cannot be sent as it is")
        if len(self.subject) > LONGEST_SUBJECT or not self.subject:
            raise LetterError(f"the subject of {self.kind!r} has {len(self.subject)} characters")

    def as_email(self, sender: str, sender_name: str) -> EmailMessage:
        """The mail as it is sent (RFC 5322), marked as made by a program (RFC 3834) so that none answers it."""
        local, _, domain = sender.rpartition("@")
        email = EmailMessage(policy=LetterPolicy(linesep="\r\n"))
        email["From"] = Address(sender_name, local, domain)
        email["To"] = Address(addr_spec=self.to)
        email["Subject"] = self.subject
        email["Date"] = self.at
        email["Message-ID"] = f"<{self.identifier}>"
        email["Auto-Submitted"] = "auto-generated"
        for name, value in self.headers.items():
            email[name] = value
        email.set_content(self.text)
        return email
