"""The descriptions that questions were judged on, as they are searched, and the judgements."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from catalogue import samples
from catalogue.domain.custodians import CustodianName, slug_of
from catalogue.domain.filling import fill
from catalogue.domain.quality import score
from catalogue.search.backend import SearchDocument
from catalogue.search.documents import document_of
from catalogue.search.facet_values import IndexFacts
from harvesters.base import Origin
from harvesters.hdruk import HdrukHarvester
from schemas.metadata import Description, Problem

JUDGEMENTS = Path(__file__).resolve().parent.parent / "tests" / "data" / "judgements"
REFERENCE = ("hdruk/real/gateway-2020-11.hdruk-2.0.json", "hdruk/real/gateway-2020-08.hdruk-1.1.7.json")
"""A catalogue, and an older form of it that has columns."""
READ_ON = date(2026, 11, 22)
"""The day that descriptions are taken to be read on, so that none is different tomorrow."""

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Record:
    """A description as read, with what was wrong with it."""

    identifier: str
    description: Description
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A question, with the grade of every description that was read for it: 3 for what is asked, 0 for what is not."""

    text: str
    grades: Mapping[str, int]


def judgements(name: str) -> list[Judged]:
    """The judgements of that name, in the order of the file."""
    grades: dict[str, dict[str, int]] = {}
    for line in (JUDGEMENTS / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            text, identifier, grade = line.split("\t")
            grades.setdefault(text, {})[identifier] = int(grade)
    return [Judged(text, found) for text, found in grades.items()]


def sample_documents() -> list[SearchDocument]:
    """The samples as the demo shows them: the last feed of each member."""
    found: dict[str, SearchDocument] = {}
    for member in samples.members():
        for record in _records(member.generations[-1]):
            found.setdefault(record.identifier, _document(record, member.member_of))
    return list(found.values())


def reference_documents(folder: Path) -> list[SearchDocument]:
    """The real descriptions; those that are in both files have their columns from the older."""
    newer, older = (list(_records(folder / path)) for path in REFERENCE)
    known = {name: record.identifier for record in newer for name in _names(record)}
    columns: dict[str, Description] = {}
    for record in older:
        same = next((known[name] for name in _names(record) if name in known), None)
        if same is None:
            newer.append(record)
        else:
            columns[same] = record.description
    filled = (
        replace(record, description=fill(record.description, [("older", columns[record.identifier])]))
        if record.identifier in columns
        else record
        for record in newer
    )
    return [_document(record, "") for record in filled]


def _records(path: Path) -> Iterator[Record]:
    for raw in HdrukHarvester.from_source(Origin(path=path), {}).gather():
        reading = HdrukHarvester.parse(raw, date_order=None, today=READ_ON)
        if raw.identifier and reading.description is not None:
            yield Record(raw.identifier, reading.description, reading.problems)


def _names(record: Record) -> Iterable[str]:
    """The identifiers of a record and of its earlier versions."""
    stated = (record.identifier, *(str(each.url) for each in record.description.revisions))
    return dict.fromkeys(found for text in stated for found in _UUID.findall(text.lower()))


def _document(record: Record, membership: str) -> SearchDocument:
    description = record.description
    custodian = CustodianName.parse(description.summary.data_custodian.name or "")
    facts = IndexFacts(
        identifier=record.identifier,
        revision="1",
        custodian_name=custodian.name,
        custodian_slug=slug_of(custodian.name),
        membership=(membership,) if membership else (),
        changed_at=_seconds(description.modified or description.issued),
        quality=score(description, record.problems).score / 100,
    )
    return document_of(description, facts)


def _seconds(stated: str | None) -> int:
    return int(datetime.fromisoformat(stated).replace(tzinfo=UTC).timestamp()) if stated else 0


def collection(name: str) -> list[SearchDocument]:
    """The descriptions that judgements of that name are about."""
    if name == "samples":
        return sample_documents()
    folder = Path(os.environ.get("CATALOGUE_REFERENCE_DATA", JUDGEMENTS.parents[2].parent / "shared" / "data"))
    return reference_documents(folder)
