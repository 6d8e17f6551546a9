"""Filters and facet counts on a server: a count is the number of results behind it, whatever is chosen elsewhere."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from catalogue.search.backend import FacetCount, FacetTerm, SearchQuery
from catalogue.search.fields import FACETS, NOT_STATED, Facet
from catalogue.search.opensearch.documents import spelt, value_key
from catalogue.search.opensearch.schema import SPELLINGS, VALUES

Clause: TypeAlias = dict[str, Any]
Counts: TypeAlias = Mapping[str, Sequence[FacetCount]]

MOST_VALUES = 4_000
"""Values of a facet that are counted with the search: all facets together stay below the server's 65,535. A facet that
has more is read to its end in pages."""
VALUES_A_PAGE = 10_000

MATCHED, FILTERED, WITHOUT = "matched", "filtered", "without "


class Filters:
    """The filters of a question as clauses: one for the years, one for each facet."""

    def __init__(self, query: SearchQuery) -> None:
        self.chosen = {
            facet.name: tuple(dict.fromkeys(map(value_key, query.filters.get(facet.name, ()))))
            for facet in FACETS
            if query.filters.get(facet.name)
        }
        self._years = list(_years(query))

    def all_but(self, facet: str = "") -> Clause:
        """Everything that filters, but one facet."""
        clauses = [{"terms": {f"{VALUES}.{name}": list(keys)}} for name, keys in self.chosen.items() if name != facet]
        return {"bool": {"filter": [*self._years, *clauses]}}

    def aggregations(self) -> Clause:
        """What is counted: results with and without filters, and the values of every facet."""
        others = [facet.name for facet in FACETS if facet.name not in self.chosen]
        counted: Clause = {
            MATCHED: {"filter": {"match_all": {}}},
            FILTERED: {"filter": self.all_but(), "aggs": {name: _values(name) for name in others}},
        }
        for name in self.chosen:
            counted[WITHOUT + name] = {"filter": self.all_but(name), "aggs": {name: _values(name)}}
        return counted

    def buckets(self, answer: Clause) -> Iterator[tuple[str, list[Clause], bool]]:
        """Each facet with the spellings that were counted, and whether these are all."""
        for facet in FACETS:
            place = WITHOUT + facet.name if facet.name in self.chosen else FILTERED
            found = answer[place][facet.name]
            yield facet.name, found["buckets"], not found["sum_other_doc_count"]


def _years(query: SearchQuery) -> Iterator[Clause]:
    if query.first_year is not None or query.last_year is not None:
        yield {"exists": {"field": "first_year"}}
    if query.first_year is not None:
        yield {"range": {"last_year": {"gte": _number(query.first_year)}}}
    if query.last_year is not None:
        yield {"range": {"first_year": {"lte": _number(query.last_year)}}}


def _number(year: int) -> int:
    """A year that the server can compare."""
    return max(-(1 << 31), min(year, (1 << 31) - 1))


def _values(facet: str) -> Clause:
    return {"terms": {"field": f"{SPELLINGS}.{facet}", "size": MOST_VALUES}}


def page_of_values(facet: str, after: Clause | None) -> Clause:
    """The next page of all spellings of a facet."""
    source = {"spelling": {"terms": {"field": f"{SPELLINGS}.{facet}"}}}
    composite: Clause = {"size": VALUES_A_PAGE, "sources": [source]}
    return {"page": {"composite": composite | ({"after": after} if after else {})}}


def counts_of(
    name: str, buckets: Iterable[tuple[str, int]], shown: Iterable[FacetTerm], preferred: Mapping[str, FacetTerm]
) -> tuple[FacetCount, ...]:
    """The values of a facet in its order, from how many datasets have each spelling; `shown` ones without any too.

    Spellings that differ in case only are one value, written as is preferred.
    """
    counts: Counter[str] = Counter()
    written: dict[str, FacetTerm] = {}
    for spelling, count in buckets:
        term = spelt(spelling)
        key = value_key(term.value)
        counts[key] += count
        written.setdefault(key, term)
    for term in shown:
        written.setdefault(value_key(term.value), term)
    terms = {key: preferred.get(key, term) for key, term in written.items()}
    (facet,) = (each for each in FACETS if each.name == name)
    found = [FacetCount(term.value, term.label, counts[key]) for key, term in terms.items()]
    return tuple(sorted(found, key=lambda each: _place(facet, each)))


def _place(facet: Facet, count: FacetCount) -> tuple[bool, int, int, str, str]:
    is_last = count.value == NOT_STATED.value
    own = facet.order(count.value) if facet.in_order else 0
    return is_last, own, 0 if facet.in_order else -count.count, count.label, count.value
