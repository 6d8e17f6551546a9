"""A line of a benchmark: what was measured, beside its budget and its peer."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields


@dataclass(frozen=True, slots=True)
class Line:
    """One measurement. `within` says whether the budget is kept, or nothing when there is none."""

    work: str
    on: str
    measured: str
    peer: str = ""
    budget: str = ""
    within: bool | None = None


def show(lines: Iterable[Line]) -> None:
    """Print the lines as a table."""
    words = {True: "yes", False: "NO", None: ""}
    rows = [tuple(each.name for each in fields(Line))]
    rows += [(*astuple(line)[:-1], words[line.within]) for line in lines]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip(), flush=True)
