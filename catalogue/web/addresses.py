"""The address of every question: what a results page reads from its own address, and writes into its links."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import url_for

from catalogue.search.backend import SearchQuery
from catalogue.search.facet_values import LARGEST_BAND, POPULATION_BANDS
from catalogue.search.fields import FACET_NAMES, NOT_STATED, SORTS
from catalogue.search.query import MOST_CHARACTERS
from catalogue.services.comparison import MOST_COMPARED

LONGEST_TEXT = MOST_CHARACTERS
"""What is searched; a page repeats it in each of its links."""
FIRST_YEAR, LAST_YEAR = 1000, 2999
MOST_VALUES = 50
"""Filters taken of one question: more than any person chooses, few enough to answer."""
MOST_DIGITS = 12
"""Of the number of a page; that one does not exist, and the page says so."""
DEFAULT_SORT = "relevance"
OTHERS = ("q", "from", "to", "people_from", "people_to", "people_unstated", "sort", "exact", "view", "compare", "page")
"""What an address may ask besides the facets."""
SHOWING = frozenset({"view", "compare", "page"})
"""What an address says of how the answer is shown."""
PER_PAGE = 25
PEOPLE_BANDS: tuple[tuple[int, int | None, str], ...] = tuple(
    (least, bound, value)
    for least, (bound, value) in zip(
        (0, *(bound for bound, _, _ in POPULATION_BANDS)),
        (*((bound, value) for bound, value, _ in POPULATION_BANDS), (None, LARGEST_BAND.value)),
        strict=True,
    )
)
"""The bands of numbers of people: the least, the one that is too many, and the value of the facet."""
LONGEST_IDENTIFIER = 36
TABLE = "table"
"""The view that is not a list."""


@dataclass(frozen=True, slots=True)
class PageQuery(SearchQuery):
    """A question with how its answer is shown: as a list, or as a `table`, and the datasets chosen to be compared."""

    view: str = ""
    compared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the address asked it, and plain sentences about what of it was not understood."""

    query: PageQuery
    notices: tuple[str, ...] = ()


def read(parameters: Mapping[str, Sequence[str]]) -> Asked:
    """The question that parameters ask; whatever they hold, there is one."""
    parameters = {plain(name): [plain(value) for value in values] for name, values in parameters.items()}
    notices: list[str] = []
    text = " ".join(" ".join(parameters.get("q", ())).split())
    if len(text) > LONGEST_TEXT:
        notices.append(f"Your search was longer than {LONGEST_TEXT:,} characters; the rest was left out.")
    unknown = [name for name in parameters if name not in {*FACET_NAMES, *OTHERS}]
    notices += [f"“{_brief(name)}” is not a filter here, so it was left out." for name in unknown[:3]]
    first, last = (_year(parameters, name, notices) for name in ("from", "to"))
    if first is not None and last is not None and first > last:
        notices.append(f"The years {first} to {last} were turned round.")
        first, last = last, first
    query = PageQuery(
        text=text[:LONGEST_TEXT],
        filters=_with_people(_filters(parameters, notices), parameters, notices),
        first_year=first,
        last_year=last,
        sort=_sort(parameters, notices),
        page=_page(parameters, notices),
        per_page=PER_PAGE,
        exact=bool("".join(parameters.get("exact", ())).strip()),
        view=TABLE if TABLE in parameters.get("view", ()) else "",
        compared=_compared(parameters),
    )
    return Asked(query, tuple(notices))


def pairs(query: SearchQuery) -> list[tuple[str, str]]:
    """The parameters that ask this question; the ones that say nothing are left out."""
    found = [("q", query.text)] if query.text else []
    found += [(name, value) for name in FACET_NAMES for value in query.filters.get(name, ())]
    found += [(name, str(year)) for name, year in (("from", query.first_year), ("to", query.last_year)) if year]
    found += [("sort", query.sort)] if query.sort != DEFAULT_SORT else []
    found += [("exact", "yes")] if query.exact else []
    if isinstance(query, PageQuery):
        found += [("view", query.view)] if query.view else []
        found += [("compare", each) for each in query.compared]
    found += [("page", str(query.page))] if query.page > 1 else []
    return found


def question_pairs(query: SearchQuery) -> list[tuple[str, str]]:
    """The parameters that ask this question, whatever it is shown as and beside."""
    return [pair for pair in pairs(query) if pair[0] not in SHOWING]


