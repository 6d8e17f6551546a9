"""The search engine that needs nothing but a folder: Whoosh keeps the index, numpy answers from it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from numpy.typing import NDArray

from catalogue.search import index_writing, related
from catalogue.search.backend import (
    IndexDifferences,
    IndexUnavailable,
    Related,
    SearchDocument,
    SearchQuery,
    SearchResult,
)
from catalogue.search.damage import writing_files
from catalogue.search.executor import Executor
from catalogue.search.index_folder import IndexFolder
from catalogue.search.ranking import RANKING, Ranking
from catalogue.search.related_memory import RelatedMemory
from catalogue.search.searching import Searching
from catalogue.search.segments import ByteCache
from catalogue.search.snapshots import SnapshotReader
from catalogue.search.synonyms import Synonyms

Array: TypeAlias = NDArray[Any]

CACHE_BYTES = 64 * 1024 * 1024
PATIENCE = 30.0
"""Seconds that a writer waits for another one."""


class WhooshBackend:
    """A `SearchBackend` in a folder. Any number of threads may search; writers wait for each other.

    The index is made by the first document. Raises `IndexUnavailable` when it cannot be read and `IndexBusy` when
    another writer takes too long.
    """

    def __init__(
        self,
        folder: Path,
        *,
        synonyms: Path | None = None,
        cache_bytes: int = CACHE_BYTES,
        patience: float = PATIENCE,
        ranking: Ranking = RANKING,
    ) -> None:
        self._folder = IndexFolder(folder)
        self._cache = ByteCache(cache_bytes)
        self._reader = SnapshotReader(self._folder, self._cache)
        self._related = RelatedMemory()
        self._synonyms = Synonyms(synonyms)
        self._patience = patience
        self._ranking = ranking

    def index_many(self, documents: Iterable[SearchDocument], *, delete: Sequence[str] = ()) -> None:
        with self._folder.writing(self._patience):
            generation = self._folder.live()
            if generation is None:
                generation = self._make_empty()
            with writing_files(self._folder.path):
                if index_writing.write(self._reader.newest(), generation, documents, delete):
                    index_writing.put_together(self._reader.newest(), generation)

    def _make_empty(self) -> Path:
        with self._folder.replacing() as generation:
            index_writing.create(generation)
        live = self._folder.live()
        if live is None:
            raise IndexUnavailable(self._folder.path, "it was removed while it was made")
        return live

    def rebuild(self, documents: Iterable[SearchDocument]) -> int:
        with self._folder.writing(self._patience), self._folder.replacing() as generation:
            return index_writing.fill(generation, documents)

    def merge(self) -> int:
        """Write the living documents into a new generation, without what was deleted; for quiet hours.

        Answers the number of documents.
        """
        with self._folder.writing(self._patience):
            documents = index_writing.living(self._reader.newest())
            with self._folder.replacing() as generation:
                return index_writing.fill(generation, documents)

    def check(self, expected: Mapping[str, str]) -> IndexDifferences:
        snapshot = self._reader.newest()
        actual: dict[str, str] = {}
        for view, base in zip(snapshot.segments, snapshot.bases, strict=True):
            revisions = view.texts("revisions")
            for identifier, number in view.numbers.items():
                if snapshot.live[base + number]:
                    actual[identifier] = revisions[number]
        return IndexDifferences.between(expected, actual)

    def related(self, identifier: str, *, limit: int = 5) -> Related:
        snapshot = self._reader.newest()

        def find() -> Related:
            return related.find(Executor(snapshot, self._cache, self._ranking), identifier, limit)

        return self._related.recall(snapshot, identifier, limit, find)

    def search(self, query: SearchQuery) -> SearchResult:
        return self._searching(query).result()

    def identifiers(self, query: SearchQuery) -> Iterator[Sequence[str]]:
        return self._searching(query).identifiers()

    def _searching(self, query: SearchQuery) -> Searching:
        return Searching(Executor(self._reader.newest(), self._cache, self._ranking), self._synonyms, query)
