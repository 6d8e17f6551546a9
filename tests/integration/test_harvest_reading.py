"""A harvest that reads in a second process ends as one that does not, whatever the source sends."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from catalogue.models import Base
from catalogue.reading import Ahead, Read, Reader, Spooled, Terms, read, reader
from harvesters.base import Harvester, Raw
from tests.databases import Databases, opened
from tests.integration.feeds import bench, document, outcomes

Feed = list[Any]
TABLES = [table for table in Base.metadata.sorted_tables if table.name != "harvest_run"]
"""All but what tells how long a run took."""


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What this process reads of records; where a second one was started, it is waited for before the first is kept."""
    found: list[str] = []
    ahead = Reader.ahead

    def patient(self: Reader, needs: Callable[[Spooled], bool], terms: Terms) -> Iterator[Ahead]:
        if self._second is not None and self._second._connection is not None:
            assert self._second._connection.poll(60)
        yield from ahead(self, needs, terms)

    def noted(kind: type[Harvester], raw: Raw, terms: Terms) -> Read:
        found.append(raw.position)
        return read(kind, raw, terms)

    monkeypatch.setattr(reader, "_processors", lambda: 2)
    monkeypatch.setattr(reader, "read", noted)
    monkeypatch.setattr(Reader, "ahead", patient)
    return found


def first_feed() -> Feed:
    """What can be taken, next to what cannot."""
    nobody: dict[str, Any] = {"summary__dataCustodian": {"name": None}}
    return [
        document(1),
        document(2, **nobody),
        "not a description",
        document(1, "The same again"),
        document(3, summary__title=""),
        document(4, summary__dataCustodian={"name": "Somebody Else"}, provenance__temporal__startDate="03/04/2020"),
        document(5, provenance__temporal__startDate="25/04/2020", summary__doiName="10.1234/five"),
        document(6, identifier=None),
        document(7, observations=[{"observedNode": "Persons", "measuredValue": "many"}]),
    ]


def second_feed() -> Feed:
    """Some of it changed, one that continues another, one that is new."""
    earlier = [{"version": "1.0.0", "url": document(7)["identifier"]}]
    return [
        document(1, summary__abstract="Now with prescriptions too."),
        document(2, summary__dataCustodian={"name": None}, summary__abstract="Changed, of nobody named."),
        *first_feed()[2:-1],
        document(8, revisions=earlier),
        document(9),
    ]


def harvested(url: str, folder: Path) -> list[Any]:
    """Two runs into a new catalogue: what they reported, and every row that they left."""
    with opened(url) as engine:
        harbour = bench(engine, folder)
        reports = [harbour.harvest(*feed, complete=True) for feed in (first_feed(), second_feed())]
        with harbour.session() as session:
            rows = [list(session.execute(select(table).order_by(*table.primary_key))) for table in TABLES]
    return [[(outcomes(each), each.problems) for each in reports], rows]


def test_everything_is_the_same(
    databases: Databases, here: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with databases.copy() as url:
        alone = harvested(url, tmp_path)
    unchanged = {5, 6}
    looked_at_again = [number for number in range(len(second_feed())) if number not in unchanged]
    assert here == [f"dataModels[{number}]" for number in (*range(len(first_feed())), *looked_at_again)]
    monkeypatch.setattr(reader, "WORTH_IT", 2)
    here.clear()
    with databases.copy() as url:
        ahead = harvested(url, tmp_path)
    assert here == []
    assert ahead == alone
