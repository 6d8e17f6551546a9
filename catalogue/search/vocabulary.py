"""The values of facets, numbered once for all segments, so that segments never have to be translated again."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from catalogue.search.backend import FacetTerm
from catalogue.search.document_store import facet_values

Array: TypeAlias = NDArray[Any]


class FacetVocabulary:
    """Values of one facet. Numbers are given once and never change; values that differ in case only are one.

    Written by one thread at a time, read by any.
    """

    def __init__(self) -> None:
        self._ordinals: dict[str, int] = {}
        self._spellings: list[dict[FacetTerm, int]] = []

    def __len__(self) -> int:
        return len(self._spellings)

    def ordinal(self, value: str) -> int | None:
        """The number of a value."""
        return self._ordinals.get(value.casefold())

    def term(self, ordinal: int) -> FacetTerm:
        """A value as most documents write it."""
        spellings = self._spellings[ordinal]
        if len(spellings) == 1:
            return next(iter(spellings))
        return min(spellings.items(), key=lambda item: (-item[1], item[0].label))[0]

    def add(self, term: FacetTerm, documents: int) -> int:
        """The number of a value that so many more documents have."""
        ordinal = self._ordinals.setdefault(term.value.casefold(), len(self._spellings))
        if ordinal == len(self._spellings):
            self._spellings.append({term: documents})
        else:
            known = self._spellings[ordinal]
            self._spellings[ordinal] = {**known, term: known.get(term, 0) + documents}
        return ordinal


class FacetVocabularies:
    """The vocabularies of all facets of one generation of the index."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._of: dict[str, FacetVocabulary] = {name: FacetVocabulary() for name in names}

    def __getitem__(self, name: str) -> FacetVocabulary:
        return self._of[name]

    def ordinals(self, name: str, arrays: Mapping[str, Array]) -> Array:
        """A segment's values of a facet, in the numbers of this vocabulary."""
        terms = facet_values(name, arrays)
        local = arrays[f"facet.{name}.ordinals"]
        counts = np.bincount(local, minlength=len(terms)).tolist()
        vocabulary = self._of[name]
        numbers = np.array([vocabulary.add(term, count) for term, count in zip(terms, counts, strict=True)], np.int32)
        return numbers[local] if len(local) else np.zeros(0, np.int32)
