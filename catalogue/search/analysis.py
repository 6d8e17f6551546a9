"""How text becomes terms: the same for documents, for questions and for the words marked in a snippet.

A word is a run of letters and digits; `A&E` and `dm+d` stay one word and a possessive `'s` is dropped. Words are
folded to lower case without accents and reduced to their stem (Porter's English stemmer, second version). Stop words
are not searched, but they take up a position, so that a phrase such as "quality of life" keeps its gap.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from whoosh.lang.porter2 import stem as porter_stem  # type: ignore[import-untyped]

Array: TypeAlias = NDArray[Any]

LONGEST_WORD = 64
"""Characters of a word that are looked at; nothing longer is a word that anyone types."""

DATA_FOLDER = Path(__file__).parent / "data"

SHORT_PAIR = r"[^\W\d_]{1,2}\+[^\W\d_]{1,2}(?![^\W_])"
"""Two short runs of letters with a plus between them, as in `dm+d`, the code list of medicines."""
_WORD = re.compile(rf"([^\W_]{{1,2}}&[^\W_]{{1,2}}(?![^\W_])|{SHORT_PAIR}|[^\W_]+)(?:['\u2019]s(?![^\W_]))?")
_AMERICAN = re.compile(r"(?<=\w\w\w)iz(?=(?:e|ed|er|ers|es|ing|ation|ations)\Z)")
"""Both spellings of `-ise` become one term; besides, the stemmer takes "organization" for "organ"."""

_CAPITAL_DOTTED_I = "\u0130"
"""The one capital that becomes two characters in lower case, which would move the words that follow."""

RULES = f"{_WORD.pattern} {_AMERICAN.pattern}"
"""Different when text becomes other terms, so that an index of before is built anew."""

_MEMORY = 300_000


def read_lines(path: Path) -> Iterator[str]:
    """The lines of a data file without comments (`#`) and blank lines."""
    for line in path.read_text(encoding="utf-8").splitlines():
        text = line.partition("#")[0].strip()
        if text:
            yield text


def _word_list(name: str) -> frozenset[str]:
    return frozenset(word for line in read_lines(DATA_FOLDER / name) for word in line.split())


STOP_WORDS = _word_list("stop-words.txt")
IDLE_WORDS = _word_list("idle-words.txt")
"""Words that could be said of every dataset."""


class _Memory(dict[str, bytes]):
    """Words already analysed; forgets everything when full, which is cheaper than keeping an order."""

    def __missing__(self, word: str) -> bytes:
        if len(self) >= _MEMORY:
            self.clear()
        term = self[word] = _analyse(word)
        return term


def _analyse(word: str) -> bytes:
    folded = fold(word)
    if folded in STOP_WORDS:
        return b""
    return str(porter_stem(_AMERICAN.sub("is", folded))).encode()


def fold(word: str) -> str:
    """Lower case, without accents, cut to a bounded length."""
    lowered = word.lower()
    if not lowered.isascii():
        decomposed = unicodedata.normalize("NFKD", lowered.casefold())
        lowered = "".join(character for character in decomposed if unicodedata.category(character) != "Mn")
    return lowered[:LONGEST_WORD]


_TERMS = _Memory()


def term_of(word: str) -> bytes:
    """The term that a lower-case word is searched by; empty for a stop word."""
    return _TERMS[word]


def terms_of(found: Iterable[str]) -> list[bytes]:
    """The terms of lower-case words, an empty one for each stop word."""
    return list(map(_TERMS.__getitem__, found))


def compose(text: str) -> str:
    """Text with letters and their accents in one piece and nothing that cannot be written as UTF-8."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode())


def words(text: str) -> list[str]:
    """The lower-case words of a text, stop words included: a word's place in the list is its position."""
    if text.isascii() and "&" not in text and "'" not in text and "+" not in text:
        return text.lower().translate(_SPACES).split()
    return _WORD.findall(_lowered(text))


_SPACES = {code: " " for code in range(128) if not chr(code).isalnum()}
"""Turns everything in ASCII that is not part of a word into spaces, which is twice as fast as the expression."""


def _lowered(text: str) -> str:
    """Lower case, every character at its place."""
    return text.lower() if text.isascii() else text.replace(_CAPITAL_DOTTED_I, "I").lower()


def word_starts(text: str) -> Array:
    """Where each of `words(text)` starts."""
    if not text.isascii() or "&" in text or "+" in text:
        return np.array([found.start() for found in _WORD.finditer(_lowered(text))], np.int64)
    codes = np.frombuffer(text.encode() + b"  ", np.uint8)
    inside = _IS_WORD[codes]
    begins = inside.copy()
    begins[1:] &= ~inside[:-1]
    starts = np.flatnonzero(begins)
    if "'" in text:
        possessive = (codes[starts] | _LOWER == ord("s")) & (codes[starts - 1] == ord("'"))
        starts = starts[~(possessive & inside[starts - 2] & ~inside[starts + 1])]
    return starts


def word_end(text: str, start: int) -> int:
    """Where the word that starts there ends."""
    found = _WORD.match(text, start)
    return found.end() if found else start


_IS_WORD = np.array([chr(code).isalnum() and code < 128 for code in range(256)])  # noqa: PLR2004 - the size of ASCII
_LOWER = 0x20
"""The bit that makes an ASCII letter a small one."""
