"""A document taken apart into the postings that are written for it.

The weight of a term in a document is one number over all fields (BM25F): for each field the boost, dampened by
repetition and by the length of the text. Everything that depends on one document alone is settled here, so that a
search only multiplies by how rare the term is.
"""

import math
from array import array
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

from catalogue.search.analysis import compose, terms_of, words
from catalogue.search.backend import SearchDocument
from catalogue.search.document_store import StoredDocument
from catalogue.search.fields import COLUMNS, TEXT_FIELDS, TextField
from catalogue.search.postings import FIELD_SHIFT, LAST_PLACE

LENGTH_EFFECT = 0.4
"""How much longer texts count for less: 0 not at all, 1 in proportion."""

SPACE_BETWEEN_TEXTS = 8
"""Places left free between two texts of a field, so that no phrase spans them."""

LAST_START = LAST_PLACE // 2
"""A field with more text than that (millions of words) stays findable; its phrases may overlap."""

LONGEST_TEXT = 200_000
"""Words of one text that are indexed; far beyond any real description."""

Posting: TypeAlias = tuple[bytes, float, bytes]
"""Term, weight, positions of four bytes each."""


@dataclass(frozen=True, slots=True)
class PreparedDocument:
    """Everything that is written for a document."""

    postings: list[Posting]
    stored: StoredDocument


def prepare(document: SearchDocument) -> PreparedDocument:
    """Analyse a document."""
    weights: dict[bytes, float] = {}
    places: dict[bytes, list[int]] = defaultdict(list)
    vocabulary: set[str] = set()
    columns: list[list[bytes]] = []
    for number, field in enumerate(TEXT_FIELDS):
        texts = [words(compose(text))[:LONGEST_TEXT] for text in field.texts(document)]
        vocabulary.update(*texts)
        terms = list(map(terms_of, texts))
        if field.name == COLUMNS:
            columns = terms
        _add_places(places, terms, number << FIELD_SHIFT)
        mentions = Counter(chain.from_iterable(terms))
        factor = _weight_of_a_mention(field, mentions.total())
        for term, count in mentions.items():
            weights[term] = weights.get(term, 0.0) + factor * (1 + math.log(count))
    places.pop(b"", None)
    postings = [(term, weights[term], array("I", found).tobytes()) for term, found in places.items()]
    return PreparedDocument(postings, StoredDocument(document, _column_terms(document, columns), frozenset(vocabulary)))


def weights_by_field(document: SearchDocument, term: bytes) -> list[float]:
    """What each field of `TEXT_FIELDS` adds to the weight of a term in a document."""
    weights = []
    for field in TEXT_FIELDS:
        terms = list(
            chain.from_iterable(terms_of(words(compose(text))[:LONGEST_TEXT]) for text in field.texts(document))
        )
        count = terms.count(term)
        weights.append(_weight_of_a_mention(field, len(terms)) * (1 + math.log(count)) if count else 0.0)
    return weights


def _add_places(places: dict[bytes, list[int]], texts: list[list[bytes]], base: int) -> None:
    """Add where each term is in the texts of a field; stop words come along under the empty term."""
    start = base
    for text in texts:
        for place, term in enumerate(text, start):
            places[term].append(place)
        start = min(start + len(text) + SPACE_BETWEEN_TEXTS, base + LAST_START)


def _weight_of_a_mention(field: TextField, length: int) -> float:
    return field.boost / (1 - LENGTH_EFFECT + LENGTH_EFFECT * max(length, 1) / field.typical_length)


def _column_terms(document: SearchDocument, columns: list[list[bytes]]) -> bytes:
    return b"\n".join(
        b" ".join(name.encode("utf-8", "ignore").split()) + b"\t " + b" ".join(filter(None, text)) + b" "
        for (name, _), text in zip(document.columns, columns, strict=True)
    )
