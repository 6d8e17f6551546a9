"""Questions of programs: read strictly, since one that misspells a filter would take everything for its result."""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from catalogue.api import answers
from catalogue.api.refusals import WrongParameters
from catalogue.plugins import postponed
from catalogue.search.backend import SearchQuery
from catalogue.search.facet_values import LARGEST_BAND, POPULATION_BANDS
from catalogue.search.fields import FACET_NAMES, FACETS, SORTS

if TYPE_CHECKING:
    from marshmallow import Schema

    from schemas.api import datasets as documents
else:
    documents = postponed("schemas.api.datasets")

CHOICES: Final = {
    "population": (*(value for _, value, _ in POPULATION_BANDS), LARGEST_BAND.value),
    "structure": ("yes", "no"),
}
"""The facets that have these values and never any others."""
CURSOR_FORM: Final = "1"
MOST_DIGITS: Final = 9


@dataclass(frozen=True, slots=True)
class Question:
    """A question, whether facets are wanted, and how many results it had when the cursor was made."""

    query: SearchQuery
    with_facets: bool = True
    total_before: int | None = None


@cache
def parameters() -> "type[Schema]":
    """The schema of the parameters."""
    return documents.question(
        (documents.FacetParameter(each.name, each.label, CHOICES.get(each.name, ())) for each in FACETS), SORTS
    )


def read() -> Question:
    """The question that the request asks. Raises `WrongParameters`."""
    given = answers.read(parameters()())
    query = SearchQuery(
        text=" ".join(given["q"].split()),
        filters={name: given[name] for name in FACET_NAMES if given[name]},
        first_year=given["first_year"],
        last_year=given["last_year"],
        sort=given["sort"],
        per_page=given["per_page"],
        exact=given["exact"] == "yes",
    )
    asked = Question(query, given["facets"] == "yes")
    return _at_cursor(asked, given["cursor"]) if given["cursor"] else asked


def address(asked: Question, cursor: str = "") -> str:
    """The public address that asks this question, from the first page or from a cursor on."""
    pairs = [*query_pairs(asked.query)]
    pairs += [("per_page", str(asked.query.per_page))] if asked.query.per_page != documents.PER_PAGE else []
    pairs += [] if asked.with_facets else [("facets", "no")]
    pairs += [("cursor", cursor)] if cursor else []
    path = answers.public("api_datasets.listing")
    return f"{path}?{urlencode(pairs)}" if pairs else path


def query_pairs(query: SearchQuery) -> list[tuple[str, str]]:
    """The parameters that a page of results takes as well; the ones that say nothing are left out."""
    pairs = [("q", query.text)] if query.text else []
    pairs += [(name, value) for name, values in query.filters.items() for value in values]
    pairs += [(name, str(year)) for name, year in (("from", query.first_year), ("to", query.last_year)) if year]
    pairs += [("sort", query.sort)] if query.sort != next(iter(SORTS)) else []
    return pairs + ([("exact", "yes")] if query.exact else [])


def cursor_of(query: SearchQuery, total: int) -> str:
    """What stands for a page of a question that had so many results.

    It is checked, not signed: all it could be forged into is the number of another page, which anybody may read.
    """
    text = f"{CURSOR_FORM}.{query.page}.{total}.{_fingerprint(query)}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _at_cursor(asked: Question, cursor: str) -> Question:
    try:
        text = base64.b64decode(cursor.encode() + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        form, page, total, fingerprint = text.decode().split(".")
    except (binascii.Error, ValueError) as error:
        raise WrongParameters({"cursor": ["It is no cursor. Take `next` of a page, unchanged."]}) from error
    if form != CURSOR_FORM or not _is_number(page) or not _is_number(total):
        raise WrongParameters({"cursor": ["It is no cursor of this release. Begin at the first page."]})
    if fingerprint != _fingerprint(asked.query):
        message = "It belongs to another question: all other parameters must stay as they were."
        raise WrongParameters({"cursor": [message]})
    return replace(asked, query=replace(asked.query, page=max(1, int(page))), total_before=int(total))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS


def _fingerprint(query: SearchQuery) -> str:
    """A short text that is the same for the same question in pages of the same size."""
    parts = [*sorted(query_pairs(query)), str(query.per_page)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:12]
