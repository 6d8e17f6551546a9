"""How custodians' names are compared, and what their slugs are (ADR 17)."""

import re
import unicodedata
from dataclasses import dataclass

from catalogue.domain.errors import Invalid
from schemas.metadata import Problem, Severity

MEMBERSHIPS = {"ALLIANCE": "Alliance", "HUB": "Hub", "HUBS": "Hub", "OTHER": "Other", "NCS": "NCS"}
"""As older descriptions write them before a name, and as HDR UK 4.0.0 does."""
LONGEST_SLUG = 80


@dataclass(frozen=True, slots=True)
class CustodianName:
    """A name as written without its membership, the membership if one led it, and the key it is compared by."""

    name: str
    member_of: str | None
    key: str

    @classmethod
    def parse(cls, text: str) -> "CustodianName":
        """Read `ALLIANCE > NHS  Digital ` as the member "NHS Digital", compared as "nhs digital"."""
        folded = " ".join(text.split())
        head, separator, rest = folded.partition(">")
        if separator and head.strip().upper() in MEMBERSHIPS and rest.strip():
            return cls(rest.strip(), MEMBERSHIPS[head.strip().upper()], rest.strip().casefold())
        return cls(folded, None, folded.casefold())


def read_aliases(text: str) -> dict[str, str]:
    """Other names of custodians, by their keys: a line each, `other name = name`; what begins with # is passed over.

    Raises `Invalid` with every line that is not one.
    """
    aliases: dict[str, str] = {}
    mistakes = []
    for number, line in enumerate(text.splitlines(), 1):
        other, equals, name = (part.strip() for part in line.partition("="))
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if other and equals and name:
            aliases[CustodianName.parse(other).key] = name
        else:
            message = f"Line {number} of the other names of custodians cannot be read."
            mistakes.append(Problem("", message, Severity.ERROR, "Write another name, = and the name it stands for."))
    if mistakes:
        raise Invalid(*mistakes)
    return aliases


def slug_of(name: str) -> str:
    """A name as a part of an address: lower-case letters, digits and single hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.split(r"[^a-z0-9]+", plain.replace("&", " and ").lower())
    return "-".join(word for word in words if word)[:LONGEST_SLUG].strip("-") or "organisation"
