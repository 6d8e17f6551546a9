"""Documents that a server has found, as the embedded engine reads them: to order them finely and to say why.

The best results are fetched with their texts. From these a small snapshot is made, so that proximity, titles, snippets,
marked words and reasons come from the same code for both engines.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from catalogue.search.analysis import compose, terms_of, words
from catalogue.search.backend import SearchDocument
from catalogue.search.executor import Executor, Match, TermDocuments
from catalogue.search.fields import TEXT_FIELDS, column_texts
from catalogue.search.indexing import LAST_START, SPACE_BETWEEN_TEXTS, weights_by_field
from catalogue.search.plan import FindLabel
from catalogue.search.postings import FIELD_SHIFT, Positions, Postings
from catalogue.search.ranking import Ranking
from catalogue.search.segments import ByteCache, SegmentView
from catalogue.search.snapshots import SECONDS_A_YEAR, Snapshot
from catalogue.search.vocabulary import Vocabulary

Array: TypeAlias = NDArray[Any]

Places: TypeAlias = dict[bytes, list[int]]
"""Where each term of a document is."""

_CACHE_BYTES = 1 << 22


class Frequencies(Protocol):
    """In how many of all documents each term is."""

    @property
    def total(self) -> int:
        """All documents."""

    @property
    def newest(self) -> int:
        """When the latest change was, in seconds since 1970."""

    def count(self, term: bytes) -> int:
        """Documents that have a term."""


class FetchedSegment:
    """A few documents in the place of a segment of the index. Weights are worked out when scores are asked for."""

    identity = "fetched"

    def __init__(self, documents: Sequence[SearchDocument], memory: dict[str, Places], *, with_weights: bool) -> None:
        self.documents = documents
        self.count = len(documents)
        self._memory = memory
        self._found: dict[bytes, list[tuple[int, Array]]] = {}
        self._with_weights = with_weights
        self.changed = np.array([each.changed_at for each in documents], np.int64)
        self.quality = np.array([each.quality for each in documents], np.float32)

    @cached_property
    def identifiers(self) -> Array:
        return np.array([each.identifier.encode() for each in self.documents], np.bytes_)

    def _places(self, term: bytes) -> list[tuple[int, Array]]:
        """The positions of a term, by document."""
        found = self._found.get(term)
        if found is None:
            pairs = ((number, self._positions_in(document).get(term)) for number, document in enumerate(self.documents))
            found = self._found[term] = [(number, np.array(at, np.int32)) for number, at in pairs if at and term]
        return found

    def _positions_in(self, document: SearchDocument) -> Places:
        known = self._memory.get(document.identifier)
        if known is None:
            known = self._memory[document.identifier] = _positions(document)
        return known

    def postings(self, term: bytes) -> Postings:
        found = self._places(term)
        bits = [int(np.bitwise_or.reduce(1 << (positions >> FIELD_SHIFT))) for _, positions in found]
        weights = (
            [sum(weights_by_field(self.documents[number], term)) for number, _ in found] if self._with_weights else []
        )
        return Postings(
            np.array([number for number, _ in found], np.int32),
            np.array(weights or [0.0] * len(found), np.float32),
            np.array(bits, np.uint8),
            0 if found else None,
        )

    def positions(self, term: bytes) -> Positions:
        found = [positions for _, positions in self._places(term)]
        ends = np.cumsum([len(positions) for positions in found], dtype=np.int64)
        return Positions(np.concatenate(found) if found else np.zeros(0, np.int32), ends)

    def places(self, term: bytes, numbers: Array) -> list[Array]:
        found = dict(self._places(term))
        return [found.get(number, _NOWHERE) for number in numbers.tolist()] if found else []

    def places_of(self, term: bytes, numbers: Array) -> tuple[Array, Array]:
        found = self.places(term, numbers) or [_NOWHERE] * len(numbers)
        sizes = [len(positions) for positions in found]
        return np.repeat(np.arange(len(found)), sizes), np.concatenate([_NOWHERE, *found])

    def title_terms(self, number: int) -> tuple[bytes, ...]:
        return tuple(filter(None, terms_of(words(self.text("titles", number)))))

    def document(self, number: int) -> SearchDocument:
        return self.documents[number]

    def text(self, name: str, number: int) -> str:
        document = self.documents[number]
        match name:
            case "identifiers":
                return document.identifier
            case "titles":
                return " ".join(document.title.split())
            case "abstracts":
                return document.abstract
            case "descriptions":
                return document.description
            case "keywords":
                return ", ".join(document.keywords)
            case "column_terms":
                return _column_lines(document)
        raise KeyError(name)


_NOWHERE = np.zeros(0, np.int32)


def _positions(document: SearchDocument) -> Places:
    """Where each term of a document is, by the same rule as in the index of the embedded engine."""
    found: Places = {}
    for number, field in enumerate(TEXT_FIELDS):
        start = base = number << FIELD_SHIFT
        for text in field.texts(document):
            terms = terms_of(words(compose(text)))
            for place, term in enumerate(terms, start):
                found.setdefault(term, []).append(place)
            start = min(start + len(terms) + SPACE_BETWEEN_TEXTS, base + LAST_START)
    return found


def _column_lines(document: SearchDocument) -> str:
    """A line for each column, as `document_store.StoredDocument.column_terms` has it."""
    texts = (terms_of(words(compose(text))) for text in column_texts(document))
    return "\n".join(
        f"{' '.join(name.split())}\t {' '.join(term.decode() for term in terms if term)} "
        for (name, _), terms in zip(document.columns, texts, strict=True)
    )


@dataclass(frozen=True, eq=False)
class FetchedSnapshot(Snapshot):
    """A snapshot of the documents of one answer. `newest` is when the latest change of all documents was."""

    newest: int = 0

    @cached_property
    def recency(self) -> Array:
        recent: Array = (1 / (1 + (self.newest - self.changed) / SECONDS_A_YEAR)).astype(np.float32)
        return recent


class FetchedExecutor(Executor):
    """Answers the nodes of a plan from fetched documents, with the rarity that terms have among all documents."""

    def __init__(
        self,
        documents: Sequence[SearchDocument],
        frequencies: Frequencies,
        ranking: Ranking,
        *,
        memory: dict[str, Places] | None = None,
        with_weights: bool = False,
        labelled: Mapping[FindLabel, frozenset[str]] | None = None,
    ) -> None:
        self.segment = FetchedSegment(documents, {} if memory is None else memory, with_weights=with_weights)
        segments = (cast("SegmentView", self.segment),)
        live = np.ones(len(documents), bool)
        snapshot = FetchedSnapshot("fetched", 0, segments, (0,), live, Vocabulary(), frequencies.newest)
        super().__init__(snapshot, ByteCache(_CACHE_BYTES), ranking)
        self._frequencies = frequencies
        self._labelled = labelled or {}

    def _join(self, term: bytes) -> TermDocuments:
        found = self.segment.postings(term)
        having = self._frequencies.count(term)
        rarity = math.log1p((max(self._frequencies.total - having, 0) + 0.5) / (having + 0.5))
        scores = (found.weights * self.worth(rarity) / (found.weights + self.ranking.saturation)).astype(np.float32)
        return TermDocuments(found.documents, scores, found.fields, rarity)

    def _match_label(self, node: FindLabel) -> Match:
        having = self._labelled.get(node, frozenset())
        found = np.array([each.identifier in having for each in self.segment.documents], bool)
        return Match(found, found.astype(np.float32))
