"""What a page of results offers besides: other spellings, the question exactly as typed, results that nearly fit."""

from dataclasses import dataclass, replace

from flask import url_for

from catalogue.search.backend import SearchQuery
from catalogue.services.discovery import Found, Results
from catalogue.web import addresses


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question that may have been meant."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Offers:
    """Addresses are empty when of no use.

    `exact_href` asks without the words that were added, `wide_href` with them again, `explain_href` why results are in
    their order, which `explained` are told of. `more` are datasets that have some of the words.
    """

    suggestions: tuple[Suggestion, ...] = ()
    exact_href: str = ""
    wide_href: str = ""
    explain_href: str = ""
    explained: tuple[Found, ...] = ()
    more: tuple[Found, ...] = ()


def build(results: Results, *, may_explain: bool) -> Offers:
    """The offers beside an answer."""
    query, answer = results.query, results.answer
    is_changed = bool(answer.corrections or answer.synonyms)
    return Offers(
        suggestions=tuple(
            Suggestion(text, addresses.address(replace(query, text=text, exact=False, page=1)))
            for text in answer.suggestions
        ),
        exact_href=addresses.address(replace(query, exact=True, page=1)) if is_changed and not query.exact else "",
        wide_href=addresses.address(replace(query, exact=False, page=1)) if query.exact and query.text else "",
        explain_href=_explaining(query) if may_explain and query.text and not query.explain else "",
        explained=tuple(item for item in (*results.items, *results.more) if item.reasons),
        more=results.more,
    )


def _explaining(query: SearchQuery) -> str:
    return addresses.with_pairs(url_for("search.show"), [*addresses.pairs(query), ("explain", "1")])
