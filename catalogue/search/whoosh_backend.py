"""The search engine that needs nothing but a folder: Whoosh keeps the index, numpy answers from it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from catalogue.search import index_writing, related
from catalogue.search.backend import (
    Hit,
    IndexDifferences,
    IndexUnavailable,
    Related,
    SearchDocument,
    SearchQuery,
    SearchResult,
)
from catalogue.search.counting import Narrowed, count, narrow
from catalogue.search.damage import writing_files
from catalogue.search.executor import Executor, Match
from catalogue.search.index_folder import IndexFolder
from catalogue.search.lexicon import IndexLexicon
from catalogue.search.mentions import mentions
from catalogue.search.plan import FindAll, Node, any_of, loosened
from catalogue.search.planning import Plan, make_plan
from catalogue.search.query import parse
from catalogue.search.segments import ByteCache
from catalogue.search.snapshots import Snapshot, SnapshotReader
from catalogue.search.snippets import explain
from catalogue.search.suggesting import suggest
from catalogue.search.synonyms import Synonyms

Array: TypeAlias = NDArray[Any]

CACHE_BYTES = 64 * 1024 * 1024
PATIENCE = 30.0
"""Seconds that a writer waits for another one."""

MOST_PER_PAGE = 1_000
LISTED_AT_ONCE = 100
"""Identifiers that are handed out together when everything is."""
FEW = 500
"""So few documents are put in order by their identifiers."""


class WhooshBackend:
    """A `SearchBackend` in a folder. Any number of threads may search; writers wait for each other.

    The index is made by the first document. Raises `IndexUnavailable` when it cannot be read and `IndexBusy` when
    another writer takes too long.
    """

    def __init__(
        self, folder: Path, *, synonyms: Path | None = None, cache_bytes: int = CACHE_BYTES, patience: float = PATIENCE
    ) -> None:
        self._folder = IndexFolder(folder)
        self._cache = ByteCache(cache_bytes)
        self._reader = SnapshotReader(self._folder, self._cache)
        self._synonyms = Synonyms(synonyms)
        self._patience = patience

    def index_many(self, documents: Iterable[SearchDocument], *, delete: Sequence[str] = ()) -> None:
        with self._folder.writing(self._patience):
            generation = self._folder.live()
            if generation is None:
                generation = self._make_empty()
            with writing_files(self._folder.path):
                index_writing.write(self._reader.newest(), generation, documents, delete)

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
        return IndexDifferences(
            missing=tuple(sorted(expected.keys() - actual.keys())),
            stale=tuple(sorted(each for each in expected.keys() & actual.keys() if expected[each] != actual[each])),
            unexpected=tuple(sorted(actual.keys() - expected.keys())),
        )

    def related(self, identifier: str, *, limit: int = 5) -> Related:
        return related.find(Executor(self._reader.newest(), self._cache), identifier, limit)

    def search(self, query: SearchQuery) -> SearchResult:
        return _Search(Executor(self._reader.newest(), self._cache), self._synonyms, query).result()

    def identifiers(self, query: SearchQuery) -> Iterator[Sequence[str]]:
        return _Search(Executor(self._reader.newest(), self._cache), self._synonyms, query).identifiers()


class _Search:
    """One question being answered."""

    def __init__(self, executor: Executor, synonyms: Synonyms, query: SearchQuery) -> None:
        self._executor = executor
        self._snapshot: Snapshot = executor.snapshot
        self._query = query
        self._question = parse(query.text)
        self._lexicon, self._synonyms = IndexLexicon(executor), synonyms
        self._plan: Plan = make_plan(self._question, self._lexicon, synonyms, exact=query.exact)
        self._notices = list(self._question.notices)
        self._relaxed = False
        self._searched: tuple[Node, ...] = self._plan.required

    def result(self) -> SearchResult:
        match = self._matched()
        narrowed = narrow(self._snapshot, match.found, self._query)
        total = int(np.count_nonzero(narrowed.found))
        page, per_page = max(self._query.page, 1), min(max(self._query.per_page, 1), MOST_PER_PAGE)
        numbers = self._page(narrowed, match, page, per_page)
        return SearchResult(
            total=total,
            page=page,
            per_page=per_page,
            hits=self._hits(numbers, match),
            facets=count(self._snapshot, narrowed),
            relaxed=self._relaxed,
            corrections=self._plan.corrections,
            synonyms=self._plan.synonyms,
            notices=tuple(self._notices),
            suggestions=suggest(
                self._query.text,
                self._question,
                corrections=self._plan.corrections,
                total=total,
                words=self._lexicon,
                known=self._synonyms.terms,
            ),
        )

    def identifiers(self) -> Iterator[Sequence[str]]:
        """Everything that is found, in its order, some at a time; found now, and held as four bytes each."""
        match = self._matched()
        numbers = np.flatnonzero(narrow(self._snapshot, match.found, self._query).found)
        ordered = numbers[np.lexsort((self._ties(numbers), self._keys(numbers, match)))].astype(np.int32)
        return _identified(self._snapshot, ordered)

    def _matched(self) -> Match:
        """All words; if nothing has them all phrases are given up, then any word will do.

        Filters play no part in this, or else the count beside a facet's value would not be the number of results
        behind it.
        """
        plan = self._plan
        if not plan.required:
            if self._query.text.strip() and not plan.excluded:
                self._notices.append("There is no word in it that can be searched for, so everything is listed.")
            return self._match(())
        match = self._match(plan.required)
        if match.found.any() or self._query.exact:
            return match
        loose = tuple(map(loosened, plan.required))
        if loose != plan.required:
            match = self._match(loose)
            if match.found.any():
                self._notices.extend(f"Nothing has the exact phrase “{phrase}”." for phrase in plan.phrases)
                return match
        match = self._match((any_of(plan.required),))
        self._relaxed = bool(match.found.any())
        return match

    def _match(self, nodes: tuple[Node, ...]) -> Match:
        """What all nodes find, without what is excluded."""
        self._searched = nodes
        match = self._executor.match(FindAll(nodes))
        for node in self._plan.excluded:
            np.logical_and(match.found, ~self._executor.match(node).found, out=match.found)
        return match

    def _page(self, narrowed: Narrowed, match: Match, page: int, per_page: int) -> list[int]:
        """The numbers of the documents of a page, best first."""
        found = np.flatnonzero(narrowed.found)
        first, last = (page - 1) * per_page, page * per_page
        if first >= len(found):
            return []
        keys = self._keys(found, match)
        if last < len(found):
            # Everything that could be on this page or before it, equals of the last one included.
            limit = np.partition(keys, last - 1)[last - 1]
            near = keys <= limit
            found, keys = found[near], keys[near]
        order = np.lexsort((self._ties(found), keys))
        return [int(number) for number in found[order[first:last]]]

    def _ties(self, found: Array) -> Array:
        """What puts equals in order. Ranks take a while to make after a commit, and a page seldom needs them."""
        if len(found) < FEW:
            return self._snapshot.identifiers[found]
        return self._snapshot.identifier_ranks[found]

    def _keys(self, found: Array, match: Match) -> Array:
        """What documents are sorted by, least first."""
        if self._query.sort == "title":
            return self._snapshot.title_ranks[found]
        if self._query.sort == "changed" or not self._plan.required:
            return -self._snapshot.changed[found]
        return -match.scores[found]

    def _hits(self, numbers: Sequence[int], match: Match) -> tuple[Hit, ...]:
        found = mentions(self._executor, self._searched, numbers)
        hits = []
        for number in numbers:
            segment, local = self._snapshot.place(number)
            shown = explain(segment, local, found[number])
            identifier = segment.text("identifiers", local)
            hits.append(Hit(identifier, round(float(match.scores[number]), 4), shown.snippet, shown.columns))
        return tuple(hits)


def _identified(snapshot: Snapshot, numbers: Array) -> Iterator[Sequence[str]]:
    for first in range(0, len(numbers), LISTED_AT_ONCE):
        some = snapshot.identifiers[numbers[first : first + LISTED_AT_ONCE]].tolist()
        yield [identifier.decode() for identifier in some]
