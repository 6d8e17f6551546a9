"""The values of all facets, numbered once for all segments, so that segments never have to be translated again."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from catalogue.search.backend import FacetTerm
from catalogue.search.document_store import stored_values

Array: TypeAlias = NDArray[Any]


class Vocabulary:
    """Numbers are given once and never change. Values of a facet that differ in case only are one value.

    A spelling is a value with its label as some document writes it. Written by one thread at a time, read by any.
    """

    def __init__(self) -> None:
        self._values: dict[tuple[str, str], int] = {}
        self._spellings: dict[tuple[str, FacetTerm], int] = {}
        self.facets: list[str] = []
        """The facet of each value."""
        self.terms: list[FacetTerm] = []
        """Each spelling."""
        self.value_of: list[int] = []
        """The value of each spelling."""
        self.order: tuple[list[FacetTerm], Any] | None = None
        """What a table last sorted its values into, by the values: most commits bring none that is new."""

    def value(self, facet: str, value: str) -> int | None:
        """The number of a value."""
        return self._values.get((facet, value.casefold()))

    def _spelling(self, facet: str, term: FacetTerm) -> int:
        number = self._spellings.get((facet, term))
        if number is None:
            value = self._values.setdefault((facet, term.value.casefold()), len(self.facets))
            if value == len(self.facets):
                self.facets.append(facet)
            number = self._spellings[facet, term] = len(self.terms)
            self.value_of.append(value)
            self.terms.append(term)
        return number

    def spellings(self, arrays: Mapping[str, Array]) -> Array:
        """What a segment's documents state, end to end, in the numbers of this vocabulary."""
        known = [self._spelling(facet, term) for facet, term in stored_values(arrays)]
        numbers: Array = np.array(known, np.int32)[arrays["values"]]
        return numbers
