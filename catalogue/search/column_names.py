"""Which documents of a segment have which names of tables and columns: to find those that share them."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from catalogue.search.arrays import pack, unpack
from catalogue.search.damage import DamagedFile

Array: TypeAlias = NDArray[Any]

_NAMES, _COUNTS, _DOCUMENTS = "column_names", "column_name_counts", "column_name_documents"


def key_of(name: str) -> str:
    """What two names have in common when they are the same name: letter case and white space make no other one."""
    return " ".join(name.casefold().split())


class ColumnNameRows:
    """The names of a segment that is being written."""

    def __init__(self) -> None:
        self._documents: dict[str, list[int]] = {}
        self._spellings: dict[str, str] = {}

    def add(self, document: int, names: Iterable[str]) -> None:
        """Add the names of a document; documents come in ascending order."""
        for key, name in {key_of(name): name for name in names}.items():
            if key:
                self._spellings.setdefault(key, name)
                self._documents.setdefault(key, []).append(document)

    def arrays(self) -> dict[str, Array]:
        """The names in the order of their keys, and the documents of each, end to end."""
        keys = sorted(self._documents)
        names = [self._spellings[key].encode("utf-8", "replace") for key in keys]
        documents = [document for key in keys for document in self._documents[key]]
        return pack(_NAMES, names) | {
            _COUNTS: np.array([len(self._documents[key]) for key in keys], np.uint32),
            _DOCUMENTS: np.array(documents, np.uint32),
        }


class ColumnNames:
    """The names of a segment, in the order of their keys."""

    def __init__(self, names: Sequence[str], counts: Array, documents: Array) -> None:
        self.names = names
        self.counts = counts
        self._keys = [key_of(name) for name in names]
        self._ends = np.cumsum(counts, dtype=np.int64)
        self._documents = documents

    @classmethod
    def read(cls, arrays: Mapping[str, Array], documents: int) -> "ColumnNames":
        """What `ColumnNameRows.arrays` wrote for so many documents. Raises `DamagedFile`, or `KeyError`."""
        names, counts = [name.decode() for name in unpack(_NAMES, arrays)], arrays[_COUNTS]
        places = arrays[_DOCUMENTS].astype(np.int64)
        if len(names) != len(counts) or int(counts.sum()) != len(places) or places.max(initial=-1) >= documents:
            raise DamagedFile("names of columns belong to documents that a segment does not have")
        return cls(names, counts, places)

    @property
    def nbytes(self) -> int:
        """Memory used, about."""
        return 140 * len(self.names) + int(self._ends.nbytes + self._documents.nbytes)

    def documents(self, key: str) -> Array:
        """The documents that have a name, ascending."""
        place = bisect_left(self._keys, key)
        if place == len(self._keys) or self._keys[place] != key:
            return self._documents[:0]
        end = int(self._ends[place])
        return self._documents[end - int(self.counts[place]) : end]

    def beginning(self, prefix: str) -> Iterator[tuple[str, str, int]]:
        """Key, name and number of documents of the names whose key begins so."""
        first, last = bisect_left(self._keys, prefix), bisect_left(self._keys, prefix + "\U0010ffff")
        return zip(self._keys[first:last], self.names[first:last], self.counts[first:last].tolist(), strict=True)
