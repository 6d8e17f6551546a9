"""Running a source: one at a time, for good or as a rehearsal."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import perf_counter

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, sessionmaker

from catalogue import collector, locks
from catalogue.db import WRITING
from catalogue.domain.errors import Busy, Invalid, NotFound
from catalogue.models import HarvestSource, SourceState
from catalogue.reading import Reader, Spool
from catalogue.services.harvesting.loop import Loop, Progress, Watch
from catalogue.services.harvesting.memory import SourceMemory
from catalogue.services.harvesting.report import Report
from harvesters.base import Harvester
from schemas.metadata import Problem, Severity


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where runs happen: the database, sessions on it, the folder of locks; and what names of custodians stand for."""

    engine: Engine
    sessions: sessionmaker[Session]
    locks_folder: Path
    aliases: Mapping[str, str] = field(default_factory=dict)


def run(
    place: Workplace,
    source_id: int,
    harvester: Harvester,
    *,
    now: Callable[[], datetime],
    settles: bool = True,
    dry_run: bool = False,
    progress: Progress = lambda _done, _all: None,
) -> Report:
    """Harvest a source and say what happened.

    `settles` lets a complete run count absences and withdraw (ADR 17); `dry_run` does everything and
    keeps nothing. Raises `Busy` when the source is being harvested, `NotFound`, `Invalid` when it may not run,
    `Refused` when there is no room for what it sends.
    """
    with held(place, source_id), collector.passing_over():
        with place.sessions() as session:
            source = allowed(session, source_id)
        if not dry_run:
            with Spool() as spool:
                loop = Loop(place.sessions, source, harvester, now, progress, aliases=place.aliases)
                return loop.go(spool, settles=settles)
        return rehearse(place, source, harvester, now=now, settles=settles, progress=progress)


@contextmanager
def held(place: Workplace, source_id: int) -> Iterator[None]:
    """Keep other processes from harvesting the source. Raises `Busy`."""
    with locks.held(place.engine, place.locks_folder, f"source-{source_id}") as is_mine:
        if not is_mine:
            raise Busy("This source is being harvested at this moment.")
        yield


def rehearse(
    place: Workplace,
    source: HarvestSource,
    harvester: Harvester,
    *,
    now: Callable[[], datetime],
    settles: bool = False,
    most: int | None = None,
    progress: Progress = lambda _done, _all: None,
    watch: Watch | None = None,
) -> Report:
    """Do a run and undo it. Nothing is locked while the source sends; `most` records are taken at most."""
    began = perf_counter()
    with Spool() as spool:
        harvester.memory = SourceMemory(place.sessions, source)
        outcome = spool.fill(harvester, most)
        gathered = perf_counter() - began
        with Reader(spool, type(harvester)) as reader, _rolled_back(place) as sessions:
            rehearsal = Loop(sessions, source, harvester, now, progress, watch, aliases=place.aliases)
            report = rehearsal.work(spool, reader, outcome, settles=settles)
    report.run = None
    report.stages["gather"] = gathered
    report.seconds += gathered
    return report


@contextmanager
def _rolled_back(place: Workplace) -> Iterator[sessionmaker[Session]]:
    """Sessions whose commits go into one transaction that is undone at the end."""
    with place.engine.execution_options(begin=WRITING).connect() as connection:
        outer = connection.begin()
        try:
            yield sessionmaker(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
        finally:
            outer.rollback()


def allowed(session: Session, source_id: int) -> HarvestSource:
    """The source, if it may run. Raises `NotFound`, `Invalid`."""
    source = session.get(HarvestSource, source_id)
    if source is None:
        raise NotFound(f"There is no source {source_id}.")
    if source.state is not SourceState.APPROVED:
        message = f"The source {source.name} is {source.state.value} and may not run."
        raise Invalid(Problem("state", message, Severity.ERROR, "Have it approved by the alliance office."))
    return source
