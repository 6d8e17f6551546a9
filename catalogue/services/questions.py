"""Questions to the search as they are kept, and everything that answers one."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

from catalogue.search.backend import SearchBackend, SearchQuery, SearchResult
from catalogue.search.fields import FACET_NAMES


class Unreadable(Exception):
    """What was kept is no question that can be asked any more: a filter has gone, or it is damaged."""


def to_json(query: SearchQuery) -> dict[str, Any]:
    """The question as it is kept: what is asked, not in which order or on which page it is shown."""
    return {
        "text": query.text,
        "filters": {name: list(values) for name, values in query.filters.items() if values},
        "years": [query.first_year, query.last_year],
        "exact": query.exact,
    }


def from_json(kept: Mapping[str, Any]) -> SearchQuery:
    """Read a question back. Raises `Unreadable`."""
    try:
        text, filters, exact = kept["text"], kept["filters"], kept["exact"]
        first, last = kept["years"]
        chosen = {name: tuple(values) for name, values in filters.items()}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Unreadable("the kept question is damaged") from error
    gone = sorted(chosen.keys() - set(FACET_NAMES))
    if gone:
        raise Unreadable(f"there is no filter {gone[0]!r} any more")
    values = [value for each in chosen.values() for value in each]
    are_texts = all(isinstance(value, str) for value in (text, *values))
    are_years = all(year is None or isinstance(year, int) for year in (first, last))
    if not are_texts or not are_years:
        raise Unreadable("the kept question is damaged")
    return SearchQuery(text=text, filters=chosen, first_year=first, last_year=last, exact=bool(exact))


def counted(backend: SearchBackend, query: SearchQuery) -> SearchResult:
    """What a question finds, with hardly any of it: nothing where only some of its words were found."""
    # An order in which scores play no part takes the least time.
    found = backend.search(replace(query, sort="changed", page=1, per_page=1))
    return replace(found, total=0) if found.relaxed else found


def answers(backend: SearchBackend, query: SearchQuery) -> frozenset[str]:
    """The identifiers of all that a question finds; none where only some of its words were found."""
    if counted(backend, query).relaxed:
        return frozenset()
    return frozenset(chain.from_iterable(backend.identifiers(replace(query, sort="changed", page=1))))
