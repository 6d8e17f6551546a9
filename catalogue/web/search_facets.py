"""The facets of a page of results: what each offers to narrow down by, as links."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus

from flask import url_for

from catalogue.search.backend import FacetCount, SearchQuery, SearchResult
from catalogue.search.fields import FACETS, NOT_STATED, READ
from catalogue.web import addresses, search_words, wording

SHOWN_VALUES = 10
MOST_VALUES = 100
"""Values of a facet that a page lists at all; a catalogue has thousands of keywords."""
OPEN_FACETS = 5
FIRST = ("data_type", "custodian", "coverage", "population", "access", "decade")
"""Facets that most questions are narrowed down by; the others follow in the engine's order."""
SMALLEST_SHARE = 0.3
"""A facet that a smaller share of the results states is folded away (DECISIONS 21)."""


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


def build(query: SearchQuery, answer: SearchResult) -> tuple[FacetView, ...]:
    """The facets that the results state anything of, in the order in which most questions are narrowed down."""
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
