"""The end of a complete run: what was not seen, what may be withdrawn, and what a person is asked (ADR 17)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from catalogue.domain.withdrawal import may_withdraw
from catalogue.models import (
    Dataset,
    DatasetState,
    HarvestRecord,
    HarvestSource,
    IdentityQuestion,
    Outcome,
    RecordState,
)
from catalogue.services.harvesting import saving
from catalogue.services.harvesting.report import RecordProblem, Report
from schemas.metadata import Problem, Severity

LIVE = (RecordState.PRESENT, RecordState.MISSING)
LOADED_AT_ONCE = 500
"""Most records are seen again, and only the others are loaded, so many at a time as a statement can name."""


@dataclass(frozen=True, slots=True)
class Absent:
    """A record of the source that was not seen, with its dataset."""

    record: HarvestRecord
    dataset: Dataset | None


def absent(session: Session, source: HarvestSource, seen: set[str]) -> Sequence[Absent]:
    """The source's live records that were not seen."""
    names = session.execute(
        select(HarvestRecord.id, HarvestRecord.remote_identifier)
        .where(HarvestRecord.source_id == source.id, HarvestRecord.state.in_(LIVE))
        .order_by(HarvestRecord.id)
    )
    unseen = [record_id for record_id, identifier in names if identifier not in seen]
    found: list[Absent] = []
    for start in range(0, len(unseen), LOADED_AT_ONCE):
        rows = session.execute(
            select(HarvestRecord, Dataset)
            .outerjoin(Dataset, Dataset.id == HarvestRecord.dataset_id)
            .where(HarvestRecord.id.in_(unseen[start : start + LOADED_AT_ONCE]))
            .order_by(HarvestRecord.id)
        )
        found += [Absent(record, dataset) for record, dataset in rows]
    return found


def settle(session: Session, source: HarvestSource, seen: set[str], report: Report, *, at: datetime) -> None:
    """Count absences, ask about pairs that may be one dataset, and withdraw what may be withdrawn."""
    gone = absent(session, source, seen)
    report.counts["missing"] = len(gone)
    for each in gone:
        each.record.state = RecordState.MISSING
        each.record.absences += 1
    asked = _ask(session, source, gone, report, at=at)
    due = [each for each in gone if each.record.absences >= source.absences_before_withdrawal]
    free = [each for each in due if each.dataset is None or each.dataset.id not in asked]
    held = len([each for each in gone if each.dataset is not None and each.dataset.id in asked])
    known = session.scalar(
        select(func.count())
        .select_from(HarvestRecord)
        .where(HarvestRecord.source_id == source.id, HarvestRecord.state.in_(LIVE))
    )
    if may_withdraw(len(free), known or 0, at_most=source.withdraw_at_most, share=source.withdraw_share):
        for each in free:
            _withdraw(session, source, each, at=at)
        report.counts["withdrawn"] = len(free)
    else:
        held += len(free)
        report.add("", _too_many(len(free), known or 0, source.id))
    report.counts["held"] = held


def held_back(session: Session, source: HarvestSource) -> Sequence[Absent]:
    """What was absent often enough to be withdrawn and has not been: too much at once, or nobody has said so yet.

    A dataset about which there is an open question is not among them.
    """
    asked = select(IdentityQuestion.earlier_dataset_id).where(IdentityQuestion.answered_at.is_(None))
    rows = session.execute(
        select(HarvestRecord, Dataset)
        .outerjoin(Dataset, Dataset.id == HarvestRecord.dataset_id)
        .where(
            HarvestRecord.source_id == source.id,
            HarvestRecord.state == RecordState.MISSING,
            HarvestRecord.absences >= source.absences_before_withdrawal,
            or_(HarvestRecord.dataset_id.is_(None), HarvestRecord.dataset_id.not_in(asked)),
        )
        .order_by(HarvestRecord.id)
    )
    return [Absent(record, dataset) for record, dataset in rows]


def withdraw_held(session: Session, source: HarvestSource, *, at: datetime) -> Sequence[Absent]:
    """Withdraw what was held back, because a person says so; what was withdrawn. Commits."""
    held = held_back(session, source)
    for each in held:
        _withdraw(session, source, each, at=at)
    session.commit()
    return held


def _withdraw(session: Session, source: HarvestSource, each: Absent, *, at: datetime) -> None:
    """A record of another's dataset takes only its own contribution with it."""
    each.record.state, each.record.contribution = RecordState.WITHDRAWN, None
    if each.dataset is not None and each.dataset.source_id == source.id:
        saving.withdraw(session, each.dataset, at=at)


def _ask(session: Session, source: HarvestSource, gone: Sequence[Absent], report: Report, *, at: datetime) -> set[int]:
    """Put pairs with the same title and custodian before a person; the datasets that are held for an answer."""
    candidates = {
        each.dataset.id: each for each in gone if each.dataset is not None and each.dataset.source_id == source.id
    }
    for earlier in candidates.values():
        later = _successor(session, source, earlier, report)
        if later is not None and _is_unasked(session, earlier, later):
            session.add(
                IdentityQuestion(
                    source_id=source.id,
                    earlier_dataset_id=earlier.dataset.id if earlier.dataset else 0,
                    later_dataset_id=later.id,
                    reason="The same title and custodian; the older one is no longer sent.",
                    asked_at=at,
                )
            )
    session.flush()
    open_questions = session.scalars(
        select(IdentityQuestion.earlier_dataset_id).where(
            IdentityQuestion.source_id == source.id, IdentityQuestion.answered_at.is_(None)
        )
    )
    held = set(open_questions.all()) & candidates.keys()
    report.problems.extend(_question(candidates[dataset_id]) for dataset_id in sorted(held))
    return held


def _successor(session: Session, source: HarvestSource, earlier: Absent, report: Report) -> Dataset | None:
    """A dataset of the same source, title and custodian that came later and is still there."""
    if earlier.dataset is None:
        return None
    return session.scalars(
        select(Dataset)
        .join(HarvestRecord, HarvestRecord.dataset_id == Dataset.id)
        .where(
            Dataset.source_id == source.id,
            Dataset.id > earlier.dataset.id,
            Dataset.organisation_id == earlier.dataset.organisation_id,
            Dataset.title == earlier.dataset.title,
            Dataset.state == DatasetState.PUBLISHED,
            HarvestRecord.state == RecordState.PRESENT,
            HarvestRecord.last_run_id == report.run,
            HarvestRecord.outcome == Outcome.NEW,
        )
        .order_by(Dataset.id)
        .limit(1)
    ).one_or_none()


def _is_unasked(session: Session, earlier: Absent, later: Dataset) -> bool:
    asked = select(IdentityQuestion.id).where(
        IdentityQuestion.earlier_dataset_id == (earlier.dataset.id if earlier.dataset else 0),
        IdentityQuestion.later_dataset_id == later.id,
    )
    return session.scalar(asked) is None


def _question(earlier: Absent) -> RecordProblem:
    title = earlier.dataset.title if earlier.dataset else ""
    message = f"Is the new dataset with the title “{title}” the same as this one, which is no longer sent?"
    fix = "catalogue harvest questions shows it; until it is answered, this one stays published."
    return RecordProblem(earlier.record.remote_identifier, Problem("identifier", message, Severity.WARNING, fix))


def _too_many(count: int, known: int, source_id: int) -> Problem:
    message = f"{count} of {known} records are gone from the source; nothing was withdrawn."
    fix = f"Look at the source. If they are really gone, run: catalogue harvest withdraw {source_id} --held"
    return Problem("", message, Severity.ERROR, fix)
