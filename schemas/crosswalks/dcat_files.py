"""Files, samples, analyses and services: what DCAT calls distributions and data services."""

from dataclasses import KW_ONLY, dataclass
from typing import ClassVar, Final

from schemas.crosswalks.dcat_composites import Part
from schemas.crosswalks.dcat_sheet import Kind, Sheet, Value, all_words, below, label_of, write_rows
from schemas.crosswalks.rdf_graph import Node, page_of
from schemas.crosswalks.rdf_terms import ADMS, DCAT, DCT, iri, link, literal
from schemas.crosswalks.reading import Json, Notebook
from schemas.crosswalks.text import JsonValue
from schemas.crosswalks.values import texts

SYNTHETIC: Final = "Synthetic data"
"""The title of a sample that is a link to synthetic data; part of what is exchanged."""


@dataclass(frozen=True)
class Distributions(Part):
    """Files; a sample is an `adms:sample`. Without an access address, the dataset's page is it (DCAT 3, 6.8.1)."""

    def write_one(self, sheet: Sheet, subject: str, term: str, value: Value) -> None:
        sheet.say(subject, ADMS.sample if value.is_sample else self.predicate, term)
        sheet.type(term, self.kind)
        write_rows(self.rows, sheet, term, value)
        if not value.access_url:
            sheet.say(term, DCAT.accessURL, page_of(iri(sheet.root)))

    @property
    def predicates(self) -> tuple[str, ...]:
        return (self.predicate, ADMS.sample)

    def found(self, node: Node) -> list[Node]:
        return list(node.nodes(self.predicate))

    def read(self, node: Node, notes: Notebook, where: str) -> JsonValue:
        found = super().read(node, notes, where) or []
        for number, each in enumerate(node.nodes(ADMS.sample)):
            if label_of(each, DCT.title) != SYNTHETIC:
                found.append(self.read_one(each, notes, f"adms:sample[{number}]") | {"isSample": True})
        return found


@dataclass(frozen=True)
class Files(Kind):
    """Addresses that stand as distributions of one kind, with nothing said of them but a title."""

    predicate: str
    _: KW_ONLY
    fragment: str
    title: str = ""
    how: str = "a dcat:Distribution with dcat:accessURL"

    @property
    def predicates(self) -> tuple[str, ...]:
        return (self.predicate,)

    def write(self, sheet: Sheet, subject: str, value: Value) -> None:
        for number, each in enumerate(value, 1):
            term, address = below(subject, f"{self.fragment}-{number}"), link(each)
            sheet.say(subject, self.predicate, term)
            sheet.type(term, DCAT.Distribution)
            sheet.say(term, DCAT.accessURL, address or page_of(iri(sheet.root)))
            if self.title:
                sheet.say(term, DCT.title, literal(self.title))
            if not address:
                sheet.say(term, DCT.description, literal(each))

    def read(self, node: Node, notes: Notebook, where: str) -> JsonValue:
        found: list[str] = []
        for each in node.nodes(self.predicate):
            if self.title and label_of(each, DCT.title) != self.title:
                continue
            found += all_words(each, notes, where, (DCAT.accessURL, DCAT.downloadURL)) or all_words(
                each, notes, where, (DCT.description,)
            )
        return texts()(notes, found, where)


@dataclass(frozen=True)
class Services(Part):
    """Services that give access: they name the dataset, not the dataset them."""

    is_said_elsewhere: ClassVar[bool] = True

    def write_one(self, sheet: Sheet, subject: str, term: str, value: Value) -> None:
        sheet.type(term, self.kind)
        sheet.say(term, self.predicate, subject)
        write_rows(self.rows, sheet, term, value)
        if not value.title:
            sheet.say(term, DCT.title, literal(value.endpoint_url or value.endpoint_description))
        if not value.endpoint_url:
            sheet.say(term, DCAT.endpointURL, page_of(iri(sheet.root)))

    def found(self, node: Node) -> list[Node]:
        on_files = [service for each in node.nodes(DCAT.distribution) for service in each.nodes(DCAT.accessService)]
        return list(dict.fromkeys([*node.subjects(self.predicate), *on_files]))

    def read_one(self, node: Node, notes: Notebook, where: str) -> Json:
        facts = super().read_one(node, notes, where)
        if facts.get("title") in (facts.get("endpointUrl"), facts.get("endpointDescription")):
            facts.pop("title", None)
        return facts
