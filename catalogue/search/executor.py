"""Finds and scores documents: BM25 over the weights of the index, with arrays that have a place for every document."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from catalogue.search.labels import documents_labelled
from catalogue.search.phrases import phrase_documents
from catalogue.search.plan import (
    ANY_FIELD,
    FindAll,
    FindAny,
    FindBest,
    FindLabel,
    FindPhrase,
    FindSame,
    FindSome,
    FindTerm,
    Node,
    loosened,
)
from catalogue.search.ranking import RANKING, Ranking
from catalogue.search.segments import ByteCache
from catalogue.search.snapshots import Snapshot

Array: TypeAlias = NDArray[Any]


@dataclass(frozen=True, slots=True)
class TermDocuments:
    """The documents of all segments that have a term and can be found, ascending, with scores and fields.

    `rarity` is BM25's inverse document frequency.
    """

    documents: Array
    scores: Array
    fields: Array
    rarity: float

    @property
    def nbytes(self) -> int:
        """Memory used."""
        return self.documents.nbytes + self.scores.nbytes + self.fields.nbytes


@dataclass(frozen=True, slots=True)
class Match:
    """Whether each document is found, and its score."""

    found: Array
    scores: Array


_NOWHERE = np.zeros(0, np.int64)


class Executor:
    """Answers the nodes of a plan from a snapshot. Threads may share it."""

    def __init__(self, snapshot: Snapshot, cache: ByteCache, ranking: Ranking = RANKING) -> None:
        self.snapshot = snapshot
        self.ranking = ranking
        self._cache = cache

    def term(self, term: bytes) -> TermDocuments:
        """The documents of a term."""
        key = (self.snapshot.generation, self.snapshot.commit, term)
        return self._cache.get(key, lambda: self._join(term))

    def _join(self, term: bytes) -> TermDocuments:
        snapshot = self.snapshot
        pairs = zip(snapshot.segments, snapshot.bases, strict=True)
        parts = [(found, base) for segment, base in pairs if len((found := segment.postings(term)).documents)]
        if not parts:
            nobody = _rarity(snapshot.live_count, 0)
            return TermDocuments(np.zeros(0, np.int32), np.zeros(0, np.float32), np.zeros(0, np.uint8), nobody)
        documents = np.concatenate([postings.documents + np.int32(base) for postings, base in parts])
        weights = np.concatenate([postings.weights for postings, _ in parts])
        fields = np.concatenate([postings.fields for postings, _ in parts])
        if snapshot.has_deletions:
            alive = snapshot.live[documents]
            documents, weights, fields = documents[alive], weights[alive], fields[alive]
        rarity = _rarity(snapshot.live_count, len(documents))
        scores = (weights * self.worth(rarity) / (weights + self.ranking.saturation)).astype(np.float32)
        return TermDocuments(documents, scores, fields, rarity)

    def worth(self, rarity: float) -> float:
        """What a term of that rarity adds to a score at most."""
        return (self.ranking.saturation + 1) * rarity

    def places(self, term: bytes, documents: Array) -> Iterator[tuple[int, Array]]:
        """Where a term is: those of some documents that have it, with the positions. Documents are ascending."""
        having = self.term(term).documents
        if not len(having) or not len(documents):
            return
        documents = documents[having[np.minimum(np.searchsorted(having, documents), len(having) - 1)] == documents]
        bounds = np.searchsorted(documents, [*self.snapshot.bases, self.snapshot.count]).tolist()
        for place, (segment, base) in enumerate(zip(self.snapshot.segments, self.snapshot.bases, strict=True)):
            mine = documents[bounds[place] : bounds[place + 1]]
            if len(mine):
                yield from zip(mine.tolist(), segment.places(term, mine - base), strict=True)

    def places_of(self, term: bytes, documents: Array) -> tuple[Array, Array]:
        """The same end to end: for each position the place of its document in `documents`, and the position."""
        bounds = np.searchsorted(documents, [*self.snapshot.bases, self.snapshot.count]).tolist()
        numbers, positions = [_NOWHERE], [_NOWHERE]
        for place, (segment, base) in enumerate(zip(self.snapshot.segments, self.snapshot.bases, strict=True)):
            first, last = bounds[place], bounds[place + 1]
            if first < last:
                found, where = segment.places_of(term, documents[first:last] - base)
                numbers.append(found + first)
                positions.append(where)
        return np.concatenate(numbers), np.concatenate(positions)

    def fields_of(self, term: bytes, documents: Array) -> Array:
        """The fields in which some documents have a term, a bit each; none where they do not."""
        having = self.term(term)
        if not len(having.documents):
            return np.zeros(len(documents), np.uint8)
        places = np.minimum(np.searchsorted(having.documents, documents), len(having.documents) - 1)
        fields: Array = np.where(having.documents[places] == documents, having.fields[places], 0)
        return fields

    def match(self, node: Node) -> Match:
        """The documents that a node finds."""
        match node:
            case FindTerm():
                found = self._match_term(node)
            case FindPhrase():
                found = self._match_phrase(node)
            case FindLabel():
                found = self._match_label(node)
            case FindAll(nodes):
                found = self._match_all(nodes)
            case FindAny(nodes) | FindBest(nodes):
                found = self._match_any(nodes, np.add if isinstance(node, FindAny) else np.maximum)
            case FindSome(nodes):
                found = self._match_some(nodes)
            case FindSame():
                found = self._match_same(node)
        return found

    def _nothing(self) -> Match:
        return Match(np.zeros(self.snapshot.count, bool), np.zeros(self.snapshot.count, np.float32))

    def _match_term(self, node: FindTerm) -> Match:
        result = self._nothing()
        documents, scores = self._term_in(node)
        result.found[documents] = True
        result.scores[documents] = scores
        return result

    def _term_in(self, node: FindTerm) -> tuple[Array, Array]:
        """The documents that have the term in one of the fields, with scores."""
        found = self.term(node.term)
        if node.fields == ANY_FIELD:
            return found.documents, found.scores
        inside = (found.fields & node.fields) != 0
        return found.documents[inside], found.scores[inside]

    def _match_all(self, nodes: tuple[Node, ...]) -> Match:
        result = Match(self.snapshot.live.copy(), np.zeros(self.snapshot.count, np.float32))
        for node in nodes:
            other = self.match(node)
            np.logical_and(result.found, other.found, out=result.found)
            np.add(result.scores, other.scores, out=result.scores)
        np.multiply(result.scores, result.found, out=result.scores)
        return result

    def _match_any(self, nodes: tuple[Node, ...], combine: np.ufunc) -> Match:
        result = self._nothing()
        for node in nodes:
            if isinstance(node, FindTerm):
                # A word's beginning stands for hundreds of terms, most of them in a handful of documents.
                documents, scores = self._term_in(node)
                result.found[documents] = True
                result.scores[documents] = combine(result.scores[documents], scores)
                continue
            other = self.match(node)
            np.logical_or(result.found, other.found, out=result.found)
            combine(result.scores, other.scores, out=result.scores)
        return result

    def _match_some(self, nodes: tuple[Node, ...]) -> Match:
        result, shares = self._nothing(), np.zeros(self.snapshot.count, np.float32)
        worth = [self.rarity(node) for node in nodes]
        for node, rarity in zip(nodes, worth, strict=True):
            other = self.match(node)
            np.logical_or(result.found, other.found, out=result.found)
            np.add(result.scores, other.scores, out=result.scores)
            shares[other.found] += rarity / sum(worth)
        np.multiply(result.scores, shares**self.ranking.coordination, out=result.scores)
        return result

    def _match_phrase(self, node: FindPhrase) -> Match:
        candidates = self.match(loosened(node))
        result = self._nothing()
        for segment, base in zip(self.snapshot.segments, self.snapshot.bases, strict=True):
            wanted = candidates.found[base : base + segment.count]
            if wanted.any():
                result.found[base + phrase_documents(segment, node, wanted)] = True
        result.scores[result.found] = candidates.scores[result.found]
        return result

    def _match_label(self, node: FindLabel) -> Match:
        found = documents_labelled(self.snapshot, node)
        return Match(found, found.astype(np.float32))

    def _match_same(self, node: FindSame) -> Match:
        """Synonyms count as if they were as frequent as what was typed: a rare one says no more than a common one."""
        result, typed = self.match(node.typed), self.rarity(node.typed)
        for synonym in node.synonyms:
            other = self.match(synonym)
            worth = self.ranking.synonyms * min(1.0, typed / self.rarity(synonym))
            np.logical_or(result.found, other.found, out=result.found)
            np.maximum(result.scores, other.scores * np.float32(worth), out=result.scores)
        return result

    def rarity(self, node: Node) -> float:
        """How much one mention of a node is worth, about."""
        match node:
            case FindTerm(term):
                return self.term(term).rarity
            case FindLabel():
                return 1.0
            case FindPhrase(places):
                return sum(min(self.term(term).rarity for term in terms) for _, terms in places)
            case FindAll(nodes):
                return sum(map(self.rarity, nodes))
            case FindAny(nodes) | FindSome(nodes) | FindBest(nodes):
                return min(map(self.rarity, nodes))
            case FindSame(typed):
                return self.rarity(typed)


def _rarity(documents: int, having: int) -> float:
    return math.log1p((documents - having + 0.5) / (having + 0.5))
