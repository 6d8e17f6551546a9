"""Telling people what happened in an enquiry: whom the table says, each once, why, and never what was written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from catalogue.domain.enquiries import Desk, Move, Side
from catalogue.domain.enquiry_parties import DESK_ROLES
from catalogue.domain.enquiry_timers import LINK_DAYS
from catalogue.domain.permissions import Role
from catalogue.models import Enquiry, EnquiryThread, ThreadEvent, User
from catalogue.services import accounts, mailing
from catalogue.services.enquiry_letters import LETTERS, Letter
from catalogue.services.mailing import LinkOrder

TEMPLATE = "enquiry"
RECEIPT = "enquiry_receipt"
REPLY_LINK = "enquiry.reply"
"""The purpose of the links by which somebody without an account answers."""
REPLY_PATH = "/reply/{token}"
GATHERED = timedelta(hours=1)
"""Messages that are added within one hour are told of by one mail at its end."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who gets a mail: where, what they are called, why, and the path of the page they are led to."""

    address: str
    name: str
    why: str
    path: str = ""
    user_id: int | None = None


def tell(
    session: Session,
    thread: EnquiryThread,
    event: ThreadEvent,
    move: Move,
    *,
    acting_user: int | None,
    untold: Iterable[Side] = (),
) -> None:
    """Ask for the mails of an event. Does not commit."""
    for side in sorted(move.tells - frozenset(untold)):
        letter = LETTERS.get((move.command, side))
        for reader in readers(session, thread, side) if letter is not None else ():
            is_own = acting_user is not None and reader.user_id == acting_user
            if letter is not None and (move.confirms or not is_own):
                _send(session, thread, event, reader, letter, side)


def receipt(session: Session, enquiry: Enquiry, threads: Sequence[EnquiryThread], *, at: datetime) -> None:
    """Confirm to the researcher what was sent to whom, and until when each should answer. Does not commit."""
    mailing.queue(
        session,
        RECEIPT,
        enquiry.researcher.email,
        key=f"enquiry:{enquiry.identifier}:receipt",
        at=at,
        context={
            "name": enquiry.researcher.name,
            "reference": enquiry.reference,
            "path": f"/requests/{enquiry.identifier}",
            "readers": [
                {
                    "custodian": each.custodian.name,
                    "is_alliance": each.desk is Desk.ALLIANCE,
                    "due": _day(each.answer_due_at),
                }
                for each in threads
            ],
        },
    )


def readers(session: Session, thread: EnquiryThread, side: Side) -> list[Reader]:
    """Who is on that side of a thread at this moment."""
    if side is Side.APPLICANT:
        user = thread.enquiry.researcher
        why = "you asked this question"
        path = f"/requests/{thread.enquiry.identifier}"
        return [Reader(user.email, user.name, why, path, user.id)] if user.is_active else []
    if side is Side.RESPONDENT:
        why = f"the alliance office sent you this question, as somebody who can answer for {thread.custodian.name}"
        return [Reader(thread.forwarded_to, "", why)] if thread.forwarded_to else []
    return [
        Reader(user.email, user.name, _why(thread, user), f"/desk/{thread.identifier}", user.id)
        for user in people_of_desk(session, thread)
    ]


def people_of_desk(session: Session, thread: EnquiryThread) -> list[User]:
    """Who is told of what happens on the desk: the person it is assigned to, else all who answer there."""
    people = colleagues(session, thread)
    assigned = [user for user in people if user.id == thread.handler_id]
    if assigned or thread.desk is Desk.ALLIANCE:
        return assigned or people
    return desk_of(session, thread.custodian_id, without=thread.enquiry.researcher_id)


def colleagues(session: Session, thread: EnquiryThread) -> list[User]:
    """Everybody who can take the thread on where it lies, but for whoever asked."""
    people = (
        accounts.office(session)
        if thread.desk is Desk.ALLIANCE
        else accounts.handlers_of(session, thread.custodian_id, *DESK_ROLES)
    )
    return [user for user in people if user.id != thread.enquiry.researcher_id]


def desk_of(session: Session, organisation_id: int, *, without: int | None) -> list[User]:
    """The active people who answer for an organisation: its handlers, or its administrators when it has none.

    `without` is whoever asked: nobody answers their own question.
    """
    for roles in ((Role.HANDLER,), DESK_ROLES):
        found = accounts.handlers_of(session, organisation_id, *roles)
        if others := [user for user in found if user.id != without]:
            return others
    return []


def _why(thread: EnquiryThread, user: User) -> str:
    if user.id == thread.handler_id:
        return "this question is assigned to you"
    if thread.desk is Desk.ALLIANCE:
        return "you work in the alliance office, and this question lies on its desk"
    return f"you answer questions for {thread.custodian.name}"


def _send(
    session: Session, thread: EnquiryThread, event: ThreadEvent, reader: Reader, letter: Letter, side: Side
) -> None:
    at, key = event.at, f"{event.number}"
    if event.command == "add":
        hour = at.replace(minute=0, second=0, microsecond=0)
        at, key = hour + GATHERED, f"added:{hour:%Y%m%d%H}"
    lifetime = timedelta(days=LINK_DAYS)
    words = {
        "custodian": thread.custodian.name,
        "due": _day(thread.answer_due_at),
        "link_ends": _day(at + lifetime),
    }
    mailing.queue(
        session,
        TEMPLATE,
        reader.address,
        key=f"enquiry:{thread.identifier}:{key}:{side}:{reader.user_id or reader.address}",
        at=at,
        context={
            "name": reader.name,
            "subject": letter.subject.format(**words),
            "text": letter.text.format(**words),
            "action": letter.action,
            "why": reader.why,
            "path": reader.path,
            "reference": thread.enquiry.reference,
        },
        links=_links(thread, lifetime) if letter.action and side is Side.RESPONDENT else None,
    )


def _links(thread: EnquiryThread, lifetime: timedelta) -> dict[str, LinkOrder]:
    order = LinkOrder(
        purpose=REPLY_LINK,
        path=REPLY_PATH,
        lifetime=lifetime,
        subject=thread.identifier,
        details={"forward": thread.forward_number},
    )
    return {"page": order}


def _day(moment: datetime | None) -> str:
    return f"{moment.day} {moment:%B %Y}" if moment else ""
