"""Words of the index that a word may have been meant to be, and words that begin with some letters."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]

SHORTEST = 4
"""Shorter words are not corrected: nearly everything is near to them."""
LONG = 8
"""From this many letters on, two errors are forgiven."""
MOST_SUGGESTIONS = 3
RARE = 0.1
"""A suggestion that is in less than this share of the documents of the best one is not worth searching."""

_LETTERS = 32


class WordList:
    """The different words of a segment in order, and in how many documents each is."""

    def __init__(self, words: Sequence[str], counts: Array) -> None:
        self.words = words
        self.counts = counts
        lengths = np.array([len(word) for word in words], np.int64)
        self._lengths = lengths
        self._letters = _letters_of(words, lengths)

    @property
    def nbytes(self) -> int:
        """Memory used, about."""
        return int(self._lengths.sum()) + 60 * len(self.words) + 3 * self._lengths.nbytes

    def near(self, word: str, errors: int) -> dict[str, int]:
        """Words that many errors away at most, with the errors. Only words of like length and letters are compared."""
        if not self.words:
            return {}
        letters = _letters_of([word], np.array([len(word)]))
        different = np.bitwise_count(self._letters ^ letters[0])
        candidates = np.flatnonzero((different <= 2 * errors) & (np.abs(self._lengths - len(word)) <= errors))
        found = ((self.words[number], distance(word, self.words[number], errors)) for number in candidates.tolist())
        return {other: apart for other, apart in found if apart <= errors}

    def count(self, word: str) -> int:
        """In how many documents a word is."""
        place = bisect_left(self.words, word)
        return int(self.counts[place]) if place < len(self.words) and self.words[place] == word else 0

    def beginning(self, prefix: str) -> Sequence[tuple[str, int]]:
        """Words that begin so, with their counts."""
        first = bisect_left(self.words, prefix)
        last = bisect_left(self.words, prefix + "\U0010ffff")
        return list(zip(self.words[first:last], self.counts[first:last].tolist(), strict=True))


def _letters_of(words: Sequence[str], lengths: Array) -> Array:
    """Which letters each word has, a bit each; letters 32 apart share one."""
    if not words:
        return np.zeros(0, np.uint32)
    codes = np.frombuffer("".join(words).encode("utf-32-le"), np.uint32) % _LETTERS
    return np.bitwise_or.reduceat(np.left_shift(np.uint32(1), codes), np.cumsum(lengths) - lengths)


def distance(one: str, other: str, limit: int) -> int:
    """Letters to insert, drop, change or swap with a neighbour to get from one to the other; above `limit` any number.

    The optimal string alignment distance (Damerau 1964, without substrings edited twice).
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    previous = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, against in enumerate(other, 1):
            best = min(previous[column] + 1, current[-1] + 1, previous[column - 1] + (letter != against))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against:
                best = min(best, before[column - 2] + 1)
            current.append(best)
        if min(current) > limit:
            return limit + 1
        before, previous = previous, current
    return previous[-1]


def forgiven(word: str) -> int:
    """How many errors are forgiven in a word. None where there are digits: a near code is another code."""
    if len(word) < SHORTEST or not word.isalpha():
        return 0
    return 1 if len(word) < LONG else 2


def suggestions(word: str, lists: Sequence[WordList]) -> tuple[str, ...]:
    """What a word that is in no list was probably meant to be: nearest first, then what more documents have."""
    allowed = forgiven(word)
    if not allowed:
        return ()
    near: dict[str, int] = {}
    for words in lists:
        near |= words.near(word, allowed)
    counts = Counter({other: sum(words.count(other) for words in lists) for other in near})
    least = min(near.values(), default=0)
    nearest = [other for other, apart in near.items() if apart == least and not other.isdigit()]
    nearest.sort(key=lambda other: (other[0] != word[0], -counts[other], other))
    enough = RARE * counts[nearest[0]] if nearest else 0
    return tuple(other for other in nearest if counts[other] >= enough)[:MOST_SUGGESTIONS]
