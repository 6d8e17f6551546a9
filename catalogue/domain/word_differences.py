"""Which words of a long text changed, found in bounded time."""

from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import Final

MOST_EDITS: Final = 600
"""Words put in or taken out, after which two texts are shown as different ones."""
MOST_STEPS: Final = 500_000
"""Steps for all texts of one comparison: a second or less."""


class WordKind(StrEnum):
    """Whether words are in both texts, or in one of them."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Words:
    """A run of words with one fate."""

    text: str
    kind: WordKind


@dataclass(slots=True)
class Effort:
    """What may still be spent on one comparison; a thousand changed texts must not take a thousand times as long."""

    steps: int = field(default=MOST_STEPS)


def changed_words(before: str, after: str, effort: Effort) -> tuple[Words, ...]:
    """The words of both texts in reading order, as runs that are the same, removed or added.

    When too much differs for `effort`, what lies between the common start and end is one removed and one
    added run.
    """
    old, new = before.split(), after.split()
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    old_middle, new_middle = old[start : len(old) - end], new[start : len(new) - end]
    edits = _shortest_edit(old_middle, new_middle, effort) or [
        *((WordKind.REMOVED, word) for word in old_middle),
        *((WordKind.ADDED, word) for word in new_middle),
    ]
    same = [(WordKind.SAME, word) for word in old]
    marked = [*same[:start], *edits, *same[len(old) - end :]]
    runs = groupby(marked, key=lambda pair: pair[0])
    return tuple(Words(" ".join(word for _, word in run), kind) for kind, run in runs)


Edit = tuple[WordKind, str]


def _common(old: list[str], new: list[str]) -> int:
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count


def _shortest_edit(old: list[str], new: list[str], effort: Effort) -> list[Edit]:
    """The fewest words to take out and put in (Myers 1986, the greedy algorithm), or nothing if that takes too long.

    `furthest[k]` is how far into `old` one gets with `edits` edits on the diagonal k = x - y.
    """
    furthest = {1: 0}
    trace: list[dict[int, int]] = []
    for edits in range(min(len(old) + len(new), MOST_EDITS) + 1):
        trace.append(dict(furthest))
        for diagonal in range(-edits, edits + 1, 2):
            start, _ = _step(furthest, diagonal, edits)
            x = start
            while x < len(old) and x - diagonal < len(new) and old[x] == new[x - diagonal]:
                x += 1
            furthest[diagonal] = x
            effort.steps -= x - start + 1
            if x >= len(old) and x - diagonal >= len(new):
                return _read_back(old, new, trace)
        if effort.steps < 0:
            break
    return []


def _step(furthest: dict[int, int], diagonal: int, edits: int) -> tuple[int, WordKind]:
    """Put a word in from the diagonal above, or take one out from the one below, whichever gets further."""
    if diagonal == -edits or (diagonal != edits and furthest[diagonal - 1] < furthest[diagonal + 1]):
        return furthest[diagonal + 1], WordKind.ADDED
    return furthest[diagonal - 1] + 1, WordKind.REMOVED


def _read_back(old: list[str], new: list[str], trace: list[dict[int, int]]) -> list[Edit]:
    found: list[Edit] = []
    x, y = len(old), len(new)
    for edits in range(len(trace) - 1, 0, -1):
        start, kind = _step(trace[edits], x - y, edits)
        while x > start:
            x, y = x - 1, y - 1
            found.append((WordKind.SAME, old[x]))
        if kind is WordKind.ADDED:
            y -= 1
            found.append((kind, new[y]))
        else:
            x -= 1
            found.append((kind, old[x]))
    found.extend((WordKind.SAME, word) for word in reversed(old[:x]))
    return found[::-1]
