"""Words that mean the same, from a file that people edit: a group a line, separated by commas.

A group's entries may be of several words. They are compared by their terms, so that one form of a word is enough.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from catalogue.search.analysis import DATA_FOLDER, compose, read_lines, terms_of, words

DEFAULT_FILE = DATA_FOLDER / "synonyms.txt"

Terms: TypeAlias = tuple[bytes, ...]
"""The terms of a text in order, empty ones for stop words."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another way to say something, as written and as terms."""

    text: str
    terms: Terms


class Synonyms:
    """The groups of a file."""

    def __init__(self, path: Path | None = None) -> None:
        self._alternatives: dict[Terms, dict[Terms, Alternative]] = defaultdict(dict)
        for line in read_lines(path or DEFAULT_FILE):
            self._add_group([compose(" ".join(entry.split())) for entry in line.split(",")])
        self.longest = max((len(terms) for terms in self._alternatives), default=0)
        """Words of the longest entry."""
        self.terms = frozenset(term for terms in self._alternatives for term in terms if term)
        """The terms of all entries: words that are spelt as they should be, whether any document has them or not."""

    def _add_group(self, entries: Sequence[str]) -> None:
        group = [Alternative(entry, tuple(terms_of(words(entry)))) for entry in entries]
        group = [alternative for alternative in group if any(alternative.terms)]
        for one in group:
            for other in group:
                if other.terms != one.terms:
                    self._alternatives[one.terms].setdefault(other.terms, other)

    def of(self, terms: Terms) -> tuple[Alternative, ...]:
        """The other ways to say this."""
        return tuple(self._alternatives.get(terms, {}).values())
