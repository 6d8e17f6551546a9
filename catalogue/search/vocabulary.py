"""The values of all facets, numbered once for all segments, so that segments never have to be translated again."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from catalogue.search.backend import FacetTerm
from catalogue.search.document_store import stored_values

Array: TypeAlias = NDArray[Any]


class Vocabulary:
    """Numbers are given once and never change; values of a facet that differ in case only are one.

    Written by one thread at a time, read by any.
    """

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}
        self._spellings: list[dict[FacetTerm, int]] = []
        self.facets: list[str] = []
        """The facet of each value."""

    def __len__(self) -> int:
        return len(self._spellings)

    def number(self, facet: str, value: str) -> int | None:
        """The number of a value."""
        return self._numbers.get((facet, value.casefold()))

    def term(self, number: int) -> FacetTerm:
        """A value as most documents write it."""
        spellings = self._spellings[number]
        if len(spellings) == 1:
            return next(iter(spellings))
        return min(spellings.items(), key=lambda item: (-item[1], item[0].label))[0]

    def _add(self, facet: str, term: FacetTerm, documents: int) -> int:
        """The number of a value that so many more documents have."""
        number = self._numbers.get((facet, term.value.casefold()))
        if number is None:
            number = len(self._spellings)
            self.facets.append(facet)
            self._spellings.append({term: documents})
            self._numbers[facet, term.value.casefold()] = number
        else:
            known = self._spellings[number]
            self._spellings[number] = {**known, term: known.get(term, 0) + documents}
        return number

    def numbers(self, arrays: Mapping[str, Array]) -> Array:
        """The values of a segment's documents, end to end, in the numbers of this vocabulary."""
        local, values = arrays["values"], stored_values(arrays)
        counts = np.bincount(local, minlength=len(values)).tolist()
        known = [self._add(facet, term, count) for (facet, term), count in zip(values, counts, strict=True)]
        numbers: Array = np.array(known, np.int32)[local]
        return numbers
