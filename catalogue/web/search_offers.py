"""What a page of results offers besides: other spellings, and the question exactly as it was typed."""

from dataclasses import dataclass, replace

from catalogue.search.backend import SearchQuery, SearchResult
from catalogue.web import addresses


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question that may have been meant."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Offers:
    """`exact_href` asks without the words that were added; `wide_href` asks with them again. Empty when no use."""

    suggestions: tuple[Suggestion, ...] = ()
    exact_href: str = ""
    wide_href: str = ""


def build(query: SearchQuery, answer: SearchResult) -> Offers:
    """The offers beside an answer."""
    is_changed = bool(answer.corrections or answer.synonyms)
    return Offers(
        suggestions=tuple(
            Suggestion(text, addresses.address(replace(query, text=text, exact=False, page=1)))
            for text in answer.suggestions
        ),
        exact_href=addresses.address(replace(query, exact=True, page=1)) if is_changed and not query.exact else "",
        wide_href=addresses.address(replace(query, exact=False, page=1)) if query.exact and query.text else "",
    )
