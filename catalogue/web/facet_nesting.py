"""Which values of facets stand below others: sub-types below their type, regions below England."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalogue.search.backend import FacetCount
from schemas.vocabularies import vocabulary

MOST_LOOKED_AT = 200
"""Values of a facet that are looked at for being below another; free text makes any number of them."""
NESTING = {"data_subtype": ("data_type", "dataset-type"), "coverage": ("coverage", "places")}
"""A facet whose values stand below those of another or its own: that one, and the code list that says which."""
KEPT_APART = frozenset({"United Kingdom", "Great Britain", "England and Wales"})
"""Places that hold nations, which are too well known to stand below anything."""


@dataclass(frozen=True, slots=True)
class Below:
    """Values below another one, all of the facet `facet`."""

    facet: str
    counts: tuple[FacetCount, ...]


@dataclass(frozen=True, slots=True)
class Nesting:
    """For each facet the values that others stand below, and the values that stand there and nowhere else."""

    below: Mapping[tuple[str, str], Below]
    placed: Mapping[str, frozenset[str]]


def nest(facets: Mapping[str, Sequence[FacetCount]]) -> Nesting:
    """Put each value below the one that holds it, if exactly one of those that are listed does."""
    found: dict[tuple[str, str], list[FacetCount]] = {}
    of: dict[tuple[str, str], str] = {}
    placed: dict[str, frozenset[str]] = {}
    for name, (outer, code_list) in NESTING.items():
        listed = {each.value for each in facets.get(outer, ())[:MOST_LOOKED_AT]} - KEPT_APART
        owners: dict[str, list[str]] = {}
        for wide, inner in vocabulary(code_list).narrower.items():
            for value in inner if wide in listed else ():
                owners.setdefault(value, []).append(wide)
        mine = set()
        for each in facets.get(name, ())[:MOST_LOOKED_AT]:
            if len(owners.get(each.value, ())) == 1:
                key = (outer, owners[each.value][0])
                found.setdefault(key, []).append(each)
                of[key] = name
                mine.add(each.value)
        placed[name] = frozenset(mine)
    return Nesting({key: Below(of[key], tuple(counts)) for key, counts in found.items()}, placed)
