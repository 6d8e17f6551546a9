"""The facets of a page of results: what each offers to narrow down by, as links."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus

from flask import url_for

from catalogue.search.backend import FacetCount, SearchQuery, SearchResult
from catalogue.search.fields import FACETS, NOT_STATED, READ
from catalogue.web import addresses, search_words, uk_map, wording
from catalogue.web.facet_nesting import Nesting, nest
from catalogue.web.histograms import RANGES, Histogram, histogram

SHOWN_VALUES = 10
MOST_VALUES = 20
"""Further values, behind a disclosure; a catalogue has thousands of keywords, which have a page of their own."""
MOST_PLACES = 200
"""Places that a map is made from."""
OPEN_FACETS = 5
ALWAYS_OPEN = frozenset({"decade"})
"""Facets with something to fill in that most people look for."""
HEADINGS = {"decade": "Years covered"}
"""What stands above a facet that holds more than its values."""
NARROWER = {"data_type": "sub-type", "coverage": "region"}
FIRST = ("data_type", "custodian", "coverage", "population", "access", "decade")
"""Facets that most questions are narrowed down by; the others follow in the engine's order."""
SMALLEST_SHARE = 0.3
"""A facet that a smaller share of the results states is folded away."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value to narrow down by; `href` chooses it, or takes it back when it is chosen."""

    label: str
    count: int
    href: str
    is_chosen: bool
    inner: tuple["FacetValue", ...] = ()
    """Narrower values, which stand below it."""

    @property
    def is_open(self) -> bool:
        """Whether the narrower values are shown at once."""
        return self.is_chosen or any(each.is_chosen for each in self.inner)


@dataclass(frozen=True, slots=True)
class FacetView:
    """A facet: the values listed at once, the ones behind a disclosure, how many are not listed at all.

    `all_href` is the page that has every value, if these are not all.
    """

    name: str
    label: str
    shown: tuple[FacetValue, ...]
    rest: tuple[FacetValue, ...]
    unlisted: int
    is_open: bool
    note: str = ""
    """Which part of the results stands in this facet by what was read from their words."""
    note_href: str = ""
    all_href: str = ""
    narrower: str = ""
    """What the values below others are called, one of them."""
    histogram: Histogram | None = None
    areas: tuple[uk_map.Area, ...] = ()


def build(query: SearchQuery, answer: SearchResult) -> tuple[FacetView, ...]:
    """The facets that the results state anything of, in the order in which most questions are narrowed down."""
    views: list[FacetView] = []
    opened = 0
    nesting = nest(answer.facets)
    links = Links(query)
    for facet in sorted(FACETS, key=lambda each: FIRST.index(each.name) if each.name in FIRST else len(FIRST)):
        counts = answer.facets.get(facet.name, ())
        placed = nesting.placed.get(facet.name, frozenset())
        is_chosen = not placed.issuperset(query.filters.get(facet.name, ()))
        if not is_chosen and len(counts) == len(placed) + len(_silent(counts)):
            continue
        is_open = (
            facet.name in ALWAYS_OPEN
            or bool(query.filters.get(facet.name))
            or (opened < OPEN_FACETS and _is_stated(counts, answer.total))
        )
        opened += is_open
        view = _facet(links, facet.name, HEADINGS.get(facet.name, facet.label), counts, nesting)
        drawn = _drawn(query, facet.name, counts)
        views.append(replace(view, is_open=is_open, **drawn, **_note(query, facet.name, answer)))
    return tuple(views)


def _drawn(query: SearchQuery, name: str, counts: Sequence[FacetCount]) -> Mapping[str, Any]:
    """What stands above the list: a histogram of a range, a map of places."""
    if name == "coverage":
        return {"areas": uk_map.areas({each.value: each.count for each in counts[:MOST_PLACES]})}
    if name in RANGES:
        return {"histogram": histogram(name, counts, query.filters.get(name, ()))}
    return {}


