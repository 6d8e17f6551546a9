"""Results of a search as documents that are written while they are read: a table, descriptions in full, and RDF."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

from catalogue.export import spreadsheet

LIST_SEPARATOR: Final = "; "
SENT_TOGETHER: Final = 65_536
"""Bytes."""
LONGEST_CELL: Final = 32_000
"""Characters; Excel takes 32,767 and breaks a longer one over two rows."""


@dataclass(frozen=True, slots=True)
class Row:
    """A dataset as a line of a table. What nobody stated is empty."""

    identifier: str
    url: str
    title: str
    custodian: str
    custodian_slug: str
    abstract: str
    population_size: int | None
    first_year: int | None
    last_year: int | None
    period_end: str
    places: tuple[str, ...]
    access: str | None
    data_types: tuple[str, ...]
    keywords: tuple[str, ...]
    doi: str | None
    contact_point: str | None
    table_count: int
    column_count: int
    quality_score: int
    published: datetime
    changed: datetime
    read_from_text: tuple[str, ...]
    """Which of the facts the custodian did not state: they were read from the description's words."""


COLUMNS: Final = tuple(each.name for each in fields(Row))


def table(batches: Iterable[Iterable[Row]]) -> Iterator[bytes]:
    """The table: a header, then a line for each dataset."""
    yield spreadsheet.beginning(COLUMNS)
    for batch in batches:
        yield spreadsheet.lines([_cell(getattr(row, name)) for name in COLUMNS] for row in batch)


def array(batches: Iterable[Iterable[Mapping[str, Any]]]) -> Iterator[bytes]:
    """One JSON array with a line for each dataset; one that was cut off cannot be taken for a whole one."""
    before = b"["
    for batch in batches:
        for each in batch:
            yield before + b"\n" + json.dumps(each, ensure_ascii=False).encode()
            before = b","
    yield (b"[" if before == b"[" else b"") + b"\n]\n"


def gathered(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same in pieces that are worth sending."""
    held = bytearray()
    for piece in pieces:
        held += piece
        if len(held) >= SENT_TOGETHER:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        value = LIST_SEPARATOR.join(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    # One line of the file for each dataset, whatever reads it.
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"
