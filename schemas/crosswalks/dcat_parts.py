"""Fields whose form in RDF is like no other: periods, types of data, jurisdictions, formats."""

import re
from dataclasses import KW_ONLY, dataclass
from functools import cached_property
from typing import ClassVar, Final

from schemas.crosswalks.dcat_authorities import DPV_PLACES, EU, FILE_TYPES, IANA
from schemas.crosswalks.dcat_sheet import Kind, Sheet, Value, all_words, below, label_of
from schemas.crosswalks.dcat_values import Date
from schemas.crosswalks.hdruk_relations import dataset_types
from schemas.crosswalks.rdf_graph import Node
from schemas.crosswalks.rdf_terms import DCAT, DCT, RDFS, SCHEMA, SKOS, TIME, iri, literal, short
from schemas.crosswalks.reading import Json, Notebook, Reader
from schemas.crosswalks.text import JsonValue
from schemas.crosswalks.values import date, text
from schemas.metadata import CONTINUOUS
from schemas.vocabularies import fold

NAMELESS: Final = "Not stated"
"""The label of a type of which only sub-types are known; a skos:Concept must have one."""

_JURISDICTION = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+")


@dataclass(frozen=True)
class Edge(Kind):
    """One end of a period; words for "it goes on" stand on its end as an instant."""

    predicate: str
    _: KW_ONLY
    fragment: str
    is_end: bool
    kind: str = DCT.PeriodOfTime
    how: str = "typed as exactly as it is stated; CONTINUOUS is the rdfs:label of time:hasEnd"

    @property
    def predicates(self) -> tuple[str, ...]:
        return (self.predicate,)

    @cached_property
    def _date(self) -> Date:
        place, other = (DCAT.endDate, SCHEMA.endDate) if self.is_end else (DCAT.startDate, SCHEMA.startDate)
        return Date(place, also=(other,), reader=date(may_go_on=self.is_end))

    def write(self, sheet: Sheet, subject: str, value: Value) -> None:
        term = below(subject, self.fragment)
        sheet.say(subject, self.predicate, term)
        sheet.type(term, self.kind)
        if value == CONTINUOUS:
            sheet.say(term, TIME.hasEnd, below(term, "end"))
            sheet.type(below(term, "end"), TIME.Instant)
            sheet.say(below(term, "end"), RDFS.label, literal(CONTINUOUS))
        else:
            self._date.write(sheet, term, value)

    def read(self, node: Node, notes: Notebook, where: str) -> JsonValue:
        found = [stated for each in node.nodes(self.predicate) if (stated := self._of_one(each, notes, where))]
        if len(found) > 1:
            notes.note(where, "Several periods are given; they are read as one that holds them all.")
        if CONTINUOUS in found:
            return CONTINUOUS
        return (max(found) if self.is_end else min(found)) if found else None

    def _of_one(self, period: Node, notes: Notebook, where: str) -> str:
        ends = period.nodes(TIME.hasEnd) if self.is_end else ()
        if any(label_of(end) == CONTINUOUS for end in ends):
            return CONTINUOUS
        found = self._date.read(period, notes, where)
        return found if isinstance(found, str) else ""


@dataclass(frozen=True)
class Types(Kind):
    """Types of data as concepts, and their sub-types as narrower ones."""

    fields: ClassVar[tuple[str, ...]] = ("name", "subTypes")
    how: str = "skos:Concept with skos:prefLabel, sub-types below it by skos:narrower"

    @property
    def predicates(self) -> tuple[str, ...]:
        return (DCT.type,)

    def write(self, sheet: Sheet, subject: str, value: Value) -> None:
        for number, each in enumerate(value, 1):
            term = below(subject, f"type-{number}")
            sheet.say(subject, DCT.type, term)
            sheet.type(term, SKOS.Concept)
            sheet.say(term, SKOS.prefLabel, literal(each.name or NAMELESS))
            for position, name in enumerate(each.sub_types, 1):
                narrower = below(term, str(position))
                sheet.say(term, SKOS.narrower, narrower)
                sheet.type(narrower, SKOS.Concept)
                sheet.say(narrower, SKOS.prefLabel, literal(name))

    def read(self, node: Node, notes: Notebook, where: str) -> JsonValue:
        found: list[Json] = []
        for each in node.nodes(DCT.type):
            if name := label_of(each, SKOS.prefLabel):
                narrower = [label_of(lower, SKOS.prefLabel) for lower in each.nodes(SKOS.narrower)]
                stated = {"name": "" if name == NAMELESS else name, "subTypes": [words for words in narrower if words]}
                found.append({key: value for key, value in stated.items() if value})
        return dataset_types(notes, found, where) if found else None


@dataclass(frozen=True)
class Jurisdictions(Kind):
    """Codes of countries and their parts, as the addresses of the Data Privacy Vocabulary."""

    predicate: str
    _: KW_ONLY
    reader: Reader
    how: str = "https://w3id.org/dpv/loc#GB-ENG"

    @property
    def predicates(self) -> tuple[str, ...]:
        return (self.predicate,)

    def write(self, sheet: Sheet, subject: str, value: Value) -> None:
        for each in value:
            if _JURISDICTION.fullmatch(each):
                sheet.say(subject, self.predicate, iri(f"{DPV_PLACES}{each}"))
            else:
                sheet.leave_out(short(self.predicate), f"“{each}” is not a code of a country.")

    def read(self, node: Node, notes: Notebook, where: str) -> JsonValue:
        words = all_words(node, notes, where, self.predicates)
        return self.reader(notes, [word.removeprefix(DPV_PLACES) for word in words], where)


@dataclass(frozen=True)
class FileFormat(Kind):
    """A format as it is written, beside the EU file type that it is; the code of a file type stands alone."""

    how: str = "the EU file type; other words in schema:encodingFormat"

    @property
    def predicates(self) -> tuple[str, ...]:
        return (SCHEMA.encodingFormat, DCT.format)

    def write(self, sheet: Sheet, subject: str, value: Value) -> None:
        code = value if value in FILE_TYPES.values() else FILE_TYPES.get(fold(value), "")
        if code:
            sheet.say(subject, DCT.format, iri(f"{EU}file-type/{code}"))
            sheet.type(iri(f"{EU}file-type/{code}"), DCT.MediaTypeOrExtent)
        if code != value:
            sheet.say(subject, SCHEMA.encodingFormat, literal(value))

    def read(self, node: Node, notes: Notebook, where: str) -> JsonValue:
        found = all_words(node, notes, where, self.predicates)
        return text()(notes, found[0].removeprefix(f"{EU}file-type/"), where) if found else None


@dataclass(frozen=True)
class MediaType(Kind):
    """An Internet media type as the address that IANA has for it."""

    how: str = "the IANA address"

    @property
    def predicates(self) -> tuple[str, ...]:
        return (DCAT.mediaType,)

    def write(self, sheet: Sheet, subject: str, value: Value) -> None:
        if _MEDIA_TYPE.fullmatch(value):
            sheet.say(subject, DCAT.mediaType, iri(f"{IANA}{value}"))
            sheet.type(iri(f"{IANA}{value}"), DCT.MediaType)
        else:
            sheet.leave_out("dcat:mediaType", f"“{value:.80}” is not a media type.")

    def read(self, node: Node, notes: Notebook, where: str) -> JsonValue:
        for word in all_words(node, notes, where, self.predicates):
            for start in (IANA, IANA.replace("https:", "http:")):
                word = word.removeprefix(start)  # noqa: PLW2901 - the same word without what stands before it
            return text()(notes, word, where)
        return None
