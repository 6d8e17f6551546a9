"""What is known of a source from its last runs, so that what has not changed need not be fetched again."""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session, sessionmaker

from catalogue.models import HarvestRecord, HarvestSource, Outcome, RawDocument, RecordState
from harvesters.base import NO_DATES, Remembered, Unsent
from schemas.crosswalks.dates import DateEvidence

QUIET = (Outcome.NEW, Outcome.CHANGED, Outcome.CONTINUED, Outcome.UNCHANGED)
"""Outcomes after which the same bytes need no second look; the others are looked at in every run."""

RECORDS = "records"
DATES = "dates"
"""Beside what a harvester notes: how many records the run had that left the note, and what their dates proved."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A record that was good when it came last, by where its bytes are."""

    identifier: str
    digest: str


class SourceMemory:
    """The memory of one source (`harvesters.base.Memory`).

    Only records whose last harvest was good are remembered. Their bytes go through the run as if they had been
    fetched, so that a report adds up and a better reader reads them again.
    """

    def __init__(self, sessions: sessionmaker[Session], source: HarvestSource) -> None:
        self._sessions, self._source = sessions, source
        self._by_stamp: dict[str, Kept] | None = None

    def cursor(self) -> Mapping[str, str]:
        """See `Memory.cursor`: empty unless every record of that run is still at hand, and good."""
        cursor = self._source.cursor or {}
        if DATES not in cursor or cursor.get(RECORDS) != self._count():
            return {}
        return {name: value for name, value in cursor.items() if isinstance(value, str)}

    def recall(self, stamp: str) -> Remembered | None:
        """See `Memory.recall`."""
        if self._by_stamp is None:
            self._by_stamp = self._stamped()
        kept = self._by_stamp.get(stamp)
        return Remembered(kept.identifier, self.bytes_of(kept.digest)) if kept else None

    def recall_all(self) -> Iterator[Unsent]:
        """See `Memory.recall_all`."""
        dates = DateEvidence(*(self._source.cursor or {})[DATES])
        with self._sessions() as session:
            rows = session.execute(
                select(HarvestRecord.remote_identifier, HarvestRecord.raw_digest)
                .where(*self._good())
                .order_by(HarvestRecord.id)
            ).all()
        for identifier, digest in rows:
            yield Unsent(identifier, str(digest), dates)
            dates = NO_DATES

    def bytes_of(self, digest: str) -> bytes:
        """The bytes that were kept under a digest of this source's records."""
        with self._sessions() as session:
            return zlib.decompress(session.scalars(select(RawDocument.data).where(RawDocument.digest == digest)).one())

    def _good(self) -> tuple[ColumnElement[bool], ...]:
        return (
            HarvestRecord.source_id == self._source.id,
            HarvestRecord.state == RecordState.PRESENT,
            HarvestRecord.outcome.in_(QUIET),
            HarvestRecord.raw_digest.is_not(None),
        )

    def _count(self) -> int:
        with self._sessions() as session:
            return session.scalar(select(func.count()).select_from(HarvestRecord).where(*self._good())) or 0

    def _stamped(self) -> dict[str, Kept]:
        with self._sessions() as session:
            rows = session.execute(
                select(HarvestRecord.stamp, HarvestRecord.remote_identifier, HarvestRecord.raw_digest).where(
                    *self._good()
                )
            )
            return {stamp: Kept(identifier, digest) for stamp, identifier, digest in rows if stamp and digest}


def restamp(session: Session, stamps: Mapping[int, str]) -> None:
    """Note what the list says now of records that were fetched and had not changed."""
    if stamps:
        rows = [{"id": record_id, "stamp": stamp} for record_id, stamp in stamps.items()]
        session.execute(update(HarvestRecord), rows)
