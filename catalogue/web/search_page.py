"""What a page of results shows, made from the question and its answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus

from flask import url_for

from catalogue.search.backend import FacetCount, SearchQuery, SearchResult
from catalogue.search.fields import FACETS, NOT_STATED, READ, SORTS
from catalogue.services.discovery import Found, Results
from catalogue.web import addresses, search_words, wording
from catalogue.web.search_words import Words

SHOWN_VALUES = 10
MOST_VALUES = 100
"""Values of a facet that a page lists at all; a catalogue has thousands of keywords."""
OPEN_FACETS = 5
FIRST = ("data_type", "custodian", "coverage", "population", "access", "decade")
"""Facets that most questions are narrowed down by; the others follow in the engine's order."""
SMALLEST_SHARE = 0.3
"""A facet that a smaller share of the results states is folded away (DECISIONS 21)."""
NEIGHBOURS = 2
"""Pages listed on both sides of the current one."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, with the address without it."""

    facet: str
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value to narrow down by; `href` chooses it, or takes it back when it is chosen."""

    label: str
    count: int
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class FacetView:
    """A facet: the values listed at once, the ones behind a disclosure, how many are not listed at all."""

    name: str
    label: str
    shown: tuple[FacetValue, ...]
    rest: tuple[FacetValue, ...]
    unlisted: int
    is_open: bool
    note: str = ""
    """Which part of the results stands in this facet by what was read from their words."""
    note_href: str = ""


@dataclass(frozen=True, slots=True)
class SortView:
    """An order that results can be in."""

    label: str
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of results."""

    query: SearchQuery
    answer: SearchResult
    items: tuple[Found, ...]
    words: tuple[Words, ...]
    notices: tuple[str, ...]
    chips: tuple[Chip, ...]
    clear_href: str
    unfiltered_href: str
    facets: tuple[FacetView, ...]
    sorts: tuple[SortView, ...]
    kept: tuple[tuple[str, str], ...]
    years_kept: tuple[tuple[str, str], ...]
    pagination: Mapping[str, Any] | None
    last_page: int
    last_page_href: str

    @property
    def title(self) -> str:
        """The heading as plain text."""
        return "".join(each.text for each in self.words)

    @property
    def is_out_of_range(self) -> bool:
        """Whether there are results, but not as many pages."""
        return self.query.page > self.last_page and self.answer.total > 0

    @property
    def first_shown(self) -> int:
        """The position of the first result on this page, counted from one."""
        return (self.query.page - 1) * self.query.per_page + 1


