"""How to reach somebody: what sources write as a contact, as something a reader can follow."""

from dataclasses import dataclass
from urllib.parse import quote

LONGEST_ADDRESS = 254
"""Characters of a mail address (RFC 5321, section 4.5.3.1.3)."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact as it is shown, with the address that a click opens; empty when it is neither mail nor web."""

    text: str
    href: str

    @property
    def is_mail(self) -> bool:
        """Whether a click writes a mail."""
        return self.href.startswith("mailto:")


def contact_of(stated: str | None, *, subject: str = "", body: str = "") -> Contact | None:
    """The contact that a source states, ready to write to about the subject."""
    text = " ".join((stated or "").split())
    if not text:
        return None
    if is_mail_address(text):
        parts = [f"{name}={quote(value)}" for name, value in (("subject", subject), ("body", body)) if value]
        return Contact(text, f"mailto:{quote(text, safe='@+')}{'?' if parts else ''}{'&'.join(parts)}")
    if text.lower().startswith(("https://", "http://")) and " " not in text:
        return Contact(text, text)
    return Contact(text, "")


def is_mail_address(text: str) -> bool:
    """Whether the text is one mail address, as far as a page has to know."""
    name, separator, host = text.rpartition("@")
    return bool(
        separator
        and name
        and "." in host.strip(".")
        and len(text) <= LONGEST_ADDRESS
        and not set(text) & set(' <>,;"()')
    )
