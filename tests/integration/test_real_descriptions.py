"""The loop on real descriptions, kept outside the project: one large file, and the same catalogue over time."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from catalogue.models import Dataset, DatasetState, DatasetVersion, HarvestRecord, RecordState
from catalogue.search.backend import SearchQuery
from catalogue.search.opening import open_backend
from catalogue.services import indexing, sources
from catalogue.services.harvesting import Report, run
from harvesters.base import Origin
from harvesters.hdruk import HdrukHarvester
from schemas.metadata import BasisKind, Description, from_json
from tests.databases import ONCE, opened
from tests.integration.feeds import Bench, bench, outcomes

REAL = "hdruk/real/gateway-2020-11.hdruk-2.0.json"
OLDER = "hdruk/real/gateway-2020-08.hdruk-1.1.7.json"
"""On one database: the rules are tried one by one on both elsewhere, and these are whole catalogues."""


@pytest.fixture
def alliance(database_url: str, tmp_path: Path) -> Iterator[Bench]:
    with opened(database_url) as engine:
        made = bench(engine, tmp_path)
        made.organisation("Health Data Alliance")
        yield made


def harvest(alliance: Bench, path: Path, source: str, *, complete: bool = False) -> Report:
    with alliance.session() as session:
        found = sources.for_file(
            session,
            organisation="health-data-alliance",
            kind="hdruk",
            name=source,
            is_aggregator=True,
            at=alliance.at,
        )
    harvester = HdrukHarvester.from_source(Origin(path=path), {})
    return run(alliance.place, found.id, harvester, now=lambda: alliance.at, settles=complete)


def test_a_real_catalogue_is_taken_in_whole_and_known_again(alliance: Bench, reference_data: Path) -> None:
    first = harvest(alliance, reference_data / REAL, "gateway")
    assert outcomes(first) == {"new": 379}
    assert first.counts["seen"] == 379
    assert first.counts["custodians"] == 29
    assert all(each.record for each in first.problems)
    assert any(each.problem.path for each in first.problems)
    second = harvest(alliance, reference_data / REAL, "gateway")
    assert outcomes(second) == {"unchanged": 379}
    assert len(alliance.datasets()) == 379


@ONCE
def test_the_same_catalogue_over_time(alliance: Bench, reference_data: Path) -> None:
    """Every dataset that ever was is there once, continued or held."""
    snapshots = sorted((reference_data / "hdruk/real/replay").glob("*.json.gz"))
    assert len(snapshots) == 13
    totals: Counter[str] = Counter()
    for number, snapshot in enumerate(snapshots):
        report = harvest(alliance, snapshot, "gateway", complete=True)
        assert report.counts["seen"] == sum(outcomes(report).get(each, 0) for each in OUTCOMES)
        if number:
            totals.update(outcomes(report))
    # 124 identifiers arrive: 48 are new datasets, the others name identifiers that were there before.
    assert totals["continued"] == 76
    assert totals["new"] == 48
    assert totals["changed"] == 63
    assert totals["invalid"] == totals["conflict"] == 0
    states = Counter(each.state for each in alliance.datasets().values())
    assert sum(states.values()) == 400
    assert states[DatasetState.WITHDRAWN] == 1
    with alliance.session() as session:
        live = session.scalars(
            select(HarvestRecord.dataset_id).where(HarvestRecord.state != RecordState.SUPERSEDED)
        ).all()
    assert len(live) == len(set(live)) == 400


OUTCOMES = ("new", "changed", "continued", "unchanged", "invalid", "conflict")


@ONCE
@pytest.mark.parametrize("files", [(OLDER, REAL), (REAL, OLDER)], ids=["older first", "newer first"])
def test_two_forms_of_one_catalogue_are_one_in_either_order(
    alliance: Bench, reference_data: Path, tmp_path: Path, files: tuple[str, str]
) -> None:
    """208 records have the same UUID, 30 more are joined by revisions; only the older form has columns."""
    first, second = (harvest(alliance, reference_data / each, each, complete=True) for each in files)
    assert outcomes(first) == {"new": first.counts["seen"]}
    assert outcomes(second) == {"conflict": 238, "new": second.counts["seen"] - 238}
    descriptions = published(alliance)
    assert len(descriptions) == 476
    assert sum(columns(each) for each in descriptions.values()) == 3268
    filled = [
        identifier
        for identifier, each in descriptions.items()
        if any((basis.kind, basis.path) == (BasisKind.FILLED, "structuralMetadata") for basis in each.bases)
    ]
    assert bool(filled) == (files[0] == REAL)
    backend = open_backend("", folder=tmp_path / "index", synonyms=None)
    with alliance.session() as session:
        indexing.refresh(session, backend, alliance.waiting())
        assert indexing.check(session, backend).agree
    assert backend.search(SearchQuery()).total == 476
    with_tables = {identifier for identifier, each in descriptions.items() if columns(each)}
    assert backend.search(SearchQuery(filters={"structure": ("yes",)})).total == len(with_tables) == 119
    for identifier in sorted(with_tables)[:5]:
        table = next(each for each in descriptions[identifier].structural_metadata.tables if each.columns)
        found = backend.search(SearchQuery(text=f'"{table.columns[0].name}"', per_page=100))
        assert identifier in {hit.identifier for hit in found.hits}


def published(alliance: Bench) -> dict[str, Description]:
    with alliance.session() as session:
        rows = session.execute(
            select(Dataset.identifier, DatasetVersion.description)
            .join(DatasetVersion, DatasetVersion.dataset_id == Dataset.id)
            .where(Dataset.state == DatasetState.PUBLISHED, DatasetVersion.number == Dataset.version_number)
        )
        return {identifier: from_json(description) for identifier, description in rows}


def columns(description: Description) -> int:
    return sum(len(table.columns) for table in description.structural_metadata.tables)
