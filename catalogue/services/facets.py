"""The values of one facet."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from catalogue.search.backend import FacetCount, SearchBackend, SearchQuery


@dataclass(frozen=True, slots=True)
class FacetValues:
    """All values that the datasets a question finds have for a facet, and how many datasets these are."""

    total: int
    counts: Sequence[FacetCount]


def values(backend: SearchBackend, query: SearchQuery, name: str) -> FacetValues:
    """Every value of the facet of that name, as on the page of results."""
    answer = backend.search(replace(query, page=1, per_page=1))
    return FacetValues(answer.total, answer.facets.get(name, ()))
