"""A document taken apart into the postings that are written for it.

The weight of a term in a document is one number over all fields (BM25F): for each field the boost, dampened by
repetition and by the length of the text. Everything that depends on one document alone is settled here, so that a
search only multiplies by how rare the term is.
"""

import math
from array import array
from dataclasses import dataclass
from typing import TypeAlias

from catalogue.search.analysis import compose, term_of, words
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

Posting: TypeAlias = tuple[bytes, int, float, bytes]
"""Term, number of mentions, weight, positions of four bytes each."""


@dataclass(frozen=True, slots=True)
class PreparedDocument:
    """Everything that is written for a document."""

    postings: list[Posting]
    stored: StoredDocument


def prepare(document: SearchDocument) -> PreparedDocument:
    """Analyse a document."""
    weights: dict[bytes, float] = {}
    positions: dict[bytes, array[int]] = {}
    vocabulary: set[str] = set()
    columns: list[list[str]] = []
    for number, field in enumerate(TEXT_FIELDS):
        texts = [words(compose(text))[:LONGEST_TEXT] for text in field.texts(document)]
        vocabulary.update(*texts)
        if field.name == COLUMNS:
            columns = texts
        factor = _weight_of_a_mention(field, sum(map(len, texts)))
        base = number << FIELD_SHIFT
        for term, places in _places(texts, base).items():
            weight = factor if len(places) == 1 else factor * (1 + math.log(len(places)))
            weights[term] = weights.get(term, 0.0) + weight
            if term in positions:
                positions[term].extend(places)
            else:
                positions[term] = array("I", places)
    postings = [(term, len(places), weights[term], places.tobytes()) for term, places in positions.items()]
    return PreparedDocument(postings, StoredDocument(document, _column_terms(document, columns), frozenset(vocabulary)))


def _places(texts: list[list[str]], base: int) -> dict[bytes, list[int]]:
    """Where each term is in the texts of a field."""
    places: dict[bytes, list[int]] = {}
    start = base
    for text in texts:
        for place, word in enumerate(text, start):
            if term := term_of(word):
                if term in places:
                    places[term].append(place)
                else:
                    places[term] = [place]
        start = min(start + len(text) + SPACE_BETWEEN_TEXTS, base + LAST_START)
    return places


def _weight_of_a_mention(field: TextField, length: int) -> float:
    return field.boost / (1 - LENGTH_EFFECT + LENGTH_EFFECT * max(length, 1) / field.typical_length)


def _column_terms(document: SearchDocument, columns: list[list[str]]) -> bytes:
    return b"\n".join(
        b" ".join(name.encode("utf-8", "ignore").split()) + b"\t " + b" ".join(filter(None, map(term_of, text))) + b" "
        for (name, _), text in zip(document.columns, columns, strict=True)
    )
