"""Why a result ranks where it does: what each word, field, synonym and rule gave it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from catalogue.search.backend import Reason
from catalogue.search.executor import Executor, Match
from catalogue.search.fields import TEXT_FIELDS
from catalogue.search.indexing import weights_by_field
from catalogue.search.plan import FindAll, FindAny, FindBest, FindLabel, FindPhrase, FindSame, FindSome, FindTerm, Node
from catalogue.search.reordering import Additions

Array: TypeAlias = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Ranked:
    """How the scores of an answer came about: what the nodes gave, and what was added to the documents in `best`."""

    nodes: tuple[Node, ...]
    base: Match
    best: Array
    added: Additions | None


def reasons(executor: Executor, ranked: Ranked, number: int) -> tuple[Reason, ...]:
    """What the score of a document is made of; the points add up to it."""
    explaining = _Explaining(executor, number)
    found = [reason for node in ranked.nodes for reason in explaining.of(node)]
    base = float(ranked.base.scores[number])
    ranking, snapshot = executor.ranking, executor.snapshot
    quality, recency = float(snapshot.quality[number]), float(snapshot.recency[number])
    found.append(Reason(f"completeness of the description, {quality:.0%}", base * ranking.quality * quality))
    found.append(Reason(f"recency of the last change, {recency:.0%}", base * ranking.recency * recency))
    place = int(np.searchsorted(ranked.best, number))
    if ranked.added is not None and place < len(ranked.best) and ranked.best[place] == number:
        found.append(Reason("words that stand near each other", float(ranked.added.proximity[place])))
        found.append(Reason("share of the title that was typed", float(ranked.added.title_share[place])))
        found.append(Reason("the title is what was typed", float(ranked.added.exact_title[place])))
    return tuple(Reason(each.what, round(each.points, 4)) for each in found if each.points)


class _Explaining:
    """One document."""

    def __init__(self, executor: Executor, number: int) -> None:
        self._executor = executor
        self._number = number
        segment, local = executor.snapshot.place(number)
        self._document = segment.document(local)

    def _score(self, node: Node) -> float:
        match = self._executor.match(node)
        return float(match.scores[self._number]) if match.found[self._number] else 0.0

    def of(self, node: Node, times: float = 1.0, said: str = "") -> Iterator[Reason]:
        """What a node gave, `times` as much, with something `said` before each reason."""
        points = self._score(node) * times
        match node:
            case FindTerm():
                yield from self._by_field(node, points, said)
            case FindPhrase(places):
                words = " ".join("/".join(term.decode() for term in terms) for _, terms in places)
                yield Reason(f"{said}“{words}” together", points)
            case FindLabel(facets):
                yield Reason(f"{said}value of {' or '.join(facets)}", points)
            case FindAll(nodes) | FindAny(nodes):
                yield from self._each(nodes, times, said)
            case FindBest(nodes):
                yield from self.of(max(nodes, key=self._score), times, said)
            case FindSome(nodes):
                yield from self._some(nodes, points, said)
            case FindSame():
                yield from self._same(node, points, times, said)

    def _each(self, nodes: Iterable[Node], times: float, said: str) -> Iterator[Reason]:
        for node in nodes:
            yield from self.of(node, times, said)

    def _same(self, node: FindSame, points: float, times: float, said: str) -> Iterator[Reason]:
        if self._score(node.typed) * times >= points or not points:
            yield from self.of(node.typed, times, said)
            return
        typed = self._executor.rarity(node.typed)
        worth = {other: min(1.0, typed / self._executor.rarity(other)) for other in node.synonyms}
        best = max(node.synonyms, key=lambda other: self._score(other) * worth[other])
        share = self._executor.ranking.synonyms * worth[best]
        yield from self.of(best, times * share, f"{said}synonym ({share:.0%}): ")

    def _some(self, nodes: Sequence[Node], points: float, said: str) -> Iterator[Reason]:
        whole = sum(self._score(node) for node in nodes)
        yield from self._each(nodes, 1.0, said)
        yield Reason(f"{said}not all of the words", points - whole)

    def _by_field(self, node: FindTerm, points: float, said: str) -> Iterator[Reason]:
        weights = weights_by_field(self._document, node.term)
        for field, weight in zip(TEXT_FIELDS, weights, strict=True):
            if weight:
                yield Reason(f"{said}“{node.term.decode()}” in {field.name}", points * weight / sum(weights))
