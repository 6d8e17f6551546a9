"""The sheet on which a description is written as RDF, a line of the table, and the words for a node that is read."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import Any, ClassVar, Final, TypeAlias, TypeVar

from schemas.crosswalks.rdf_graph import Node, is_literal, language_of, value_of
from schemas.crosswalks.rdf_terms import DCT, FOAF, RDFS, SCHEMA, SKOS, TYPE, VCARD, iri, link
from schemas.crosswalks.reading import Notebook
from schemas.crosswalks.text import JsonValue
from schemas.metadata import Problem, Severity

Item = TypeVar("Item")
Value: TypeAlias = Any
"""A value of the canonical form: each kind knows what its own fields hold."""

MOST_VALUES: Final = 1_000
"""Values of one property that are read; no description needs more keywords or links."""

LABELS: Final = (
    SKOS.prefLabel,
    RDFS.label,
    DCT.title,
    FOAF.name,
    VCARD.fn,
    SCHEMA.name,
    DCT.description,
    SKOS.notation,
    DCT.identifier,
)
"""Where the words for a node are looked for, in this order."""
PAGES: Final = (FOAF.page, FOAF.homepage, VCARD.hasURL, SCHEMA.url)


@dataclass(slots=True)
class Sheet:
    """What is written about one dataset: `root` is its address, `said` its lines by subject, each once.

    `title` and `identifier` are the description's own; `problems` are the values that could not be said.
    """

    root: str
    title: str = ""
    identifier: str = ""
    said: dict[str, dict[str, None]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def say(self, subject: str, predicate: str, term: str) -> None:
        """State a property; `predicate` is an address, the others are terms."""
        self.said.setdefault(subject, {})[f"{subject} <{predicate}> {term} ."] = None

    def type(self, subject: str, kind: str) -> None:
        """Say of which class a node is; the range of every property is stated with its object."""
        if kind:
            self.say(subject, TYPE, iri(kind))

    def says(self, subject: str, predicate: str, term: str) -> bool:
        """Whether that was stated already."""
        return f"{subject} <{predicate}> {term} ." in self.said.get(subject, {})

    def leave_out(self, path: str, message: str) -> None:
        """Note a value that RDF has no form for."""
        self.problems.append(Problem(path, message, Severity.WARNING))

    def lines(self) -> Iterator[str]:
        """All lines, each subject's together, in the order in which the subjects came up."""
        for said in self.said.values():
            yield from said


def below(subject: str, fragment: str) -> str:
    """A node of the description's own: its address begins with the dataset's, so it stays the same when it can."""
    return f"{subject[:-1]}{'-' if '#' in subject else '#'}{fragment}>"


class Kind(ABC):
    """A way of saying a field; `how` tells it in words, and `fields` are those of a part that it says as a whole."""

    how: str
    fields: ClassVar[tuple[str, ...]] = ()
    is_said_elsewhere: ClassVar[bool] = False
    """Whether other nodes state it, so that nothing of it is seen on the dataset's own."""

    @property
    @abstractmethod
    def predicates(self) -> tuple[str, ...]:
        """The properties it reads."""

    @cached_property
    def marks(self) -> frozenset[str]:
        """The properties without which there is nothing to read."""
        return frozenset(self.predicates)

    @abstractmethod
    def write(self, sheet: Sheet, subject: str, value: Value) -> None:
        """State the value of the subject."""

    @abstractmethod
    def read(self, node: Node, notes: Notebook, where: str) -> JsonValue:
        """Make the canonical value, as JSON, or None or an empty list when nothing is stated."""


@dataclass(frozen=True)
class Implied(Kind):
    """A field that another part of the description says along with its own."""

    how: str

    @property
    def predicates(self) -> tuple[str, ...]:
        return ()

    def write(self, sheet: Sheet, subject: str, value: Value) -> None:
        """State nothing: it is said elsewhere."""

    def read(self, node: Node, notes: Notebook, where: str) -> JsonValue:
        """Read nothing: it is read elsewhere."""


@dataclass(frozen=True)
class Row:
    """A line of the table: a field of the canonical form and its place. Without a kind it has none."""

    path: str
    place: str
    kind: Kind | None = None
    why_not: str = ""

    @cached_property
    def get(self) -> Callable[[Any], Any]:
        """What takes the field's value out of a description, or of a part of one."""
        return attrgetter(re.sub("([A-Z])", lambda found: f"_{found[1].lower()}", self.path))

    @cached_property
    def target(self) -> tuple[str, ...]:
        """The path, taken apart."""
        return tuple(self.path.split("."))

    @cached_property
    def property(self) -> str:
        """The first property of the place, by which problems name it."""
        return self.place.partition(" ")[0]


NOTHING: Final = (None, "", ())


def write_rows(rows: Sequence[Row], sheet: Sheet, subject: str, part: object) -> None:
    """State everything that a part of a description states and has a place for."""
    for row in rows:
        if row.kind is None:
            continue
        value = row.get(part)
        if value not in NOTHING:
            row.kind.write(sheet, subject, value)


def by_language(terms: Sequence[str]) -> list[str]:
    """Texts with the one that is taken first: English, then British and other English, then none stated."""
    if len(terms) < 2:  # noqa: PLR2004 - one has no order
        return list(terms)

    def rank(term: str) -> tuple[int, str, str]:
        language = language_of(term)
        known = 0 if language == "en" else 1 if language.startswith("en-") else 2 if not language else 3
        return known, language, term

    return sorted(dict.fromkeys(terms), key=rank)


def label_of(node: Node, *first: str) -> str:
    """The words for a node, or nothing."""
    terms = node.literals(*first, *LABELS)
    return value_of(by_language(terms)[0]) if terms else ""


def words_of(node: Node, notes: Notebook, where: str, *labels: str) -> str:
    """What stands for a node in a text field: its address if it is known elsewhere, else its words or its page."""
    if is_literal(node.term):
        return value_of(node.term)
    if address := node.address:
        return checked_address(address, notes, where)
    if words := label_of(node, *labels):
        return words
    address = next((page.address for page in node.nodes(*PAGES) if page.address), "")
    if not address and node.term.startswith("<"):
        address = value_of(node.term)
    return checked_address(address, notes, where) if address else ""


def checked_address(address: str, notes: Notebook, where: str) -> str:
    """The address, or nothing when it may not become a link."""
    if link(address) is None:
        reason = "This is not an address that may become a link."
        notes.refuse(where, address, reason, "Give an http or https address.")
        return ""
    return address.removeprefix("mailto:")


def all_words(node: Node, notes: Notebook, where: str, predicates: Sequence[str], *labels: str) -> list[str]:
    """What stands for each object of the first stated property, in order."""
    literals = [value_of(term) for term in sorted(node.literals(*predicates))]
    nodes = (words_of(each, notes, where, *labels) for each in node.nodes(*predicates))
    return first_of([words for words in (*literals, *nodes) if words], notes, where)


def first_of(found: list[Item], notes: Notebook, where: str, most: int = MOST_VALUES) -> list[Item]:
    """As many values as are read; what is left out is told."""
    if len(found) > most:
        message = f"There are {len(found):,} values; the first {most:,} were taken."
        notes.warn(where, message, "Give the values that people would look for.")
    return found[:most]
