"""From an address in the settings to where mail goes."""

from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from catalogue.mail.folder import FolderMailer
from catalogue.mail.log import LogMailer
from catalogue.mail.sending import Mailer
from catalogue.mail.smtp import SmtpMailer

SUBMISSION, RELAY, ENCRYPTED = 587, 25, 465
"""Ports: of a server that asks for a password (RFC 6409), of a relay, and of smtps (RFC 8314)."""


def open_mailer(url: str, *, sender: str, sender_name: str) -> Mailer:
    """Where mail of this address goes. Raises `ValueError` with a sentence when it cannot be one."""
    parts = urlsplit(url)
    if not url:
        return LogMailer()
    if parts.scheme == "file":
        return FolderMailer(folder_of(parts), sender, sender_name)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("A mail address of the settings is smtp://host, smtps://host or file:///folder.")
    user = unquote(parts.username or "")
    is_encrypted = parts.scheme == "smtps"
    usual = ENCRYPTED if is_encrypted else SUBMISSION if user else RELAY
    return SmtpMailer(
        host=parts.hostname,
        port=parts.port or usual,
        user=user,
        password=unquote(parts.password or ""),
        is_encrypted=is_encrypted,
        sender=sender,
        sender_name=sender_name,
    )


def folder_of(parts: SplitResult) -> Path:
    """The folder of a file address. Raises `ValueError`."""
    if parts.netloc or not parts.path.startswith("/"):
        raise ValueError("A folder for mail is written with three slashes: file:///folder.")
    return Path(unquote(parts.path))
