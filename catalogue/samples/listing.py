"""Which fictional members there are, and where their feeds are."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class SampleMember:
    """A fictional member organisation, whose descriptions are published under its `slug`.

    `generations` are the same feed at successive times, oldest first: HDR UK documents in a
    `{"count", "dataModels"}` envelope. `member_of` is HDR UK 4.0.0's `memberOf`. The feed of an
    aggregator also carries datasets whose custodian is somebody else.
    """

    slug: str
    name: str
    identifier: str
    member_of: str
    is_aggregator: bool
    contact: str
    description: str
    generations: tuple[Path, ...]


@cache
def members() -> tuple[SampleMember, ...]:
    """Return every sample member, by slug."""
    rows = json.loads((FOLDER / "members.json").read_text(encoding="utf-8"))["members"]
    return tuple(
        SampleMember(**row | {"generations": tuple(FOLDER / path for path in row["generations"])})
        for row in sorted(rows, key=lambda row: row["slug"])
    )
