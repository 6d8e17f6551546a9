"""How often the rules are right, on descriptions that people have read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schemas.inference.facts import Fact
from schemas.inference.filling import PATHS, path_label

LEAST_PRECISION = 0.95


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person says of a fact of a record, which is known by its remote identifier."""

    record: str
    path: str
    value: str
    is_right: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """Records that were read, what was said of the facts inferred from them, and facts that a reader found besides."""

    records: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    missed: tuple[tuple[str, str, str], ...] = ()
    missed_in: int = 0
    """So many of the records, the first ones, were read for what was missed."""


@dataclass(frozen=True, slots=True)
class Score:
    """One kind of fact: how many were inferred, and how many of them are right."""

    label: str
    inferred: int
    right: int

    @property
    def precision(self) -> float | None:
        """The share that is right; None where nothing was inferred."""
        return self.right / self.inferred if self.inferred else None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The scores by kind, their sum, and the facts of which nobody has said anything."""

    kinds: tuple[Score, ...]
    total: Score
    unjudged: tuple[tuple[str, str, str], ...]

    @property
    def is_good(self) -> bool:
        """Whether every fact was judged and enough are right."""
        return not self.unjudged and (self.total.precision or 0) >= LEAST_PRECISION


def read_checked(document: Mapping[str, Any]) -> Checked:
    """Verdicts as they are kept: `facts` and `missed` by record, then by path. Raises KeyError, TypeError, ValueError.

    A value that begins with `!` was judged wrong.
    """
    verdicts = [
        Verdict(record, path, value.removeprefix("!"), not value.startswith("!"))
        for record, path, value in _rows(document["facts"])
    ]
    missed = tuple(_rows(document.get("missed", {})))
    return Checked(tuple(document["records"]), tuple(verdicts), missed, int(document.get("missed_in", 0)))


def outcome(checked: Checked, found: Mapping[str, Sequence[Fact]]) -> Outcome:
    """How right the facts are that were found in the checked records."""
    said = {(each.record, each.path, each.value): each.is_right for each in checked.verdicts}
    keys = [(record, fact.path, fact.value) for record in checked.records for fact in found.get(record, ())]
    judged = [key for key in keys if key in said]
    kinds = tuple(_score(path_label(path), [key for key in judged if key[1] == path], said) for path in PATHS)
    return Outcome(
        kinds=tuple(each for each in kinds if each.inferred),
        total=_score("All", judged, said),
        unjudged=tuple(key for key in keys if key not in said),
    )


def recall(checked: Checked, found: Mapping[str, Sequence[Fact]]) -> tuple[int, int]:
    """How many facts the rules found in the records that were read for it, and how many a reader finds in all."""
    records = checked.records[: checked.missed_in]
    said = {(each.record, each.path, each.value) for each in checked.verdicts if each.is_right}
    seen = {(record, fact.path, fact.value) for record in records for fact in found.get(record, ())}
    missed = {each for each in checked.missed if each not in seen}
    return len(seen & said), len(seen & said) + len(missed)


def _score(label: str, keys: Sequence[tuple[str, str, str]], said: Mapping[tuple[str, str, str], bool]) -> Score:
    return Score(label, len(keys), sum(said[key] for key in keys))


def _rows(document: Mapping[str, Mapping[str, Sequence[str]]]) -> Iterable[tuple[str, str, str]]:
    for record, by_path in document.items():
        for path, values in by_path.items():
            yield from ((record, path, value) for value in values)
