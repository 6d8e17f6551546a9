"""Harvests of generated HDR UK descriptions: the first run, and one in which nothing changed."""

import json
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.corpus import documents
from bench.table import Line
from catalogue.clock import now
from catalogue.config import Settings
from catalogue.migrations.running import upgrade
from catalogue.runtime import Runtime
from catalogue.search.backend import SearchDocument
from catalogue.services import organisations, sources
from catalogue.services.harvesting import Report, Workplace, run
from harvesters.base import Origin
from harvesters.hdruk import HdrukHarvester

RECORDS = 1_000
COLUMNS = 10
"""A description of about 100 facts, as the budget has it."""
PEER_RECORDS_A_SECOND = 108
"""ckanext-dcat 2.4.4 with rdflib 7.6 parses and maps this many full descriptions a second on two cores, without
validation, versions or a database; it needs an installation of CKAN and is not run here."""


def measure() -> Iterator[Line]:
    """Harvest twice on the embedded database and tell both times, by the reports' own seconds."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        place = Path(folder)
        feed = place / "feed.json"
        feed.write_text(json.dumps([hdruk(each, columns=COLUMNS) for each in documents(RECORDS)]))
        runtime = Runtime.build(Settings(data_dir=str(place / "data")))
        upgrade(runtime.engine)
        first, second = (_harvest(runtime, feed) for _ in range(2))
        assert first.counts["new"] == second.counts["unchanged"] == RECORDS, (first.counts, second.counts)
        rate = RECORDS / first.seconds
        yield Line(
            "harvest, first run",
            f"{RECORDS:,} descriptions",
            f"{rate:,.0f} a second",
            f"{PEER_RECORDS_A_SECOND} a second (ckanext-dcat, as published)",
            "at least 2x",
            rate >= 2 * PEER_RECORDS_A_SECOND,
        )
        ratio = first.seconds / second.seconds
        yield Line(
            "harvest, nothing changed",
            f"{RECORDS:,} descriptions",
            f"{ratio:,.0f}x faster ({second.seconds:.3f} s)",
            f"{first.seconds:.2f} s (its first run)",
            "at least 20x",
            ratio >= 20,
        )


def hdruk(document: SearchDocument, *, columns: int | None = None) -> dict[str, Any]:
    """A generated description as an HDR UK 4.0.0 document, with so many of its columns."""
    years = document.years or (2010, 2020)
    return {
        "identifier": str(uuid.uuid5(uuid.NAMESPACE_URL, document.identifier)),
        "version": "1.0.0",
        "revisions": [],
        "issued": "2025-01-01T00:00:00Z",
        "modified": "2025-06-01T00:00:00Z",
        "summary": {
            "title": document.title,
            "abstract": document.abstract,
            "dataCustodian": {"name": document.custodian, "identifier": None, "contactPoint": None},
            "populationSize": 10_000,
            "keywords": list(document.keywords),
            "contactPoint": "data@custodian.example",
        },
        "documentation": {"description": document.description},
        "coverage": {"spatial": [term.label for term in document.facets.get("coverage", ())]},
        "provenance": {
            "origin": {"datasetType": [{"name": "Health and disease", "subTypes": ["Cancer"]}]},
            "temporal": {
                "publishingFrequency": "Monthly",
                "startDate": f"{years[0]}-01-01",
                "endDate": f"{years[1]}-12-31",
                "timeLag": "1-2 weeks",
            },
        },
        "accessibility": {"access": {"accessRights": "Ask the custodian."}},
        "observations": [],
        "structuralMetadata": {"tables": [{"name": "main", "columns": list(map(_column, document.columns[:columns]))}]},
    }


def _column(column: tuple[str, str]) -> dict[str, Any]:
    name, description = column
    return {"name": name or "unnamed", "dataType": "text", "description": description or None, "sensitive": False}


def _harvest(runtime: Runtime, feed: Path) -> Report:
    with runtime.sessions() as session:
        if not organisations.list_with_datasets(session):
            organisations.add(session, "Bench", at=now())
        source = sources.for_file(
            session, organisation="bench", kind="hdruk", name="feed", is_aggregator=True, at=now()
        )
    place = Workplace(runtime.engine, runtime.sessions, runtime.locks_folder)
    harvester = HdrukHarvester.from_source(Origin(path=feed), {})
    return run(place, source.id, harvester, now=now)