def _note(query: SearchQuery, name: str, answer: SearchResult) -> Mapping[str, Any]:
    """How many results are in a facet by their words alone; nothing while they are chosen by just that."""
    if READ in query.filters:
        return {}
    counts = answer.facets.get(READ, ())
    count = next((each.count for each in counts if each.value == name), 0)
    if not count:
        return {}
    href = addresses.address(addresses.toggled(query, READ, name))
    return {"note": f"{wording.number(count)} of these read from the text", "note_href": href}


def _is_stated(counts: Sequence[FacetCount], total: int) -> bool:
    silent = sum(each.count for each in _silent(counts))
    return total > 0 and (total - silent) / total >= SMALLEST_SHARE


def _silent(counts: Sequence[FacetCount]) -> Sequence[FacetCount]:
    """The value of those that state nothing, which is the last one if there is any."""
    return tuple(each for each in counts[-1:] if each.value == NOT_STATED.value)


class Links:
    """Makes the links of values. A page has hundreds of them, which differ in one parameter."""

    def __init__(self, query: SearchQuery) -> None:
        self.query = replace(query, page=1)
        base = addresses.pairs(self.query)
        self._prefix = addresses.with_pairs(url_for("search.show"), base) + ("&" if base else "?")

    def value(self, facet: str, each: FacetCount, inner: tuple[FacetValue, ...] = ()) -> FacetValue:
        """The value with the address that chooses it, or takes it back."""
        if each.value in self.query.filters.get(facet, ()):
            without = addresses.address(addresses.toggled(self.query, facet, each.value))
            return FacetValue(each.label, each.count, without, is_chosen=True, inner=inner)
        href = f"{self._prefix}{facet}={_quoted(each.value)}"
        return FacetValue(each.label, each.count, href, is_chosen=False, inner=inner)


def _facet(links: Links, name: str, label: str, counts: Sequence[FacetCount], nesting: Nesting) -> FacetView:
    placed = nesting.placed.get(name, frozenset())
    chosen = [value for value in links.query.filters.get(name, ()) if value not in placed]
    if name == READ and NOT_STATED.value not in chosen:
        counts = counts[: len(counts) - len(_silent(counts))]
    silent = _silent(counts)
    # A facet may have thousands of values, and only these are looked at.
    most = SHOWN_VALUES + MOST_VALUES
    looked_at = counts[: min(most + len(placed), len(counts) - len(silent))]
    leading = [each for each in looked_at if each.value not in placed][:most]
    missed = [value for value in chosen if all(each.value != value for each in (*leading, *silent))]
    found = {each.value: each for each in counts if each.value in missed} if missed else {}
    unseen = [FacetCount(each, search_words.label_of(name, each, {}), 0) for each in missed if each not in found]
    # What says nothing comes last, and what is chosen is never hidden behind the rest.
    in_order = [*unseen, *leading, *found.values(), *silent]
    first = [each for position, each in enumerate(in_order) if position < SHOWN_VALUES or each.value in chosen]
    rest = [each for position, each in enumerate(in_order) if position >= SHOWN_VALUES and each.value not in chosen]
    unlisted = len(counts) - len(placed) + len(unseen) - len(in_order)
    if len(rest) == 1 and not unlisted:
        first, rest = [*first, *rest], []

    def view(each: FacetCount) -> FacetValue:
        below = nesting.below.get((name, each.value))
        inner = tuple(links.value(below.facet, value) for value in below.counts) if below else ()
        return links.value(name, each, inner)

    return FacetView(
        name=name,
        label=label,
        shown=tuple(map(view, first)),
        rest=tuple(map(view, rest)),
        unlisted=unlisted,
        is_open=False,
        narrower=NARROWER.get(name, ""),
        all_href=all_values(links.query, name) if rest or unlisted else "",
    )


def all_values(query: SearchQuery, name: str) -> str:
    """The page with every value of a facet, of the datasets that a question finds."""
    return addresses.with_pairs(url_for("values.show", name=name), addresses.pairs(replace(query, page=1)))


@lru_cache(maxsize=20_000)
def _quoted(value: str) -> str:
    return quote_plus(value)
