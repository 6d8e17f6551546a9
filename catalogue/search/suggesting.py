"""Questions that may have been meant instead of what was typed: "did you mean"."""

import re
from collections.abc import Iterator, Mapping
from typing import Protocol

from catalogue.search.analysis import term_of
from catalogue.search.query import Choice, Question, Word
from catalogue.search.spelling import MOST_SUGGESTIONS

FEW_RESULTS = 2
"""With more results nobody is asked whether they mistyped a word that some description has."""
MOST_WORDS_TRIED = 5
"""Words of a question that are compared with all words of the index."""


class Words(Protocol):
    """The words of the index."""

    def has(self, term: bytes) -> bool:
        """Whether any document has the term."""

    def near(self, word: str) -> tuple[str, ...]:
        """What a word that no document has was probably meant to be."""

    def commoner(self, word: str) -> tuple[str, ...]:
        """What a word that hardly any document has may have been meant to be."""


def suggest(
    text: str,
    question: Question,
    *,
    corrections: Mapping[str, tuple[str, ...]],
    total: int,
    words: Words,
    known: frozenset[bytes],
) -> tuple[str, ...]:
    """Other questions, the likeliest first: where a correction was not certain, and where hardly anything was found.

    `known` are terms of words that are spelt as they should be.
    """
    found = [_with(text, word, other) for word, others in corrections.items() if len(others) > 1 for other in others]
    if total <= FEW_RESULTS and not corrections:
        doubtful = [word for word in _words(question) if term_of(word) not in known][:MOST_WORDS_TRIED]
        for word in doubtful:
            others = words.commoner(word) if words.has(term_of(word)) else words.near(word)
            found += [_with(text, word, other) for other in others]
    return tuple(dict.fromkeys(each for each in found if each != text))[:MOST_SUGGESTIONS]


def _words(question: Question) -> Iterator[str]:
    for part in question.required:
        for option in part.options if isinstance(part, Choice) else (part,):
            if isinstance(option, Word) and not option.is_prefix and term_of(option.text):
                yield option.text


def _with(text: str, word: str, other: str) -> str:
    """The text with a word in place of another, wherever it stands alone."""
    return re.sub(rf"(?i)(?<!\w){re.escape(word)}(?!\w)", lambda _: other, text)
