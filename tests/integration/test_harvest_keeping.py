"""New records are kept a few at a time: what is left is the same, whatever happens to one of them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from catalogue.domain.custodians import CustodianName
from catalogue.models import Base, Dataset, HarvestRecord, HarvestRun, Organisation, OutboxMessage, Outcome, RunState
from catalogue.reading import Ahead, Spooled
from catalogue.reading.spool import Place
from catalogue.services.harvesting import keeping
from catalogue.services.harvesting.record import Taken, take
from catalogue.services.organisations import resolve
from harvesters.base import Raw
from schemas.metadata import Organisation as StatedOrganisation
from tests.databases import ONCE, Databases, opened
from tests.integration.feeds import Bench, bench, document, name_of, outcomes

TABLES = [table for table in Base.metadata.sorted_tables if table.name not in {"harvest_run", "outbox_message"}]
"""All but what tells how long a run took, and the messages, whose order and repetitions mean nothing."""
ORIGINAL = take
Refusal = Callable[[str], Exception | None]


def of(number: int, custodian: str, **changes: Any) -> dict[str, Any]:
    """A record of an aggregator's feed."""
    return document(number, summary__dataCustodian={"name": custodian}, **changes)


def feed() -> list[Any]:
    """New custodians named in several ways, two whose addresses would be the same, and what cannot be taken."""
    earlier = [{"version": "1.0.0", "url": name_of(1)}]
    return [
        of(1, "River Trust"),
        of(2, "RIVER TRUST"),
        of(3, "River-Trust"),
        of(4, "Hill Trust", summary__doiName="10.1234/four"),
        "not a description",
        of(5, "Hill Trust", summary__doiName="10.1234/four"),
        of(1, "River Trust", summary__abstract="The same identifier again."),
        of(6, "Lake Trust", revisions=earlier),
        of(7, "Lake Trust", identifier=None),
        of(8, "Sea Trust"),
        of(9, "River Trust"),
        of(10, "Sea Trust", identifier=f"first-{name_of(10)}"),
        of(10, "Sea Trust", identifier=f"second-{name_of(10)}"),
    ]


def refusing(monkeypatch: pytest.MonkeyPatch, refusal: Refusal) -> list[str]:
    """Raise what a refusal says instead of keeping a record, by its identifier; what was tried, in order."""
    tried: list[str] = []

    def trying(session: Session, run: Any, spooled: Spooled, *others: Any) -> Taken:
        identifier = spooled.raw.identifier or ""
        tried.append(identifier)
        error = refusal(identifier)
        taken = ORIGINAL(session, run, spooled, *others)
        if error is not None:
            raise error
        return taken

    monkeypatch.setattr(keeping, "take", trying)
    return tried


def always(*numbers: int) -> Refusal:
    refused = {name_of(number) for number in numbers}
    return lambda identifier: ValueError("it cannot be kept") if identifier in refused else None


def harvested(databases: Databases, folder: Path) -> list[Any]:
    """What two sources with the same records reported, and every row that they left."""
    with databases.copy() as url, opened(url) as engine:
        harbour = bench(engine, folder)
        harbour.organisation("Second Alliance")
        changed = [of(2, "River Trust", summary__abstract="Changed"), *feed()]
        reports = [
            harbour.harvest(*feed(), aggregator=True, complete=True),
            harbour.harvest(*feed(), of(11, "Hill Trust"), organisation="second-alliance", aggregator=True),
            harbour.harvest(*changed, aggregator=True, complete=True),
        ]
        with harbour.session() as session:
            rows = [list(session.execute(select(table).order_by(*table.primary_key))) for table in TABLES]
            messages = set(session.execute(select(OutboxMessage.kind, OutboxMessage.key)))
    return [[(outcomes(each), each.problems) for each in reports], rows, messages]


@pytest.mark.parametrize("refused", [(), (1,), (3, 4), (8,), (2, 9)])
@ONCE
def test_a_few_at_a_time_leave_what_one_at_a_time_leaves(
    databases: Databases,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    refused: tuple[int, ...],
) -> None:
    """To the number of each row, of which SQLite gives those of rows that were rolled back to others."""
    refusing(monkeypatch, always(*refused))
    together = harvested(databases, tmp_path)
    assert ("are kept one at a time" in caplog.text) == bool(refused)
    monkeypatch.setattr(keeping, "MOST", 1)
    assert together == harvested(databases, tmp_path)


