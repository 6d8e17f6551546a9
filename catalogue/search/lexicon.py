"""The words of a snapshot, for mending and completing what was typed."""

from collections.abc import Iterable
from functools import cached_property

from catalogue.search.analysis import term_of
from catalogue.search.executor import Executor
from catalogue.search.spelling import WordList, commoner, suggestions

MOST_BEGINNINGS = 200
"""Terms that the beginning of a word stands for; the ones that most documents have."""


def commonest_terms(words: Iterable[tuple[str, int]]) -> tuple[bytes, ...]:
    """The terms of words with how often each is there, those first that most documents have."""
    counts: dict[bytes, int] = {}
    for word, count in words:
        term = term_of(word)
        counts[term] = counts.get(term, 0) + count
    return tuple(sorted(filter(None, counts), key=lambda term: (-counts[term], term))[:MOST_BEGINNINGS])


class IndexLexicon:
    """The words of a snapshot, for mending and completing what was typed."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def has(self, term: bytes) -> bool:
        return len(self._executor.term(term).documents) > 0

    def near(self, word: str) -> tuple[str, ...]:
        return tuple(other for other in suggestions(word, self._lists) if self.has(term_of(other)))

    def commoner(self, word: str) -> tuple[str, ...]:
        """What a word that hardly any document has may have been meant to be."""
        return tuple(other for other in commoner(word, self._lists) if term_of(other) != term_of(word))

    def beginning(self, prefix: str) -> tuple[bytes, ...]:
        return commonest_terms(pair for words in self._lists for pair in words.beginning(prefix))

    @cached_property
    def _lists(self) -> list[WordList]:
        return [segment.words for segment in self._executor.snapshot.segments]
