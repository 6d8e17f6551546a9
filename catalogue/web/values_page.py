"""What the page of all values of a facet shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import url_for

from catalogue.search.backend import FacetCount
from catalogue.search.fields import NOT_STATED, Facet
from catalogue.services.facets import FacetValues
from catalogue.web import addresses, search_words
from catalogue.web.addresses import Asked
from catalogue.web.paging import pagination
from catalogue.web.search_facets import FacetValue, Links
from catalogue.web.search_words import Words

SHOWN = 200
LONGEST_FIND = 100


@dataclass(frozen=True, slots=True)
class ValuesPage:
    """The values of a facet, a page of them."""

    label: str
    words: tuple[Words, ...]
    notices: tuple[str, ...]
    find: str
    total: int
    items: tuple[FacetValue, ...]
    kept: tuple[tuple[str, str], ...]
    is_by_name: bool
    by_count_href: str
    by_name_href: str
    whole_href: str
    back_href: str
    form_action: str
    pagination: Mapping[str, object] | None


def build(facet: Facet, asked: Asked, found: FacetValues, *, find: str, by_name: bool) -> ValuesPage:
    """The page of a facet's values; `find` are parts of words that their labels hold."""
    query = asked.query
    find = " ".join(find.split())[:LONGEST_FIND]
    counts = _matching(found.counts, find.casefold().split())
    counts = sorted(counts, key=by_label if by_name else by_datasets)
    last_page = max(1, -(-len(counts) // SHOWN))
    number = min(query.page, last_page)
    links = Links(query)
    path = url_for("values.show", name=facet.name)
    question = addresses.pairs(replace(query, page=1))
    order, search = [("by", "name")] if by_name else [], [("find", find)] if find else []

    def page_href(page: int) -> str:
        return addresses.with_pairs(path, [*question, *search, *order, *([("page", str(page))] if page > 1 else [])])

    return ValuesPage(
        label=facet.label,
        words=search_words.heading(query, found.total, {facet.name: found.counts[:SHOWN]}),
        notices=asked.notices,
        find=find,
        total=len(counts),
        items=tuple(links.value(facet.name, each) for each in counts[(number - 1) * SHOWN : number * SHOWN]),
        kept=(*question, *order),
        is_by_name=by_name,
        by_count_href=addresses.with_pairs(path, [*question, *search]),
        by_name_href=addresses.with_pairs(path, [*question, *search, ("by", "name")]),
        whole_href=addresses.with_pairs(path, question),
        back_href=addresses.address(replace(query, page=1)),
        form_action=path,
        pagination=pagination(number, last_page, page_href, label="Pages of values"),
    )


def by_label(each: FacetCount) -> tuple[object, ...]:
    """Puts values in the order of the alphabet, what is not stated last."""
    return (each.value == NOT_STATED.value, each.label.casefold(), each.value)


def by_datasets(each: FacetCount) -> tuple[object, ...]:
    """Puts the values of most datasets first, those of as many in the order of the alphabet."""
    return (each.value == NOT_STATED.value, -each.count, each.label.casefold(), each.value)


def _matching(counts: Sequence[FacetCount], parts: Sequence[str]) -> Sequence[FacetCount]:
    if not parts:
        return counts
    return [each for each in counts if all(part in each.label.casefold() for part in parts)]
