"""New records are kept a few to a transaction, others, and those of a transaction that failed, each alone (ADR 19)."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session, sessionmaker
from tenacity import Retrying, retry_if_exception, stop_after_attempt

from catalogue import locks
from catalogue.models import HarvestRecord, Outcome
from catalogue.reading import Ahead, Read, Spooled, read
from catalogue.services.harvesting.arrivals import Arrivals
from catalogue.services.harvesting.memory import SourceMemory
from catalogue.services.harvesting.record import RunContext, Taken, take
from schemas.metadata import Problem, Severity

log = logging.getLogger(__name__)

MOST: Final = 8
MOST_BYTES: Final = 256 * 1024
"""How many records, and how many bytes of them, are kept at once: others who write wait for as long as that takes."""
TURN: Final = "harvests-keep"
"""Of all harvests: two that look at once for a dataset that neither has committed would both make one."""
DEADLOCK: Final = "40P01"
"""The SQLSTATE of PostgreSQL (its documentation, appendix A)."""


def _is_a_deadlock(error: BaseException) -> bool:
    return isinstance(error, OperationalError) and getattr(error.orig, "sqlstate", None) == DEADLOCK


def _passes(error: BaseException) -> bool:
    """Whether another transaction was in the way: what it wrote is there the next time."""
    return _is_a_deadlock(error) or isinstance(error, IntegrityError)


AGAIN: Final = Retrying(retry=retry_if_exception(_passes), stop=stop_after_attempt(5), reraise=True)
"""Two harvests that want the same rows: one of them has to give way, and may have to more than once."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A record to be kept, what was read of it already, and the number of its row, if it has one."""

    spooled: Spooled
    read: Read | None
    row: int | None

    @property
    def is_new(self) -> bool:
        """Whether its source never sent it before."""
        return self.row is None


def groups(records: Iterable[Ahead]) -> Iterator[list[Ahead]]:
    """The records in their order, as many at a time as are kept at once."""
    group: list[Ahead] = []
    size = 0
    for ahead in records:
        size += len(ahead.spooled.raw.data)
        if group and (len(group) == MOST or size > MOST_BYTES):
            yield group
            group, size = [], len(ahead.spooled.raw.data)
        group.append(ahead)
    if group:
        yield group


class Keeper:
    """Keeps the records of a run. One that cannot be stored spoils itself only; a database that is gone ends the run.

    Only new records are kept together: what is known already may be others' work as well, who would wait for it.
    """

    def __init__(self, sessions: sessionmaker[Session], memory: SourceMemory, run: RunContext) -> None:
        self._sessions, self._memory, self._run = sessions, memory, run

    def keep(self, pending: Iterable[Pending]) -> Iterator[Taken]:
        """What became of each record, in their order, once it is committed."""
        for is_new, alike in groupby(pending, key=lambda each: each.is_new):
            together = list(alike)
            if is_new and len(together) > 1:
                yield from self._group(together)
            else:
                yield from map(self._alone, together)

    def _group(self, pending: Sequence[Pending]) -> Iterator[Taken]:
        kept: Iterable[Taken]
        try:
            kept = self._together(pending)
        except Exception as error:  # isolates one record of them: each is taken anew, and what fails again is reported
            # Whether a connection that is lost lost its commit as well, nobody knows.
            if isinstance(error, OperationalError) and not _is_a_deadlock(error):
                raise
            log.warning("harvest: %d records are kept one at a time after %s", len(pending), type(error).__name__)
            kept = map(self._alone, pending)
        yield from kept

    def _alone(self, pending: Pending) -> Taken:
        try:
            return AGAIN(self._together, [pending])[0]
        except OperationalError:
            raise
        except Exception as error:  # isolates one record; the error is kept in its report
            log.exception("harvest: %s could not be stored", pending.spooled.raw.position)
            message = f"The record could not be stored: {type(error).__name__}."
            fix = "Tell the people who run the catalogue; the log has the details."
            return Taken(Outcome.INVALID, (Problem("", message, Severity.ERROR, fix),))

    def _together(self, pending: Sequence[Pending]) -> list[Taken]:
        """Keep all of them or none, in one transaction."""
        # Before the session, which keeps others from writing.
        ready = [self._ready(each) for each in pending]
        kept: list[Taken] = []
        try:
            with self._sessions() as session:
                # What a rehearsal makes is undone, and it would have the turn until it ends.
                if isinstance(session.get_bind(), Engine):
                    locks.take_turn(session, TURN)
                arrivals = Arrivals(session, self._run.at)
                for each, (spooled, done) in zip(pending, ready, strict=True):
                    record = session.get(HarvestRecord, each.row) if each.row is not None else None
                    kept.append(take(session, self._run, spooled, done, record, arrivals))
                    # The next record finds rows, as in a session of its own, and not what this one looked at.
                    session.flush()
                    session.expunge_all()
                    self._remember(each, kept[-1])
                arrivals.write()
                session.commit()
        except Exception:
            for each, taken in zip(pending, kept, strict=False):
                self._forget(each, taken)
            raise
        return kept

    def _remember(self, pending: Pending, taken: Taken) -> None:
        if taken.custodian is not None and taken.stated is not None:
            self._run.custodians[taken.stated] = taken.custodian
        if pending.is_new and pending.spooled.raw.identifier is not None:
            self._run.known.add(pending.spooled.raw.identifier)

    def _forget(self, pending: Pending, taken: Taken) -> None:
        """What was rolled back is no row any more, and its number may be given to another."""
        if taken.stated is not None:
            self._run.custodians.pop(taken.stated, None)
        if pending.is_new and pending.spooled.raw.identifier is not None:
            self._run.known.discard(pending.spooled.raw.identifier)

    def _ready(self, pending: Pending) -> tuple[Spooled, Read]:
        spooled = pending.spooled
        if spooled.raw.digest:
            spooled = replace(spooled, raw=replace(spooled.raw, data=self._memory.bytes_of(spooled.digest)))
        return spooled, pending.read or read(type(self._run.harvester), spooled.raw, self._run.terms)
