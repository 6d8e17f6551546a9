"""The run loop: what a source sent is compared and kept, and a report adds up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import count
from time import perf_counter
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session, sessionmaker

from catalogue.models import (
    Dataset,
    DatasetState,
    HarvestProblem,
    HarvestRecord,
    HarvestRun,
    HarvestSource,
    Organisation,
    Outcome,
    RecordState,
    RunState,
    table_of,
)
from catalogue.reading import Ahead, Reader, Spool, Spooled, Terms
from catalogue.services.harvesting.keeping import Keeper, Pending, groups
from catalogue.services.harvesting.memory import DATES, QUIET, RECORDS, SourceMemory, restamp
from catalogue.services.harvesting.record import RunContext, Taken
from catalogue.services.harvesting.report import Report
from catalogue.services.harvesting.withdrawal import settle
from harvesters.base import NO_DATES, GatherOutcome, Harvester, Raw
from schemas.metadata import Problem, Severity

ADD_PROBLEMS = insert(table_of(HarvestProblem))

UNCHANGED = Taken(Outcome.UNCHANGED, ())

Progress = Callable[[int, int], None]
Watch = Callable[[str, Taken], None]
"""Told of every record by name; a run that is watched looks at each again, whether or not it is the same."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the loop remembers of a record without loading it."""

    id: int
    fingerprint: str
    stamp: str
    is_settled: bool

    def is_same(self, fingerprint: str) -> bool:
        """Whether a record with this fingerprint need not be looked at again."""
        return self.is_settled and self.fingerprint == fingerprint