def test_a_record_that_cannot_be_kept_spoils_itself_only(harbour: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = refusing(monkeypatch, always(3))
    report = harbour.harvest(*(of(number, f"Trust {number % 2}") for number in range(1, 11)), aggregator=True)
    assert report.counts["new"] == 9
    assert [each.record for each in report.problems if "could not be stored" in each.problem.message] == [name_of(3)]
    one_by_one = [name_of(number) for number in range(1, 9)]
    assert tried == [*one_by_one[:3], *one_by_one, name_of(9), name_of(10)]
    with harbour.session() as session:
        kept = session.execute(select(Dataset.identifier, Organisation.name).join(Organisation).order_by(Dataset.id))
        assert [tuple(each) for each in kept] == [
            (name_of(number), f"Trust {number % 2}") for number in range(1, 11) if number != 3
        ]


@ONCE
def test_records_whose_commit_failed_are_kept_one_at_a_time(harbour: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = refusing(monkeypatch, always())

    def before_commit(_session: Session) -> None:
        if len(tried) == 8:
            event.remove(Session, "before_commit", before_commit)
            raise ValueError("not now")

    event.listen(Session, "before_commit", before_commit)
    report = harbour.harvest(*(document(number) for number in range(8)))
    assert outcomes(report) == {"new": 8}
    assert len(tried) == 16
    assert len(harbour.datasets()) == 8


def gone() -> OperationalError:
    return OperationalError("COMMIT", None, Exception("the server closed the connection"))


@pytest.mark.parametrize(("breaks_at", "kept"), [(1, 0), (8, 7)])
@ONCE
def test_a_database_that_is_gone_ends_the_run_and_what_was_kept_is_counted(
    harbour: Bench, monkeypatch: pytest.MonkeyPatch, breaks_at: int, kept: int
) -> None:
    """At once, or while the records of a group that failed are kept one at a time."""

    def refusal(identifier: str) -> Exception | None:
        if len(tried) == 1 and breaks_at > 1:
            return ValueError("it cannot be kept now")
        return gone() if identifier == name_of(breaks_at) else None

    tried = refusing(monkeypatch, refusal)
    with pytest.raises(OperationalError):
        harbour.harvest(*(document(number) for number in range(1, 9)))
    assert len(harbour.datasets()) == kept
    with harbour.session() as session:
        stopped = session.scalars(select(HarvestRun)).one()
        assert (stopped.state, stopped.counts.get("seen", 0)) == (RunState.FAILED, kept)


@pytest.mark.postgres
@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_a_harvest_that_waits_for_one_that_waits_for_it_gives_way(
    harbour: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Each holds a new custodian that the other one wants next."""
    slug = harbour.organisation("North")
    both = Barrier(2, timeout=60)
    met: list[int] = []

    def meeting(*arguments: Any) -> Taken:
        taken = ORIGINAL(*arguments)
        if not met:
            met.append(1)
            both.wait()
        return taken

    def add(first: str, second: str) -> None:
        # the harvest may be back with it first
        with suppress(IntegrityError), harbour.session() as session:
            session.execute(text("SET LOCAL deadlock_timeout = '60s'"))
            resolve(session, StatedOrganisation(name=first), CustodianName.parse(first), at=harbour.at)
            session.flush()
            both.wait()
            resolve(session, StatedOrganisation(name=second), CustodianName.parse(second), at=harbour.at)
            session.commit()

    monkeypatch.setattr(keeping, "take", meeting)
    with ThreadPoolExecutor(1) as threads:
        other = threads.submit(add, "B", "A")
        report = harbour.harvest(of(1, "A"), of(2, "B"), organisation=slug, aggregator=True)
        other.result()
    assert outcomes(report) == {"new": 2}
    assert caplog.text.count("2 records are kept one at a time after OperationalError") == 1
    with harbour.session() as session:
        names = session.scalars(select(Organisation.name).order_by(Organisation.name)).all()
        assert names == ["A", "B", "Harbour Trust", "North"]


@ONCE
def test_what_is_known_is_kept_in_a_transaction_of_its_own(harbour: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    together: list[int] = []
    kept = keeping.Keeper._together
    monkeypatch.setattr(
        keeping.Keeper, "_together", lambda self, pending: together.append(len(pending)) or kept(self, pending)
    )
    harbour.harvest(*(document(number) for number in (2, 3)))
    harbour.harvest(document(1), document(2, "Changed"), document(3, "Changed"), document(4), document(5))
    assert together == [2, 1, 1, 1, 2]
    with harbour.session() as session:
        assert [each.outcome for each in session.scalars(select(HarvestRecord).order_by(HarvestRecord.id))] == [
            *(Outcome.CHANGED, Outcome.CHANGED),
            *(Outcome.NEW, Outcome.NEW, Outcome.NEW),
        ]


@pytest.mark.parametrize(
    ("lengths", "sizes"),
    [
        ([], []),
        ([1] * 17, [8, 8, 1]),
        ([10, keeping.MOST_BYTES, 10, 10], [1, 1, 2]),
        ([10, 10, keeping.MOST_BYTES - 20], [3]),
        ([10, 10, keeping.MOST_BYTES - 19], [2, 1]),
        ([2 * keeping.MOST_BYTES, 2 * keeping.MOST_BYTES], [1, 1]),
    ],
)
def test_so_many_and_so_long_records_are_kept_at_once(lengths: list[int], sizes: list[int]) -> None:
    records = [
        Ahead(Spooled(Raw(str(number), b"x" * length, "text/plain", ""), "", Place(0, 0)), True, None)
        for number, length in enumerate(lengths)
    ]
    groups = list(keeping.groups(records))
    assert [len(each) for each in groups] == sizes
    assert [each for group in groups for each in group] == records
