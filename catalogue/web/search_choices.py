"""Datasets that are chosen among results to be compared; the addresses of all pages of results keep them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from catalogue.services.comparison import MOST_COMPARED, Chosen
from catalogue.web import addresses, comparison_page
from catalogue.web.addresses import PageQuery


@dataclass(frozen=True, slots=True)
class Choice:
    """A chosen dataset; `href_without` is the page on which it is chosen no longer."""

    identifier: str
    title: str
    href_without: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What is chosen; `compare_href` puts it side by side, and is empty for one alone."""

    query: PageQuery
    items: tuple[Choice, ...]
    compare_href: str

    @property
    def is_full(self) -> bool:
        """Whether no other can be chosen."""
        return len(self.items) >= MOST_COMPARED

    @property
    def identifiers(self) -> frozenset[str]:
        """Which are chosen."""
        return frozenset(each.identifier for each in self.items)

    def href_with(self, identifier: str) -> str:
        """The same page with a dataset chosen, at the place of that dataset."""
        return _at(replace(self.query, compared=(*self.query.compared, identifier)), identifier)

    def href_without(self, identifier: str) -> str:
        """The same page with a dataset chosen no longer, at the place of that dataset."""
        return _at(_without(self.query, identifier), identifier)


def build(query: PageQuery, chosen: Sequence[Chosen]) -> Choices:
    """What is chosen on a page of results."""
    return Choices(
        query=query,
        items=tuple(
            Choice(each.identifier, each.title, addresses.address(_without(query, each.identifier))) for each in chosen
        ),
        compare_href=comparison_page.address(each.identifier for each in chosen) if len(chosen) > 1 else "",
    )


def _without(query: PageQuery, identifier: str) -> PageQuery:
    return replace(query, compared=tuple(each for each in query.compared if each != identifier))


def _at(query: PageQuery, identifier: str) -> str:
    return f"{addresses.address(query)}#dataset-{identifier}"
