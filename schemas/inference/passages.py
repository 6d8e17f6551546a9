"""The words of a description, cut into sentences and tokens in one walk over a bounded text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from schemas.metadata import Description

LONGEST_TEXT = 20_000
"""Characters of a text that are read; real descriptions end long before, hostile ones do not."""
MOST_COLUMNS = 2_000
LONGEST_NAME = 200
LONGEST_WORD = 40
EXCERPT = 240
"""Characters of an excerpt: about three lines, enough to judge a fact by."""

TITLE, ABSTRACT, DESCRIPTION = "summary.title", "summary.abstract", "documentation.description"
COLUMNS = "structuralMetadata.tables.columns.name"

# Each branch takes at least one character and none can be taken in two ways, so the walk is linear.
_TOKEN = re.compile(
    r"(?P<link>(?:https?://|www\.)\S*)"
    r"|(?P<end>[.!?](?=\s|$)|[\n\r;\u2022\u00b7]+)"
    r"|(?P<hyphen>(?<=[^\W\d])[-\u2010\u2011'\u2019](?=\w))"
    r"|(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+\.[0-9]+)"
    r"|(?P<word>[^\W_]+)"
    r"|(?P<mark>[^\s\w])"
)
_CAMEL_CASE = re.compile(r"(?<=[a-z])(?=[A-Z])")
LONGEST_UNBENT = 4
"""Shorter words keep their ending: most of them are acronyms, and OPCS is not the plural of OPC."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or mark: `word` is folded for comparison, `start` and `end` are its place in the text."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """Tokens that belong together; `path` is the field that they stand in, `text` all of that field."""

    path: str
    text: str
    tokens: tuple[Token, ...]

    def word(self, position: int) -> str:
        """The folded token at a position; empty where there is none."""
        return self.tokens[position].word if 0 <= position < len(self.tokens) else ""

    def has(self, words: frozenset[str], start: int = 0, end: int | None = None) -> bool:
        """Whether one of the folded words stands between two positions."""
        return any(token.word in words for token in self.tokens[max(0, start) : end])


@dataclass(frozen=True, slots=True)
class Match:
    """Tokens of a sentence, from `start` to `end` (not included)."""

    sentence: Sentence
    start: int
    end: int

    def excerpt(self) -> str:
        """The matched words with as much of their sentence as fits, cut between words."""
        tokens, text = self.sentence.tokens, self.sentence.text
        first, last = self.start, self.end - 1
        while last + 1 < len(tokens) and tokens[last + 1].end - tokens[first].start <= EXCERPT * 3 // 4:
            last += 1
        while first > 0 and tokens[last].end - tokens[first - 1].start <= EXCERPT:
            first -= 1
        words = " ".join(text[tokens[first].start : tokens[last].end][:EXCERPT].split())
        return f"{'… ' if first else ''}{words}{' …' if last + 1 < len(tokens) else ''}"


def folded(word: str) -> str:
    """A word as it is compared: no case, no plural."""
    word = word.casefold()
    if len(word) <= LONGEST_UNBENT or not word.endswith("s") or word.endswith("ss"):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") else word[:-1]


def words_of(text: str) -> tuple[str, ...]:
    """The folded words of a short text, as they are compared with those of a sentence."""
    return tuple(token.word for sentence in sentences(text, "") for token in sentence.tokens)


def sentences(text: str, path: str) -> Iterator[Sentence]:
    """The sentences of a text; addresses are left out, they say nothing in words."""
    text = text[:LONGEST_TEXT]
    tokens: list[Token] = []
    for found in _TOKEN.finditer(text):
        # "ICD-10" and "ICD 10" are one, so a hyphen inside a word is no word.
        if found.lastgroup in {"end", "link", "hyphen"}:
            if tokens and found.lastgroup == "end":
                yield Sentence(path, text, tuple(tokens))
                tokens = []
            continue
        word = found.group()
        if len(word) <= LONGEST_WORD:
            tokens.append(Token(folded(word), found.start(), found.end()))
    if tokens:
        yield Sentence(path, text, tuple(tokens))


def sentences_of(description: Description) -> tuple[Sentence, ...]:
    """Everything that rules read, in the order in which it is believed: title, abstract, description, columns."""
    summary = description.summary
    texts = (
        (TITLE, summary.title),
        (ABSTRACT, summary.abstract),
        (DESCRIPTION, description.documentation.description),
    )
    read = [each for path, text in texts if text for each in sentences(text, path)]
    return (*read, *_columns(description))


def _columns(description: Description) -> Iterator[Sentence]:
    """Each name of a column as a sentence of its own, taken apart where it is written in camel case."""
    names = (column.name for table in description.structural_metadata.tables for column in table.columns)
    for _, name in zip(range(MOST_COLUMNS), names, strict=False):
        if isinstance(name, str):
            text = _CAMEL_CASE.sub(" ", name[:LONGEST_NAME]).replace("_", " ")
            tokens = tuple(token for sentence in sentences(text, COLUMNS) for token in sentence.tokens)
            if tokens:
                yield Sentence(COLUMNS, text, tokens)
