"""Which page of a feed comes next, and how much there should be in all (Hydra Core Vocabulary; RFC 8288)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urldefrag, urljoin, urlsplit

from requests.utils import parse_header_links

from harvesters.errors import GatherError
from schemas.crosswalks.rdf_graph import Statements, value_of
from schemas.crosswalks.rdf_terms import HYDRA, iri

_NEXT: Final = (HYDRA.next, HYDRA.nextPage)
_TOTAL: Final = HYDRA.totalItems
LONGEST_HEADER: Final = 10_000
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


@dataclass(slots=True)
class Paging:
    """The pages of a feed that were fetched. `url` is the source's own address; pages come from its host alone."""

    url: str
    most: int
    visited: set[str] = field(default_factory=set)
    total: int | None = None
    pages: int = 0

    def next(self, found: Statements, url: str, headers: Mapping[str, str]) -> str | None:
        """The address of the page after the one fetched from `url`; None after the last.

        Raises `GatherError` when it must not be fetched: then more is there, and what is missing is not known.
        """
        self.pages += 1
        self.visited |= {urldefrag(url).url, urldefrag(self.url).url}
        # One that changes on the way is believed where it says that more is there.
        self.total = max(total_of(found) or 0, self.total or 0) or None
        stated = next_of(found, url) or _linked(headers)
        if stated is None:
            return None
        following = urldefrag(urljoin(url, stated)).url
        self._check(following, url)
        self.visited.add(following)
        return following

    def _check(self, following: str, url: str) -> None:
        shown = following.partition("?")[0][:200]
        if urlsplit(following).scheme not in _DEFAULT_PORTS:
            message = f"The next page is said to be at {shown}, which is no http or https address."
            raise GatherError(message, "Link to the next page by its web address.")
        if _host(following) not in {_host(self.url), _host(url)}:
            message = f"The next page is said to be at {shown}, on another server than the source."
            raise GatherError(message, "Serve all pages from one server, or harvest the other as a source of its own.")
        if following in self.visited:
            message = f"The pages lead in a circle: {shown} comes a second time."
            raise GatherError(message, "Leave the link to the next page out of the last one.")
        if self.pages >= self.most:
            message = f"There are more than {self.most:,} pages."
            raise GatherError(message, "Raise the number of pages that are read, or make them larger.")


def _host(url: str) -> tuple[str, int | None]:
    """Host and port; http and https at their usual ports are one server."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = -1
    return (parts.hostname or "").casefold(), None if port in (None, *_DEFAULT_PORTS.values()) else port


def next_of(found: Statements, url: str) -> str | None:
    """The next page that the document states: of the view at its own address, else of the only one, else the first."""
    stated = {subject: about for subject, about in found.items() if not about.keys().isdisjoint(_NEXT)}
    about = stated.get(iri(url)) or next((stated[subject] for subject in sorted(stated)), None)
    if about is None:
        return None
    terms = next(about[each] for each in _NEXT if each in about)
    return value_of(min(terms))


def _linked(headers: Mapping[str, str]) -> str | None:
    value = next((value for name, value in headers.items() if name.lower() == "link"), "")
    for found in parse_header_links(value[:LONGEST_HEADER]):
        if "next" in found.get("rel", "").lower().split():
            return found["url"]
    return None


def total_of(found: Statements) -> int | None:
    """How many items the document says that there are on all pages."""
    stated = (about[_TOTAL] for about in found.values() if _TOTAL in about)
    totals = [value_of(term) for terms in stated for term in terms]
    numbers = [int(each) for each in totals if each.isascii() and each.isdecimal() and len(each) < 12]  # noqa: PLR2004
    return max(numbers, default=None)
