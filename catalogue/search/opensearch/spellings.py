"""How values of facets that are written in several ways are shown: as most datasets write them, whatever was asked."""

import time
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from catalogue.search.backend import FacetTerm
from catalogue.search.fields import FACET_NAMES
from catalogue.search.opensearch.connection import Connection
from catalogue.search.opensearch.documents import spelt, value_key
from catalogue.search.opensearch.facets import VALUES_A_PAGE, page_of_values
from catalogue.search.opensearch.schema import Names

Body: TypeAlias = dict[str, Any]
Preferred: TypeAlias = Mapping[str, FacetTerm]

REMEMBERED = 60.0
"""Seconds for which what other processes write may show its own spelling."""


def read_spellings(connection: Connection, names: Names, facet: str, query: Body) -> Iterator[tuple[str, int]]:
    """Every spelling of a facet's values in the datasets of a query, with the number of datasets."""
    after: Body | None = None
    while True:
        body = {"size": 0, "query": query, "aggs": page_of_values(facet, after)}
        page = connection.search(names.datasets, body)["aggregations"]["page"]
        yield from ((bucket["key"]["spelling"], bucket["doc_count"]) for bucket in page["buckets"])
        after = page.get("after_key")
        if after is None or len(page["buckets"]) < VALUES_A_PAGE:
            return


def most_written(spellings: Iterator[tuple[str, int]]) -> dict[str, list[tuple[int, str, FacetTerm]]]:
    """The spellings of each value, the one that most datasets have first; of equals the first in the alphabet."""
    found: dict[str, list[tuple[int, str, FacetTerm]]] = {}
    for spelling, count in spellings:
        term = spelt(spelling)
        found.setdefault(value_key(term.value), []).append((-count, term.label, term))
    return {key: sorted(each, key=lambda item: item[:2]) for key, each in found.items()}


class Spellings:
    """Remembers the values that are written in several ways. Threads may share it."""

    def __init__(self, connection: Connection, names: Names) -> None:
        self._connection, self._names = connection, names
        self._known: tuple[float, Mapping[str, Preferred]] | None = None

    def forget(self) -> None:
        """Read anew when it is next asked for."""
        self._known = None

    def preferred(self) -> Mapping[str, Preferred]:
        """For each facet the values that are written in several ways, as most datasets write them."""
        known = self._known
        if known is None or time.monotonic() - known[0] > REMEMBERED:
            known = self._known = (time.monotonic(), {name: self._read(name) for name in FACET_NAMES})
        return known[1]

    def _read(self, facet: str) -> Preferred:
        spellings = read_spellings(self._connection, self._names, facet, {"match_all": {}})
        return {key: each[0][2] for key, each in most_written(spellings).items() if len(each) > 1}
