"""What is inferred, and what infers it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from schemas.inference.passages import Match, Sentence


@dataclass(frozen=True, slots=True)
class Fact:
    """A value that the words of a description give for one of its fields.

    `path` is the field, without list positions, and `value` its value as text: digits for a number, a year for a
    date, a value of the code list where there is one. `words` are an excerpt of the field `found_in`, with which a
    person can judge the value. `rule` names the rule that found it.
    """

    path: str
    value: str
    words: str
    found_in: str
    rule: str


Finding: TypeAlias = tuple[str, str, Match]
"""A path, a value, and where it was read."""

Find: TypeAlias = Callable[[tuple[Sentence, ...]], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """Reads one kind of fact. `paths` are the fields that it may give a value for."""

    name: str
    paths: tuple[str, ...]
    find: Find


_rules: dict[str, Rule] = {}


def rule(name: str, *paths: str) -> Callable[[Find], Find]:
    """Register the function as the rule of that name."""

    def register(find: Find) -> Find:
        if name in _rules:
            message = f"two rules for {name!r}"
            raise ValueError(message)
        _rules[name] = Rule(name, paths, find)
        return find

    return register


def registered() -> MappingProxyType[str, Rule]:
    """The rules that have been imported, by name."""
    return MappingProxyType(_rules)
