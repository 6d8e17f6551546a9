"""What custodians say of the facts that were read from their descriptions; the office, for those that are unclaimed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session, contains_eager

from catalogue.domain.errors import NotFound
from catalogue.domain.permissions import PERMISSIONS, Actor, check, stands_in
from catalogue.models import Dataset, DatasetReading, DatasetState, FactState, InferredFact, Organisation
from catalogue.services import dataset_facts
from catalogue.services.dataset_facts import INDEX, KnownFact
from catalogue.services.outbox import enqueue

DECIDE = "fact:decide"
PER_PAGE = 50
MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class DatasetFacts:
    """A dataset with its custodian and facts of one kind of answer."""

    dataset: Dataset
    facts: tuple[KnownFact, ...]


@dataclass(frozen=True, slots=True)
class CustodianFacts:
    """A custodian with the number of its facts that have each answer."""

    slug: str
    name: str
    counts: dict[FactState, int]


@dataclass(frozen=True, slots=True)
class Sitting:
    """One page of the facts that an actor decides on and that have one answer, with the number that have each.

    `custodians` are all whose facts these are; `custodian` is the slug of the one whose facts are shown, empty for all.
    """

    state: FactState
    items: tuple[DatasetFacts, ...]
    counts: dict[FactState, int]
    custodians: tuple[CustodianFacts, ...]
    custodian: str
    page: int
    pages: int


def sitting(
    session: Session, actor: Actor, *, state: FactState = FactState.WAITING, custodian: str = "", page: int = 1
) -> Sitting:
    """The facts that the actor can decide on, by custodian and dataset, in the order in which datasets came."""
    check(actor, DECIDE)
    custodians = _custodians(session, actor)
    whose = next((each.slug for each in custodians if each.slug == custodian), "")
    shown = [each for each in custodians if whose in {"", each.slug}]
    counts = {each: sum(one.counts[each] for one in shown) for each in FactState}
    pages = max(1, -(-counts[state] // PER_PAGE))
    chosen = min(max(1, page), pages)
    facts = session.scalars(
        select(InferredFact)
        .join(Dataset, Dataset.id == InferredFact.dataset_id)
        .join(Organisation, Organisation.id == Dataset.organisation_id)
        .where(_own(actor), InferredFact.state == state, Organisation.slug == whose if whose else true())
        .options(contains_eager(InferredFact.dataset).contains_eager(Dataset.organisation))
        .order_by(Organisation.name, Dataset.id, InferredFact.id)
        .offset((chosen - 1) * PER_PAGE)
        .limit(PER_PAGE)
    )
    items = tuple(
        DatasetFacts(dataset, tuple(dataset_facts.known(fact) for fact in group))
        for dataset, group in groupby(facts, key=lambda fact: fact.dataset)
    )
    return Sitting(state, items, counts, custodians, whose, chosen, pages)


def decide(session: Session, actor: Actor, numbers: Collection[int], state: FactState, *, at: datetime) -> int:
    """Confirm or refuse facts, or take back what was said of them; how many are left to decide on in the same datasets.

    Deciding the same again changes nothing. Raises `NotFound` when the words of a dataset do not say so any more, and
    `NotAllowed` unless the actor speaks for the custodian of each, or for the alliance where nobody has claimed it.
    """
    check(actor, DECIDE)
    rows = _locked(session, sorted(set(numbers))[:MOST_AT_ONCE])
    for row in rows:
        check(actor, DECIDE, row.dataset.organisation_id, is_claimed=row.dataset.organisation.is_claimed)
    if not rows:
        raise NotFound(", ".join(map(str, numbers)))
    own = actor.organisations(*PERMISSIONS[DECIDE].who)
    for row in rows:
        is_open = state is FactState.WAITING
        row.state, row.decided_by, row.decided_at = state, "" if is_open else actor.email, None if is_open else at
        row.is_by_office = not is_open and row.dataset.organisation_id not in own
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
        .join(Organisation, Organisation.id == Dataset.organisation_id)
        .where(InferredFact.id.in_(numbers), _is_shown())
        .options(contains_eager(InferredFact.dataset).contains_eager(Dataset.organisation))
        .order_by(InferredFact.dataset_id, InferredFact.id)
        .with_for_update(of=Dataset)
    ).all()


def _custodians(session: Session, actor: Actor) -> tuple[CustodianFacts, ...]:
    rows = session.execute(
        select(Organisation.slug, Organisation.name, InferredFact.state, func.count().label("number"))
        .join(Dataset, Dataset.organisation_id == Organisation.id)
        .join(InferredFact, InferredFact.dataset_id == Dataset.id)
        .where(_own(actor))
        .group_by(Organisation.slug, Organisation.name, InferredFact.state)
        .order_by(Organisation.name, Organisation.slug)
    )
    found: dict[str, CustodianFacts] = {}
    for row in rows:
        kept = found.setdefault(row.slug, CustodianFacts(row.slug, row.name, dict.fromkeys(FactState, 0)))
        kept.counts[row.state] = row.number
    return tuple(found.values())


def _is_shown() -> ColumnElement[bool]:
    return and_(InferredFact.is_live, Dataset.state == DatasetState.PUBLISHED)


def _own(actor: Actor) -> ColumnElement[bool]:
    """What the actor decides on; the query joins datasets and organisations."""
    whose: ColumnElement[bool] = Dataset.organisation_id.in_(actor.organisations(*PERMISSIONS[DECIDE].who))
    if stands_in(actor, DECIDE):
        whose = or_(whose, Organisation.is_claimed.is_(False))
    return and_(_is_shown(), whose)
