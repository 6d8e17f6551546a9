"""A harvest that reads in a second process ends as one that does not, whatever the source sends."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from catalogue.models import Base
from catalogue.reading import Ahead, Reader, Spooled, Terms, reader
from tests.databases import Databases, opened
from tests.integration.feeds import bench, document, outcomes

Feed = list[Any]
TABLES = [table for table in Base.metadata.sorted_tables if table.name != "harvest_run"]
"""All but what tells how long a run took."""


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each record was read ahead; where a process was started, it is waited for before the first is taken."""
    found: list[bool] = []
    ahead = Reader.ahead

    def patient(self: Reader, needs: Callable[[Spooled], bool], terms: Terms) -> Iterator[Ahead]:
        assert self._connection is None or self._connection.poll(60)
        for each in ahead(self, needs, terms):
            found.append(each.read is not None)
            yield each

    monkeypatch.setattr(reader, "_processors", lambda: 2)
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
    databases: Databases, answered: list[bool], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with databases.copy() as url:
        alone = harvested(url, tmp_path)
    assert not any(answered)
    monkeypatch.setattr(reader, "WORTH_IT", 2)
    answered.clear()
    with databases.copy() as url:
        ahead = harvested(url, tmp_path)
    unchanged = {4, 5}
    assert answered == [True] * len(first_feed()) + [
        number not in unchanged for number in (1, 2, 0, 1, 3, 4, 5, 6, 8, 9)
    ]
    assert ahead == alone
