"""What lies on a desk, whose turn it is there and what is due first."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalogue.domain.enquiries import FINAL, Desk, State
from catalogue.domain.enquiry_parties import DESK_ROLES
from catalogue.domain.permissions import Actor
from catalogue.models import Dataset, DatasetState, Enquiry, EnquiryThread, Organisation

PER_PAGE = 50


class Tray(StrEnum):
    """What the threads of a desk are sorted into."""

    TURN = "turn"
    WAITING = "waiting"
    ANSWERED = "answered"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Inbox:
    """One tray of what lies on the actor's desks, with the number in each; `total` is the number in this one."""

    tray: Tray
    items: tuple[EnquiryThread, ...]
    counts: dict[Tray, int]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class OwnDesk:
    """An organisation for which the actor answers, and how many public datasets it has here."""

    organisation: Organisation
    datasets: int


def inbox(session: Session, actor: Actor, *, tray: Tray = Tray.TURN, page: int = 1) -> Inbox:
    """The threads on the desks of the actor: those that are due first come first, ended ones latest first."""
    counts = {
        each: session.scalar(
            select(func.count())
            .select_from(EnquiryThread)
            .join(Enquiry, Enquiry.id == EnquiryThread.enquiry_id)
            .where(_on_desks(actor), _in_tray(each))
        )
        or 0
        for each in Tray
    }
    pages = max(1, -(-counts[tray] // PER_PAGE))
    chosen = min(max(1, page), pages)
    order = (
        (EnquiryThread.answer_due_at, EnquiryThread.id)
        if tray is Tray.TURN
        else (EnquiryThread.last_event_at.desc(), EnquiryThread.id.desc())
    )
    found = session.scalars(
        select(EnquiryThread)
        .join(Enquiry, Enquiry.id == EnquiryThread.enquiry_id)
        .where(_on_desks(actor), _in_tray(tray))
        .options(
            joinedload(EnquiryThread.enquiry).joinedload(Enquiry.researcher),
            joinedload(EnquiryThread.custodian),
            joinedload(EnquiryThread.handler),
            selectinload(EnquiryThread.datasets),
        )
        .order_by(*order)
        .offset((chosen - 1) * PER_PAGE)
        .limit(PER_PAGE)
    )
    return Inbox(tray, tuple(found), counts, chosen, pages)


def next_due(session: Session, actor: Actor, *, after: EnquiryThread | None = None) -> EnquiryThread | None:
    """What to do next: the thread whose answer is due first, other than the one that was just dealt with."""
    others = [EnquiryThread.id != after.id] if after is not None else []
    return session.scalars(
        select(EnquiryThread)
        .join(Enquiry, Enquiry.id == EnquiryThread.enquiry_id)
        .where(_on_desks(actor), _in_tray(Tray.TURN), *others)
        .options(joinedload(EnquiryThread.enquiry))
        .order_by(EnquiryThread.answer_due_at, EnquiryThread.id)
        .limit(1)
    ).one_or_none()


def own_desks(session: Session, actor: Actor) -> tuple[OwnDesk, ...]:
    """The organisations for which the actor answers, by name."""
    counted = (
        select(Dataset.organisation_id, func.count().label("datasets"))
        .where(Dataset.state == DatasetState.PUBLISHED)
        .group_by(Dataset.organisation_id)
        .subquery()
    )
    rows = session.execute(
        select(Organisation, func.coalesce(counted.c.datasets, 0))
        .outerjoin(counted, counted.c.organisation_id == Organisation.id)
        .where(Organisation.id.in_(actor.organisations(*DESK_ROLES)))
        .order_by(func.lower(Organisation.name))
    )
    return tuple(OwnDesk(organisation, datasets) for organisation, datasets in rows)


def _on_desks(actor: Actor) -> ColumnElement[bool]:
    """The same rule as `domain.enquiry_parties`, as a condition; a test holds the two together."""
    own = and_(EnquiryThread.desk == Desk.CUSTODIAN, EnquiryThread.custodian_id.in_(actor.organisations(*DESK_ROLES)))
    office = EnquiryThread.desk == Desk.ALLIANCE if actor.is_office else false()
    return and_(or_(own, office), Enquiry.researcher_id != actor.user_id, EnquiryThread.state != State.DRAFT)


def _in_tray(tray: Tray) -> ColumnElement[bool]:
    is_forwarded = and_(EnquiryThread.desk == Desk.ALLIANCE, EnquiryThread.forwarded_to.is_not(None))
    waits_for_desk = or_(
        EnquiryThread.state == State.UNROUTABLE,
        and_(EnquiryThread.state == State.AWAITING_CUSTODIAN, ~is_forwarded),
    )
    waits_for_others = or_(
        EnquiryThread.state == State.AWAITING_APPLICANT,
        and_(EnquiryThread.state == State.AWAITING_CUSTODIAN, is_forwarded),
    )
    return {
        Tray.TURN: waits_for_desk,
        Tray.WAITING: waits_for_others,
        Tray.ANSWERED: EnquiryThread.state == State.RESOLVED,
        Tray.ENDED: EnquiryThread.state.in_(FINAL),
    }[tray]
