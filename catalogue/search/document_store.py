"""What the index keeps of each document, as arrays: to filter and sort by, to show, and to index again from."""

import json
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from catalogue.search.analysis import fold
from catalogue.search.arrays import Texts, pack, unpack
from catalogue.search.backend import FacetTerm, SearchDocument
from catalogue.search.fields import FACET_NAMES, NOT_STATED

Array: TypeAlias = NDArray[Any]

NO_YEARS = (1, 0)
"""First and last year of a dataset that states none: no range of years overlaps this one."""

_SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document and what analysis found in it.

    `column_terms` is a line for each column: its name, a tab, and its terms with a space before and after each.
    `words` are the different words of the document as typed, for spelling and for words that begin with letters.
    """

    document: SearchDocument
    column_terms: bytes
    words: frozenset[str]


class DocumentRows:
    """The documents of a segment that is being written."""

    def __init__(self) -> None:
        self._documents: list[SearchDocument] = []
        self._column_terms: list[bytes] = []
        self._words: Counter[str] = Counter()
        self._facets: dict[str, tuple[list[int], list[int], dict[str, int]]] = {
            name: ([], [], {}) for name in FACET_NAMES
        }

    def __len__(self) -> int:
        return len(self._documents)

    def add(self, stored: StoredDocument) -> None:
        """Add the next document."""
        number = len(self._documents)
        self._documents.append(stored.document)
        self._column_terms.append(zlib.compress(stored.column_terms, 1))
        self._words.update(stored.words)
        for name, (documents, ordinals, values) in self._facets.items():
            for key in _facet_keys(stored.document.facets.get(name, ())):
                documents.append(number)
                ordinals.append(values.setdefault(key, len(values)))

    def arrays(self) -> dict[str, Array]:
        """Everything, ready to be written."""
        documents = self._documents
        years = [document.years or NO_YEARS for document in documents]
        words = sorted(self._words)
        result: dict[str, Array] = {
            "changed": np.array([document.changed_at for document in documents], np.int64),
            "quality": np.array([document.quality for document in documents], np.float32),
            "first_year": np.array([first for first, _ in years], np.int32),
            "last_year": np.array([last for _, last in years], np.int32),
            "word_counts": np.array([self._words[word] for word in words], np.uint32),
        }
        texts = {
            "identifiers": [document.identifier.encode() for document in documents],
            "revisions": [document.revision.encode() for document in documents],
            "titles": [" ".join(document.title.split()).encode() for document in documents],
            "abstracts": [document.abstract.encode() for document in documents],
            "column_terms": self._column_terms,
            "documents": [_packed(document) for document in documents],
            "words": [word.encode() for word in words],
        }
        for name, (numbers, ordinals, values) in self._facets.items():
            result[f"facet.{name}.documents"] = np.array(numbers, np.uint32)
            result[f"facet.{name}.ordinals"] = np.array(ordinals, np.uint32)
            texts[f"facet.{name}.values"] = [key.encode() for key in values]
        for name, items in texts.items():
            result |= pack(name, items)
        return result


def _facet_keys(terms: tuple[FacetTerm, ...]) -> list[str]:
    """Value and label of each different value; `not-stated` when there is none."""
    first = {term.value.casefold(): term for term in reversed(terms) if term.value}
    return [f"{term.value}{_SEPARATOR}{term.label}" for term in reversed(first.values())] or [
        f"{NOT_STATED.value}{_SEPARATOR}{NOT_STATED.label}"
    ]


def facet_values(name: str, arrays: Mapping[str, Array]) -> list[FacetTerm]:
    """The values of a facet in a segment, by ordinal."""
    pairs = (key.decode().split(_SEPARATOR, 1) for key in unpack(f"facet.{name}.values", arrays))
    return [FacetTerm(value, label) for value, label in pairs]


def _packed(document: SearchDocument) -> bytes:
    return zlib.compress(json.dumps(asdict(document), separators=(",", ":")).encode(), 1)


def unpacked(content: bytes) -> SearchDocument:
    """A document as it was given to the index."""
    values = json.loads(zlib.decompress(content))
    return SearchDocument(
        **{
            **values,
            "keywords": tuple(values["keywords"]),
            "codes": tuple(values["codes"]),
            "other": tuple(values["other"]),
            "columns": tuple((name, description) for name, description in values["columns"]),
            "years": tuple(values["years"]) if values["years"] else None,
            "facets": {name: tuple(FacetTerm(**term) for term in terms) for name, terms in values["facets"].items()},
        }
    )


def title_key(title: bytes) -> str:
    """What titles are sorted by: letters without case or accents."""
    return fold(title.decode())


__all__ = ["DocumentRows", "StoredDocument", "Texts", "facet_values", "title_key", "unpacked"]
