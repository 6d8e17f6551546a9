"""Reading RDF from lines of N-Triples: statements by subject, and a view of one node among them."""

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from schemas.crosswalks.rdf_terms import RDF, SKOS, TYPE

# The grammar of a line, with one alternative for each first character, so that no text makes it slow. A line of
# N-Quads has the name of a graph before the dot, which is passed over: a dataset is what all graphs say of it.
_GRAMMAR: Final = (
    r"(<[^<>\"\x00-\x20]*+>|_:[^<\"\x00-\x20]++)[ \t]++<([^<>\"\x00-\x20]*+)>[ \t]++"
    r"(<[^<>\"\n]*+>|_:[^<\"\x00-\x20]+|\"[^\"\\\n]*+(?:\\[^\n][^\"\\\n]*+)*+\"(?:@[A-Za-z0-9-]++|\^\^<[^<>\"\x00-\x20]*+>)?)"
    r"(?:[ \t]++(?:<[^<>\"\x00-\x20]*+>|_:[^<\"\x00-\x20]++))?[ \t]*+\.[ \t\r]*+"
)
LINE: Final = re.compile(_GRAMMAR)
LINES: Final = re.compile(rf"^{_GRAMMAR}$", re.MULTILINE)
RDF_FIRST: Final = RDF.first
MOST_IN_A_LIST: Final = 10_000
LONGEST_NUMBER: Final = 18

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_HALVES = range(0xD800, 0xE000)
_DIGITS = re.compile(r"([0-9]+)")

Statements = dict[str, dict[str, list[str]]]
"""Subject -> property (without angle brackets) -> objects; all but properties are terms as N-Triples writes them."""


NOTHING_SAID: Final[dict[str, list[str]]] = {}


