"""Words that mean the same, from a file that people edit: a group a line, separated by commas.

A group's entries may be of several words. They are compared by their terms, so that one form of a word is enough.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from catalogue.search.analysis import DATA_FOLDER, compose, fold, read_lines, terms_of, words

DEFAULT_FILE = DATA_FOLDER / "synonyms.txt"

Terms: TypeAlias = tuple[bytes, ...]
"""The terms of a text in order, empty ones for stop words."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another way to say something, as written and as terms."""

    text: str
    terms: Terms


class Synonyms:
    """The groups of a file, each analysed when it is asked for: to analyse all would take a part of a server's start."""

    def __init__(self, path: Path | None = None) -> None:
        lines = read_lines(path or DEFAULT_FILE)
        self._groups = [tuple(compose(" ".join(entry.split())) for entry in line.split(",")) for line in lines]
        self._by_initial: dict[str, list[int]] = defaultdict(list)
        self.longest = 0
        """Words of the longest entry."""
        for number, group in enumerate(self._groups):
            found = [words(entry) for entry in group]
            self.longest = max(self.longest, *map(len, found))
            for initial in {fold(word)[:1] for entry in found for word in entry}:
                self._by_initial[initial].append(number)
        self._alternatives: dict[str, Mapping[Terms, tuple[Alternative, ...]]] = {}

    @cached_property
    def terms(self) -> frozenset[bytes]:
        """The terms of all entries: words that are spelt as they should be, whether any document has them or not."""
        return frozenset(term for terms in self._compared(range(len(self._groups))) for term in terms if term)

    def of(self, terms: Terms) -> tuple[Alternative, ...]:
        """The other ways to say this."""
        # A stem begins as its word does.
        initial = next((term for term in terms if term), b"").decode()[:1]
        if initial not in self._alternatives:
            self._alternatives[initial] = self._compared(self._by_initial.get(initial, ()))
        return self._alternatives[initial].get(terms, ())

    def _compared(self, numbers: Iterable[int]) -> Mapping[Terms, tuple[Alternative, ...]]:
        others: dict[Terms, dict[Terms, Alternative]] = defaultdict(dict)
        for number in numbers:
            group = [Alternative(entry, tuple(terms_of(words(entry)))) for entry in self._groups[number]]
            group = [alternative for alternative in group if any(alternative.terms)]
            for one in group:
                for other in group:
                    if other.terms != one.terms:
                        others[one.terms].setdefault(other.terms, other)
        return {terms: tuple(found.values()) for terms, found in others.items()}
