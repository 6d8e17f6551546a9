"""The search engine for more than one machine: an OpenSearch server. Needs the extra `opensearch`."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from numpy.typing import NDArray

from catalogue.search.answering import LISTED_AT_ONCE
from catalogue.search.backend import IndexDifferences, Related, SearchDocument, SearchQuery, SearchResult
from catalogue.search.fields import FACET_NAMES
from catalogue.search.opensearch.address import OpenSearchAddress, parse_address
from catalogue.search.opensearch.connection import Action, Connection, NoIndex
from catalogue.search.opensearch.documents import source_of
from catalogue.search.opensearch.generations import Generations, Lock
from catalogue.search.opensearch.related import ServerRelated
from catalogue.search.opensearch.schema import MOST_RESULTS, Names
from catalogue.search.opensearch.searching import ServerSearching
from catalogue.search.opensearch.spellings import Spellings
from catalogue.search.ranking import RANKING, Ranking
from catalogue.search.synonyms import Synonyms

Array: TypeAlias = NDArray[Any]
Body: TypeAlias = dict[str, Any]

PATIENCE = 30.0
"""Seconds that a writer waits for another one."""
GRACE = 10.0
"""Seconds that the index before stays after a swap, for the searches that began with it."""
MOST_KNOWN_WORDS = 500_000
"""Words that a writer remembers to have written."""


class OpenSearchBackend:
    """A `SearchBackend` on a server. Any number of threads and machines may search; writers wait for each other.

    Raises `IndexUnavailable` when the server cannot be used and `IndexBusy` when another writer takes too long. Unlike
    the embedded index a batch is not all or nothing: a crash may leave a part of it, which the outbox sends again.
    """

    def __init__(
        self,
        address: OpenSearchAddress,
        *,
        synonyms: Path | None = None,
        patience: float = PATIENCE,
        grace: float = GRACE,
        ranking: Ranking = RANKING,
    ) -> None:
        self._connection = Connection(address)
        self._names = Names(address.prefix)
        self._generations = Generations(self._connection, self._names)
        self._lock = Lock(self._connection, self._names)
        self._synonyms = Synonyms(synonyms)
        self._patience = patience
        self._ranking = ranking
        self._grace = grace
        self._spellings = Spellings(self._connection, self._names)
        self._known_words: set[str] = set()
        self._written_to: frozenset[str] = frozenset()

    def index_many(self, documents: Iterable[SearchDocument], *, delete: Sequence[str] = ()) -> None:
        added = {document.identifier: document for document in documents}
        gone = [identifier for identifier in dict.fromkeys(delete) if identifier not in added]
        if not added and not gone:
            return
        with self._lock.held(self._patience):
            self._ensure_live()
            names = (self._names.datasets, self._names.words)
            words: Counter[str] = Counter()
            deleted = ({"delete": {"_index": names[0], "_id": identifier}} for identifier in gone)
            self._connection.write((action, None) for action in deleted)
            self._connection.write(self._actions(names[0], added.values(), words))
            self._write_words(names[1], {word: words[word] for word in words if word not in self._known_words})
            self._connection.refresh(*names)
            self._spellings.forget()

    def _ensure_live(self) -> None:
        """Have an index to write to, and remember no words of another one."""
        live = self._generations.live()
        if not live:
            self._generations.check_other_formats()
            self._generations.make_live(self._generations.create())
        if live != self._written_to:
            self._known_words.clear()
            self._written_to = live

    def _actions(self, index: str, documents: Iterable[SearchDocument], words: Counter[str]) -> Iterator[Action]:
        """The lines that write documents; their words are counted on the way."""
        for document in documents:
            source = source_of(document)
            words.update(source["word"])
            self._lock.beat()
            yield {"index": {"_index": index, "_id": document.identifier}}, source

    def _write_words(self, index: str, words: Mapping[str, int]) -> None:
        """Add words that are not there yet. How often a word is there is only a hint, so that old counts may stay."""
        if len(self._known_words) + len(words) > MOST_KNOWN_WORDS:
            self._known_words.clear()
        self._connection.write(self._word_actions(index, words), may_exist=True)
        self._known_words.update(words)

    def _word_actions(self, index: str, words: Mapping[str, int]) -> Iterator[Action]:
        for word in sorted(words):
            self._lock.beat()
            yield {"create": {"_index": index, "_id": word}}, {"word": word, "count": words[word]}

    def rebuild(self, documents: Iterable[SearchDocument]) -> int:
        with self._lock.held(self._patience):
            self._generations.remove_others()
            before, generation = self._generations.live(), self._generations.create()
            try:
                seen: set[str] = set()
                words: Counter[str] = Counter()
                self._connection.write(self._actions(generation[0], _first(documents, seen), words))
                self._known_words.clear()
                self._write_words(generation[1], words)
                self._connection.refresh(*generation)
                self._lock.beat(now=True)
                self._generations.make_live(generation)
                self._spellings.forget()
            except BaseException:
                self._generations.remove(generation)
                raise
            time.sleep(self._grace if before else 0.0)
            self._generations.remove_others()
            return len(seen)

    def merge(self) -> int:
        """Remove what was deleted from the files, and the indices of other releases. The number of documents."""
        with self._lock.held(self._patience):
            self._generations.remove_others(of_every_format=True)
            if not self._generations.live():
                return 0
            self._connection.merge(self._names.datasets, self._names.words)
            body = {"size": 0, "track_total_hits": True}
            return int(self._connection.search(self._names.datasets, body)["hits"]["total"]["value"])

    def check(self, expected: Mapping[str, str]) -> IndexDifferences:
        return IndexDifferences.between(expected, dict(self._revisions()))

    def _revisions(self) -> Iterator[tuple[str, str]]:
        """Identifier and revision of everything that is indexed."""
        body: Body = {"size": MOST_RESULTS, "sort": ["_doc"], "_source": ["identifier", "revision"]}
        try:
            for hits in self._connection.search_through(self._names.datasets, body):
                yield from ((hit["_source"]["identifier"], hit["_source"]["revision"]) for hit in hits)
        except NoIndex:
            self._generations.check_other_formats()

    def related(self, identifier: str, *, limit: int = 5) -> Related:
        for _ in range(_ATTEMPTS):
            try:
                return ServerRelated(self._connection, self._names, self._ranking).find(identifier, limit)
            except NoIndex:
                self._generations.check_other_formats()
        return Related()

    def search(self, query: SearchQuery) -> SearchResult:
        for _ in range(_ATTEMPTS):
            try:
                return self._searching(query).result()
            except NoIndex:
                self._generations.check_other_formats()
        return SearchResult(0, max(query.page, 1), query.per_page, facets=dict.fromkeys(FACET_NAMES, ()))

    def identifiers(self, query: SearchQuery) -> Iterator[Sequence[str]]:
        for _ in range(_ATTEMPTS):
            try:
                return _decoded(self._searching(query).identifiers())
            except NoIndex:
                self._generations.check_other_formats()
        return iter(())

    def _searching(self, query: SearchQuery) -> ServerSearching:
        return ServerSearching(self._connection, self._spellings, self._synonyms, self._ranking, query)


_ATTEMPTS = 3
"""A swap in the middle of a question can leave it without an index once."""


def open_server(url: str, *, synonyms: Path | None = None) -> OpenSearchBackend:
    """The engine at an address. Raises `WrongAddress`."""
    return OpenSearchBackend(parse_address(url), synonyms=synonyms)


def _first(documents: Iterable[SearchDocument], seen: set[str]) -> Iterator[SearchDocument]:
    """The first of several documents with one identifier."""
    for document in documents:
        if document.identifier not in seen:
            seen.add(document.identifier)
            yield document


def _decoded(parts: Sequence[Array]) -> Iterator[Sequence[str]]:
    for part in parts:
        for first in range(0, len(part), LISTED_AT_ONCE):
            yield [identifier.decode() for identifier in part[first : first + LISTED_AT_ONCE].tolist()]
