"""Filters and facet counts: which documents each facet lets through, and how many of the others each value has."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

from catalogue.search.backend import FacetCount, SearchQuery
from catalogue.search.fields import FACETS, NOT_STATED, Facet
from catalogue.search.snapshots import Snapshot
from catalogue.search.vocabulary import FacetVocabulary

Array: TypeAlias = NDArray[Any]

FEW = 8
"""Below one document in so many, counting looks at those documents only instead of at all."""


class FacetCounts(Sequence[FacetCount]):
    """The values of a facet that results have, most frequent first; `not-stated` last, chosen ones always.

    Only the values that are looked at are made: a facet may have thousands, and a page shows ten.
    """

    def __init__(self, facet: Facet, vocabulary: FacetVocabulary, counts: Array, chosen: Sequence[int]) -> None:
        self._facet = facet
        self._vocabulary = vocabulary
        self._counts = counts
        self._chosen = chosen

    @cached_property
    def _ordinals(self) -> list[int]:
        shown = self._counts > 0
        shown[list(self._chosen)] = True
        ordinals = np.flatnonzero(shown).tolist()
        term = self._vocabulary.term
        last = self._vocabulary.ordinal(NOT_STATED.value)
        if self._facet.in_order:
            ordinals.sort(key=lambda ordinal: (ordinal == last, self._facet.order(term(ordinal).value)))
        else:
            counts = self._counts.tolist()
            ordinals.sort(key=lambda ordinal: (ordinal == last, -counts[ordinal], term(ordinal).label))
        return ordinals

    def __len__(self) -> int:
        return len(self._ordinals)

    def _made(self, ordinal: int) -> FacetCount:
        term = self._vocabulary.term(ordinal)
        return FacetCount(term.value, term.label, int(self._counts[ordinal]))

    @overload
    def __getitem__(self, place: int) -> FacetCount: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[FacetCount, ...]: ...
    def __getitem__(self, place: int | slice) -> FacetCount | tuple[FacetCount, ...]:
        if isinstance(place, slice):
            return tuple(map(self._made, self._ordinals[place]))
        return self._made(self._ordinals[place])

    def __iter__(self) -> Iterator[FacetCount]:
        return map(self._made, self._ordinals)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


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
    for facet in FACETS:
        values = query.filters.get(facet.name, ())
        if values:
            vocabulary = snapshot.vocabularies[facet.name]
            ordinals = {ordinal for value in values if (ordinal := vocabulary.ordinal(value)) is not None}
            chosen[facet.name] = tuple(sorted(ordinals))
            masks[facet.name] = _having(snapshot, facet.name, chosen[facet.name])
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


def _having(snapshot: Snapshot, name: str, ordinals: Sequence[int]) -> Array:
    table = snapshot.facet(name)
    wanted = np.zeros(max(table.size, 1), bool)
    wanted[list(ordinals)] = True
    if table.documents is None:
        return wanted[table.ordinals]
    having = np.zeros(snapshot.count, bool)
    having[table.documents[wanted[table.ordinals]]] = True
    return having


def _all(found: Array, masks: Any) -> Array:  # noqa: ANN401 - any iterable of arrays
    for mask in masks:
        found = found & mask
    return found


def count(snapshot: Snapshot, narrowed: Narrowed) -> dict[str, FacetCounts]:
    """How many results there would be for each value of each facet if it were the only one chosen there."""
    result = {}
    everything = _Counter(snapshot, narrowed.found)
    for facet in FACETS:
        mask = narrowed.without.get(facet.name)
        counter = everything if mask is None else _Counter(snapshot, mask)
        vocabulary = snapshot.vocabularies[facet.name]
        chosen = narrowed.chosen.get(facet.name, ())
        result[facet.name] = FacetCounts(facet, vocabulary, counter.counts(facet.name), chosen)
    return result


class _Counter:
    """Counts the values of facets over some documents."""

    def __init__(self, snapshot: Snapshot, found: Array) -> None:
        self._snapshot = snapshot
        self._found = found
        self._documents = np.flatnonzero(found)

    def counts(self, name: str) -> Array:
        table = self._snapshot.facet(name)
        if table.documents is None:
            values = table.ordinals[self._documents]
        elif len(self._documents) * FEW < self._snapshot.count:
            values = table.ordinals[self._pairs(table.documents)]
        else:
            values = table.ordinals[self._found[table.documents]]
        return np.bincount(values, minlength=table.size)

    def _pairs(self, documents: Array) -> Array:
        """The places of these documents' pairs in a list that is sorted by document."""
        first = np.searchsorted(documents, self._documents)
        sizes = np.searchsorted(documents, self._documents, side="right") - first
        ends = np.cumsum(sizes)
        places: Array = np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - ends + sizes, sizes)
        return places
