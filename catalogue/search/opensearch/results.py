"""What a server found, put in its final order and shown, by the same code as the embedded engine's results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from catalogue.search.backend import Hit, Reason, SearchDocument, SearchQuery
from catalogue.search.explaining import Ranked, reasons
from catalogue.search.mentions import mentions
from catalogue.search.opensearch.documents import document_of_source
from catalogue.search.opensearch.fetched import FetchedExecutor, Places
from catalogue.search.opensearch.words import ServerWords
from catalogue.search.plan import FindAll, FindLabel, Node
from catalogue.search.planning import Plan
from catalogue.search.ranking import Ranking
from catalogue.search.reordering import LOOKED_AT, additions
from catalogue.search.snippets import explain

Body: TypeAlias = dict[str, Any]
Labelled: TypeAlias = Mapping[FindLabel, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Found:
    """Documents in their order with their scores."""

    documents: tuple[SearchDocument, ...] = ()
    scores: tuple[float, ...] = ()

    @classmethod
    def read(cls, hits: Sequence[Body]) -> "Found":
        """What a search answered."""
        documents = tuple(document_of_source(hit["_source"]) for hit in hits)
        return cls(documents, tuple(float(hit["_score"] or 0.0) for hit in hits))

    def cut(self, first: int, last: int) -> "Found":
        """From the first to before the last."""
        return Found(self.documents[first:last], self.scores[first:last])


class Results:
    """Orders and shows the results of one question."""

    def __init__(self, words: ServerWords, ranking: Ranking, query: SearchQuery, plan: Plan) -> None:
        self._words, self._ranking, self._query, self._plan = words, ranking, query, plan
        self._nodes = (*plan.required, *plan.welcome)
        self._memory: dict[str, Places] = {}

    def executor(
        self, documents: Sequence[SearchDocument] = (), *, labelled: Labelled | None = None
    ) -> FetchedExecutor:
        """What knows how rare terms are, and where they are in documents."""
        is_explained = self._query.explain
        return FetchedExecutor(
            documents,
            self._words,
            self._ranking,
            memory=self._memory,
            with_weights=is_explained,
            labelled=labelled,
        )

    def in_order(self, found: Found) -> Found:
        """The best results in their final order, the others behind them as they are."""
        documents = sorted(found.documents[:LOOKED_AT], key=lambda document: document.identifier)
        scores = {each.identifier: score for each, score in zip(found.documents, found.scores, strict=True)}
        added = additions(self.executor(documents), self._query.text, self._nodes, np.arange(len(documents)))
        for document, gain in zip(documents, added.total.tolist(), strict=True):
            scores[document.identifier] += gain
        best = sorted(documents, key=lambda document: (-scores[document.identifier], document.identifier))
        ordered = (*best, *found.documents[LOOKED_AT:])
        return Found(ordered, tuple(scores[document.identifier] for document in ordered))

    def shown(
        self, found: Found, searched: tuple[Node, ...], labelled: Labelled, *, is_looked_at: bool
    ) -> tuple[Hit, ...]:
        """Hits with snippets, columns and, if asked for, reasons."""
        executor = self.executor(found.documents, labelled=labelled)
        numbers = range(len(found.documents))
        where = mentions(executor, searched, numbers)
        (segment,) = executor.snapshot.segments
        why = self._reasons(executor, searched, is_looked_at=is_looked_at) if self._query.explain else {}
        hits = []
        for number, document, score in zip(numbers, found.documents, found.scores, strict=True):
            seen = explain(segment, number, where[number])
            because = why.get(number, ())
            hits.append(Hit(document.identifier, round(score, 4), seen.snippet, seen.columns, because))
        return tuple(hits)

    def _reasons(
        self, executor: FetchedExecutor, searched: tuple[Node, ...], *, is_looked_at: bool
    ) -> dict[int, tuple[Reason, ...]]:
        base = executor.match(FindAll(searched))
        for node in self._plan.welcome:
            np.add(base.scores, executor.match(node).scores, out=base.scores, where=base.found)
        best = np.arange(executor.snapshot.count if is_looked_at else 0)
        added = additions(executor, self._query.text, self._nodes, best) if is_looked_at else None
        ranked = Ranked((*searched, *self._plan.welcome), base, best, added)
        return {number: reasons(executor, ranked, number) for number in range(executor.snapshot.count)}
