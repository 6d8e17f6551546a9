"""Sources, their runs, the records they bring and what a person is asked about them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.models.base import Base, Identifier


class SourceState(StrEnum):
    """Whether a source may run."""

    WAITING = "waiting"
    APPROVED = "approved"
    SUSPENDED = "suspended"


class RunState(StrEnum):
    """How a run stands; one that was killed is found and marked by the next."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    SUCCEEDED_WITH_PROBLEMS = "succeeded_with_problems"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class Outcome(StrEnum):
    """What became of a record that was seen; every one has exactly one (ADR 17)."""

    NEW = "new"
    CHANGED = "changed"
    CONTINUED = "continued"
    UNCHANGED = "unchanged"
    INVALID = "invalid"
    CONFLICT = "conflict"


class RecordState(StrEnum):
    """Where a source's record stands between runs."""

    PRESENT = "present"
    MISSING = "missing"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class HarvestSource(Base):
    """Where descriptions are pulled from. Its numbers say what may be withdrawn without a person (ADR 17).

    `cursor` is what its harvester noted at the end of the last run, if that was complete and without problems.
    """

    __tablename__ = "harvest_source"
    __table_args__ = (UniqueConstraint("organisation_id", "kind", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(300))
    url: Mapped[str] = mapped_column(String(2000), default="")
    options: Mapped[dict[str, Any]]
    is_aggregator: Mapped[bool] = mapped_column(default=False)
    holds_new: Mapped[bool] = mapped_column(default=False)
    state: Mapped[SourceState] = mapped_column(default=SourceState.APPROVED)
    absences_before_withdrawal: Mapped[int] = mapped_column(default=2)
    withdraw_at_most: Mapped[int] = mapped_column(default=5)
    withdraw_share: Mapped[float] = mapped_column(default=0.1)
    every_hours: Mapped[int] = mapped_column(default=24)
    cursor: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]


class HarvestRun(Base):
    """One run of a source, with its counts; `seconds` is the run's own time without the index."""

    __tablename__ = "harvest_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("harvest_source.id"), index=True)
    state: Mapped[RunState]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    is_complete: Mapped[bool] = mapped_column(default=False)
    counts: Mapped[dict[str, Any]]
    seconds: Mapped[float] = mapped_column(default=0.0)
    stages: Mapped[dict[str, Any]]


class HarvestProblem(Base):
    """A finding of a run about one record, or about the whole feed when `record` is empty."""

    __tablename__ = "harvest_problem"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("harvest_run.id"), index=True)
    record: Mapped[str] = mapped_column(Identifier)
    path: Mapped[str]
    severity: Mapped[str] = mapped_column(String(10))
    message: Mapped[str]
    fix: Mapped[str]


class RawDocument(Base):
    """A document as it was received, deflated, kept once however often it is seen."""

    __tablename__ = "raw_document"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)
    media_type: Mapped[str] = mapped_column(String(100))
    received_at: Mapped[datetime]


class HarvestRecord(Base):
    """What a source calls one dataset. (source, remote identifier) is its identity.

    `fingerprint` stands for the bytes and the way they are read; when it is the same there is nothing to do.
    `contribution` is the description of a record whose dataset another source owns, for filling (ADR 17).
    `stamp` stands for what the source's list said of the record's version before it was fetched.
    """

    __tablename__ = "harvest_record"
    __table_args__ = (UniqueConstraint("source_id", "remote_identifier"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("harvest_source.id"))
    remote_identifier: Mapped[str] = mapped_column(Identifier, index=True)
    dataset_id: Mapped[int | None] = mapped_column(ForeignKey("dataset.id"), index=True)
    state: Mapped[RecordState] = mapped_column(default=RecordState.PRESENT)
    outcome: Mapped[Outcome]
    raw_digest: Mapped[str | None] = mapped_column(ForeignKey("raw_document.digest"))
    fingerprint: Mapped[str] = mapped_column(String(64))
    absences: Mapped[int] = mapped_column(default=0)
    contribution: Mapped[dict[str, Any] | None]
    last_run_id: Mapped[int | None] = mapped_column(ForeignKey("harvest_run.id"))
    stamp: Mapped[str | None] = mapped_column(String(64))


class IdentityQuestion(Base):
    """Are these two the same dataset? Asked when titles agree and nothing else says so.

    Until it is answered, the earlier one is held.
    """

    __tablename__ = "identity_question"
    __table_args__ = (UniqueConstraint("earlier_dataset_id", "later_dataset_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("harvest_source.id"), index=True)
    earlier_dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id"))
    later_dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id"))
    reason: Mapped[str]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(String(20))
    answered_by: Mapped[str | None] = mapped_column(String(320))
