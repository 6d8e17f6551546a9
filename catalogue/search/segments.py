"""One segment of the index as a search reads it. A segment never changes, but for which documents are deleted.

Everything is read once and kept: the arrays of the documents for as long as the segment lives, postings in a cache
that is bounded in bytes and shared by all segments.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, TypeAlias, TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from whoosh.reading import TermNotFound  # type: ignore[import-untyped]

from catalogue.search.analysis import terms_of, words
from catalogue.search.arrays import read_arrays, unpack_all
from catalogue.search.backend import SearchDocument
from catalogue.search.column_names import ColumnNames
from catalogue.search.damage import DamagedFile, reading
from catalogue.search.document_store import unpacked
from catalogue.search.postings import (
    Positions,
    Postings,
    read_places,
    read_places_of,
    read_positions,
    read_postings,
)
from catalogue.search.spelling import WordList
from catalogue.search.vocabulary import Vocabulary
from catalogue.search.whoosh_codec import DOCUMENTS_EXTENSION, TEXT, TermsReader

Array: TypeAlias = NDArray[Any]


class Sized(Protocol):
    """What says how much memory it uses."""

    @property
    def nbytes(self) -> int: ...


Item = TypeVar("Item", bound=Sized)


class ByteCache:
    """The most recently used items, up to a number of bytes. Threads may share it."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.used = 0
        self._items: OrderedDict[Hashable, Sized] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Item]) -> Item:
        """The item of a key, made when it is not there. What is larger than the whole cache is not kept."""
        with self._lock:
            item = self._items.get(key)
            if item is not None:
                self._items.move_to_end(key)
                return cast("Item", item)
        made = make()
        with self._lock:
            if key not in self._items and made.nbytes < self.capacity:
                self._items[key] = made
                self.used += made.nbytes + _OVERHEAD
            while self.used > self.capacity:
                self.used -= self._items.popitem(last=False)[1].nbytes + _OVERHEAD
        return made


_OVERHEAD = 600
"""Bytes that an item takes beside its arrays: objects, key, the table's share."""

_NOWHERE = np.zeros(0, np.int64)
_NO_POSTINGS = Postings(np.zeros(0, np.int32), np.zeros(0, np.float32), np.zeros(0, np.uint8), None)
_NO_POSITIONS = Positions(np.zeros(0, np.int32), np.zeros(0, np.int64))


class SegmentView:
    """Reads one segment. `identity` names it for ever; document numbers start at 0.

    Making one raises whatever a damaged file makes reading raise; reading later raises `IndexUnavailable`.
    """

    def __init__(self, folder: Path, segment: Any, vocabulary: Vocabulary, cache: ByteCache) -> None:  # noqa: ANN401 - Whoosh has no types
        self.identity: str = segment.segment_id()
        self.count: int = segment.doc_count_all()
        self._folder = folder
        self._cache = cache
        self._terms: TermsReader = segment.codec().terms_reader(_Folder(folder), segment)
        self._postings_file = self._terms.postings_file.mapped
        self._arrays = read_arrays(folder / segment.make_filename(DOCUMENTS_EXTENSION))
        self._texts = unpack_all(self._arrays)
        self._titles: dict[int, tuple[bytes, ...]] = {}
        self.changed, self.quality = self._column("changed"), self._column("quality")
        self.first_year, self.last_year = self._column("first_year"), self._column("last_year")
        self.value_counts = self._column("value_counts")
        self.values = vocabulary.spellings(self._arrays)
        if int(self.value_counts.sum()) != len(self.values):
            raise DamagedFile(f"{self.identity} has values of facets that belong to no document")

    def _column(self, name: str) -> Array:
        column = self._arrays[name]
        if len(column) != self.count:
            raise DamagedFile(f"{self.identity} has {len(column)} {name} for {self.count} documents")
        return column

    def text(self, name: str, number: int) -> str:
        """One text of one document."""
        with reading(self._folder):
            return self._texts[name][number].decode()

    def texts(self, name: str) -> list[str]:
        """That text of all documents."""
        with reading(self._folder):
            return [text.decode() for text in self._texts[name]]

    @property
    def words(self) -> WordList:
        """The different words of the documents."""
        return self._cache.get((self.identity, "words"), self._read_words)

    def _read_words(self) -> WordList:
        with reading(self._folder):
            return WordList(self.texts("words"), self._arrays["word_counts"])

    @property
    def column_names(self) -> ColumnNames:
        """The different names of tables and columns."""
        return self._cache.get((self.identity, "column names"), self._read_column_names)

    def _read_column_names(self) -> ColumnNames:
        with reading(self._folder):
            return ColumnNames.read(self._arrays, self.count)

    @cached_property
    def identifiers(self) -> Array:
        """The identifier of each document, as bytes."""
        return np.array([identifier.encode() for identifier in self.texts("identifiers")], np.bytes_)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Document numbers by identifier."""
        return {identifier: number for number, identifier in enumerate(self.texts("identifiers"))}

    def document(self, number: int) -> SearchDocument:
        """A document as it was indexed."""
        with reading(self._folder):
            return unpacked(self._arrays, number)

    def postings(self, term: bytes) -> Postings:
        """The documents that a term is in."""
        return self._cache.get((self.identity, term), lambda: self._read_postings(term))

    def positions(self, term: bytes) -> Positions:
        """Where the term is in those documents."""
        return self._cache.get((self.identity, term, "positions"), lambda: self._read_positions(term))

    def places(self, term: bytes, numbers: Array) -> list[Array]:
        """Where the term is in each of these documents, without reading where it is in others."""
        start = self.postings(term).start
        if start is None:
            return []
        with reading(self._folder):
            return read_places(self._postings_file, start, numbers)

    def places_of(self, term: bytes, numbers: Array) -> tuple[Array, Array]:
        """The same end to end, each with the place of its document in `numbers`."""
        start = self.postings(term).start
        if start is None:
            return _NOWHERE, _NOWHERE
        with reading(self._folder):
            return read_places_of(self._postings_file, start, numbers)

    def title_terms(self, number: int) -> tuple[bytes, ...]:
        """The terms of a document's title."""
        known = self._titles.get(number)
        if known is None:
            known = self._titles[number] = tuple(filter(None, terms_of(words(self.text("titles", number)))))
        return known

    def _read_postings(self, term: bytes) -> Postings:
        with reading(self._folder):
            start = self._start(term)
            if start is None:
                return _NO_POSTINGS
            postings = read_postings(self._postings_file, start)
            if int(postings.documents.max()) >= self.count:
                raise DamagedFile(f"{self.identity} has a term in documents that it does not have")
            return postings

    def _read_positions(self, term: bytes) -> Positions:
        start = self.postings(term).start
        if start is None:
            return _NO_POSITIONS
        with reading(self._folder):
            return read_positions(self._postings_file, start)

    def _start(self, term: bytes) -> int | None:
        """Where the record of a term is."""
        try:
            return int(self._terms.term_info(TEXT, term).extent()[0])
        except TermNotFound:
            return None


class _Folder:
    """As much of Whoosh's storage as the codec's readers need."""

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder)
