"""What a desk does with a thread beside writing: assign it, forward it, take it back, hand it on."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.domain.enquiries import Desk, Side
from catalogue.domain.errors import Invalid, NotFound, Refused
from catalogue.domain.mail_addresses import folded
from catalogue.domain.permissions import Actor
from catalogue.models import Dataset, EnquiryThread, Organisation, ThreadDataset
from catalogue.services import attempts, enquiry_mail, enquiry_routing, organisations
from catalogue.services.enquiry_routing import Destination
from catalogue.services.thread_opening import start
from catalogue.services.threads import Effect, arrive, carry_out, is_done, to_desk
from schemas.metadata import Problem, Severity

FORWARDS_PER_WINDOW = 20
"""Links that one person of the office can send in a quarter of an hour."""


def assign(
    session: Session, actor: Actor, identifier: str, user_id: int | None, *, at: datetime, key: str | None = None
) -> EnquiryThread:
    """Give the thread to one person of the desk, or back to all of them. Raises `NotFound`, `Refused`, `Invalid`."""
    acting = arrive(session, actor, identifier)
    people = {user.id for user in enquiry_mail.colleagues(session, acting.thread)}
    if user_id is not None and user_id not in people:
        message = "This person does not answer questions here."
        raise Invalid(Problem("handler", message, Severity.ERROR, "Choose somebody from the list."))

    def put(thread: EnquiryThread) -> None:
        thread.handler_id = user_id

    untold = {Side.DESK} if user_id is None else frozenset[Side]()
    carry_out(session, acting, "assign", at=at, key=key, effect=put, untold=untold)
    session.commit()
    return acting.thread


def send_to_custodian(
    session: Session, actor: Actor, identifier: str, *, at: datetime, key: str | None = None
) -> EnquiryThread:
    """Put a thread of the alliance's desk on the custodian's own. Raises `Refused` when nobody answers there."""
    acting = arrive(session, actor, identifier)
    thread = acting.thread
    desk = enquiry_routing.desk_for(session, thread.custodian, researcher_id=thread.enquiry.researcher_id)
    if desk is not Desk.CUSTODIAN:
        raise Refused(f"{thread.custodian.name} has nobody here who could answer.")
    carry_out(session, acting, "reroute", at=at, key=key, effect=to_desk(Desk.CUSTODIAN))
    session.commit()
    return thread


def forward(
    session: Session, actor: Actor, identifier: str, address: str, *, at: datetime, key: str | None = None
) -> EnquiryThread:
    """Send somebody without an account a link to answer the thread.

    Raises `Invalid`, `NotFound`, `Refused`, `TooMany`.
    """
    arrive(session, actor, identifier, for_update=False)
    to = folded(address)
    if to is None:
        fix = "Write it like name@example.org."
        raise Invalid(
            Problem("address", "That is not an e-mail address that mail can be sent to.", Severity.ERROR, fix)
        )
    attempts.count(session, {f"forward:{actor.user_id}": FORWARDS_PER_WINDOW}, at=at)
    acting = arrive(session, actor, identifier)
    carry_out(session, acting, "reroute", at=at, key=key, effect=_to_address(to))
    session.commit()
    return acting.thread


def recall(session: Session, actor: Actor, identifier: str, *, at: datetime, key: str | None = None) -> EnquiryThread:
    """Take a forwarded thread back; its link is dead from now on. Raises `NotFound`, `Refused`."""
    acting = arrive(session, actor, identifier)
    if not acting.thread.is_forwarded:
        raise Refused("This was not forwarded to anybody, so there is nothing to take back.")
    carry_out(session, acting, "recall", at=at, key=key)
    session.commit()
    return acting.thread


def refer(
    session: Session, actor: Actor, identifier: str, slug: str, *, text: str, at: datetime, key: str | None = None
) -> EnquiryThread:
    """Hand the thread on to another custodian, in whose name a new one begins; the old one ends.

    Raises `NotFound`, `Refused`, and `Invalid` when the other custodian is asked already.
    """
    acting = arrive(session, actor, identifier)
    thread = acting.thread
    if is_done(session, acting, key):
        return thread
    target = _another(session, thread, slug)
    carry_out(session, acting, "refer", at=at, text=text, key=key)
    datasets = session.scalars(
        select(Dataset)
        .join(ThreadDataset, ThreadDataset.dataset_id == Dataset.id)
        .where(ThreadDataset.thread_id == thread.id)
    )
    desk = enquiry_routing.desk_for(session, target, researcher_id=thread.enquiry.researcher_id)
    route = Destination(custodian=target, desk=desk, datasets=tuple(datasets), due_at=None)
    start(session, thread.enquiry, route, at=at, referred_from=thread, reason=text)
    session.commit()
    return thread


def could_take_over(session: Session, thread: EnquiryThread) -> list[Organisation]:
    """The organisations to which a thread can be handed on, by name."""
    asked = select(EnquiryThread.custodian_id).where(EnquiryThread.enquiry_id == thread.enquiry_id)
    wanted = select(Organisation).where(Organisation.id.not_in(asked)).order_by(Organisation.name)
    return list(session.scalars(wanted))


def _another(session: Session, thread: EnquiryThread, slug: str) -> Organisation:
    try:
        target = organisations.get(session, slug)
    except NotFound:
        message = "There is no such organisation." if slug else "Nobody is chosen."
        raise Invalid(_problem(message, "Choose an organisation from the list.")) from None
    asked = select(EnquiryThread.id).where(
        EnquiryThread.enquiry_id == thread.enquiry_id, EnquiryThread.custodian_id == target.id
    )
    if session.scalar(asked) is not None:
        raise Invalid(_problem(f"{target.name} was asked this question already.", "Choose another organisation."))
    return target


def _problem(message: str, fix: str) -> Problem:
    return Problem("organisation", message, Severity.ERROR, fix)


def _to_address(address: str) -> Effect:
    def put(thread: EnquiryThread) -> None:
        to_desk(Desk.ALLIANCE)(thread)
        thread.forwarded_to = address

    return put
