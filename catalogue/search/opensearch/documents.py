"""A document as an OpenSearch server keeps it, and back."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from catalogue.search.analysis import compose, terms_of, words
from catalogue.search.backend import FacetTerm, SearchDocument
from catalogue.search.column_names import key_of
from catalogue.search.document_store import title_key
from catalogue.search.fields import FACET_NAMES, NOT_STATED, TEXT_FIELDS
from catalogue.search.indexing import LONGEST_TEXT, prepare
from catalogue.search.opensearch.schema import PARTS, SPELLINGS, STOP, TEXT, VALUES, WEIGHTS

Source: TypeAlias = dict[str, Any]

LEAST_WEIGHT = 0.0001
"""The server keeps three digits, and none that is not above zero."""
LONGEST_VALUE = 4_000
"""Characters of a value, label or name that are kept: the server refuses more than 32,766 bytes."""
LONGEST_TITLE = 1_000
"""Characters of a title that are sorted by."""
LONGEST_WORD = 128
"""Characters of a word that may be suggested: its document's name has 512 bytes at most."""
SEPARATOR = "\x1f"
SHOWN = ("identifier", "revision", "changed_at", "quality", "document")
"""What a result is read from, by `document_of_source`."""


def source_of(document: SearchDocument) -> Source:
    """What is written for a document."""
    prepared = prepare(document)
    parts = {field.name: [_spoken(text) for text in field.texts(document)] for field in TEXT_FIELDS}
    source: Source = {
        "identifier": document.identifier,
        "revision": written(document.revision),
        "title_key": written(title_key(document.title))[:LONGEST_TITLE],
        "changed_at": document.changed_at,
        "quality": document.quality,
        WEIGHTS: {term.decode(): max(round(weight, 4), LEAST_WEIGHT) for term, weight, _ in prepared.postings},
        TEXT: [text for texts in parts.values() for text in texts],
        PARTS: parts,
        "word": sorted(word[:LONGEST_WORD] for word in prepared.stored.words),
        "column_name": sorted({key_of(compose(name))[:LONGEST_VALUE] for name, _ in document.columns} - {""}),
        "document": _shown(document),
    }
    if document.years and document.years[0] <= document.years[1]:
        source["first_year"], source["last_year"] = document.years
    facets = {name: list(_different(document, name)) for name in FACET_NAMES}
    source[VALUES] = {name: [value_key(term.value) for term in terms] for name, terms in facets.items()}
    source[SPELLINGS] = {name: [_spelling(term) for term in terms] for name, terms in facets.items()}
    return source


def written(text: str) -> str:
    """Text that can be written as UTF-8."""
    return text.encode("utf-8", "replace").decode()


def value_key(value: str) -> str:
    """What values that differ in case only have in common."""
    return _storable(value).casefold()


def _spelling(term: FacetTerm) -> str:
    return SEPARATOR.join(map(_storable, (term.value, term.label)))


def _storable(text: str) -> str:
    return written(text).replace(SEPARATOR, " ")[:LONGEST_VALUE]


def spelt(spelling: str) -> FacetTerm:
    """The value and label that were written so."""
    value, _, label = spelling.partition(SEPARATOR)
    return FacetTerm(value, label)


def _different(document: SearchDocument, facet: str) -> Iterator[FacetTerm]:
    """Each different value of a facet, `not-stated` where there is none."""
    different = {term.value.casefold(): term for term in reversed(document.facets.get(facet, ())) if term.value}
    yield from different.values() or (NOT_STATED,)


def _spoken(text: str) -> str:
    """The terms of a text, each at its place."""
    return " ".join(term.decode() or STOP for term in terms_of(words(compose(text))[:LONGEST_TEXT]))


def _shown(document: SearchDocument) -> Source:
    """What results are shown and compared by."""
    return {
        "title": compose(document.title),
        "custodian": compose(document.custodian),
        "abstract": compose(document.abstract),
        "description": compose(document.description),
        "keywords": [compose(text) for text in document.keywords],
        "columns": [[compose(name), compose(description)] for name, description in document.columns],
        "codes": [compose(text) for text in document.codes],
        "other": [compose(text) for text in document.other],
    }


def document_of_source(source: Mapping[str, Any]) -> SearchDocument:
    """The document that was written, without its facets and years."""
    shown = source["document"]
    return SearchDocument(
        identifier=source["identifier"],
        revision=source["revision"],
        title=shown["title"],
        custodian=shown["custodian"],
        abstract=shown["abstract"],
        description=shown["description"],
        keywords=tuple(shown["keywords"]),
        columns=tuple((name, description) for name, description in shown["columns"]),
        codes=tuple(shown["codes"]),
        other=tuple(shown["other"]),
        changed_at=source["changed_at"],
        quality=source["quality"],
    )