class NotTriples(Exception):
    """A line is not one of N-Triples or N-Quads; `line` counts from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(f"Line {line:,} is not a statement of N-Triples.")
        self.line = line


def statements(text: str) -> Statements:
    """The statements of an N-Triples or N-Quads text. Raises `NotTriples`."""
    triples = LINES.findall(text)
    # Each stands on a line of its own; where others are in between, they are looked at one by one.
    if len(triples) != text.count("\n") + (not text.endswith("\n")):
        triples = list(_one_by_one(text))
    return _by_subject(triples)


def statements_as_written(text: str) -> Statements:
    """The same of N-Triples that a serialiser wrote, which need no second look: one space between terms, one dot."""
    found: Statements = {}
    last, about = "", NOTHING_SAID
    for line in text.split("\n"):
        if line:
            subject, predicate, obj = line.split(" ", 2)
            if subject != last:
                last, about = subject, found.setdefault(subject, {})
            about.setdefault(predicate[1:-1], []).append(obj[:-2])
    return found


def _by_subject(triples: Iterable[tuple[str, ...]]) -> Statements:
    found: Statements = {}
    last, about = "", NOTHING_SAID
    for subject, predicate, obj in triples:
        if subject != last:
            last, about = subject, found.setdefault(subject, {})
        if predicate in about:
            about[predicate].append(obj)
        else:
            about[predicate] = [obj]
    return found


def _one_by_one(text: str) -> Iterator[tuple[str, ...]]:
    # Not `splitlines`, which takes a line separator inside a text for the end of a line.
    for number, line in enumerate(text.split("\n"), 1):
        if match := LINE.fullmatch(line):
            yield match.groups()
        elif line.strip() and not line.lstrip().startswith("#"):
            raise NotTriples(number)


def value_of(term: str) -> str:
    """The text of a literal, the address of an IRI, the label of a blank node."""
    if term[0] == "<":
        return unescaped(term[1:-1])
    if term[0] == '"':
        return unescaped(term[1 : term.rindex('"')])
    return term


def unescaped(text: str) -> str:
    """The text without the escapes of N-Triples."""
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if code is None:
        return _ESCAPED.get(match[3], match[3])
    number = int(code, 16)
    return chr(number) if number <= sys.maxunicode and number not in _HALVES else "\ufffd"


def language_of(term: str) -> str:
    """The language of a literal in lower case, or nothing."""
    end = term[term.rindex('"') + 1 :] if term[0] == '"' else ""
    return end[1:].lower() if end.startswith("@") else ""


def datatype_of(term: str) -> str:
    """The datatype of a literal, or nothing when it is plain text."""
    if term[-1] == '"':
        return ""
    end = term[term.rindex('"') + 1 :] if term[0] == '"' else ""
    return end[3:-1] if end.startswith("^^") else ""


def is_literal(term: str) -> bool:
    """Whether the term is a literal and no node."""
    return term[0] == '"'


def in_order(terms: Iterable[str]) -> list[str]:
    """Terms in the order in which a person counts: `#table-2` before `#table-10`."""
    found = list(terms)
    return sorted(found, key=_natural) if len(found) > 1 else found


def _natural(term: str) -> tuple[str, list[tuple[int, int, str]]]:
    before, _, fragment = term.rpartition("#")
    parts = _DIGITS.split(fragment)
    return before, [
        (0, int(part), "") if part.isdecimal() and len(part) <= LONGEST_NUMBER else (1, 0, part) for part in parts
    ]


def page_of(root: str) -> str:
    """The page about a dataset, as the term of something else than the dataset."""
    return f"{root[:-1]}#page>"


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """Statements about one dataset; `root` is its term.

    `explained` are the addresses that were derived when the description was written, and are not read as stated:
    those that another node stands for with words of its own (`skos:exactMatch`, `skos:closeMatch`), and the
    dataset's page, which stands wherever DCAT demands an address.
    """

    statements: Statements
    root: str
    explained: frozenset[str]

    @classmethod
    def of(cls, found: Statements, root: str) -> "Graph":
        """A graph with what is explained in it gathered once."""
        matches = (SKOS.exactMatch, SKOS.closeMatch)
        said = found.values()
        matched = (term for about in said for match in matches for term in about.get(match, ()))
        return cls(found, root, frozenset((*matched, page_of(root))))


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a graph, and what is said of it."""

    graph: Graph
    term: str

    @property
    def is_own(self) -> bool:
        """Whether the node exists only in this description: a blank node, or an address below the dataset's."""
        return self.term.startswith(("_:", f"{self.graph.root[:-1]}#"))

    @property
    def address(self) -> str:
        """The address of a node that exists elsewhere too; else nothing."""
        return "" if self.is_own or is_literal(self.term) else value_of(self.term)

    @property
    def stated(self) -> dict[str, list[str]]:
        """What is said of it: property -> objects."""
        return self.graph.statements.get(self.term, NOTHING_SAID)

    def objects(self, *predicates: str) -> list[str]:
        """The objects of the first of the properties that is stated."""
        about = self.stated
        for predicate in predicates:
            if predicate in about:
                return about[predicate]
        return []

    def literals(self, *predicates: str) -> list[str]:
        """The literals that the first of the properties has, as terms."""
        about = self.stated
        for predicate in predicates:
            if predicate in about and (found := [term for term in about[predicate] if term[0] == '"']):
                return found
        return []

    def nodes(self, *predicates: str) -> Iterator["Node"]:
        """The nodes of the first of the properties that is stated, in order; a list stands for its items."""
        for term in in_order(self.objects(*predicates)):
            about = self.graph.statements.get(term, NOTHING_SAID)
            for each in self._items(term) if RDF_FIRST in about else (term,):
                if each[0] != '"' and each not in self.graph.explained:
                    yield Node(self.graph, each)

    def subjects(self, predicate: str) -> Iterator["Node"]:
        """The nodes that say the property of this one."""
        said = self.graph.statements.items()
        for subject in in_order(subject for subject, about in said if self.term in about.get(predicate, ())):
            yield Node(self.graph, subject)

    def is_a(self, kind: str) -> bool:
        """Whether the node is said to be of the class."""
        return f"<{kind}>" in self.objects(TYPE)

    def _items(self, term: str) -> Iterator[str]:
        """The items of an RDF collection."""
        for _ in range(MOST_IN_A_LIST):
            about = self.graph.statements.get(term, {})
            yield from about.get(RDF_FIRST, ())[:1]
            following = about.get(RDF.rest, ())
            if not following or term == following[0]:
                return
            term = following[0]
