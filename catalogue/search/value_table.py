"""The facet values of all documents of a snapshot."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from catalogue.search.backend import FacetTerm
from catalogue.search.fields import FACETS, NOT_STATED
from catalogue.search.vocabulary import Vocabulary

Array: TypeAlias = NDArray[Any]

_RANK_BITS, _COUNT_BITS = 24, 31
_RANK = (1 << _RANK_BITS) - 1
_MOST = (1 << _COUNT_BITS) - 1
"""What values are sorted by, in one number: the facet, then count downwards, then rank."""


class ValueTable:
    """The values of each document, end to end: those of document `n` are `numbers[starts[n]:starts[n + 1]]`."""

    def __init__(self, vocabulary: Vocabulary, starts: Array, spellings: Array, live: Array) -> None:
        self._live = live
        self._spellings = spellings
        # The vocabulary grows when other segments are read; only what was there then belongs to this table.
        self._terms = tuple(vocabulary.terms)
        self._value_of = np.array(vocabulary.value_of[: len(self._terms)], np.int32)
        self._facet_names = tuple(vocabulary.facets[: int(self._value_of.max(initial=-1)) + 1])
        self._vocabulary = vocabulary
        self.size = len(self._facet_names)
        self.starts = starts
        self.numbers = spellings if len(self._terms) == self.size else self._value_of[spellings]

    def value(self, facet: str, value: str) -> int | None:
        """The number of a value, if a document ever had it."""
        number = self._vocabulary.value(facet, value)
        return number if number is not None and number < self.size else None

    @cached_property
    def facets(self) -> Array:
        """The facet of each value, by its place in the table of facets."""
        places = {facet.name: place for place, facet in enumerate(FACETS)}
        return np.array([places[name] for name in self._facet_names], np.int64)

    @cached_property
    def terms(self) -> list[FacetTerm]:
        """Each value as most documents write it; of equals the first in the alphabet."""
        best: list[FacetTerm] = [NOT_STATED] * self.size
        for value, term in zip(self._value_of.tolist(), self._terms, strict=True):
            best[value] = term
        if len(self._terms) == self.size:
            return best
        several = np.bincount(self._value_of, minlength=self.size)[self._value_of] > 1
        counts = self._counts(several)
        most: dict[int, tuple[int, str]] = {}
        for spelling in np.flatnonzero(several).tolist():
            value, rank = int(self._value_of[spelling]), (-counts[spelling], self._terms[spelling].label)
            if value not in most or rank < most[value]:
                most[value], best[value] = rank, self._terms[spelling]
        return best

    def _counts(self, wanted: Array) -> list[int]:
        """How many documents write each of some spellings."""
        places = np.flatnonzero(wanted[self._spellings])
        alive = self._live[np.searchsorted(self.starts, places, side="right") - 1]
        counts: list[int] = np.bincount(self._spellings[places[alive]], minlength=len(self._terms)).tolist()
        return counts

    @cached_property
    def of_all(self) -> Array:
        """How many documents have each value."""
        return np.bincount(self.numbers[np.repeat(self._live, np.diff(self.starts))], minlength=self.size)

    def of(self, documents: Array) -> Array:
        """The values of some documents, end to end."""
        first = self.starts[documents]
        sizes = self.starts[documents + 1] - first
        ends = np.cumsum(sizes)
        places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - ends + sizes, sizes)
        values: Array = self.numbers[places]
        return values

    def having(self, numbers: Sequence[int]) -> Array:
        """Whether each document has one of these values."""
        wanted = np.zeros(max(self.size, 1), bool)
        wanted[list(numbers)] = True
        places = np.flatnonzero(wanted[self.numbers])
        having = np.zeros(len(self.starts) - 1, bool)
        having[np.searchsorted(self.starts, places, side="right") - 1] = True
        return having

    def ordered(self, numbers: Array, counts: Array) -> Array:
        """Values by facet, and in a facet by count or in its own order, `not-stated` last."""
        base, counted, by_rank = self._order
        keys = base[numbers] - (counts[numbers] * counted[numbers] << _RANK_BITS)
        keys.sort()
        result: Array = by_rank[keys & _RANK]
        return result

    @cached_property
    def _order(self) -> tuple[Array, Array, Array]:
        """The sort key of each value without its count, whether its count matters, and the values by rank."""
        known = self._vocabulary.order
        if known is None or known[0] != self.terms:
            known = self._vocabulary.order = (self.terms, self._sorted())
        order: tuple[Array, Array, Array] = known[1]
        return order

    def _sorted(self) -> tuple[Array, Array, Array]:
        last = {self.value(facet.name, NOT_STATED.value) for facet in FACETS}
        keys = []
        for number, place in enumerate(self.facets.tolist()):
            term = self.terms[number]
            own = FACETS[place].order(term.value) if FACETS[place].in_order else 0
            keys.append((place, number in last, own, term.label, term.value))
        by_rank = np.array(sorted(range(self.size), key=keys.__getitem__), np.int64)
        ranks = np.empty(self.size, np.int64)
        ranks[by_rank] = np.arange(self.size)
        counted = np.array([not FACETS[place].in_order and not stated for place, stated, *_ in keys], np.int64)
        return (self.facets << _RANK_BITS + _COUNT_BITS) + (_MOST << _RANK_BITS) + ranks, counted, by_rank
