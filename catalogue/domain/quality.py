"""How complete and how right a description is, and what to state next.

The formula and the bands are those that HDR UK used for its 2.x schemas: half the score is the weighted share of
facts that are stated, half that of facts of which no error is reported, so that a required fact which is missing
counts twice. The weights are the project's own, since nobody published any for 4.0.0, and are data:
`completeness.json`.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, is_dataclass
from functools import cache
from importlib.resources import files
from operator import attrgetter
from typing import Any, Final

from schemas.metadata import Description, Problem, Severity
from schemas.vocabularies import field_label

_TOLERANCE: Final = 1e-9
_POSITION: Final = re.compile(r"\[[0-9]+\]")
_CAPITAL: Final = re.compile("[A-Z]")


@dataclass(frozen=True, slots=True)
class Fix:
    """Something to do: `points` of the hundred would be gained by it."""

    path: str
    label: str
    points: float
    why: str


@dataclass(frozen=True, slots=True)
class Quality:
    """A score from 0 to 100, its band, and the points that each fact costs it."""

    score: int
    band: str
    costs: tuple[tuple["_Fact", float], ...]

    @property
    def fixes(self) -> tuple[Fix, ...]:
        """What would raise the score, the most first."""
        found = (Fix(fact.path, field_label(fact.path), round(points, 1), fact.why) for fact, points in self.costs)
        return tuple(sorted(found, key=lambda fix: -fix.points))


def score(description: Description, problems: Iterable[Problem]) -> Quality:
    """Rate a description with its problems, whose paths are those of the canonical form.

    Of tables and columns the share that states a fact counts. The score is rounded down, so that 100 means
    everything.
    """
    table = _table()
    wrong = frozenset(_places(problem.path for problem in problems if problem.severity is Severity.ERROR))
    costs = []
    for fact in table.facts:
        missing = 1 - fact.share(description)
        points = fact.points * (missing + (fact.path in wrong)) / 2
        if points > 0:
            costs.append((fact, points))
    total = int(100 - sum(points for _, points in costs) + _TOLERANCE)
    return Quality(total, table.band(total), tuple(costs))


@dataclass(frozen=True, slots=True)
class _Fact:
    """A fact that counts: `get` leads to it or to the list that it lies in, and `below` on from there."""

    path: str
    get: Callable[[Description], Any]
    below: tuple[str, ...]
    points: float
    why: str
    implied_by: Callable[[Description], Any] | None
    implying: frozenset[str]

    def share(self, description: Description) -> float:
        """How much of the fact is stated, from 0 to 1."""
        value = self.get(description)
        stated, possible = _counted(value, self.below) if self.below else (int(_is_stated(value)), 1)
        if not stated and self.implied_by and self.implied_by(description) in self.implying:
            return 1.0
        return stated / possible if possible else 0.0


@dataclass(frozen=True, slots=True)
class _Table:
    facts: tuple[_Fact, ...]
    bands: tuple[tuple[int, str], ...]

    def band(self, total: int) -> str:
        return next(name for above, name in self.bands if total > above)


@cache
def _table() -> _Table:
    document = json.loads((files(__package__) / "completeness.json").read_text("utf-8"))
    whole = sum(entry["weight"] for entry in document["facts"])
    facts = []
    for entry in document["facts"]:
        implied = entry.get("implied_by", {"path": "", "values": []})
        way, below = _way(entry["path"])
        facts.append(
            _Fact(
                path=entry["path"],
                get=attrgetter(way),
                below=below,
                points=100 * entry["weight"] / whole,
                why=entry["why"],
                implied_by=attrgetter(_way(implied["path"])[0]) if implied["path"] else None,
                implying=frozenset(implied["values"]),
            )
        )
    return _Table(tuple(facts), tuple((band["above"], band["name"]) for band in document["bands"]))


def _way(path: str) -> tuple[str, tuple[str, ...]]:
    """The way to a fact in Python, to the first list or optional part on it and from there on.

    `summary.doiName` is `summary.doi_name` and nothing; `revisions.version` is `revisions` and `version`.
    """
    names = [_CAPITAL.sub(lambda found: f"_{found[0].lower()}", key) for key in path.split(".")]
    sections, value = 0, getattr(Description(), names[0])
    while is_dataclass(value):
        sections += 1
        value = getattr(value, names[sections])
    return ".".join(names[: sections + 1]), tuple(names[sections + 1 :])


def _counted(value: Any, names: tuple[str, ...]) -> tuple[int, int]:  # noqa: ANN401 - any part of a description
    """In how many of the places below a list or an optional part the fact is stated, and how many there are."""
    places, absent = [value], 0
    for name in names:
        items = [item for place in places for item in (place if isinstance(place, tuple) else (place,))]
        places = [getattr(item, name) for item in items if item is not None]
        absent += len(items) - len(places)
    return sum(map(_is_stated, places)), len(places) + absent


def _is_stated(value: object) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None and value != ()


def _places(paths: Iterable[str]) -> Iterator[str]:
    """Each path without list positions, and everything that it lies in: a wrong count is a wrong observation."""
    for path in paths:
        keys = _POSITION.sub("", path).split(".")
        yield from (".".join(keys[: end + 1]) for end in range(len(keys)))