class Loop:
    """One run under way."""

    def __init__(
        self,
        sessions: sessionmaker[Session],
        source: HarvestSource,
        harvester: Harvester,
        now: Callable[[], datetime],
        progress: Progress,
        watch: Watch | None = None,
        *,
        aliases: Mapping[str, str],
    ) -> None:
        self._sessions, self._harvester, self._now, self._progress = sessions, harvester, now, progress
        self._source, self._watch, self._aliases = source, watch, aliases
        self._began, self._at = perf_counter(), now()
        with sessions() as session:
            self._publisher = session.get_one(Organisation, source.organisation_id)
            session.execute(
                update(HarvestRun)
                .where(HarvestRun.source_id == source.id, HarvestRun.state == RunState.RUNNING)
                .values(state=RunState.INTERRUPTED, finished_at=self._at)
            )
            # A run that is killed leaves records that are not those of the documents in the note.
            session.execute(update(HarvestSource).where(HarvestSource.id == source.id).values(cursor=None))
            started = HarvestRun(source_id=source.id, state=RunState.RUNNING, started_at=self._at, counts={}, stages={})
            session.add(started)
            session.commit()
            self._run_id = started.id
        self._report = Report(source=self._source.name, run=started.id)
        self._stamps: dict[int, str] = {}
        self._dates = NO_DATES
        self._memory = harvester.memory = SourceMemory(sessions, source)

    def go(self, spool: Spool, *, settles: bool) -> Report:
        """Take in and work through; a run that breaks off is marked before the error goes on."""
        with Reader(spool, type(self._harvester), already=self._count_known()) as reader:
            try:
                with self._report.stage("gather"):
                    outcome = spool.fill(self._harvester, watch=reader.expect)
            except BaseException:
                self._finish(RunState.FAILED, is_complete=False)
                raise
            return self.work(spool, reader, outcome, settles=settles)

    def work(self, spool: Spool, reader: Reader, outcome: GatherOutcome, *, settles: bool) -> Report:
        """Work through what was taken in, and settle."""
        report, self._dates = self._report, spool.evidence
        try:
            report.add("", *outcome.problems)
            seen = self._take_all(spool, reader)
            with report.stage("settle"), self._sessions() as session:
                self._mark_seen(session, seen)
                restamp(session, self._stamps)
                if outcome.complete and settles:
                    settle(session, session.get_one(HarvestSource, self._source.id), seen, report, at=self._at)
                session.commit()
        except BaseException:
            self._finish(RunState.FAILED, is_complete=False)
            raise
        return self._finish(self._state_after(outcome), is_complete=outcome.complete)

    def _take_all(self, spool: Spool, reader: Reader) -> set[str]:
        with self._report.stage("compare"):
            known = self._known()
        context = RunContext(
            harvester=self._harvester,
            source=self._source,
            publisher=self._publisher,
            run_id=self._run_id,
            at=self._at,
            terms=Terms(spool.evidence.order, self._at.date()),
            present=spool.identifiers,
            known=set(known),
            custodians={},
            aliases=self._aliases,
        )
        keeper = Keeper(self._sessions, self._memory, context)
        seen: set[str] = set()
        numbers = count(1)
        with self._report.stage("records"):
            for group in groups(reader.ahead(partial(self._needs_reading, context, known), context.terms)):
                looked_at = [self._look_at(ahead, known, seen) for ahead in group]
                kept = keeper.keep([each for each in looked_at if isinstance(each, Pending)])
                for ahead, each in zip(group, looked_at, strict=True):
                    self._count(ahead.spooled.raw, next(kept) if isinstance(each, Pending) else each)
                # What is committed is counted by now, if telling of it is interrupted.
                for _ in group:
                    self._progress(next(numbers), spool.seen)
        return seen

    def _needs_reading(self, context: RunContext, known: Mapping[str, Known], spooled: Spooled) -> bool:
        before = known.get(spooled.raw.identifier) if spooled.raw.identifier is not None else None
        return before is None or self._watch is not None or not before.is_same(context.fingerprint(spooled))

    def _look_at(self, ahead: Ahead, known: Mapping[str, Known], seen: set[str]) -> Pending | Taken:
        """A record that is to be kept, or what became of it without."""
        raw = ahead.spooled.raw
        if raw.identifier is not None and raw.identifier in seen:
            return Taken(Outcome.INVALID, (_twice(raw.identifier),))
        before = known.get(raw.identifier) if raw.identifier is not None else None
        if raw.identifier is not None:
            seen.add(raw.identifier)
        if before is None or ahead.is_needed:
            return Pending(ahead.spooled, ahead.read, before.id if before is not None else None)
        if before.stamp != raw.stamp:
            self._stamps[before.id] = raw.stamp
        return UNCHANGED

    def _count(self, raw: Raw, taken: Taken) -> None:
        name = raw.identifier or raw.position
        self._report.counts["seen"] += 1
        self._report.counts[taken.outcome] += 1
        self._report.add(name, *taken.problems)
        if self._watch is not None:
            self._watch(name, taken)

    def _count_known(self) -> int:
        with self._sessions() as session:
            known = select(func.count()).where(HarvestRecord.source_id == self._source.id)
            return session.scalars(known).one()

    def _known(self) -> dict[str, Known]:
        with self._sessions() as session:
            rows = session.execute(
                select(
                    HarvestRecord.remote_identifier,
                    HarvestRecord.id,
                    HarvestRecord.fingerprint,
                    HarvestRecord.stamp,
                    HarvestRecord.outcome,
                    HarvestRecord.state,
                ).where(HarvestRecord.source_id == self._source.id)
            )
            settled = (RecordState.PRESENT, RecordState.MISSING)
            return {
                identifier: Known(id_, fingerprint, stamp or "", outcome in QUIET and state in settled)
                for identifier, id_, fingerprint, stamp, outcome, state in rows
            }

    def _mark_seen(self, session: Session, seen: set[str]) -> None:
        """What was missing for a while and is the same as before has not been touched yet."""
        returned = session.scalars(
            select(HarvestRecord).where(
                HarvestRecord.source_id == self._source.id, HarvestRecord.state == RecordState.MISSING
            )
        )
        for record in returned:
            if record.remote_identifier in seen:
                record.state, record.absences = RecordState.PRESENT, 0

    def _state_after(self, outcome: GatherOutcome) -> RunState:
        counts = self._report.counts
        if not outcome.complete and counts["seen"] == 0:
            return RunState.FAILED
        troubled = counts[Outcome.INVALID] or counts[Outcome.CONFLICT] or counts["held"] or not outcome.complete
        return RunState.SUCCEEDED_WITH_PROBLEMS if troubled else RunState.SUCCEEDED

    def _finish(self, state: RunState, *, is_complete: bool) -> Report:
        report = self._report
        report.state = state
        with report.stage("report"), self._sessions() as session:
            report.counts["custodians"] = self._custodians(session)
            self._store_problems(session)
            session.commit()
        with self._sessions() as session:
            finished = session.get_one(HarvestRun, self._run_id)
            finished.state, finished.is_complete = state, is_complete
            finished.finished_at = self._now()
            finished.counts = dict(report.counts)
            finished.seconds = report.seconds = round(perf_counter() - self._began, 4)
            finished.stages = report.rounded_stages()
            source = session.get_one(HarvestSource, self._source.id)
            # What was asked for under other options says nothing of what would be sent now.
            is_asked_alike = source.options == self._source.options
            is_good = is_complete and state is RunState.SUCCEEDED
            source.cursor = self._cursor() if is_good and is_asked_alike else None
            session.commit()
        return report

    def _custodians(self, session: Session) -> int:
        """How many custodians' public datasets the source carries."""
        carried = select(func.count(func.distinct(Dataset.organisation_id))).where(
            Dataset.source_id == self._source.id, Dataset.state == DatasetState.PUBLISHED
        )
        return session.scalar(carried) or 0

    def _cursor(self) -> dict[str, Any] | None:
        noted = self._harvester.cursor
        if not noted:
            return None
        return {**noted, RECORDS: self._report.counts["seen"], DATES: [self._dates.month_first, self._dates.day_first]}

    def _store_problems(self, session: Session) -> None:
        rows = [
            {"run_id": self._run_id, "record": each.record, **each.problem.as_json()} for each in self._report.problems
        ]
        if rows:
            session.connection().execute(ADD_PROBLEMS, rows)


def _twice(identifier: str) -> Problem:
    message = f"The identifier {identifier} was sent before in the same run; the first one was taken."
    return Problem("identifier", message, Severity.ERROR, "Give every dataset an identifier of its own.")
