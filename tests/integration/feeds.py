"""Small HDR UK feeds for tests of the harvest loop, and a catalogue to harvest them into."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from catalogue.db import make_session_factory
from catalogue.models import Dataset, HarvestRecord, OutboxMessage
from catalogue.services import organisations, sources
from catalogue.services.harvesting import Report, Workplace, run
from catalogue.services.harvesting.saving import current_version
from harvesters.base import Origin
from harvesters.hdruk import HdrukHarvester
from schemas.metadata import Description, from_json

BEGIN = datetime(2026, 3, 1, 12, tzinfo=UTC)


def name_of(number: int) -> str:
    """A UUID that is the same for the same number."""
    return str(uuid.UUID(int=0x1000_0000_0000_4000_8000_0000_0000_0000 + number, version=4))


def document(number: int, title: str = "", **changes: Any) -> dict[str, Any]:
    """A description in HDR UK 4.0.0; `changes` are paths with `__` for the dots."""
    made: dict[str, Any] = {
        "identifier": name_of(number),
        "version": "1.0.0",
        "revisions": [],
        "issued": "2025-01-01T00:00:00Z",
        "modified": "2025-02-01T00:00:00Z",
        "summary": {
            "title": title or f"Clinic visits {number}",
            "abstract": "Visits to the clinics of a county, with what was found.",
            "dataCustodian": {"name": "Harbour Trust", "identifier": "https://harbour.example/id"},
            "populationSize": 1000 + number,
            "keywords": ["clinics", "visits"],
            "contactPoint": "data@harbour.example",
        },
        "documentation": {"description": "Every visit since the clinics opened."},
        "provenance": {
            "origin": {"datasetType": [{"name": "Health and disease", "subTypes": ["Respiratory"]}]},
            "temporal": {"publishingFrequency": "Monthly", "startDate": "2015-01-01", "timeLag": "1-2 weeks"},
        },
        "accessibility": {"access": {"accessRights": "Ask the trust."}},
        "observations": [],
    }
    for path, value in changes.items():
        *sections, last = path.split("__")
        place = made
        for section in sections:
            place = place.setdefault(section, {})
        place[last] = value
    return made


@dataclass
class Bench:
    """A catalogue with one organisation; every harvest is a day after the one before."""

    place: Workplace
    folder: Path
    at: datetime = BEGIN

    def organisation(self, name: str, member_of: str | None = None) -> str:
        with self.place.sessions() as session:
            return organisations.add(session, name, at=self.at, member_of=member_of).slug

    def harvest(
        self,
        *documents: Any,
        organisation: str = "harbour-trust",
        source: str = "feed",
        aggregator: bool = False,
        complete: bool = False,
        dry_run: bool = False,
        text: str | None = None,
    ) -> Report:
        path = self.folder / f"{source}.json"
        path.write_text(text if text is not None else json.dumps({"count": len(documents), "dataModels": documents}))
        self.at += timedelta(days=1)
        with self.place.sessions() as session:
            found = sources.for_file(
                session,
                organisation=organisation,
                kind="hdruk",
                name=source,
                is_aggregator=aggregator,
                at=self.at,
            )
        harvester = HdrukHarvester.from_source(Origin(path=path), {})
        return run(self.place, found.id, harvester, now=lambda: self.at, settles=complete, dry_run=dry_run)

    @contextmanager
    def session(self) -> Iterator[Session]:
        with self.place.sessions() as session:
            yield session

    def datasets(self) -> dict[str, Dataset]:
        with self.session() as session:
            return {each.identifier: each for each in session.scalars(select(Dataset).order_by(Dataset.id))}

    def records(self) -> dict[str, HarvestRecord]:
        with self.session() as session:
            return {each.remote_identifier: each for each in session.scalars(select(HarvestRecord))}

    def waiting(self) -> list[str]:
        with self.session() as session:
            query = select(OutboxMessage.key).where(OutboxMessage.kind == "dataset.index").order_by(OutboxMessage.id)
            return list(session.scalars(query))

    def description(self, identifier: str) -> Description:
        with self.session() as session:
            dataset = session.scalars(select(Dataset).where(Dataset.identifier == identifier)).one()
            return from_json(current_version(session, dataset).description)


def bench(engine: Engine, folder: Path) -> Bench:
    """A fresh catalogue on this engine with the organisation `harbour-trust`."""
    made = Bench(Workplace(engine, make_session_factory(engine), folder / "locks"), folder)
    made.organisation("Harbour Trust")
    return made


def outcomes(report: Report) -> dict[str, int]:
    """The counts that are not nought."""
    return {name: count for name, count in report.counts.items() if count and name not in {"seen", "custodians"}}
