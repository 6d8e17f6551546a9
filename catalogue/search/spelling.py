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

_SET_SIZE = 32
"""Which letters a word has is kept in so many bits; letters that far apart share one."""


class WordList:
    """The different words of a segment in order, and in how many documents each is."""

    def __init__(self, words: Sequence[str], counts: Array) -> None:
        self.words = words
        self.counts = counts
        self._letters = _Letters(words)

    @property
    def nbytes(self) -> int:
        """Memory used, about."""
        return 60 * len(self.words) + self._letters.nbytes

    def near(self, word: str, errors: int, *, same_start: bool = False) -> dict[str, int]:
        """Words that many errors away at most, with the errors; with `same_start` of those with its first letter.

        Only words of like length and letters are compared.
        """
        first, last = self._between(word[0]) if same_start else (0, len(self.words))
        if first == last:
            return {}
        candidates = self._letters.like(word, errors, first, last)
        apart = self._letters.distances(word, candidates, errors)
        within = apart <= errors
        pairs = zip(candidates[within].tolist(), apart[within].tolist(), strict=True)
        return {self.words[number]: distance for number, distance in pairs}

    def count(self, word: str) -> int:
        """In how many documents a word is."""
        place = bisect_left(self.words, word)
        return int(self.counts[place]) if place < len(self.words) and self.words[place] == word else 0

    def beginning(self, prefix: str) -> Sequence[tuple[str, int]]:
        """Words that begin so, with their counts."""
        first, last = self._between(prefix)
        return list(zip(self.words[first:last], self.counts[first:last].tolist(), strict=True))

    def _between(self, prefix: str) -> tuple[int, int]:
        return bisect_left(self.words, prefix), bisect_left(self.words, prefix + "\U0010ffff")


class _Letters:
    """The letters of many words, end to end, for comparing them all at once."""

    def __init__(self, words: Sequence[str]) -> None:
        self.codes = np.frombuffer("".join(words).encode("utf-32-le"), np.uint32)
        self.lengths = np.array([len(word) for word in words], np.int64)
        self.starts = np.cumsum(self.lengths) - self.lengths
        self.sets = np.zeros(0, np.uint32)
        if len(words):
            bits = np.left_shift(np.uint32(1), self.codes % _SET_SIZE)
            self.sets = np.bitwise_or.reduceat(bits, self.starts)

    @property
    def nbytes(self) -> int:
        return int(self.codes.nbytes + self.lengths.nbytes + self.starts.nbytes + self.sets.nbytes)

    def like(self, word: str, errors: int, first: int, last: int) -> Array:
        """The words from `first` to `last` that could be so many errors away, by their length and letters."""
        different = np.bitwise_count(self.sets[first:last] ^ _Letters([word]).sets[0])
        lengths = self.lengths[first:last]
        return first + np.flatnonzero((different <= 2 * errors) & (np.abs(lengths - len(word)) <= errors))

    def distances(self, word: str, numbers: Array, limit: int) -> Array:
        """Letters to insert, drop, change or swap with a neighbour to get from a word to each of these.

        The optimal string alignment distance (Damerau 1964, no part edited twice); above `limit` only that it is
        more. It is worked out for all words in one go: a cell of the table is an array over the words, and only cells
        that near to the diagonal matter.
        """
        lengths = self.lengths[numbers]
        longest = int(lengths.max(initial=0))
        places = self.starts[numbers][:, None] + np.minimum(np.arange(longest), lengths[:, None] - 1)
        others = self.codes[places].T
        more = np.full(len(numbers), limit + 1, np.int64)
        before: list[Array] = []
        previous = [np.full(len(numbers), column, np.int64) for column in range(longest + 1)]
        for row, letter in enumerate(map(ord, word), 1):
            current = [np.full(len(numbers), row, np.int64), *[more] * longest]
            for column in range(max(1, row - limit), min(longest, row + limit) + 1):
                changed = previous[column - 1] + (others[column - 1] != letter)
                best = np.minimum(np.minimum(previous[column], current[column - 1]) + 1, changed)
                if row > 1 and column > 1:
                    swapped = (others[column - 2] == letter) & (others[column - 1] == ord(word[row - 2]))
                    best = np.where(swapped, np.minimum(best, before[column - 2] + 1), best)
                current[column] = best
            before, previous = previous, current
        table = np.array(previous)
        result: Array = table[lengths, np.arange(len(numbers))]
        return result


def forgiven(word: str) -> int:
    """How many errors are forgiven in a word. None where there are digits: a near code is another code."""
    if len(word) < SHORTEST or not word.isalpha():
        return 0
    return 1 if len(word) < LONG else 2


def suggestions(word: str, lists: Sequence[WordList]) -> tuple[str, ...]:
    """What a word that is in no list was probably meant to be: nearest first, then what more documents have.

    People rarely mistake the first letter, so the other words are looked at only when none begins with it.
    """
    allowed = forgiven(word)
    if not allowed:
        return ()
    near: dict[str, int] = {}
    for same_start in (True, False):
        for words in lists:
            near |= words.near(word, allowed, same_start=same_start)
        if near:
            break
    counts = Counter({other: sum(words.count(other) for words in lists) for other in near})
    least = min(near.values(), default=0)
    nearest = [other for other, apart in near.items() if apart == least and not other.isdigit()]
    nearest.sort(key=lambda other: (-counts[other], other))
    enough = RARE * counts[nearest[0]] if nearest else 0
    return tuple(other for other in nearest if counts[other] >= enough)[:MOST_SUGGESTIONS]


SELDOM = 2
"""A word that no more documents have may be one that somebody mistyped in a description."""
OFTEN = 10
"""So many times more documents have the word that was meant."""


def commoner(word: str, lists: Sequence[WordList]) -> tuple[str, ...]:
    """Words one error away from one that hardly any document has, that far more documents have; the first of them."""
    count = sum(words.count(word) for words in lists)
    if count > SELDOM or not forgiven(word):
        return ()
    near = {other for words in lists for other in words.near(word, 1, same_start=True)} - {word}
    counts = {other: sum(words.count(other) for words in lists) for other in near if not other.isdigit()}
    often = [other for other in counts if counts[other] >= OFTEN * max(count, 1)]
    return tuple(sorted(often, key=lambda other: (-counts[other], other)))[:1]
