"""What the index keeps of each document, as arrays: to filter and sort by, to show, and to index again from."""

import json
import zlib
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from catalogue.search.analysis import compose, fold, words
from catalogue.search.arrays import pack, unpack
from catalogue.search.backend import FacetTerm, SearchDocument
from catalogue.search.column_names import ColumnNameRows
from catalogue.search.damage import DamagedFile
from catalogue.search.fields import FACET_NAMES, NOT_STATED

Array: TypeAlias = NDArray[Any]

NO_YEARS = (1, 0)
"""First and last year of a dataset that states none: no range of years overlaps this one."""

_SEPARATOR = "\x1f"
_FIELD_NAMES = tuple(item.name for item in fields(SearchDocument))


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
    """The documents of a segment that is being written, each already in the form it is written in."""

    def __init__(self) -> None:
        self._changed = array("q")
        self._qualities = array("f")
        self._first_years = array("i")
        self._last_years = array("i")
        self._texts: dict[str, list[bytes]] = {name: [] for name in _TEXTS}
        self._words: Counter[str] = Counter()
        self._column_names = ColumnNameRows()
        self._values: dict[str, int] = {}
        self._numbers = array("I")
        self._sizes = array("I")

    def __len__(self) -> int:
        return len(self._changed)

    def add(self, stored: StoredDocument) -> None:
        """Add the next document."""
        document = stored.document
        first, last = document.years or NO_YEARS
        self._changed.append(document.changed_at)
        self._qualities.append(document.quality)
        self._first_years.append(first)
        self._last_years.append(last)
        for name, text in _texts(document).items():
            self._texts[name].append(text)
        self._texts["column_terms"].append(stored.column_terms)
        self._words.update(stored.words)
        self._column_names.add(len(self) - 1, (name for name, _ in document.columns))
        numbers = [self._values.setdefault(key, len(self._values)) for key in _value_keys(document)]
        self._numbers.extend(numbers)
        self._sizes.append(len(numbers))

    def arrays(self) -> dict[str, Array]:
        """Everything, ready to be written."""
        words = sorted(self._words)
        result: dict[str, Array] = {
            "changed": np.array(self._changed, np.int64),
            "quality": np.array(self._qualities, np.float32),
            "first_year": np.array(self._first_years, np.int32),
            "last_year": np.array(self._last_years, np.int32),
            "word_counts": np.array([self._words[word] for word in words], np.uint32),
            "values": np.array(self._numbers, np.uint32),
            "value_counts": np.array(self._sizes, np.uint32),
        }
        names = {
            "words": [word.encode() for word in words],
            "value_names": [key.encode("utf-8", "replace") for key in self._values],
        }
        for name, items in (self._texts | names).items():
            result |= pack(name, items)
        return result | self._column_names.arrays()


_TEXTS = ("identifiers", "revisions", "titles", "abstracts", "descriptions", "keywords", "documents", "column_terms")


def _texts(document: SearchDocument) -> dict[str, bytes]:
    """What is kept of a document as text; everything of it is in one of them."""
    texts = {
        "identifiers": document.identifier,
        "revisions": document.revision,
        "titles": " ".join(document.title.split()),
        "abstracts": compose(document.abstract),
        "descriptions": compose(document.description),
        "keywords": ", ".join(document.keywords),
    }
    return {**{name: text.encode("utf-8", "replace") for name, text in texts.items()}, "documents": _packed(document)}


def _value_keys(document: SearchDocument) -> Iterator[str]:
    """Facet, value and label of each different value of a document; `not-stated` where a facet has none."""
    for name in FACET_NAMES:
        different = {term.value.casefold(): term for term in reversed(document.facets.get(name, ())) if term.value}
        for term in different.values() or (NOT_STATED,):
            yield _SEPARATOR.join((name, *(text.replace(_SEPARATOR, " ") for text in (term.value, term.label))))


def stored_values(arrays: Mapping[str, Array]) -> list[tuple[str, FacetTerm]]:
    """The facet values of a segment by their number there."""
    keys = (key.decode().split(_SEPARATOR) for key in unpack("value_names", arrays))
    values = [(name, FacetTerm(value, label)) for name, value, label in keys]
    if not {name for name, _ in values} <= set(FACET_NAMES):
        raise DamagedFile("a segment has values of facets that do not exist")
    return values


def _packed(document: SearchDocument) -> bytes:
    """Everything of a document but the two texts that are kept apart to make snippets from."""
    facets = {name: [(term.value, term.label) for term in terms] for name, terms in document.facets.items()}
    given = {"facets": facets, "abstract": "", "description": ""}
    values = [given[name] if name in given else getattr(document, name) for name in _FIELD_NAMES]
    return zlib.compress(json.dumps(values, separators=(",", ":")).encode(), 1)


def unpacked(arrays: Mapping[str, Array], number: int) -> SearchDocument:
    """A document as it was given to the index."""
    values = dict(zip(_FIELD_NAMES, json.loads(zlib.decompress(unpack("documents", arrays)[number])), strict=True))
    values["abstract"] = unpack("abstracts", arrays)[number].decode()
    values["description"] = unpack("descriptions", arrays)[number].decode()
    values |= {name: tuple(values[name]) for name in ("keywords", "codes", "other")}
    values["columns"] = tuple((name, description) for name, description in values["columns"])
    values["years"] = tuple(values["years"]) if values["years"] else None
    values["facets"] = {
        name: tuple(FacetTerm(value, label) for value, label in terms) for name, terms in values["facets"].items()
    }
    return SearchDocument(**values)


def title_key(title: str) -> str:
    """What titles are sorted by: letters and digits without case or accents."""
    return " ".join(map(fold, words(title)))
