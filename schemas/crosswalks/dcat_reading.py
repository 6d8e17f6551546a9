"""DCAT read into the canonical form: one dataset's own statements in, a description and what is wrong with it out."""

from dataclasses import replace
from datetime import date
from typing import Final

from schemas.crosswalks.dates import YEARS_AHEAD, DateOrder
from schemas.crosswalks.dcat_authorities import HEALTH_THEME
from schemas.crosswalks.dcat_composites import read_rows
from schemas.crosswalks.dcat_table import ROWS
from schemas.crosswalks.dcat_writing import standing_in
from schemas.crosswalks.rdf_graph import Graph, Node, NotTriples, Statements, statements, value_of
from schemas.crosswalks.rdf_terms import (
    DCAT,
    DCT,
    FOAF,
    HEALTH,
    OWL,
    PROV,
    SCHEMA,
    SCHEMA_HTTP,
    SHACL,
    TYPE,
    iri,
    short,
)
from schemas.crosswalks.reading import Notebook, Reading
from schemas.metadata import Description, Problem, Severity, Supplied, from_json

SCHEMA_NAME: Final = "DCAT-AP"
SCHEMA_VERSION: Final = "3"
DATASET_CLASSES: Final = (DCAT.Dataset, SCHEMA.Dataset, SCHEMA_HTTP.Dataset)
MOST_SUPPLIED: Final = 200

_DATASETS: Final = frozenset(map(iri, DATASET_CLASSES))

_UNDERSTOOD: Final = frozenset(
    {
        TYPE,
        DCAT.inCatalog,
        DCT.creator,
        DCT.isVersionOf,
        DCT.publisher,
        FOAF.isPrimaryTopicOf,
        HEALTH.hasStructuredData,
        OWL.imports,
        OWL.sameAs,
        PROV.qualifiedAttribution,
        SCHEMA.url,
        SCHEMA_HTTP.url,
    }
) | {predicate for row in ROWS if row.kind is not None for predicate in row.kind.predicates}
"""Properties that are read, or that say nothing about the dataset itself."""


def read(
    text: str,
    *,
    identifier: str | None = None,
    date_order: DateOrder | None = None,
    today: date | None = None,
) -> Reading:
    """The description in lines of N-Triples about one dataset; text that is none gives no description.

    `identifier` is what the source calls it, for datasets that do not repeat it. The other two are as in
    `schemas.crosswalks.hdruk.read`. A dataset may lack a custodian: its source may be known to speak for one.
    """
    try:
        found = statements(text)
    except NotTriples as error:
        return _unread(f"{error} The description cannot be read.", "Send RDF that a parser takes.")
    root = dataset_of(found, identifier)
    if root is None:
        return _unread("There is no dataset in this.", "Give it the class dcat:Dataset.")
    notes = Notebook(order=date_order, latest_year=today.year + YEARS_AHEAD if today else None)
    node = Node(Graph.of(found, root), root)
    read_rows(ROWS, node, notes, notes.facts)
    notes.facts.setdefault("identifier", identifier or (value_of(root) if root.startswith("<") else None))
    _keep_unknown(node, notes)
    missing = _missing(notes)
    if missing:
        return Reading(None, (*missing, *notes.problems), SCHEMA_NAME, SCHEMA_VERSION)
    description = _without_stand_in(from_json(notes.facts))
    description = replace(description, bases=tuple(notes.bases), as_supplied=tuple(notes.supplied[:MOST_SUPPLIED]))
    return Reading(description, tuple(notes.problems), SCHEMA_NAME, SCHEMA_VERSION)


def dataset_of(found: Statements, identifier: str | None = None) -> str | None:
    """The dataset that the statements are about: the one at the address, else the only one of the class."""
    if identifier is not None and iri(identifier) in found:
        return iri(identifier)
    datasets = [subject for subject, about in found.items() if is_dataset(about)]
    return datasets[0] if len(datasets) == 1 else None


def is_dataset(about: dict[str, list[str]]) -> bool:
    """Whether what is said of a subject makes it a dataset."""
    return not _DATASETS.isdisjoint(about.get(TYPE, ()))


def _without_stand_in(description: Description) -> Description:
    if description.documentation.description != standing_in(description):
        return description
    return replace(description, documentation=replace(description.documentation, description=None))


def _keep_unknown(node: Node, notes: Notebook) -> None:
    """Keep what no line of the table reads; the record as received has it too."""
    unread = "The canonical form has no field for this."
    for predicate, terms in sorted(node.graph.statements[node.term].items()):
        if predicate in _UNDERSTOOD or predicate.startswith(SHACL.address):
            continue
        stated = [term for term in terms if not term.startswith("_:") and term != iri(HEALTH_THEME)]
        notes.supplied += [Supplied(short(predicate), value_of(term), unread) for term in sorted(stated)]
        if stated:
            notes.note(short(predicate), unread)


def _missing(notes: Notebook) -> list[Problem]:
    """What the record lacks without which it cannot be an entry."""
    summary = notes.facts.get("summary", {})
    problems = []
    if not notes.facts.get("identifier"):
        message, fix = "The dataset has neither an address nor dct:identifier.", "Give it an address of its own."
        problems.append(Problem("dct:identifier", message, Severity.ERROR, fix))
    if not summary.get("title"):
        problems.append(Problem("dct:title", "The dataset has no title.", Severity.ERROR, "Give it dct:title."))
    if not summary.get("dataCustodian", {}).get("name"):
        message, fix = "The dataset names no publisher.", "Name the organisation that answers for it in dct:publisher."
        notes.problems.append(Problem("dct:publisher", message, Severity.WARNING, fix))
    return problems


def _unread(message: str, fix: str) -> Reading:
    return Reading(None, (Problem("", message, Severity.ERROR, fix),), SCHEMA_NAME, SCHEMA_VERSION)
