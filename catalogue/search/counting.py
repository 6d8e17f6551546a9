"""Filters and facet counts: which documents each facet lets through, and how many of the others each value has.

The values of all facets of all documents lie in one array, so that they are counted in one go.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

from catalogue.search.backend import FacetCount, FacetTerm, SearchQuery
from catalogue.search.fields import FACET_NAMES
from catalogue.search.snapshots import Snapshot

Array: TypeAlias = NDArray[Any]

MANY = 4
"""From one document in so many on, counting runs through all values instead of collecting those of the documents."""


class FacetCounts(Sequence[FacetCount]):
    """The values of a facet that results have, in the facet's order; `not-stated` last, chosen ones always.

    Only the values that are looked at are made: a facet may have thousands, and a page shows ten.
    """

    def __init__(self, terms: Sequence[FacetTerm], numbers: Array, counts: Array) -> None:
        self._terms = terms
        self._numbers = numbers
        self._counts = counts

    def __len__(self) -> int:
        return len(self._numbers)

    def _made(self, number: int, count: int) -> FacetCount:
        term = self._terms[number]
        return FacetCount(term.value, term.label, count)

    @overload
    def __getitem__(self, place: int) -> FacetCount: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[FacetCount, ...]: ...
    def __getitem__(self, place: int | slice) -> FacetCount | tuple[FacetCount, ...]:
        if isinstance(place, slice):
            numbers = self._numbers[place]
            return tuple(map(self._made, numbers.tolist(), self._counts[numbers].tolist()))
        number = int(self._numbers[place])
        return self._made(number, int(self._counts[number]))

    def __iter__(self) -> Iterator[FacetCount]:
        return iter(self[:])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self[:] == tuple(other)

    def __hash__(self) -> int:
        return hash(self[:])

    def __repr__(self) -> str:
        return repr(self[:])


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What is left after the filters: all of them, and for every facet that filters, all but its own."""

    found: Array
    without: Mapping[str, Array]
    chosen: Mapping[str, tuple[int, ...]]


def narrow(snapshot: Snapshot, found: Array, query: SearchQuery) -> Narrowed:
    """Apply the filters to documents that the words find. Values are alternatives, facets all hold."""
    found = _in_years(snapshot, found, query)
    masks, chosen = {}, {}
    for name in FACET_NAMES:
        values = query.filters.get(name, ())
        if values:
            numbers = {number for value in values if (number := snapshot.values.value(name, value)) is not None}
            chosen[name] = tuple(sorted(numbers))
            masks[name] = snapshot.values.having(chosen[name])
    without = {name: _all(found, (mask for other, mask in masks.items() if other != name)) for name in masks}
    return Narrowed(_all(found, masks.values()), without, chosen)


def _in_years(snapshot: Snapshot, found: Array, query: SearchQuery) -> Array:
    if query.first_year is not None or query.last_year is not None:
        found = found & (snapshot.first_year <= snapshot.last_year)
    if query.first_year is not None:
        found = found & (snapshot.last_year >= query.first_year)
    if query.last_year is not None:
        found = found & (snapshot.first_year <= query.last_year)
    return found


def _all(found: Array, masks: Iterable[Array]) -> Array:
    for mask in masks:
        found = found & mask
    return found


def count(snapshot: Snapshot, narrowed: Narrowed) -> dict[str, FacetCounts]:
    """How many results there would be for each value of each facet if it were the only one chosen there."""
    values = snapshot.values
    counts = _tally(snapshot, narrowed.found)
    shown = counts > 0
    for name, mask in narrowed.without.items():
        mine = values.facets == FACET_NAMES.index(name)
        counts[mine] = _tally(snapshot, mask)[mine]
        shown[mine] = counts[mine] > 0
        shown[list(narrowed.chosen[name])] = True
    ordered = values.ordered(np.flatnonzero(shown), counts)
    bounds = np.searchsorted(values.facets[ordered], np.arange(len(FACET_NAMES) + 1)).tolist()
    return {
        name: FacetCounts(values.terms, ordered[bounds[place] : bounds[place + 1]], counts)
        for place, name in enumerate(FACET_NAMES)
    }


def _tally(snapshot: Snapshot, found: Array) -> Array:
    """How many of these documents have each value."""
    values = snapshot.values
    documents = np.flatnonzero(found)
    if len(documents) == snapshot.live_count:
        return values.of_all.copy()
    if len(documents) * MANY < len(found):
        return np.bincount(values.of(documents), minlength=values.size)
    return np.bincount(values.numbers[np.repeat(found, np.diff(values.starts))], minlength=values.size)
