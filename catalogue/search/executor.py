"""Finds and scores documents: BM25 over the weights of the index, with arrays that have a place for every document."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from catalogue.search.labels import documents_labelled
from catalogue.search.plan import (
    ANY_FIELD,
    FindAll,
    FindAny,
    FindBest,
    FindLabel,
    FindPhrase,
    FindSame,
    FindTerm,
    Node,
    loosened,
)
from catalogue.search.postings import FIELD_SHIFT
from catalogue.search.segments import ByteCache, SegmentView
from catalogue.search.snapshots import Snapshot

Array: TypeAlias = NDArray[Any]

SATURATION = 8.0
"""BM25's k1 on the scale of the boosts in `fields`: the weight at which another mention adds little."""

SYNONYM_WEIGHT = 0.6
"""What a synonym counts for, so that what was typed ranks first."""


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


class Executor:
    """Answers the nodes of a plan from a snapshot. Threads may share it."""

    def __init__(self, snapshot: Snapshot, cache: ByteCache) -> None:
        self.snapshot = snapshot
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
        scores = (weights * ((SATURATION + 1) * rarity) / (weights + SATURATION)).astype(np.float32)
        return TermDocuments(documents, scores, fields, rarity)

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

    def match(self, node: Node) -> Match:
        """The documents that a node finds."""
        match node:
            case FindTerm():
                return self._match_term(node)
            case FindPhrase():
                return self._match_phrase(node)
            case FindLabel():
                return self._match_label(node)
            case FindAll(nodes):
                return self._match_all(nodes)
            case FindAny(nodes) | FindBest(nodes):
                return self._match_any(nodes, np.add if isinstance(node, FindAny) else np.maximum)
            case FindSame():
                return self._match_same(node)

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

    def _match_phrase(self, node: FindPhrase) -> Match:
        candidates = self.match(loosened(node))
        result = self._nothing()
        for segment, base in zip(self.snapshot.segments, self.snapshot.bases, strict=True):
            wanted = candidates.found[base : base + segment.count]
            if wanted.any():
                result.found[base + _phrase_documents(segment, node, wanted)] = True
        result.scores[result.found] = candidates.scores[result.found]
        return result

    def _match_label(self, node: FindLabel) -> Match:
        found = documents_labelled(self.snapshot, node)
        return Match(found, found.astype(np.float32))

    def _match_same(self, node: FindSame) -> Match:
        """Synonyms count as if they were as frequent as what was typed: a rare one says no more than a common one."""
        result, typed = self.match(node.typed), self._rarity(node.typed)
        for synonym in node.synonyms:
            other = self.match(synonym)
            worth = SYNONYM_WEIGHT * min(1.0, typed / self._rarity(synonym))
            np.logical_or(result.found, other.found, out=result.found)
            np.maximum(result.scores, other.scores * np.float32(worth), out=result.scores)
        return result

    def _rarity(self, node: Node) -> float:
        """How much one mention of a node is worth, about."""
        match node:
            case FindTerm(term):
                return self.term(term).rarity
            case FindLabel():
                return 1.0
            case FindPhrase(places):
                return sum(min(self.term(term).rarity for term in terms) for _, terms in places)
            case FindAll(nodes):
                return sum(map(self._rarity, nodes))
            case FindAny(nodes) | FindBest(nodes):
                return min(map(self._rarity, nodes))
            case FindSame(typed):
                return self._rarity(typed)


def _rarity(documents: int, having: int) -> float:
    return math.log1p((documents - having + 0.5) / (having + 0.5))


_POSITION_BITS = FIELD_SHIFT + 3


def _phrase_documents(segment: SegmentView, node: FindPhrase, wanted: Array) -> Array:
    """The wanted documents of a segment that have the phrase, by intersecting where it would have to start."""
    starts: Array | None = None
    for place, terms in node.places:
        parts = [_places(segment, term, node.fields, wanted) for term in terms]
        here = (parts[0] if len(parts) == 1 else np.unique(np.concatenate(parts))) - place
        starts = here if starts is None else starts[_among(starts, here)]
        if not len(starts):
            break
    if starts is None:
        return np.zeros(0, np.int64)
    documents: Array = np.unique(starts >> _POSITION_BITS)
    return documents


def _places(segment: SegmentView, term: bytes, fields: int, wanted: Array) -> Array:
    """Document and position in one number, ascending, wherever a term is in wanted documents and fields."""
    postings = segment.postings(term)
    if not len(postings.documents):
        return np.zeros(0, np.int64)
    positions = segment.positions(term)
    counts = np.diff(positions.ends, prepend=0)
    documents = np.repeat(postings.documents, counts)
    inside = np.repeat(wanted[postings.documents], counts)
    if fields != ANY_FIELD:
        inside &= (fields >> (positions.positions >> FIELD_SHIFT) & 1).astype(bool)
    numbers: Array = (documents[inside].astype(np.int64) << _POSITION_BITS) | positions.positions[inside]
    return numbers


def _among(values: Array, others: Array) -> Array:
    """Which of some values are among others, both ascending."""
    if not len(others):
        return np.zeros(len(values), bool)
    at = np.searchsorted(others, values)
    at[at == len(others)] = 0
    equal: Array = others[at] == values
    return equal
