"""What custodians say of the facts that were read from their descriptions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, contains_eager

from catalogue.domain.errors import NotFound
from catalogue.domain.permissions import PERMISSIONS, Actor, check
from catalogue.models import Dataset, DatasetReading, DatasetState, FactState, InferredFact
from catalogue.services import dataset_facts
from catalogue.services.dataset_facts import INDEX, KnownFact
from catalogue.services.outbox import enqueue

DECIDE = "fact:decide"
PER_PAGE = 50
MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class DatasetFacts:
    """A dataset with facts of one kind of answer."""

    dataset: Dataset
    facts: tuple[KnownFact, ...]


@dataclass(frozen=True, slots=True)
class Sitting:
    """One page of the facts of an actor's datasets that have one answer, with the number of facts that have each."""

    state: FactState
    items: tuple[DatasetFacts, ...]
    counts: dict[FactState, int]
    page: int
    pages: int


def sitting(session: Session, actor: Actor, *, state: FactState = FactState.WAITING, page: int = 1) -> Sitting:
    """The facts that the actor can decide on, those of one dataset together, in the order in which datasets came."""
    check(actor, DECIDE)
    rows = session.execute(
        select(InferredFact.state, func.count())
        .join(Dataset, Dataset.id == InferredFact.dataset_id)
        .where(_own(actor))
        .group_by(InferredFact.state)
    )
    counts = dict.fromkeys(FactState, 0) | {each: number for each, number in rows}  # noqa: C416 - rows are no pairs
    pages = max(1, -(-counts[state] // PER_PAGE))
    chosen = min(max(1, page), pages)
    facts = session.scalars(
        select(InferredFact)
        .join(Dataset, Dataset.id == InferredFact.dataset_id)
        .where(_own(actor), InferredFact.state == state)
        .options(contains_eager(InferredFact.dataset))
        .order_by(Dataset.id, InferredFact.id)
        .offset((chosen - 1) * PER_PAGE)
        .limit(PER_PAGE)
    )
    items = tuple(
        DatasetFacts(dataset, tuple(dataset_facts.known(fact) for fact in group))
        for dataset, group in groupby(facts, key=lambda fact: fact.dataset)
    )
    return Sitting(state, items, counts, chosen, pages)


def decide(session: Session, actor: Actor, numbers: Collection[int], state: FactState, *, at: datetime) -> int:
    """Confirm or refuse facts, or take back what was said of them; how many are left to decide on in the same datasets.

    Deciding the same again changes nothing. Raises `NotFound` when the words of a dataset do not say so any more, and
    `NotAllowed` unless the actor speaks for the custodian of each.
    """
    check(actor, DECIDE)
    rows = _locked(session, sorted(set(numbers))[:MOST_AT_ONCE])
    for row in rows:
        check(actor, DECIDE, row.dataset.organisation_id)
    if not rows:
        raise NotFound(", ".join(map(str, numbers)))
    for row in rows:
        is_open = state is FactState.WAITING
        row.state, row.decided_by, row.decided_at = state, "" if is_open else actor.email, None if is_open else at
    session.flush()
    touched = {row.dataset_id: row.dataset.identifier for row in rows}
    for reading in session.scalars(select(DatasetReading).where(DatasetReading.dataset_id.in_(touched))).all():
        if dataset_facts.restamp(session, reading):
            enqueue(session, INDEX, touched[reading.dataset_id], at=at)
    left = select(func.count()).where(
        InferredFact.dataset_id.in_(touched), InferredFact.is_live, InferredFact.state == FactState.WAITING
    )
    remaining = session.scalar(left) or 0
    session.commit()
    return remaining


def _locked(session: Session, numbers: Sequence[int]) -> Sequence[InferredFact]:
    return session.scalars(
        select(InferredFact)
        .join(Dataset, Dataset.id == InferredFact.dataset_id)
        .where(InferredFact.id.in_(numbers), _is_shown())
        .options(contains_eager(InferredFact.dataset))
        .order_by(InferredFact.dataset_id, InferredFact.id)
        .with_for_update(of=Dataset)
    ).all()


def _is_shown() -> ColumnElement[bool]:
    return and_(InferredFact.is_live, Dataset.state == DatasetState.PUBLISHED)


def _own(actor: Actor) -> ColumnElement[bool]:
    return and_(_is_shown(), Dataset.organisation_id.in_(actor.organisations(*PERMISSIONS[DECIDE].who)))
