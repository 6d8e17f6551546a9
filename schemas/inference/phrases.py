"""Finding many phrases in a sentence by looking up its words, in time that grows with the sentence alone."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from schemas.inference.passages import Match, Sentence, words_of

_RULES = f"{__package__}.rules"


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases by their first word, the longest first, each with the value that it stands for."""

    by_first: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]

    def at(self, sentence: Sentence, position: int) -> tuple[str, int] | None:
        """The value of the longest phrase that begins at a position, and where it ends."""
        for words, value in self.by_first.get(sentence.word(position), ()):
            end = position + len(words)
            if all(sentence.word(position + offset) == word for offset, word in enumerate(words)):
                return value, end
        return None

    def find(self, sentence: Sentence) -> Iterator[tuple[str, Match]]:
        """Every phrase of the sentence with its value; where two begin or overlap, the first and longest."""
        position = 0
        while position < len(sentence.tokens):
            found = self.at(sentence, position)
            if found is None:
                position += 1
                continue
            value, end = found
            yield value, Match(sentence, position, end)
            position = end

    def is_in(self, sentence: Sentence) -> bool:
        """Whether the sentence has one of the phrases."""
        return next(self.find(sentence), None) is not None

    def within(self, sentence: Sentence, start: int, end: int) -> bool:
        """Whether one of the phrases begins between two positions (the second not included)."""
        return any(self.at(sentence, position) for position in range(max(0, start), min(end, len(sentence.tokens))))


def phrases(values: Mapping[str, Iterable[str]] | Iterable[str]) -> Phrases:
    """Phrases from what each value is called, or from a plain list, of which each phrase is its own value."""
    called = values if isinstance(values, Mapping) else {phrase: (phrase,) for phrase in values}
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for value, spellings in called.items():
        for spelling in spellings:
            words = words_of(spelling)
            table.setdefault(words[0], []).append((words, value))
    return Phrases({first: tuple(sorted(each, key=lambda item: -len(item[0]))) for first, each in table.items()})


@cache
def word_list(name: str) -> Mapping[str, Any]:
    """The words that are kept beside the rules, by the name of their file."""
    document = json.loads((files(_RULES) / f"{name}.json").read_text("utf-8"))
    return dict(document)


def folded_words(words: Iterable[str]) -> frozenset[str]:
    """Single words as they are compared."""
    return frozenset(folded for word in words for folded in words_of(word))
