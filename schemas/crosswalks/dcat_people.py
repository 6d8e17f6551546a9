"""Whom to ask, in the two vocabularies that DCAT-AP uses for it, and the DOI of a dataset."""

import re
from dataclasses import dataclass
from typing import Final

from schemas.crosswalks.dcat_sheet import Kind, Sheet, Value, all_words, below, label_of
from schemas.crosswalks.hdruk_relations import bare_doi
from schemas.crosswalks.rdf_graph import Node, value_of
from schemas.crosswalks.rdf_terms import (
    ADMS,
    CV,
    DCAT,
    FOAF,
    RDFS,
    SCHEMA,
    SKOS,
    VCARD,
    XSD,
    iri,
    link,
    literal,
    scheme_of,
)
from schemas.crosswalks.reading import Notebook
from schemas.crosswalks.text import JsonValue
from schemas.crosswalks.values import text, texts

DOI: Final = re.compile(r"10\.[0-9]{4,9}/[^\s<>\"{}|^`\\]+")

_DOI_ADDRESS: Final = "https://doi.org/"
_EMAIL = re.compile(r"[^\s@<>\"{}|^`\\:/?#]+@[^\s@<>\"{}|^`\\:/?#]+")


def doi_address(text_: str) -> str:
    """The address of a DOI; any other text as it is."""
    return f"{_DOI_ADDRESS}{text_}" if DOI.fullmatch(text_) else text_


def is_email(text_: str) -> bool:
    """Whether the text is one e-mail address and nothing else."""
    return _EMAIL.fullmatch(text_) is not None


def is_web(text_: str) -> bool:
    """Whether the text is one web address and nothing else."""
    return scheme_of(text_) in {"http", "https"} and link(text_) is not None


@dataclass(frozen=True)
class Identifier(Kind):
    """A DOI as `adms:identifier`, whose notation is its address."""

    how: str = "a node with skos:notation, a DOI as https://doi.org/..."

    @property
    def predicates(self) -> tuple[str, ...]:
        return (ADMS.identifier,)

    def write(self, sheet: Sheet, subject: str, value: Value) -> None:
        term = below(subject, "doi")
        sheet.say(subject, ADMS.identifier, term)
        sheet.type(term, ADMS.Identifier)
        sheet.say(term, SKOS.notation, literal(doi_address(value), XSD.anyURI))

    def read(self, node: Node, notes: Notebook, where: str) -> JsonValue:  # noqa: ARG002 - see Kind.read
        for each in node.nodes(ADMS.identifier):
            for term in sorted(each.literals(SKOS.notation)) or [iri(each.address)] * bool(each.address):
                if DOI.fullmatch(found := bare_doi(value_of(term))):
                    return found
        return None


@dataclass(frozen=True)
class Contact(Kind):
    """Whom to ask: an e-mail address, a web address, or words."""

    how: str = "vcard:Kind with vcard:hasEmail, vcard:hasURL, or words in vcard:note"

    @property
    def predicates(self) -> tuple[str, ...]:
        return (DCAT.contactPoint, SCHEMA.contactPoint)

    def write(self, sheet: Sheet, subject: str, value: Value) -> None:
        term = below(subject, "contact")
        sheet.say(subject, DCAT.contactPoint, term)
        sheet.type(term, VCARD.Kind)
        if is_email(value) and (email := link(f"mailto:{value}")):
            sheet.say(term, VCARD.hasEmail, email)
        elif is_web(value):
            sheet.say(term, VCARD.hasURL, iri(value))
        else:
            sheet.say(term, VCARD.note, literal(value))

    def read(self, node: Node, notes: Notebook, where: str) -> JsonValue:
        places = (VCARD.hasEmail, VCARD.hasURL, VCARD.note, SCHEMA.email, VCARD.hasTelephone)
        for each in node.nodes(*self.predicates):
            for place in places:
                if found := [word.removeprefix("mailto:") for word in all_words(each, notes, where, (place,))]:
                    return text()(notes, found[0], where)
            if words := label_of(each):
                return text()(notes, words, where)
        return None


@dataclass(frozen=True)
class ContactPoints(Kind):
    """How to reach an organisation: e-mail addresses, web pages, words."""

    how: str = "cv:ContactPoint with cv:email, cv:contactPage, or words in rdfs:label"

    @property
    def predicates(self) -> tuple[str, ...]:
        return (CV.contactPoint, FOAF.mbox)

    def write(self, sheet: Sheet, subject: str, value: Value) -> None:
        term = below(subject, "contact")
        sheet.say(subject, CV.contactPoint, term)
        sheet.type(term, CV.ContactPoint)
        for each in value:
            if is_web(each):
                sheet.say(term, CV.contactPage, iri(each))
            else:
                sheet.say(term, CV.email if is_email(each) else RDFS.label, literal(each))

    def read(self, node: Node, notes: Notebook, where: str) -> JsonValue:
        found: list[str] = []
        for each in node.nodes(CV.contactPoint):
            for place in (CV.email, CV.contactPage, RDFS.label):
                found += all_words(each, notes, where, (place,))
        return texts()(notes, found or all_words(node, notes, where, (FOAF.mbox,)), where)
