"""Answering whether two records are one dataset (ADR 17)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased

from catalogue.domain.errors import Invalid, NotFound
from catalogue.domain.versions import Difference, differences
from catalogue.models import (
    Dataset,
    DatasetState,
    HarvestRecord,
    HarvestSource,
    IdentityQuestion,
    Organisation,
    Outcome,
    RecordState,
)
from catalogue.reading import Rated
from catalogue.services.datasets import problems_of
from catalogue.services.harvesting import identity, saving
from catalogue.services.harvesting.run import Workplace, held
from schemas.metadata import Problem, Severity, from_json


class Answer(StrEnum):
    """What a person can say of two records."""

    SAME = "same"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question with the two datasets, and how far their descriptions differ."""

    question: IdentityQuestion
    source: HarvestSource
    organisation: Organisation
    earlier: Dataset
    later: Dataset
    differences: tuple[Difference, ...]


def open_questions(session: Session) -> Sequence[OpenQuestion]:
    """Every question that waits for a person, oldest first."""
    earlier, later = aliased(Dataset), aliased(Dataset)
    rows = session.execute(
        select(IdentityQuestion, HarvestSource, Organisation, earlier, later)
        .join(HarvestSource, HarvestSource.id == IdentityQuestion.source_id)
        .join(earlier, earlier.id == IdentityQuestion.earlier_dataset_id)
        .join(later, later.id == IdentityQuestion.later_dataset_id)
        .join(Organisation, Organisation.id == earlier.organisation_id)
        .where(IdentityQuestion.answered_at.is_(None))
        .order_by(IdentityQuestion.id)
    )
    return [
        OpenQuestion(question, source, organisation, one, other, _differences(session, one, other))
        for question, source, organisation, one, other in rows
    ]


def answer(place: Workplace, question_id: int, verdict: Answer, *, by: str, at: datetime) -> IdentityQuestion:
    """Settle a question: join the two datasets, or let the earlier one be withdrawn like any other.

    Raises `NotFound`, `Invalid` when it cannot be answered so, `Busy` while its source is being harvested.
    """
    with place.sessions() as session:
        source_id = _get(session, question_id).source_id
    with held(place, source_id), place.sessions() as session:
        question = _get(session, question_id)
        if question.answered_at is not None:
            message = f"Question {question_id} was answered already: {question.answer}."
            raise Invalid(Problem("answer", message, Severity.ERROR, "Nothing need be done."))
        if verdict is Answer.SAME:
            _join(session, question, by=by, at=at)
        question.answered_at, question.answer, question.answered_by = at, verdict.value, by
        session.commit()
        return question


def _get(session: Session, question_id: int) -> IdentityQuestion:
    found = session.get(IdentityQuestion, question_id)
    if found is None:
        raise NotFound(f"There is no question {question_id}.")
    return found


def _differences(session: Session, earlier: Dataset, later: Dataset) -> tuple[Difference, ...]:
    one, other = (from_json(saving.current_version(session, each).description) for each in (earlier, later))
    return differences(one, other)


def _join(session: Session, question: IdentityQuestion, *, by: str, at: datetime) -> None:
    earlier = session.get_one(Dataset, question.earlier_dataset_id)
    later = session.get_one(Dataset, question.later_dataset_id)
    _refuse_impossible(session, question, earlier, later)
    session.execute(
        update(HarvestRecord)
        .where(HarvestRecord.dataset_id == earlier.id, HarvestRecord.source_id == question.source_id)
        .values(state=RecordState.SUPERSEDED)
    )
    session.execute(update(HarvestRecord).where(HarvestRecord.dataset_id == later.id).values(dataset_id=earlier.id))
    identity.hand_over(session, later, earlier)
    saving.join(session, earlier, later, reason=f"The same dataset under a new identifier, says {by}.", at=at)
    _fill_again(session, earlier, at=at)
    _carry_over(session, question, earlier, later, by=by, at=at)


def _refuse_impossible(session: Session, question: IdentityQuestion, earlier: Dataset, later: Dataset) -> None:
    if DatasetState.JOINED in (earlier.state, later.state) or later.state is DatasetState.WITHDRAWN:
        message = "One of the two is no longer there to be joined."
        raise Invalid(Problem("answer", message, Severity.ERROR, "Answer “different”."))
    still_sent = session.scalar(
        select(HarvestRecord.id)
        .where(
            HarvestRecord.dataset_id == earlier.id,
            HarvestRecord.source_id == question.source_id,
            HarvestRecord.state == RecordState.PRESENT,
        )
        .limit(1)
    )
    if still_sent is not None:
        message = "The source sends both again, so they are two datasets to it."
        raise Invalid(Problem("answer", message, Severity.ERROR, "Answer “different”, or have one of them removed."))


def _fill_again(session: Session, dataset: Dataset, *, at: datetime) -> None:
    """The sections that other sources filled are lacking in the versions that came over."""
    filling = session.scalars(
        select(HarvestSource)
        .join(HarvestRecord, HarvestRecord.source_id == HarvestSource.id)
        .where(HarvestRecord.dataset_id == dataset.id, HarvestRecord.outcome == Outcome.CONFLICT)
        .order_by(HarvestRecord.id)
    ).first()
    if filling is None:
        return
    current = saving.current_version(session, dataset)
    problems = problems_of(current.problems)
    received = saving.Received(
        source=filling,
        run_id=None,
        at=at,
        rated=Rated.of(from_json(current.description), problems),
        problems=problems,
        schema_name=current.schema_name,
        schema_version=current.schema_version,
        raw_digest=current.raw_digest,
    )
    saving.refill(session, dataset, received)


def _carry_over(
    session: Session, answered: IdentityQuestion, earlier: Dataset, later: Dataset, *, by: str, at: datetime
) -> None:
    """Other questions about the later dataset are about the earlier one now; one that has no sense left is settled."""
    pairs = {
        (each.earlier_dataset_id, each.later_dataset_id) for each in session.scalars(select(IdentityQuestion)).all()
    }
    others = session.scalars(
        select(IdentityQuestion).where(IdentityQuestion.answered_at.is_(None), IdentityQuestion.id != answered.id)
    )
    for each in others.all():
        pair = (each.earlier_dataset_id, each.later_dataset_id)
        if later.id not in pair:
            continue
        one, other = (earlier.id if dataset_id == later.id else dataset_id for dataset_id in pair)
        if one == other or (one, other) in pairs:
            each.answered_at, each.answer, each.answered_by = at, Answer.SAME.value, by
        else:
            each.earlier_dataset_id, each.later_dataset_id = one, other
    session.flush()
