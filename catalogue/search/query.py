"""What a person typed, taken apart. Pure, and without errors: every text is a question.

    heart attack            both words
    "heart attack"          the phrase
    covid-19, patient_id    a phrase too: parts joined without a space
    -smoking, NOT smoking   without this word, or phrase
    asthma OR copd          one or the other; binds closer than the words beside it
    title:asthma            in one field: the names of `fields.ASKED_AS`
    asth*                   words that begin so

What cannot be understood is left out and said in a notice.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

from catalogue.search.analysis import SHORT_PAIR, compose, words
from catalogue.search.fields import ASKED_AS

MOST_CHARACTERS = 2_000
MOST_WORDS = 50
SHORTEST_PREFIX = 2


@dataclass(frozen=True, slots=True)
class Word:
    """A word, lower case; with `is_prefix` every word that begins so. `field` limits it to one field."""

    text: str
    field: str = ""
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words next to each other, stop words included. `is_typed` when it stood in quotation marks."""

    words: tuple[str, ...]
    field: str = ""
    is_typed: bool = True


@dataclass(frozen=True, slots=True)
class Choice:
    """One or the other."""

    options: tuple[Word | Phrase, ...]


Part: TypeAlias = Word | Phrase | Choice
AnyPart = TypeVar("AnyPart", bound=Part)


@dataclass(frozen=True, slots=True)
class Question:
    """All of `required` is wanted, nothing of `excluded`."""

    required: tuple[Part, ...] = ()
    excluded: tuple[Word | Phrase, ...] = ()
    notices: tuple[str, ...] = ()


_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»\uff02", '"'))
_MINUS = re.compile(r"(?<!\S)[\u2010-\u2015\u2212\ufe63\uff0d](?=\S)")
"""Dashes that a word processor makes of the minus before a word."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff]+")
_PIECE = re.compile(
    rf'(?P<minus>-?)(?:(?P<field>(?i:{"|".join(ASKED_AS)}))s?: ?)?(?:"(?P<phrase>[^"]*)"|(?P<chunk>[^\s"]+))'
)
_JOINED = re.compile(rf"(?:(?<!\w){SHORT_PAIR}|[\w\-.&'\u2019@*])+")


def parse(text: str) -> Question:
    """Take a question apart."""
    notices: list[str] = []
    if len(text) > MOST_CHARACTERS:
        text = text[:MOST_CHARACTERS]
        notices.append(f"Only the first {MOST_CHARACTERS:,} characters were searched.")
    text = _MINUS.sub("-", compose(_CONTROL.sub(" ", text)).translate(_QUOTES))
    if text.count('"') % 2:
        notices.append("A quotation mark without its partner was left out.")
    reading = _Reading()
    for found in _PIECE.finditer(text):
        reading.take(found)
    required = tuple(dict.fromkeys(reading.required))
    required, excluded = _cut(required), _cut(tuple(dict.fromkeys(reading.excluded)))
    if len(required) < len(set(reading.required)) or len(excluded) < len(set(reading.excluded)):
        notices.append(f"Only the first {MOST_WORDS} words were searched.")
    if reading.has_short_prefix:
        notices.append(f"A * needs at least {SHORTEST_PREFIX} letters before it.")
    return Question(required, excluded, tuple(notices))


class _Reading:
    """The parts read so far, and what the last operator asks of the next one."""

    def __init__(self) -> None:
        self.required: list[Part] = []
        self.excluded: list[Word | Phrase] = []
        self.has_short_prefix = False
        self._either = False
        self._without = False

    def take(self, found: re.Match[str]) -> None:
        chunk = found["chunk"] or ""
        if chunk in {"OR", "|"}:
            self._either = bool(self.required)
            return
        if chunk == "NOT":
            self._without = True
            return
        field = ASKED_AS.get((found["field"] or "").lower(), "")
        parts = self._phrase(found["phrase"], field) if found["phrase"] is not None else self._chunk(chunk, field)
        if not parts:
            return
        if found["minus"] or self._without:
            self.excluded.extend(parts)
        elif self._either:
            self._choose(parts)
        else:
            self.required.extend(parts)
        self._either = self._without = False

    def _choose(self, parts: list[Word | Phrase]) -> None:
        last = self.required.pop()
        options = last.options if isinstance(last, Choice) else (last,)
        self.required.append(Choice((*options, parts[0])))
        self.required.extend(parts[1:])

    @staticmethod
    def _phrase(text: str, field: str) -> list[Word | Phrase]:
        found = tuple(words(text)[:MOST_WORDS])
        if len(found) > 1:
            return [Phrase(found, field)]
        return [Word(word, field) for word in found]

    def _chunk(self, chunk: str, field: str) -> list[Word | Phrase]:
        parts: list[Word | Phrase] = []
        for joined in _JOINED.findall(chunk):
            found = tuple(words(joined))
            if len(found) > 1:
                parts.append(Phrase(found[:MOST_WORDS], field, is_typed=False))
            elif found:
                parts.append(self._word(Word(found[0], field), joined))
        return parts

    def _word(self, word: Word, written: str) -> Word:
        if not written.endswith("*"):
            return word
        if len(word.text) < SHORTEST_PREFIX:
            self.has_short_prefix = True
            return word
        return replace(word, is_prefix=True)


def _cut(parts: Iterable[AnyPart]) -> tuple[AnyPart, ...]:
    """As many parts as there are words to be had."""
    kept: list[AnyPart] = []
    left = MOST_WORDS
    for part in parts:
        left -= _size(part)
        if left < 0:
            break
        kept.append(part)
    return tuple(kept)


def _size(part: Part) -> int:
    match part:
        case Word():
            return 1
        case Phrase():
            return len(part.words)
        case Choice():
            return sum(map(_size, part.options))
