"""Small drawings of how results are spread over a range, above the list that has the numbers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from catalogue.search.backend import FacetCount
from catalogue.search.facet_values import LARGEST_BAND, POPULATION_BANDS, first_number

WIDTH, HEIGHT = 272, 44
GAP = 2
LEAST = 2
"""The height of a column that stands for anything at all."""
MOST_DECADES = 40
"""More would be too thin to see; the latest are drawn."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a histogram; `is_chosen` when the results are narrowed down to it."""

    x: float
    y: float
    width: float
    height: float
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Histogram:
    """The columns, and what is written at the two ends of the range."""

    columns: tuple[Column, ...]
    first: str
    last: str
    width: int = WIDTH
    height: int = HEIGHT


def histogram(facet: str, counts: Sequence[FacetCount], chosen: Sequence[str]) -> Histogram | None:
    """The drawing for a facet that is a range; nothing for others, and for less than two columns."""
    spread = RANGES.get(facet)
    if spread is None:
        return None
    counted = {each.value: each.count for each in counts}
    values, first, last = spread(counted)
    most = max((counted.get(value, 0) for value in values), default=0)
    if len(values) < 2 or not most:  # noqa: PLR2004 - one column shows nothing
        return None
    step = WIDTH / len(values)
    columns = []
    for place, value in enumerate(values):
        count = counted.get(value, 0)
        height = max(LEAST, round(count * HEIGHT / most, 1)) if count else 0
        x, width = round(place * step, 1), round(step - GAP, 1)
        columns.append(Column(x, round(HEIGHT - height, 1), width, height, value in chosen))
    return Histogram(tuple(columns), first, last)


def _bands(_counted: Mapping[str, int]) -> tuple[Sequence[str], str, str]:
    return [*(value for _, value, _ in POPULATION_BANDS), LARGEST_BAND.value], "Under 1,000", "1,000,000 and over"


def _decades(counted: Mapping[str, int]) -> tuple[Sequence[str], str, str]:
    """Every decade from the first that is covered to the last, those without a dataset too."""
    years = [year for value in counted if (year := first_number(value))]
    if not years:
        return [], "", ""
    last = max(years)
    first = max(min(years), last - 10 * (MOST_DECADES - 1))
    return [f"{year}s" for year in range(first, last + 1, 10)], f"{first}s", f"{last}s"


RANGES: Mapping[str, Callable[[Mapping[str, int]], tuple[Sequence[str], str, str]]] = {
    "population": _bands,
    "decade": _decades,
}
"""Facets whose values are parts of a range: every part of it, with words for its ends."""
