"""Words that mean the same, from a file that people edit: a group a line, separated by commas.

A group's entries may be of several words. They are compared by their terms, so that one form of a word is enough.
What stands before a `>` is searched as what follows it, and not the other way round: "ms" may mean multiple sclerosis,
but hardly any text that has "ms" does.
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


@dataclass(frozen=True, slots=True)
class _Group:
    """The entries of a line; those that are searched as the others, but not in place of them, are `one_way`."""

    entries: tuple[str, ...]
    one_way: tuple[str, ...] = ()

    @classmethod
    def parse(cls, line: str) -> "_Group":
        before, arrow, after = line.rpartition(">")
        return cls(_entries(after), _entries(before) if arrow else ())


def _entries(text: str) -> tuple[str, ...]:
    return tuple(compose(" ".join(entry.split())) for entry in text.split(","))


def _analysed(entries: Iterable[str]) -> list[Alternative]:
    found = (Alternative(entry, tuple(terms_of(words(entry)))) for entry in entries)
    return [alternative for alternative in found if any(alternative.terms)]


class Synonyms:
    """The groups of a file, each analysed when it is asked for: all of them would be a part of a server's start."""

    def __init__(self, path: Path | None = None) -> None:
        self._groups = [_Group.parse(line) for line in read_lines(path or DEFAULT_FILE)]
        self._by_initial: dict[str, list[int]] = defaultdict(list)
        self.longest = 0
        """Words of the longest entry."""
        for number, group in enumerate(self._groups):
            found = [words(entry) for entry in (*group.entries, *group.one_way)]
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
            group, one_way = map(_analysed, (self._groups[number].entries, self._groups[number].one_way))
            for one in (*group, *one_way):
                for other in group:
                    if other.terms != one.terms:
                        others[one.terms].setdefault(other.terms, other)
        return {terms: tuple(found.values()) for terms, found in others.items()}
