"""How custodians' names are compared, and what their slugs are (ADR 17)."""

import re
import unicodedata
from dataclasses import dataclass

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


def slug_of(name: str) -> str:
    """A name as a part of an address: lower-case letters, digits and single hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.split(r"[^a-z0-9]+", plain.replace("&", " and ").lower())
    return "-".join(word for word in words if word)[:LONGEST_SLUG].strip("-") or "organisation"
