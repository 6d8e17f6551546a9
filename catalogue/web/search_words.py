"""A question in words: what heads a page of results, and what its filters are called."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from catalogue.search.backend import FacetCount, SearchQuery
from catalogue.search.fields import FACETS, NOT_STATED
from catalogue.web.wording import listed, number, shortened

SHOWN_TEXT = 120
"""Characters of the searched text that a heading repeats; the box holds all of it."""
LABELS = {facet.name: facet.label for facet in FACETS}

Phrase = Callable[[str], str]

PHRASES: Mapping[str, Phrase] = {
    "custodian": lambda names: f"from {names}",
    "membership": lambda names: f"from members of {names}",
    "data_type": lambda names: f"of the type {names}",
    "data_subtype": lambda names: f"of the sub-type {names}",
    "keyword": lambda names: f"with the keyword {names}",
    "coverage": lambda names: f"covering {names}",
    "access": lambda names: f"reached by {names}",
    "standard": lambda names: f"using {names}",
    "collection": lambda names: f"collected in {names}",
    "population": lambda names: f"with {names[:1].lower()}{names[1:]} people",
    "decade": lambda names: f"covering the {names}",
    "read": lambda names: f"with {names[:1].lower()}{names[1:]} read from the text",
}
SILENT = {"read": "with nothing read from the text"}
"""How the value that stands for saying nothing is put, where "not stated" would be wrong."""
STRUCTURE = {"yes": "with column-level metadata", "no": "without column-level metadata"}


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of a heading; what the reader typed or chose is strong."""

    text: str
    is_strong: bool = False


def heading(
    query: SearchQuery, total: int, facets: Mapping[str, Sequence[FacetCount]], *, most: int | None = None
) -> tuple[Words, ...]:
    """`38 datasets for asthma from SAIL Databank, with column-level metadata`, in pieces.

    With more than so many filters only their number is said.
    """
    words = [Words(f"{number(total) if total else 'No'} {'dataset' if total == 1 else 'datasets'}")]
    if query.text:
        words += [Words(" for "), Words(shortened(query.text, SHOWN_TEXT), is_strong=True)]
    filters = sum(map(len, query.filters.values())) + bool(years_label(query))
    if most is not None and filters > most:
        return (*words, Words(f", with {filters} filters" if query.text else f" with {filters} filters"))
    for position, phrase in enumerate(_phrases(query, facets)):
        words.append(Words(f", {phrase}" if position else f" {phrase}"))
    return tuple(words)


def label_of(facet: str, value: str, facets: Mapping[str, Sequence[FacetCount]]) -> str:
    """How people read a value; one that no result has speaks for itself."""
    if value == NOT_STATED.value:
        return NOT_STATED.label
    return next((each.label for each in facets.get(facet, ()) if each.value == value), shortened(value, SHOWN_TEXT))


def years_label(query: SearchQuery) -> str:
    """The chosen years: `2010 to 2015`, `2010 on`, `up to 2015`; empty without any."""
    first, last = query.first_year, query.last_year
    if first is not None and last is not None:
        return f"{first} to {last}" if first != last else str(first)
    return f"{first} on" if first is not None else f"up to {last}" if last is not None else ""


def _phrases(query: SearchQuery, facets: Mapping[str, Sequence[FacetCount]]) -> Iterator[str]:
    for facet, values in query.filters.items():
        stated = [value for value in values if value != NOT_STATED.value]
        phrases = [_phrase(facet, stated, facets)] if stated else []
        if len(stated) < len(values):
            phrases.append(SILENT.get(facet) or f"with {LABELS[facet].lower()} not stated")
        yield " or ".join(phrases)
    if years_label(query):
        yield f"with data from {years_label(query)}" if query.first_year else f"with data {years_label(query)}"


def _phrase(facet: str, values: Sequence[str], facets: Mapping[str, Sequence[FacetCount]]) -> str:
    if facet == "structure":
        return " or ".join(STRUCTURE.get(value, f"with tables and columns “{value}”") for value in values)
    return PHRASES[facet](listed((label_of(facet, value, facets) for value in values), "or"))
