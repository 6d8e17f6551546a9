"""One question being answered by a server, in the same steps as `searching.Searching` takes."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from catalogue.search.answering import Asked, Matched
from catalogue.search.backend import FacetCount, FacetTerm, Hit, SearchQuery, SearchResult
from catalogue.search.labels import says
from catalogue.search.opensearch.connection import Connection
from catalogue.search.opensearch.documents import SHOWN, spelt, value_key
from catalogue.search.opensearch.facets import (
    FILTERED,
    MATCHED,
    Filters,
    counts_of,
)
from catalogue.search.opensearch.queries import Translation, gently
from catalogue.search.opensearch.results import Found, Labelled, Results
from catalogue.search.opensearch.schema import MOST_RESULTS, VALUES, Names
from catalogue.search.opensearch.spellings import Spellings, most_written, read_spellings
from catalogue.search.opensearch.words import ServerWords
from catalogue.search.plan import FindLabel, FindPhrase, FindTerm, Node, leaves
from catalogue.search.query import parse
from catalogue.search.ranking import Ranking
from catalogue.search.reordering import LOOKED_AT
from catalogue.search.synonyms import Synonyms

Array: TypeAlias = NDArray[Any]
Body: TypeAlias = dict[str, Any]


class ServerSearching:
    """One question being answered."""

    def __init__(
        self, connection: Connection, spellings: Spellings, synonyms: Synonyms, ranking: Ranking, query: SearchQuery
    ) -> None:
        names = Names(connection.address.prefix)
        self._spellings = spellings
        self._connection, self._names, self._query = connection, names, query
        question = parse(query.text)
        self._words = ServerWords(connection, names)
        self._words.read_for(question, synonyms, exact=query.exact)
        self._asked = Asked.planned(query, question, self._words, synonyms, ranking)
        self._plan = self._asked.plan
        nodes = (*self._plan.required, *self._plan.welcome, *self._plan.excluded)
        self._words.read(term for leaf in leaves(nodes) for term in _terms(leaf))
        self._labels = {node: self._values_labelled(node) for node in _labelling(nodes)}
        self._filters = Filters(query)
        self._results = Results(self._words, ranking, query, self._plan)
        self._searched: tuple[Node, ...] = self._plan.required

    def result(self) -> SearchResult:
        page, per_page = self._asked.page, self._asked.per_page
        first, last = (page - 1) * per_page, page * per_page
        matched = self._matched(first, last)
        answer = matched.found
        total = _total(answer)
        hits = self._hits(answer, first, last)
        facets = self._facets(answer["aggregations"])
        more = self._more(matched, total) if page == 1 else ()
        return self._asked.result(matched, total=total, hits=hits, more=more, facets=facets)

    def identifiers(self) -> list[Array]:
        """Everything that is found, in its order, some at a time."""
        answer = self._matched(0, LOOKED_AT).found
        best = self._ordered(answer, 0, LOOKED_AT).documents
        parts = [np.array([document.identifier.encode() for document in best], np.bytes_)]
        rest = self._walk(len(best)) if _total(answer) > len(best) else ()
        return parts + [np.array([hit["sort"][-1].encode() for hit in hits], np.bytes_) for hits in rest]

    def _matched(self, first: int, last: int) -> Matched[Body]:
        return self._asked.matched(lambda nodes: self._ask(nodes, first, last), _has_any)

    def _ask(self, nodes: tuple[Node, ...], first: int, last: int) -> Body:
        """Search for what all nodes find, with the counts of all facets and as many results as one search reaches."""
        self._searched = nodes
        first, last = self._window(first, last)
        body = {
            **self._in_order(self._clause(nodes)),
            "post_filter": self._filters.all_but(),
            "aggs": self._filters.aggregations(),
            "from": first,
            "size": last - first,
            "_source": SHOWN,
        }
        return self._connection.search(self._names.datasets, body)

    def _window(self, first: int, last: int) -> tuple[int, int]:
        """Which results are asked for: the best ones all together, since their order is settled here."""
        if self._asked.is_by_score and first < LOOKED_AT:
            return 0, max(last, LOOKED_AT)
        return (first, last) if last <= MOST_RESULTS else (0, 0)

    def _clause(self, nodes: tuple[Node, ...]) -> Body:
        executor = self._results.executor()
        clause = Translation(executor, self._labels).question(nodes, self._plan.welcome, self._plan.excluded)
        return gently(clause, executor, self._words.newest) if self._asked.is_by_score else clause

    def _in_order(self, clause: Body) -> Body:
        """A query in its order, ties by identifier."""
        order: Body = {"changed_at": "desc"}
        if self._asked.is_by_score:
            order = {"_score": "desc"}
        elif self._query.sort == "title":
            order = {"title_key": "asc"}
        elif self._query.sort == "quality":
            order = {"quality": "desc"}
        return {"query": clause, "sort": [order, {"identifier": "asc"}], "track_scores": True}

    def _ordered(self, answer: Body, first: int, last: int) -> Found:
        start, end = self._window(first, last)
        if end == 0:
            return self._far(first, last, _total(answer))
        found = Found.read(answer["hits"]["hits"])
        if self._asked.is_by_score and start == 0:
            found = self._results.in_order(found)
        return found.cut(first - start, last - start)

    def _hits(self, answer: Body, first: int, last: int) -> tuple[Hit, ...]:
        if first >= _total(answer):
            return ()
        found = self._ordered(answer, first, last)
        is_looked_at = self._asked.is_by_score and first < LOOKED_AT
        return self._results.shown(found, self._searched, self._having_labels(found), is_looked_at=is_looked_at)

    def _walk(self, done: int) -> Generator[list[Body], None, None]:
        """Everything from one place on, some at a time, as it is now."""
        body = {**self._narrowed(self._clause(self._searched)), "size": MOST_RESULTS, "_source": False}
        seen = 0
        with closing(self._connection.search_through(self._names.datasets, body)) as pages:
            for hits in pages:
                yield hits[max(done - seen, 0) :]
                seen += len(hits)

    def _narrowed(self, clause: Body) -> Body:
        """A query in its order with the filters, without counts."""
        return self._in_order({"bool": {"must": [clause], "filter": [self._filters.all_but()]}})

    def _far(self, first: int, last: int, total: int) -> Found:
        """A page beyond what one search reaches."""
        if first >= total:
            return Found()
        wanted = min(last, total) - first
        hits: list[Body] = []
        with closing(self._walk(first)) as parts:
            while len(hits) < wanted and (part := next(parts, None)) is not None:
                hits += part
        identifiers = [hit["sort"][-1] for hit in hits[:wanted]]
        body = {"query": {"terms": {"identifier": identifiers}}, "size": len(identifiers), "_source": SHOWN}
        read = Found.read(self._connection.search(self._names.datasets, body)["hits"]["hits"])
        by_identifier = {document.identifier: document for document in read.documents}
        scores = {hit["sort"][-1]: float(hit["_score"] or 0.0) for hit in hits}
        there = [identifier for identifier in identifiers if identifier in by_identifier]
        return Found(tuple(by_identifier[each] for each in there), tuple(scores[each] for each in there))

    def _more(self, matched: Matched[Body], total: int) -> tuple[Hit, ...]:
        """The best of those that have some of the words only, when hardly any has all of them."""
        wider = self._asked.wider(matched, total)
        if wider is None:
            return ()
        found, self._searched = self._clause(self._searched), (wider,)
        body = self._narrowed({"bool": {"must": [self._clause((wider,))], "must_not": [found]}})
        answer = self._connection.search(self._names.datasets, {**body, "size": LOOKED_AT, "_source": SHOWN})
        best = self._results.in_order(Found.read(answer["hits"]["hits"])).cut(0, self._asked.ranking.hardly_any - total)
        return self._results.shown(best, (wider,), self._having_labels(best), is_looked_at=True)

    def _facets(self, counted: Body) -> dict[str, Sequence[FacetCount]]:
        """The values of every facet, chosen ones that no result has included."""
        facets: dict[str, Sequence[FacetCount]] = {}
        preferred = self._spellings.preferred()
        for name, buckets, is_whole in self._filters.buckets(counted):
            pairs = [(bucket["key"], bucket["doc_count"]) for bucket in buckets] if is_whole else self._all_values(name)
            there = {value_key(spelt(spelling).value) for spelling, _ in pairs}
            absent = [key for key in self._filters.chosen.get(name, ()) if key not in there]
            shown = [term for key in absent for term in self._spelling_of(name, key)]
            facets[name] = counts_of(name, pairs, shown, preferred[name])
        return facets

    def _all_values(self, facet: str) -> list[tuple[str, int]]:
        """Every spelling of a facet in the results without its own filter, however many there are."""
        query = {"bool": {"must": [self._clause(self._searched)], "filter": [self._filters.all_but(facet)]}}
        return list(read_spellings(self._connection, self._names, facet, query))

    def _spelling_of(self, facet: str, key: str) -> list[FacetTerm]:
        """A value as most datasets write it; nothing if none has it."""
        query = {"term": {f"{VALUES}.{facet}": {"value": key}}}
        found = most_written(read_spellings(self._connection, self._names, facet, query))
        return [term for *_, term in found.get(key, [])[:1]]

    def _values_labelled(self, node: FindLabel) -> dict[str, list[str]]:
        """The values whose labels are what was asked for, by facet."""
        found = {}
        for facet in node.facets:
            written = most_written(read_spellings(self._connection, self._names, facet, {"match_all": {}}))
            found[facet] = sorted(key for key, (first, *_) in written.items() if says(first[2].label, node))
        return found

    def _having_labels(self, found: Found) -> Labelled:
        """Which of the results have which of the labels that were looked for, to explain their scores by."""
        if not self._query.explain or not self._labels:
            return {}
        identifiers = [document.identifier for document in found.documents]
        translation = Translation(self._results.executor(), self._labels)
        bodies = []
        for node in self._labels:
            filters = [translation.filter(node), {"terms": {"identifier": identifiers}}]
            bodies.append({"query": {"bool": {"filter": filters}}, "size": len(identifiers), "_source": ["identifier"]})
        answers = self._connection.search_many(self._names.datasets, bodies)
        return {
            node: frozenset(hit["_source"]["identifier"] for hit in answer["hits"]["hits"])
            for node, answer in zip(self._labels, answers, strict=True)
        }


def _total(answer: Body) -> int:
    return int(answer["aggregations"][FILTERED]["doc_count"])


def _has_any(answer: Body) -> bool:
    return bool(answer["aggregations"][MATCHED]["doc_count"])


def _terms(leaf: FindTerm | FindPhrase) -> Iterable[bytes]:
    if isinstance(leaf, FindTerm):
        return (leaf.term,)
    return [term for _, terms in leaf.places for term in terms]


def _labelling(nodes: Iterable[object]) -> Iterator[FindLabel]:
    """The nodes that look for labels, wherever they stand."""
    for node in nodes:
        if isinstance(node, FindLabel):
            yield node
        elif hasattr(node, "nodes"):
            yield from _labelling(node.nodes)
