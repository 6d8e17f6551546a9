"""The canonical form written as DCAT-AP 3, as lines of N-Triples that say everything about one dataset."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from schemas.crosswalks.dcat_authorities import HEALTH_THEME
from schemas.crosswalks.dcat_rights import derive_access_right
from schemas.crosswalks.dcat_sheet import Sheet, write_rows
from schemas.crosswalks.dcat_table import ROWS
from schemas.crosswalks.identifiers import identifier_of
from schemas.crosswalks.rdf_graph import page_of
from schemas.crosswalks.rdf_terms import DCAT, DCT, FOAF, SKOS, XSD, iri, literal
from schemas.metadata import Access, Description, Problem, Severity, Usage


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes the description in the catalogue: its address there, its name, and an identifier such as a ROR."""

    address: str
    name: str
    identifier: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What the catalogue says of its own record of a dataset; the moments are aware."""

    publisher: Publisher
    issued_at: datetime
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class Writing:
    """Lines of N-Triples, each subject's together; `missing` is what DCAT-AP demands and nobody stated."""

    lines: tuple[str, ...]
    missing: tuple[Problem, ...]


_ON_APPLICATION: Final = frozenset({"TRE/SDE", "Varies based on project"})
_NO_WAIT: Final = frozenset({"Not applicable"})
_NO_LIMIT: Final = frozenset({"No restriction", "General research use"})


def write(description: Description, *, address: str, entry: Entry | None = None) -> Writing:
    """The description of the dataset at `address`, with the catalogue's own record of it where there is one.

    Nothing is invented but what DCAT-AP demands: the title and the abstract stand for a description that is not stated.
    """
    identifier = identifier_of(description.identifier or "")
    sheet, subject = Sheet(address, description.summary.title or "", identifier), iri(address)
    sheet.type(subject, DCAT.Dataset)
    write_rows(ROWS, sheet, subject, description)
    if not description.documentation.description and (words := standing_in(description)):
        sheet.say(subject, DCT.description, literal(words))
    _write_theme(sheet, subject)
    _write_page(sheet, subject)
    if description.accessibility.access.access_level is None:
        _write_derived_level(sheet, subject, description)
    if entry is not None:
        _write_entry(sheet, subject, entry)
    return Writing(tuple(sheet.lines()), (*_missing(description), *sheet.problems))


def standing_in(description: Description) -> str:
    """What stands for a description that is not stated."""
    return ": ".join(text for text in (description.summary.title, description.summary.abstract) if text)


def _write_theme(sheet: Sheet, subject: str) -> None:
    sheet.say(subject, DCAT.theme, iri(HEALTH_THEME))
    sheet.type(iri(HEALTH_THEME), SKOS.Concept)
    sheet.say(iri(HEALTH_THEME), SKOS.prefLabel, literal("Health"))


def _write_page(sheet: Sheet, subject: str) -> None:
    sheet.say(subject, DCAT.landingPage, page_of(subject))
    sheet.type(page_of(subject), FOAF.Document)


def _write_derived_level(sheet: Sheet, subject: str, description: Description) -> None:
    heading = _restricting(description.accessibility.access, description.accessibility.usage)
    if heading:
        derive_access_right(sheet, subject, "RESTRICTED", heading)
    elif description.accessibility.access.access_service_category == "Open access":
        derive_access_right(sheet, subject, "PUBLIC", "Way of access")


def _restricting(access: Access, usage: Usage) -> str:
    """The heading under which it stands that not everybody gets the data at once, or nothing."""
    if access.access_service_category in _ON_APPLICATION:
        return "Way of access"
    if access.delivery_lead_time is not None and access.delivery_lead_time not in _NO_WAIT:
        return "Time to access"
    if usage.data_use_requirements:
        return "Conditions of use"
    return "Limits on use" if set(usage.data_use_limitation) - _NO_LIMIT else ""


def _write_entry(sheet: Sheet, subject: str, entry: Entry) -> None:
    publisher, record = iri(entry.publisher.address), f"{subject[:-1]}#record>"
    sheet.say(subject, DCT.publisher, publisher)
    sheet.type(record, DCAT.CatalogRecord)
    sheet.say(record, FOAF.primaryTopic, subject)
    sheet.say(record, DCT.issued, _moment(entry.issued_at))
    sheet.say(record, DCT.modified, _moment(entry.modified_at))
    write_publisher(sheet, entry.publisher)


def write_publisher(sheet: Sheet, publisher: Publisher) -> None:
    """State who an organisation is, the same wherever it is named."""
    subject = iri(publisher.address)
    sheet.type(subject, FOAF.Agent)
    sheet.say(subject, FOAF.name, literal(publisher.name))
    if publisher.identifier:
        sheet.say(subject, DCT.identifier, literal(publisher.identifier))


def _moment(at: datetime) -> str:
    return literal(at.isoformat(timespec="seconds"), XSD.dateTime)


def _missing(description: Description) -> list[Problem]:
    if description.documentation.description:
        return []
    message = "DCAT-AP demands a description; the title and the abstract stand in for it."
    return [Problem("documentation.description", message, Severity.WARNING, "Describe the dataset.")]