def build(asked: addresses.Asked, results: Results) -> SearchPage:
    """The page that answers the question."""
    query, answer = asked.query, results.answer
    last_page = max(1, -(-answer.total // query.per_page))
    return SearchPage(
        query=query,
        answer=answer,
        items=results.items,
        words=search_words.heading(query, answer.total, answer.facets),
        notices=asked.notices + answer.notices,
        chips=_chips(query, answer.facets),
        clear_href=addresses.address(SearchQuery(text=query.text, sort=query.sort)),
        unfiltered_href=addresses.address(SearchQuery(text=query.text)),
        facets=_facets(query, answer),
        sorts=_sorts(query),
        kept=tuple(pair for pair in addresses.pairs(query) if pair[0] not in {"q", "page"}),
        years_kept=tuple(pair for pair in addresses.pairs(query) if pair[0] not in {"from", "to", "page"}),
        pagination=_pagination(query, last_page),
        last_page=last_page,
        last_page_href=addresses.address(replace(query, page=last_page)),
    )


def _chips(query: SearchQuery, facets: Mapping[str, Sequence[FacetCount]]) -> tuple[Chip, ...]:
    chips = [
        Chip(
            facet=search_words.LABELS[facet],
            label=search_words.label_of(facet, value, facets),
            href=addresses.address(addresses.toggled(query, facet, value)),
        )
        for facet, values in query.filters.items()
        for value in values
    ]
    if years := search_words.years_label(query):
        without = replace(query, first_year=None, last_year=None, page=1)
        chips.append(Chip("Years", years, addresses.address(without)))
    return tuple(chips)


def _facets(query: SearchQuery, answer: SearchResult) -> tuple[FacetView, ...]:
    views: list[FacetView] = []
    opened = 0
    for facet in sorted(FACETS, key=lambda each: FIRST.index(each.name) if each.name in FIRST else len(FIRST)):
        counts = answer.facets.get(facet.name, ())
        chosen = query.filters.get(facet.name, ())
        if not chosen and all(each.value == NOT_STATED.value for each in counts[:1]):
            continue
        is_open = bool(chosen) or (opened < OPEN_FACETS and _is_stated(counts, answer.total))
        opened += is_open
        view = _facet(query, facet.name, facet.label, counts, is_open=is_open)
        views.append(replace(view, **_note(query, facet.name, answer)))
    return tuple(views)


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


def _facet(query: SearchQuery, name: str, label: str, counts: Sequence[FacetCount], *, is_open: bool) -> FacetView:
    chosen = query.filters.get(name, ())
    if name == READ and NOT_STATED.value not in chosen:
        counts = counts[: len(counts) - len(_silent(counts))]
    silent = _silent(counts)
    # A facet may have thousands of values, and only these are looked at.
    leading = counts[: min(SHOWN_VALUES + MOST_VALUES, len(counts) - len(silent))]
    missed = [value for value in chosen if all(each.value != value for each in (*leading, *silent))]
    found = {each.value: each for each in counts if each.value in missed} if missed else {}
    unseen = [FacetCount(each, search_words.label_of(name, each, {}), 0) for each in missed if each not in found]
    # What says nothing comes last, and what is chosen is never hidden behind the rest.
    in_order = [*unseen, *leading, *found.values(), *silent]
    first = [each for position, each in enumerate(in_order) if position < SHOWN_VALUES or each.value in chosen]
    rest = [each for position, each in enumerate(in_order) if position >= SHOWN_VALUES and each.value not in chosen]
    unlisted = len(counts) + len(unseen) - len(in_order)
    if len(rest) == 1 and not unlisted:
        first, rest = [*first, *rest], []
    # Addresses of values that are not chosen differ in one parameter; pages have hundreds of them.
    base = addresses.pairs(replace(query, page=1))
    prefix = addresses.with_pairs(url_for("search.show"), base) + ("&" if base else "?")

    def view(each: FacetCount) -> FacetValue:
        if each.value in chosen:
            without = addresses.address(addresses.toggled(query, name, each.value))
            return FacetValue(each.label, each.count, without, is_chosen=True)
        return FacetValue(each.label, each.count, f"{prefix}{name}={_quoted(each.value)}", is_chosen=False)

    return FacetView(
        name=name,
        label=label,
        shown=tuple(view(each) for each in first),
        rest=tuple(view(each) for each in rest),
        unlisted=unlisted,
        is_open=is_open,
    )


@lru_cache(maxsize=20_000)
def _quoted(value: str) -> str:
    return quote_plus(value)


def _sorts(query: SearchQuery) -> tuple[SortView, ...]:
    # Without words every dataset is as relevant as another, and they are listed by their change.
    offered = {name: label for name, label in SORTS.items() if query.text or name != addresses.DEFAULT_SORT}
    chosen = query.sort if query.sort in offered else next(iter(offered))
    return tuple(
        SortView(label, addresses.address(replace(query, sort=name, page=1)), name == chosen)
        for name, label in offered.items()
    )


def _pagination(query: SearchQuery, last_page: int) -> Mapping[str, Any] | None:
    """What the pagination component is given; nothing when there is one page."""
    if last_page == 1 or query.page > last_page:
        return None
    listed = sorted({1, last_page, *range(query.page - NEIGHBOURS, query.page + NEIGHBOURS + 1)})
    items: list[Mapping[str, Any]] = []
    before = 0
    for page in (each for each in listed if 1 <= each <= last_page):
        if page > before + 1:
            items.append({"ellipsis": True})
        href = addresses.address(replace(query, page=page))
        items.append({"number": page, "href": href, "current": page == query.page})
        before = page
    found: dict[str, Any] = {"items": items, "landmarkLabel": "Pages of results"}
    if query.page > 1:
        found["previous"] = {"href": addresses.address(replace(query, page=query.page - 1))}
    if query.page < last_page:
        found["next"] = {"href": addresses.address(replace(query, page=query.page + 1))}
    return found
