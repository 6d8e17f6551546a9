"""Tables for spreadsheet programs: CSV (RFC 4180) in UTF-8, in which no cell is taken for a formula."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

MEDIA_TYPE = "text/csv"
FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r")
BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel reads UTF-8 as something else."""


def write(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The table with its header."""
    return beginning(header) + lines(rows)


def beginning(header: Sequence[str]) -> bytes:
    """The first line of a table."""
    return BYTE_ORDER_MARK.encode() + lines([header])


def lines(rows: Iterable[Sequence[str]]) -> bytes:
    """More lines of a table."""
    out = StringIO(newline="")
    csv.writer(out).writerows([_cell(each) for each in row] for row in rows)
    return out.getvalue().encode()


def _cell(text: str) -> str:
    # Titles come from outside, and spreadsheet programs run what looks like a formula.
    return f"'{text}" if text.startswith(FORMULA_BEGINS) else text
