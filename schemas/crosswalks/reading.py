"""Reading a JSON document key by key, so that nothing in it can be passed over.

A table says for each known key where its value belongs in the canonical form (a path of camel-case names) and
which reader makes a canonical value of it. What a table does not know, and what a reader cannot use, is kept as
supplied, with a problem that says why.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from schemas.crosswalks.dates import DateOrder
from schemas.crosswalks.text import JsonValue, clean, is_blank, is_clean, key_path, leaves, shown
from schemas.metadata import Basis, BasisKind, Description, Problem, Severity, Supplied

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a document says.

    `description` is None when the document cannot be an entry at all: it is not an object, or has no
    identifier, no title or no custodian. The paths of problems are those of the document.
    """

    description: Description | None
    problems: tuple[Problem, ...]
    schema_name: str
    schema_version: str


@dataclass(frozen=True, slots=True)
class Inferred:
    """A value that the source did not write in so many words, with the text it came from."""

    value: JsonValue
    evidence: str


@dataclass(frozen=True, slots=True)
class SetAside:
    """A value that can be understood only when the rest of the document is known; `kind` says who will look."""

    kind: str
    path: str
    value: JsonValue


@dataclass(slots=True)
class Notebook:
    """What has been found so far in one document.

    `facts` is the canonical form as JSON. `splits_commas` is true for versions whose lists may be one text with
    commas; `latest_year` is the last year that a date can have.
    """

    splits_commas: bool = False
    order: DateOrder | None = None
    latest_year: int | None = None
    facts: Json = field(default_factory=dict)
    set_aside: list[SetAside] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    supplied: list[Supplied] = field(default_factory=list)
    bases: list[Basis] = field(default_factory=list)

    def note(self, path: str, message: str, fix: str = "") -> None:
        """Something was tidied, or read in one of several possible ways."""
        self.problems.append(Problem(path, message, Severity.NOTE, fix))

    def warn(self, path: str, message: str, fix: str = "") -> None:
        """Something is doubtful, but stands."""
        self.problems.append(Problem(path, message, Severity.WARNING, fix))

    def refuse(self, path: str, value: object, reason: str, fix: str = "") -> None:
        """Keep a value, or every leaf below it, as supplied: it has no place in the canonical form."""
        kept = [Supplied(where, shown(leaf), reason) for where, leaf in leaves(value, path)]
        if kept:
            self.supplied += kept
            self.problems.append(Problem(path, reason, Severity.WARNING, fix))

    def say_nothing(self, path: str, text: str) -> None:
        """The text only says that nothing is stated."""
        self.problems.append(Problem(path, f"“{text}” is read as not stated.", Severity.NOTE, "Leave the field empty."))

    def tidy(self, path: str, text: str) -> str:
        """The text without what no database takes, noted when something was there."""
        if is_clean(text):
            return text.strip()
        self.note(path, "Control characters were removed.", "Write plain text.")
        return clean(text)


Reader = Callable[[Notebook, Any, str], Any]
"""Makes a canonical value of a JSON value at a path; None or an empty list when nothing is stated."""

Table = Mapping[str, tuple[tuple[str, ...], Reader]]
"""Key in the document -> canonical path and reader."""


def table(entries: Mapping[str, tuple[str, Reader]]) -> Table:
    """A table with its canonical paths taken apart once."""
    return {key: (tuple(path.split(".")), reader) for key, (path, reader) in entries.items()}


def gather(notes: Notebook, source: Mapping[str, Any], path: str, known: Table, facts: Json, below: str = "") -> None:
    """Read every key of an object into `facts`; `below` is the canonical path of `facts` itself."""
    for key, value in source.items():
        if value is None:
            continue
        entry = known.get(key)
        where = f"{path}.{key}" if path and entry else key if entry else key_path(path, key)
        if entry is None:
            if not is_blank(value):
                notes.refuse(where, value, "The standard has no such field.")
            continue
        place(notes, value, where, entry, facts, below)


def place(
    notes: Notebook, value: JsonValue, where: str, entry: tuple[tuple[str, ...], Reader], facts: Json, below: str = ""
) -> None:
    """Read one value into `facts`, whose own canonical path is `below`."""
    target, reader = entry
    found = reader(notes, value, where)
    if isinstance(found, Inferred):
        basis_path = ".".join((below, *target) if below else target)
        notes.bases.append(Basis(basis_path, BasisKind.INFERRED, found.evidence))
        found = found.value
    if found is not None and found != []:
        put(notes, facts, target, found, where, value)


def put(notes: Notebook, facts: Json, target: tuple[str, ...], found: JsonValue, where: str, raw: JsonValue) -> None:
    """Set a fact; lists grow together, and a second value that says something else is kept as supplied."""
    for name in target[:-1]:
        facts = facts.setdefault(name, {})
    last = target[-1]
    there = facts.get(last)
    if there is None:
        facts[last] = found
    elif isinstance(there, list):
        there += [item for item in found if item not in there]
    elif _plain(there) != _plain(found):
        notes.refuse(where, raw, "Another field already states this, differently.", "State it in one field only.")


def _plain(value: object) -> object:
    return value.casefold() if isinstance(value, str) else value


def section(known: Table) -> Reader:
    """A reader of an object whose fields belong anywhere in the description."""

    def read(notes: Notebook, value: JsonValue, path: str) -> None:
        if isinstance(value, Mapping):
            gather(notes, value, path, known, notes.facts)
        else:
            notes.refuse(path, value, "A group of fields is expected here.", "Write an object with the fields.")

    return read


def entries(notes: Notebook, value: JsonValue, path: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    """The objects of a list with their paths; an object alone is a list of one, anything else is kept as supplied."""
    is_alone = isinstance(value, Mapping)
    if is_alone:
        notes.note(path, "One entry stands where a list is expected.", "Write a list.")
    elif not isinstance(value, list):
        notes.refuse(path, value, "A list of entries is expected here.", "Write a list of objects.")
        return
    for position, each in enumerate([value] if is_alone else value):
        where = path if is_alone else f"{path}[{position}]"
        if isinstance(each, Mapping):
            yield each, where
        else:
            notes.refuse(where, each, "An entry with fields is expected here.", "Write an object.")


def items(known: Table, canonical: str) -> Reader:
    """A reader of a list of objects of one kind."""

    def read(notes: Notebook, value: JsonValue, path: str) -> list[Json]:
        found: list[Json] = []
        for each, where in entries(notes, value, path):
            facts: Json = {}
            gather(notes, each, where, known, facts, f"{canonical}[{len(found)}]")
            if facts:
                found.append(facts)
        return found

    return read
