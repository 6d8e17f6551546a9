"""What the history of a dataset shows: versions, and what changed in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from catalogue.domain.versions import Difference, DifferenceKind
from catalogue.services.datasets import DatasetView, VersionView
from catalogue.web.wording import day, listed, number
from schemas.metadata import to_json

SHOWN_DIFFERENCES = 200
"""Differences of one version that a page lists; a new data dictionary has thousands."""
OPEN_DIFFERENCES = 12
MANY_ALIKE = 5
LONGEST_VALUE = 3000
NAMES = {
    DifferenceKind.ADDED: "Added",
    DifferenceKind.REMOVED: "Removed",
    DifferenceKind.CHANGED: "Changed",
    DifferenceKind.MOVED: "Moved",
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """The two versions to compare, when two were asked for; what was not understood is said."""

    numbers: tuple[int, int] | None = None
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of a changed text: kept, put in (`ins`) or taken out (`del`)."""

    text: str
    element: str


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that is not what it was, as people read it."""

    kind: str
    name: str
    label: str
    marks: tuple[Mark, ...]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Changes that follow each other; many of the same kind have a title and stand behind a disclosure."""

    title: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """The differences between two versions; `unlisted` are the ones left out of a long list."""

    summary: str
    groups: tuple[ChangeGroup, ...]
    unlisted: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A version in the history."""

    version: VersionView
    is_current: bool
    is_first: bool
    who: str
    changes: Changes | None


@dataclass(frozen=True, slots=True)
class VersionsPage:
    """The history of a dataset, and the comparison that was asked for."""

    view: DatasetView
    entries: tuple[Entry, ...]
    chosen: Chosen
    compared: Changes | None
    numbers: tuple[int, ...]
    default_from: int
    default_to: int


def chosen(earlier: str, later: str, history: Sequence[VersionView]) -> Chosen:
    """What `from` and `to` ask for, the earlier first."""
    if not earlier.strip() and not later.strip():
        return Chosen()
    known = {str(version.number): version.number for version in history}
    numbers = [known[text.strip()] for text in (earlier, later) if text.strip() in known]
    if len(numbers) < 2:  # noqa: PLR2004 - a comparison has two sides
        return Chosen(notice="Choose two versions from the list to compare them.")
    if numbers[0] == numbers[1]:
        return Chosen(notice="These are the same version: choose two different ones.")
    return Chosen((min(numbers), max(numbers)))


def build(
    view: DatasetView, history: Sequence[VersionView], asked: Chosen, compared: Sequence[Difference]
) -> VersionsPage:
    """The page for the history, newest version first."""
    newest = history[0].number
    first = history[-1].number
    entries = tuple(
        Entry(
            version=each,
            is_current=each.number == newest,
            is_first=each.number == first,
            who=each.actor,
            changes=changes(each.differences) if each.differences is not None else None,
        )
        for each in history
    )
    default_from, default_to = asked.numbers or (max(first, newest - 1), newest)
    return VersionsPage(
        view=view,
        entries=entries,
        chosen=asked,
        compared=changes(compared, is_open=True) if asked.numbers else None,
        numbers=tuple(each.number for each in history),
        default_from=default_from,
        default_to=default_to,
    )


def changes(differences: Sequence[Difference], *, is_open: bool = False) -> Changes:
    """Differences as people read them, with a line that sums them up."""
    shown = differences[:SHOWN_DIFFERENCES]
    return Changes(
        summary=_summary(differences),
        groups=tuple(_groups([_change(each) for each in shown])),
        unlisted=len(differences) - len(shown),
        is_open=is_open or len(differences) <= OPEN_DIFFERENCES,
    )


def _groups(changes: Sequence[Change]) -> Iterator[ChangeGroup]:
    """Changes in their order, with long runs of the same kind (new counts of age groups) taken together."""
    apart: list[Change] = []
    for (name, stem), run in groupby(changes, key=lambda each: (each.name, each.label.partition(" (")[0])):
        alike = tuple(run)
        if len(alike) < MANY_ALIKE:
            apart += alike
            continue
        if apart:
            yield ChangeGroup("", tuple(apart))
            apart = []
        yield ChangeGroup(f"{name}: {stem}, {number(len(alike))} times", alike)
    if apart:
        yield ChangeGroup("", tuple(apart))


def _summary(differences: Sequence[Difference]) -> str:
    """`2 facts added, 1 changed`."""
    counts = [(kind, sum(each.kind is kind for each in differences)) for kind in DifferenceKind]
    parts = [f"{number(count)} {NAMES[kind].lower()}" for kind, count in counts if count]
    first, _, rest = listed(parts).partition(" ")
    noun = "fact" if first == "1" else "facts"
    return f"{first} {noun} {rest}" if parts else ""


def _change(difference: Difference) -> Change:
    marks = tuple(
        Mark(each.text, {"added": "ins", "removed": "del"}.get(each.kind.value, "span")) for each in difference.words
    )
    return Change(
        kind=difference.kind.value,
        name=NAMES[difference.kind],
        label=difference.label,
        marks=marks,
        before="" if marks else said(difference.before),
        after="" if marks else said(difference.after),
    )


def said(value: Any) -> str:  # noqa: ANN401 - any part of a description
    """Any value of a description on one line; empty when nothing is stated."""
    return _in_words(to_json(value))[:LONGEST_VALUE]


def _in_words(value: Any) -> str:  # noqa: ANN401 - JSON values
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, Mapping):
        return "; ".join(part for part in map(_in_words, value.values()) if part)
    if isinstance(value, list):
        return ", ".join(part for part in map(_in_words, value) if part)
    return day(value)
