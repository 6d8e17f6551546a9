"""Mail into a folder, one file a mail, for the demo and for trying things out."""

import email
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import default
from hashlib import sha256
from pathlib import Path

from catalogue.mail.message import Message
from catalogue.mail.sending import Unreachable

SUFFIX = ".eml"


@dataclass(frozen=True, slots=True)
class FolderMailer:
    """Writes mail into a folder that only its owner can read: what it holds lets people in."""

    folder: Path
    sender: str
    sender_name: str

    @contextmanager
    def opened(self) -> Iterator["FolderMailer"]:
        """Make the folder if it is not there."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Unreachable(f"the mail folder cannot be used: {error}") from error
        yield self

    def address(self, to: str) -> None:
        """Anybody will do."""

    def send(self, message: Message) -> None:
        """Write the mail whole or not at all; the same mail again is the same file."""
        target = self.folder / f"{sha256(message.identifier.encode()).hexdigest()[:32]}{SUFFIX}"
        partial = target.with_suffix(".part")
        try:
            with open(partial, "wb", opener=_private) as file:
                file.write(message.as_email(self.sender, self.sender_name).as_bytes())
            partial.replace(target)
        except OSError as error:
            raise Unreachable(f"the mail cannot be written: {error}") from error


@dataclass(frozen=True, slots=True)
class KeptMail:
    """A mail that is in the folder."""

    name: str
    to: str
    subject: str
    text: str
    at: datetime


def kept_in(folder: Path) -> Sequence[KeptMail]:
    """Every mail of a folder, the latest first; files that are no mail of ours are passed over."""
    found = [_read(path) for path in folder.glob(f"*{SUFFIX}")] if folder.is_dir() else []
    return sorted((mail for mail in found if mail is not None), key=lambda mail: (mail.at, mail.name), reverse=True)


def find_kept(folder: Path, name: str) -> KeptMail | None:
    """One mail of a folder by its name."""
    return next((mail for mail in kept_in(folder) if mail.name == name), None)


def _read(path: Path) -> KeptMail | None:
    message = email.message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=default)
    body, stated = message.get_body(("plain",)), message["Date"]
    at = getattr(stated, "datetime", None)
    if body is None or at is None or at.tzinfo is None:
        return None
    return KeptMail(
        name=path.stem,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        text="\n".join(body.get_content().splitlines()),
        at=at,
    )


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
