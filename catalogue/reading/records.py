"""What a record says, and what is wrong with that."""

import sys
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import catalogue.domain
from catalogue.reading.entries import Claim, Entry, Rated
from harvesters.base import Harvester, Raw
from harvesters.revision import revision_of
from schemas.crosswalks.dates import DateOrder
from schemas.metadata import Description, Problem
from schemas.validation.description import check

REVISION: Final = revision_of(catalogue.domain, sys.modules[__package__])
"""Of the program when this process loaded it."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What reading rests on beside the bytes: the order of day and month in the feed, and today's date."""

    date_order: DateOrder | None
    today: date


@dataclass(frozen=True, slots=True)
class Read:
    """A record as read. `compressed` are its bytes as they are kept; `problems` are those of reading.

    `entry` is None where the bytes alone do not say which dataset it is, or whose: `unnamed` is then what they say, or
    None where they cannot be read.
    """

    entry: Entry | None
    unnamed: Description | None
    problems: tuple[Problem, ...]
    schema_name: str
    schema_version: str
    compressed: bytes


def revision(kind: type[Harvester]) -> str:
    """The same in two processes that read the same out of records of this kind, and can tell each other."""
    return f"{kind.revision} {REVISION}"


def read(kind: type[Harvester], raw: Raw, terms: Terms) -> Read:
    """Read one record, and judge what it says as far as it alone allows."""
    reading = kind.parse(raw, date_order=terms.date_order, today=terms.today)
    description, entry = reading.description, None
    problems = (*reading.problems, *raw.problems)
    if description is not None and raw.identifier is not None and description.summary.data_custodian.name:
        entry = enter(description, raw.identifier, problems, terms)
    compressed = zlib.compress(raw.data, level=1)
    unnamed = description if entry is None else None
    return Read(entry, unnamed, problems, reading.schema_name, reading.schema_version, compressed)


def enter(description: Description, identifier: str, problems: Iterable[Problem], terms: Terms) -> Entry:
    """Check a description that names its custodian, and rate it with these and the problems found before."""
    found = check(description, today=terms.today)
    rated = Rated.of(replace(description, identifier=identifier), (*problems, *found))
    return Entry(rated, Claim.of(description, identifier), description.summary.data_custodian, found)
