"""What is searched and by what it is narrowed down: one row a text field, one row a facet.

After a change here the index has to be built again (`catalogue index rebuild`), which it then says itself.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass
from typing import TypeAlias
from zlib import crc32

from catalogue.search import facet_values
from catalogue.search.analysis import RULES
from catalogue.search.backend import FacetTerm, SearchDocument
from catalogue.search.facet_values import IndexFacts
from schemas.metadata import Description

NOT_STATED = FacetTerm("not-stated", "Not stated")
"""The value of every facet for the datasets that say nothing about it."""


@dataclass(frozen=True, slots=True)
class TextField:
    """A part of a document that words are looked for in.

    `boost` is what one mention weighs, `typical_length` the words at which a mention weighs exactly that:
    mentions in longer texts weigh less. `asked_as` is what a person writes before a colon to search this field
    only. `texts` are separate: no phrase runs from one into the next.
    """

    name: str
    boost: float
    typical_length: int
    texts: Callable[[SearchDocument], Iterable[str]]
    asked_as: str = ""


COLUMNS = "columns"
"""The field whose matches are shown one by one."""

_CAMEL_CASE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def column_texts(document: SearchDocument) -> Iterable[str]:
    """Each column as one text, its name first: as it is and, where it is written in camel case, taken apart."""
    for name, description in document.columns:
        apart = _CAMEL_CASE.sub(" ", name)
        yield f"{name} {description}" if apart == name else f"{name} {apart} {description}"


TEXT_FIELDS: tuple[TextField, ...] = (
    TextField("title", 8.0, 8, lambda document: (document.title,), asked_as="title"),
    TextField("keywords", 4.0, 12, lambda document: document.keywords, asked_as="keyword"),
    TextField("custodian", 3.0, 4, lambda document: (document.custodian,), asked_as="custodian"),
    TextField("abstract", 3.0, 60, lambda document: (document.abstract,)),
    TextField("codes", 2.0, 10, lambda document: document.codes, asked_as="code"),
    TextField(COLUMNS, 1.5, 150, column_texts, asked_as="column"),
    TextField("description", 1.0, 250, lambda document: (document.description,)),
    TextField("other", 1.0, 20, lambda document: document.other),
)
"""At most eight: a posting says in one byte which fields a word is in."""


FIELD_BITS = {item.name: 1 << number for number, item in enumerate(TEXT_FIELDS)}
"""The bit that stands for each field in what the index says of a word."""

FacetValues: TypeAlias = Callable[[Description, IndexFacts], Iterable[FacetTerm]]


@dataclass(frozen=True, slots=True)
class Facet:
    """What results are narrowed down by. `name` is the query parameter.

    Values are listed by count; with `in_order` by `order` of the value, which gives numbers.
    """

    name: str
    label: str
    values: FacetValues
    in_order: bool = False
    order: Callable[[str], int] = facet_values.first_number


READ = "read"
"""The facet of what rests on facts that were read from the words of descriptions; its values are names of facets."""

FACETS: tuple[Facet, ...] = (
    Facet("custodian", "Custodian", facet_values.custodian),
    Facet("membership", "Membership", facet_values.membership),
    Facet("data_type", "Data type", facet_values.data_types),
    Facet("data_subtype", "Data sub-type", facet_values.data_subtypes),
    Facet("keyword", "Keyword", facet_values.keywords),
    Facet("coverage", "Place", facet_values.coverage),
    Facet("access", "Access route", facet_values.access),
    Facet("standard", "Standard", facet_values.standards),
    Facet("collection", "Source of collection", facet_values.collection),
    Facet("population", "People", facet_values.population, in_order=True, order=facet_values.band_order),
    Facet("decade", "Decade", facet_values.decades, in_order=True),
    Facet("structure", "Tables and columns", facet_values.structure),
    Facet(READ, "Read from the text", facet_values.read_from_words),
)

FACET_NAMES = tuple(facet.name for facet in FACETS)

LABEL_FIELDS: dict[str, tuple[str, ...]] = {
    "standard": ("standard",),
    "place": ("coverage",),
    "type": ("data_type", "data_subtype"),
}
"""What else a person writes before a colon: the facets whose labels are then searched."""

ASKED_AS = {field.asked_as: field.name for field in TEXT_FIELDS if field.asked_as} | {
    name: name for name in LABEL_FIELDS
}
"""What a person writes before a colon, and the field that is searched then."""

FINGERPRINT = f"{crc32(repr(([astuple(item)[:3] for item in TEXT_FIELDS], FACET_NAMES, RULES)).encode()):08x}"
"""Different when what is indexed by these tables, or how text becomes terms, is."""

SORTS: dict[str, str] = {
    "relevance": "Relevance",
    "changed": "Newest change first",
    "title": "Title",
    "quality": "Best described first",
}
"""What results can be sorted by; ties are always broken by identifier."""
