"""One dataset's own description out of a document: what it says, and what it says of the nodes that belong to it.

It is written as N-Triples that are the same whenever the description is: in order, with blank nodes named by what is
said of them. Bytes that stay the same then need no second look.
"""

import hashlib
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from harvesters.errors import GatherError
from schemas.crosswalks import dcat
from schemas.crosswalks.rdf_graph import Statements, is_literal
from schemas.crosswalks.rdf_terms import DCAT, HYDRA, OWL, SCHEMA, SCHEMA_HTTP, SHACL, SKOS, TYPE, iri

DEEPEST: Final = 6
"""Steps from the dataset to a node with an address of its own: a column is the third below it."""
MOST_LINES: Final = 200_000
LEAST_BUDGET: Final = 1_000_000
REPEATED: Final = 20
"""Lines that all descriptions together may have, and how often the statements of a document on average: what belongs
to several datasets, such as their publisher, is repeated for each."""
ROUNDS: Final = 8
"""How often the names of blank nodes are told apart by what they lead to. Descriptions nest less deep."""

_CATALOGUE: Final = iri(DCAT.Catalog)
_CONCEPT: Final = iri(SKOS.Concept)
_OTHERS: Final = frozenset(
    iri(each)
    for each in (
        *dcat.DATASET_CLASSES,
        DCAT.Catalog,
        DCAT.CatalogRecord,
        DCAT.DatasetSeries,
        SCHEMA.DataCatalog,
        SCHEMA_HTTP.DataCatalog,
        SKOS.ConceptScheme,
        HYDRA.Collection,
        HYDRA.PartialCollectionView,
    )
)
"""Classes of what is described for itself: it is named in a dataset's description, and not repeated there."""


@dataclass(frozen=True, slots=True)
class Described:
    """A dataset in a document: its term, and its description as N-Triples; `is_cut` when that is endless."""

    root: str
    lines: str
    is_cut: bool = False


@dataclass(slots=True)
class Document:
    """The statements of one document, with what leads back to a dataset."""

    statements: Statements
    services: Mapping[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        services: dict[str, list[str]] = {}
        for subject, about in self.statements.items():
            for dataset in about.get(DCAT.servesDataset, ()):
                services.setdefault(dataset, []).append(subject)
        self.services = services

    def datasets(self) -> Iterator[Described]:
        """Every dataset, in the order of the document."""
        most = max(LEAST_BUDGET, REPEATED * sum(len(about) for about in self.statements.values()))
        for subject, about in self.statements.items():
            if dcat.is_dataset(about) and _CATALOGUE not in about[TYPE]:
                described = self.describe(subject)
                most -= described.lines.count("\n")
                if most < 0:
                    raise GatherError(
                        "The descriptions of datasets lead into each other without end.",
                        "Give every dataset nodes of its own.",
                    )
                yield described

    def describe(self, root: str) -> Described:
        """What the document says of one dataset."""
        members = self._members(root)
        names = _blank_names(self.statements, root, members) if any(each.startswith("_:") for each in members) else {}
        lines: list[str] = []
        for subject in members:
            lines += self._lines(subject, root, names)
            if len(lines) > MOST_LINES:
                return Described(root, "\n".join(sorted(lines[:MOST_LINES])) + "\n", is_cut=True)
        return Described(root, "\n".join(sorted(lines)) + "\n")

    def _lines(self, subject: str, root: str, names: Mapping[str, str]) -> list[str]:
        named = names.get(subject, subject)
        lines: list[str] = []
        for predicate, objects in self.statements[subject].items():
            if predicate.startswith(SHACL.address) or predicate == OWL.imports:
                continue
            # A service may serve thousands, of which this is one.
            said = objects if predicate != DCAT.servesDataset else [root] * (root in objects)
            if len(said) == 1:
                lines.append(f"{named} <{predicate}> {names.get(said[0], said[0])} .")
            else:
                lines += [f"{named} <{predicate}> {names.get(each, each)} ." for each in dict.fromkeys(said)]
        return lines

    def _members(self, root: str) -> list[str]:
        """The nodes whose statements belong to the dataset's description, the dataset first."""
        own = ("_:", f"{root[:-1]}#")
        found = {root: 0, **dict.fromkeys(self.services.get(root, ()), 1)}
        pending = list(found)
        while pending:
            subject = pending.pop()
            if found[subject] and self._is_concept(subject, own):
                continue
            depth = found[subject] + 1
            for predicate, objects in self.statements[subject].items():
                if predicate == TYPE or len(found) > MOST_LINES:
                    continue
                for each in objects:
                    if is_literal(each) or each not in self.statements or each in found:
                        continue
                    if self._belongs(each, depth, own):
                        found[each] = depth
                        pending.append(each)
        return list(found)

    def _is_concept(self, term: str, own: tuple[str, str]) -> bool:
        """Whether it is a concept of a vocabulary, which leads to all others of it."""
        return not term.startswith(own) and _CONCEPT in self.statements[term].get(TYPE, ())

    def _belongs(self, term: str, depth: int, own: tuple[str, str]) -> bool:
        if term.startswith(own):
            return True
        return depth <= DEEPEST and _OTHERS.isdisjoint(self.statements[term].get(TYPE, ()))


def _blank_names(found: Statements, root: str, members: list[str]) -> dict[str, str]:
    """Names for the blank nodes of a description that do not depend on those of the document.

    Each gets a colour of what it says, which is made anew a few times with the colours of what it leads to;
    then they are counted from the dataset on, in the order of their colours. Nodes that still look the same are
    the same in all but hostile descriptions, whose bytes then change without need.
    """
    blank = [each for each in members if each.startswith("_:")]
    colours = dict.fromkeys(blank, "")
    for _ in range(ROUNDS):
        colours = {each: _colour(found[each], colours) for each in blank}
    names: dict[str, str] = {}
    addressed = sorted(each for each in members if not each.startswith("_:") and each != root)
    seen, pending = {root}, deque((root, *addressed))
    if root.startswith("_:"):
        names[root] = "_:b0"
    while pending:
        subject = pending.popleft()
        for each in _in_order(found[subject], colours):
            if each not in names:
                names[each] = f"_:b{len(names)}"
            if each not in seen:
                seen.add(each)
                pending.append(each)
    return names


def _colour(about: Mapping[str, list[str]], colours: Mapping[str, str]) -> str:
    said = sorted(f"{predicate} {colours.get(each, each)}" for predicate, objects in about.items() for each in objects)
    return f"_:{hashlib.sha256(chr(10).join(said).encode()).hexdigest()}"


def _in_order(about: Mapping[str, list[str]], colours: Mapping[str, str]) -> list[str]:
    found = [
        (predicate, colours[each], each) for predicate, objects in about.items() for each in objects if each in colours
    ]
    return [each for _, _, each in sorted(found, key=lambda item: item[:2])]


def listed_only(found: Statements) -> set[str]:
    """The datasets that a catalogue in the document lists, and the document does not describe."""
    listed = {
        term
        for about in found.values()
        if iri(DCAT.Catalog) in about.get(TYPE, ())
        for term in about.get(DCAT.dataset, ())
        if not is_literal(term)
    }
    return {term for term in listed if not dcat.is_dataset(found.get(term, {}))}
