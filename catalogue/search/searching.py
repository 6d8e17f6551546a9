"""One question being answered: what is found, in which order, and what is said of it."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from catalogue.search.answering import LISTED_AT_ONCE, Asked, Matched
from catalogue.search.backend import Hit, SearchQuery, SearchResult
from catalogue.search.counting import Narrowed, count, narrow
from catalogue.search.executor import Executor, Match
from catalogue.search.explaining import Ranked, reasons
from catalogue.search.lexicon import IndexLexicon
from catalogue.search.mentions import mentions
from catalogue.search.plan import FindAll, Node
from catalogue.search.query import parse
from catalogue.search.reordering import LOOKED_AT, additions
from catalogue.search.snapshots import Snapshot
from catalogue.search.snippets import explain
from catalogue.search.synonyms import Synonyms

Array: TypeAlias = NDArray[Any]

FEW = 500
"""So few documents are put in order by their identifiers."""


class Searching:
    """One question being answered."""

    def __init__(self, executor: Executor, synonyms: Synonyms, query: SearchQuery) -> None:
        self._executor = executor
        self._snapshot: Snapshot = executor.snapshot
        self._query = query
        self._asked = Asked.planned(query, parse(query.text), IndexLexicon(executor), synonyms, executor.ranking)
        self._plan = self._asked.plan
        self._searched: tuple[Node, ...] = self._plan.required

    def result(self) -> SearchResult:
        matched = self._matched()
        narrowed = narrow(self._snapshot, matched.found.found, self._query)
        match, ranked = self._ranked(matched.found, narrowed.found)
        total = int(np.count_nonzero(narrowed.found))
        page, per_page = self._asked.page, self._asked.per_page
        numbers = self._page(narrowed, match, page, per_page)
        hits = self._hits(numbers, match, ranked)
        more = self._more(matched, narrowed.found, total) if page == 1 else ()
        return self._asked.result(matched, total=total, hits=hits, more=more, facets=count(self._snapshot, narrowed))

    def identifiers(self) -> Iterator[Sequence[str]]:
        """Everything that is found, in its order, some at a time; found now, and held as four bytes each."""
        match = self._matched().found
        found = narrow(self._snapshot, match.found, self._query).found
        match, _ = self._ranked(match, found)
        numbers = np.flatnonzero(found)
        ordered = numbers[np.lexsort((self._ties(numbers), self._keys(numbers, match)))].astype(np.int32)
        return _identified(self._snapshot, ordered)

    def _matched(self) -> Matched[Match]:
        return self._asked.matched(self._match, lambda match: bool(match.found.any()))

    def _more(self, matched: Matched[Match], found: Array, total: int) -> tuple[Hit, ...]:
        """The best of those that have some of the words only, when hardly any has all of them."""
        wider = self._asked.wider(matched, total)
        if wider is None:
            return ()
        match = self._match((wider,))
        others = narrow(self._snapshot, match.found, self._query).found & ~found
        match, ranked = self._ranked(match, others)
        numbers = self._in_order(np.flatnonzero(others), match, 0, self._executor.ranking.hardly_any - total)
        return self._hits(numbers, match, ranked)

    def _match(self, nodes: tuple[Node, ...]) -> Match:
        """What all nodes find, without what is excluded."""
        self._searched = nodes
        match = self._executor.match(FindAll(nodes))
        for node in self._plan.welcome:
            np.add(match.scores, self._executor.match(node).scores, out=match.scores, where=match.found)
        for node in self._plan.excluded:
            np.logical_and(match.found, ~self._executor.match(node).found, out=match.found)
        return match

    def _ranked(self, match: Match, found: Array) -> tuple[Match, Ranked]:
        """The scores that results are ordered by, when they are ordered by their scores, and how they came about."""
        searched = (*self._searched, *self._plan.welcome)
        if not self._asked.is_by_score:
            return match, Ranked(searched, match, np.zeros(0, np.int64), None)
        ranking, snapshot = self._executor.ranking, self._snapshot
        gently = 1 + np.float32(ranking.quality) * snapshot.quality + np.float32(ranking.recency) * snapshot.recency
        gained = Match(match.found, match.scores * gently)
        best = self._best(np.flatnonzero(found), gained.scores)
        nodes = (*self._plan.required, *self._plan.welcome)
        added = additions(self._executor, self._query.text, nodes, best)
        gained.scores[best] += added.total
        return gained, Ranked(searched, match, best, added)

    def _best(self, numbers: Array, scores: Array) -> Array:
        """The documents with the highest scores, in ascending order."""
        if len(numbers) > LOOKED_AT:
            keys = -scores[numbers]
            near = keys <= np.partition(keys, LOOKED_AT - 1)[LOOKED_AT - 1]
            numbers, keys = numbers[near], keys[near]
            if len(numbers) > LOOKED_AT:
                numbers = np.sort(numbers[np.lexsort((self._ties(numbers), keys))[:LOOKED_AT]])
        return numbers

    def _page(self, narrowed: Narrowed, match: Match, page: int, per_page: int) -> list[int]:
        """The numbers of the documents of a page, best first."""
        return self._in_order(np.flatnonzero(narrowed.found), match, (page - 1) * per_page, page * per_page)

    def _in_order(self, found: Array, match: Match, first: int, last: int) -> list[int]:
        """From the first to before the last place of documents in their order."""
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
        if self._query.sort == "quality":
            return -self._snapshot.quality[found]
        if self._query.sort == "changed" or not self._plan.required:
            return -self._snapshot.changed[found]
        return -match.scores[found]

    def _hits(self, numbers: Sequence[int], match: Match, ranked: Ranked) -> tuple[Hit, ...]:
        found = mentions(self._executor, self._searched, numbers)
        hits = []
        for number in numbers:
            segment, local = self._snapshot.place(number)
            shown = explain(segment, local, found[number])
            identifier = segment.text("identifiers", local)
            why = reasons(self._executor, ranked, number) if self._query.explain else ()
            hits.append(Hit(identifier, round(float(match.scores[number]), 4), shown.snippet, shown.columns, why))
        return tuple(hits)


def _identified(snapshot: Snapshot, numbers: Array) -> Iterator[Sequence[str]]:
    for first in range(0, len(numbers), LISTED_AT_ONCE):
        some = snapshot.identifiers[numbers[first : first + LISTED_AT_ONCE]].tolist()
        yield [identifier.decode() for identifier in some]