def address(query: SearchQuery) -> str:
    """The address of the page that answers this question."""
    return with_pairs(url_for("search.show"), pairs(query))


def with_pairs(path: str, parameters: Sequence[tuple[str, str]]) -> str:
    """A path with parameters."""
    return f"{path}?{urlencode(parameters)}" if parameters else path


def toggled(query: SearchQuery, facet: str, value: str) -> SearchQuery:
    """The question with a value chosen that was not, or the other way round; it begins at the first page."""
    chosen = query.filters.get(facet, ())
    values = tuple(each for each in chosen if each != value) if value in chosen else (*chosen, value)
    filters = {**query.filters, facet: values}
    return replace(query, filters={name: each for name, each in filters.items() if each}, page=1)


def plain(text: str) -> str:
    """The text without control characters, marks of direction and halves of characters: no page can hold them."""
    return text if text.isprintable() else "".join(each if each.isprintable() else " " for each in text)


def _compared(parameters: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    stated = (each.strip() for each in parameters.get("compare", ()))
    return tuple(dict.fromkeys(each for each in stated if 0 < len(each) <= LONGEST_IDENTIFIER))[:MOST_COMPARED]


def _filters(parameters: Mapping[str, Sequence[str]], notices: list[str]) -> dict[str, tuple[str, ...]]:
    stated = [(name, value) for name in FACET_NAMES for value in parameters.get(name, ()) if value.strip()]
    different = list(dict.fromkeys(stated))
    if len(different) > MOST_VALUES:
        notices.append(f"Only the first {MOST_VALUES} filters were used.")
    filters: dict[str, tuple[str, ...]] = {}
    for name, value in different[:MOST_VALUES]:
        filters[name] = (*filters.get(name, ()), value)
    return filters


def _with_people(
    filters: dict[str, tuple[str, ...]], parameters: Mapping[str, Sequence[str]], notices: list[str]
) -> dict[str, tuple[str, ...]]:
    """The filters with a range of people as the bands that it is made of, `people_to` not included."""
    first, last = (_people(parameters, name, notices) for name in ("people_from", "people_to"))
    is_unstated = bool("".join(parameters.get("people_unstated", ())).strip())
    if first is None and last is None and not is_unstated:
        return filters
    if first is not None and last is not None and first > last:
        first, last = last, first
    chosen = [
        value
        for least, bound, value in PEOPLE_BANDS
        if (first is not None or last is not None)
        and (first is None or bound is None or bound > first)
        and (last is None or least < last)
    ]
    chosen += [NOT_STATED.value] if is_unstated else []
    return {**filters, "population": tuple(chosen)} if chosen else filters


def _people(parameters: Mapping[str, Sequence[str]], name: str, notices: list[str]) -> int | None:
    stated = next(iter(parameters.get(name, ())), "").strip()
    if not stated:
        return None
    people = _whole_number(stated, MOST_DIGITS)
    if people is None:
        notices.append(f"“{_brief(stated)}” is not a number of people, so it was left out.")
    return people


def _sort(parameters: Mapping[str, Sequence[str]], notices: list[str]) -> str:
    stated = next(iter(parameters.get("sort", ())), "") or DEFAULT_SORT
    if stated in SORTS:
        return stated
    notices.append(f"Results cannot be sorted by “{_brief(stated)}”.")
    return DEFAULT_SORT


def _page(parameters: Mapping[str, Sequence[str]], notices: list[str]) -> int:
    stated = next(iter(parameters.get("page", ())), "").strip()
    if not stated:
        return 1
    page = _whole_number(stated, MOST_DIGITS)
    if page is None or page < 1:
        notices.append(f"“{_brief(stated)}” is not a page, so this is the first.")
        return 1
    return page


def _year(parameters: Mapping[str, Sequence[str]], name: str, notices: list[str]) -> int | None:
    stated = next(iter(parameters.get(name, ())), "").strip()
    if not stated:
        return None
    year = _whole_number(stated, len(str(LAST_YEAR)))
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        notices.append(f"“{_brief(stated)}” is not a year, so it was left out.")
        return None
    return year


def _whole_number(text: str, digits: int) -> int | None:
    # int() takes digits of every script, and takes long over thousands of them.
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else None


def _brief(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"  # noqa: PLR2004 - enough to recognise it
