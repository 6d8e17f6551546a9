"""The loop on real descriptions, kept outside the project: one large file, and the same catalogue over time."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from catalogue.models import DatasetState, HarvestRecord, RecordState
from catalogue.services import sources
from catalogue.services.harvesting import Report, run
from harvesters.base import Origin
from harvesters.hdruk import HdrukHarvester
from tests.databases import Databases, SqliteDatabases, opened
from tests.integration.feeds import Bench, bench, outcomes

REAL = "hdruk/real/gateway-2020-11.hdruk-2.0.json"


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


def test_the_same_catalogue_over_time(databases: Databases, alliance: Bench, reference_data: Path) -> None:
    """DECISIONS 3 and 5: every dataset that ever was is there once, continued or held."""
    if not isinstance(databases, SqliteDatabases):
        pytest.skip("its rules are tried one by one on PostgreSQL; thirteen catalogues take too long there")
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
