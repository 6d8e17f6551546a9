"""What is wrong with a description, what could not be taken over, and what is not stated."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from catalogue.web.dataset_facts import is_stated, path_of
from catalogue.web.dataset_sections import OTHERS_EXPECTED, SECTIONS
from schemas.metadata import DemographicFrequency, Description, Problem, Severity
from schemas.vocabularies import field, field_label


@dataclass(frozen=True, slots=True)
class Absent:
    """Something not stated, and what asking would tell."""

    label: str
    told: str


@dataclass(frozen=True, slots=True)
class SuppliedValues:
    """What a source wrote in one place and could not be taken over."""

    label: str
    value: str
    reason: str


def grouped(problems: Sequence[Problem]) -> tuple[tuple[str, tuple[Problem, ...]], ...]:
    """Problems by how bad they are, each group with its title."""
    titles = {
        Severity.ERROR: "Required and missing or wrong",
        Severity.WARNING: "Doubtful",
        Severity.NOTE: "Tidied, or read in one of several ways",
    }
    groups = ((title, tuple(each for each in problems if each.severity is kind)) for kind, title in titles.items())
    return tuple((title, each) for title, each in groups if each)


def supplied(description: Description) -> tuple[SuppliedValues, ...]:
    """Values as supplied, those of one list together."""
    places = groupby(description.as_supplied, key=lambda each: (_list_of(each.path), each.reason))
    return tuple(
        SuppliedValues(field_label(path), "\n".join(each.value for each in values), reason)
        for (path, reason), values in places
    )


def _list_of(path: str) -> str:
    """`coverage.gender[1]` as `coverage.gender`; a path that ends in no position as it is."""
    return path.rpartition("[")[0] if path.endswith("]") else path


def absent(description: Description) -> list[Absent]:
    """What is not stated, in the order of the sections; said once, at the end of the page."""
    found = []
    for name, (_, rows) in SECTIONS.items():
        expected = [row.path for row in rows if row.is_expected and not is_stated(row.of(description))]
        expected += [
            path_of(each) for section, each in OTHERS_EXPECTED if section == name and not _has(description, each)
        ]
        for path in expected:
            stated = field(path)
            found.append(Absent(stated.label if stated else path, stated.help if stated else ""))
    return found


def _has(description: Description, attribute: str) -> bool:
    value = attrgetter(attribute)(description)
    return is_stated(value) and value != DemographicFrequency()
