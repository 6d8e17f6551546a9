"""What several pages show in the same way."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from catalogue.search.backend import FacetCount, SearchQuery
from catalogue.services.discovery import Found, Overview
from catalogue.web import addresses, wording

BROWSED = 8
"""Entries of a list to browse by."""
SHOWN_PLACES = 2
LONGEST_FACT = 60
READ_NOTE = "read from the text"
"""What is said beside a fact that the source does not state and that its own words tell."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A value to browse by."""

    label: str
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Group:
    """A list to browse by; `more` says how many values are elsewhere."""

    name: str
    heading: str
    entries: tuple[Entry, ...]
    more: str
    more_href: str

    @property
    def largest(self) -> int:
        """The largest count, against which the bars are drawn."""
        return max((entry.count for entry in self.entries), default=0)


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the parts that a list is shown in, with the number of things in it."""

    label: str
    count: int
    href: str
    is_chosen: bool


def facts_in_brief(found: Found) -> list[str]:
    """The quiet line under a result: people, years, places, access, columns, quality, as far as they are stated."""
    people = wording.counted(found.population_size, "person") if found.population_size is not None else ""
    years = wording.years(*found.years, end=found.end) if found.years else ""
    places = wording.shortened(wording.several(found.places, SHOWN_PLACES), LONGEST_FACT)
    facts = [
        _marked(people, is_read="population_size" in found.read),
        _marked(years, is_read="years" in found.read),
        _marked(places, is_read="places" in found.read),
        wording.shortened(wording.coded("access-service-category", found.access or ""), LONGEST_FACT),
        wording.counted(found.column_count, "column") if found.column_count else "",
        f"Quality {found.quality_score} of 100" if found.quality_band else "",
    ]
    return [fact for fact in facts if fact]


@dataclass(frozen=True, slots=True)
class CellFacts:
    """What a line of a table says of a dataset, empty where nothing is stated; a star marks what was read."""

    people: str
    years: str
    places: str
    access: str


def facts_by_name(found: Found) -> CellFacts:
    """The same facts as `facts_in_brief` for a table."""
    people = "" if found.population_size is None else wording.number(found.population_size)
    years = wording.years(*found.years, end=found.end) if found.years else ""
    places = wording.shortened(wording.several(found.places, SHOWN_PLACES), LONGEST_FACT)
    return CellFacts(
        people=f"{people}*" if people and "population_size" in found.read else people,
        years=f"{years}*" if years and "years" in found.read else years,
        places=f"{places}*" if places and "places" in found.read else places,
        access=wording.shortened(wording.coded("access-service-category", found.access or ""), LONGEST_FACT),
    )


def _marked(fact: str, *, is_read: bool) -> str:
    return f"{fact} ({READ_NOTE})" if fact and is_read else fact


def browse_groups(overview: Overview) -> tuple[Group, ...]:
    """The two lists of the first page; places stand in where no data types are stated."""
    first = (
        _group("data_type", "Browse by data type", overview.data_types)
        if overview.data_types
        else _group("coverage", "Browse by place", overview.places)
    )
    custodians = _group(
        "custodian", "Browse by custodian", overview.top_custodians, more_href=url_for("organisations.index")
    )
    return tuple(group for group in (first, custodians) if group.entries)


def _group(name: str, heading: str, counts: Sequence[FacetCount], *, more_href: str = "") -> Group:
    rest = len(counts) - BROWSED
    return Group(
        name=name,
        heading=heading,
        entries=tuple(
            Entry(each.label, each.count, addresses.address(SearchQuery(filters={name: (each.value,)})))
            for each in counts[:BROWSED]
        ),
        more=f"{wording.number(rest)} more" if rest > 0 else "",
        more_href=more_href or addresses.address(SearchQuery()),
    )
