"""What a page of results shows, made from the question and its answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from catalogue.search.backend import FacetCount, SearchQuery, SearchResult
from catalogue.search.fields import SORTS
from catalogue.services.discovery import Found, Results
from catalogue.web import addresses, search_facets, search_words
from catalogue.web.addresses import TABLE, PageQuery
from catalogue.web.paging import pagination
from catalogue.web.search_words import Words

MOST_SPOKEN = 4
"""Filters that the heading names; more fill a telephone, and stand right below it in any case."""
VIEWS = {"": "List", TABLE: "Table"}
COLUMNS = (
    ("Dataset", "title", "ascending", False),
    ("Custodian", "", "", False),
    ("People", "", "", True),
    ("Years", "", "", False),
    ("Places", "", "", False),
    ("Access", "", "", False),
    ("Columns", "", "", True),
    ("Quality", "quality", "descending", True),
    ("Changed", "changed", "descending", False),
)
"""The columns of the table: label, what sorting by it is called, the direction of that, whether it holds numbers."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, with the address without it."""

    facet: str
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class SortView:
    """An order that results can be in, or a view of them."""

    label: str
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Header:
    """The head of a column of the table; `href` sorts by it, `direction` is the order that it is in."""

    label: str
    href: str = ""
    direction: str = ""
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of results."""

    query: PageQuery
    answer: SearchResult
    items: tuple[Found, ...]
    words: tuple[Words, ...]
    notices: tuple[str, ...]
    chips: tuple[Chip, ...]
    clear_href: str
    unfiltered_href: str
    facets: tuple[search_facets.FacetView, ...]
    sorts: tuple[SortView, ...]
    views: tuple[SortView, ...]
    headers: tuple[Header, ...]
    kept: tuple[tuple[str, str], ...]
    years_kept: tuple[tuple[str, str], ...]
    people_kept: tuple[tuple[str, str], ...]
    people_bounds: tuple[int, ...]
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
        words=search_words.heading(query, answer.total, answer.facets, most=MOST_SPOKEN),
        notices=asked.notices + answer.notices,
        chips=_chips(query, answer.facets),
        clear_href=addresses.address(
            PageQuery(text=query.text, sort=query.sort, view=query.view, compared=query.compared)
        ),
        unfiltered_href=addresses.address(PageQuery(text=query.text, view=query.view, compared=query.compared)),
        facets=search_facets.build(query, answer),
        sorts=_sorts(query),
        views=tuple(
            SortView(label, addresses.address(replace(query, view=name)), name == query.view)
            for name, label in VIEWS.items()
        ),
        headers=_headers(query) if query.view == TABLE else (),
        kept=tuple(pair for pair in addresses.pairs(query) if pair[0] not in {"q", "page"}),
        years_kept=tuple(pair for pair in addresses.pairs(query) if pair[0] not in {"from", "to", "page"}),
        people_bounds=tuple(bound for _, bound, _ in addresses.PEOPLE_BANDS if bound is not None),
        people_kept=tuple(pair for pair in addresses.pairs(query) if pair[0] not in {"population", "page"}),
        pagination=pagination(
            query.page,
            last_page,
            lambda page: addresses.address(replace(query, page=page)),
            label="Pages of results",
        ),
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


def _sorts(query: SearchQuery) -> tuple[SortView, ...]:
    offered, chosen = _offered_sorts(query)
    return tuple(
        SortView(label, addresses.address(replace(query, sort=name, page=1)), name == chosen)
        for name, label in offered.items()
    )


def _offered_sorts(query: SearchQuery) -> tuple[Mapping[str, str], str]:
    # Without words every dataset is as relevant as another, and they are listed by their change.
    offered = {name: label for name, label in SORTS.items() if query.text or name != addresses.DEFAULT_SORT}
    return offered, query.sort if query.sort in offered else next(iter(offered))


def _headers(query: PageQuery) -> tuple[Header, ...]:
    _, chosen = _offered_sorts(query)
    return tuple(
        Header(
            label,
            addresses.address(replace(query, sort=sort, page=1)) if sort else "",
            direction if sort == chosen else "",
            is_number,
        )
        for label, sort, direction, is_number in COLUMNS
    )
