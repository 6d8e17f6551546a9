"""Organisations and bodies: FOAF agents with the contact points of the EU core vocabularies."""

from dataclasses import dataclass
from typing import ClassVar, Final

from schemas.crosswalks.dcat_composites import Part, Via
from schemas.crosswalks.dcat_nodes import Link
from schemas.crosswalks.dcat_people import ContactPoints
from schemas.crosswalks.dcat_sheet import Row, Sheet, Value, below, by_language
from schemas.crosswalks.dcat_values import Scalar, Text
from schemas.crosswalks.rdf_graph import Node, value_of
from schemas.crosswalks.rdf_terms import (
    CV,
    DCAT,
    DCT,
    FOAF,
    GEODCATAP,
    PROV,
    RDFS,
    SCHEMA,
    SCHEMA_HTTP,
    SKOS,
    VCARD,
    iri,
)
from schemas.crosswalks.reading import Json, Notebook
from schemas.crosswalks.text import JsonValue
from schemas.crosswalks.values import code, code_or_number, string, text

DISTRIBUTOR: Final = "http://inspire.ec.europa.eu/metadata-codelist/ResponsiblePartyRole/distributor"

_NAMES: Final = (SKOS.prefLabel, RDFS.label, VCARD.fn, SCHEMA.name, SCHEMA_HTTP.name, DCT.title)
_PUBLISHERS: Final = (
    DCT.publisher,
    SCHEMA.publisher,
    SCHEMA_HTTP.publisher,
    DCT.creator,
    SCHEMA.creator,
    SCHEMA_HTTP.creator,
)


@dataclass(frozen=True)
class AgentIdentifier(Scalar):
    """The identifier that is stated, or the agent's own address."""

    is_said_elsewhere: ClassVar[bool] = True

    def read(self, node: Node, notes: Notebook, where: str) -> JsonValue:
        found = super().read(node, notes, where)
        return found if found is not None else node.address or None


@dataclass(frozen=True)
class Custodian(Part):
    """The custodian, or the first publisher or creator that has a name."""

    def read(self, node: Node, notes: Notebook, where: str) -> JsonValue:
        nameless: Json = {}
        for predicate in self.predicates:
            for each in node.nodes(predicate):
                facts = self.read_one(each, notes, where)
                if facts.get("name"):
                    return facts
                nameless = nameless or facts
            if names := node.literals(predicate):
                return {"name": string(notes, value_of(by_language(names)[0]), where)}
        return nameless or None


@dataclass(frozen=True)
class Attributed(Part):
    """An agent with a role, by way of `prov:qualifiedAttribution`."""

    role: str = DISTRIBUTOR

    def write_one(self, sheet: Sheet, subject: str, term: str, value: Value) -> None:
        attribution = below(term, "attribution")
        sheet.say(subject, PROV.qualifiedAttribution, attribution)
        sheet.type(attribution, PROV.Attribution)
        sheet.say(attribution, DCAT.hadRole, iri(self.role))
        sheet.type(iri(self.role), DCAT.Role)
        super().write_one(sheet, attribution, term, value)

    @property
    def predicates(self) -> tuple[str, ...]:
        return (PROV.qualifiedAttribution,)

    def found(self, node: Node) -> list[Node]:
        roles = [each for each in node.nodes(PROV.qualifiedAttribution) if iri(self.role) in each.objects(DCAT.hadRole)]
        return [agent for each in roles for agent in each.nodes(self.predicate)]


CUSTODIAN: Final = Custodian(
    GEODCATAP.custodian,
    kind=FOAF.Agent,
    fragment="custodian",
    also=_PUBLISHERS,
    rows=(
        Row("identifier", "dct:identifier", AgentIdentifier(DCT.identifier, reader=code_or_number)),
        Row("name", "foaf:name", Text(FOAF.name, also=_NAMES, reader=string)),
        Row("logo", "foaf:logo", Link(FOAF.logo, fragment="logo", is_list=False, reader=text())),
        Row("description", "dct:description", Text(DCT.description, reader=text())),
        Row("contactPoint", "cv:contactPoint", ContactPoints()),
        Row("memberOf", "vcard:category", Text(VCARD.category, reader=code("membership"))),
    ),
)

BODY: Final = (
    Row("name", "foaf:name", Text(FOAF.name, also=_NAMES, reader=string)),
    Row("identifier", "dct:identifier", AgentIdentifier(DCT.identifier, reader=string)),
    Row(
        "email",
        "cv:contactPoint / cv:email",
        Via(CV.contactPoint, kind=CV.ContactPoint, fragment="contact", inner=Text(CV.email, reader=text())),
    ),
    Row(
        "url",
        "cv:contactPoint / cv:contactPage",
        Via(
            CV.contactPoint,
            kind=CV.ContactPoint,
            fragment="contact",
            inner=Link(CV.contactPage, fragment="page", is_list=False, reader=text()),
        ),
    ),
)
