"""Acting on a thread: one command, by whoever may, with its event, its message, its timers and its mails together."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from catalogue.domain.enquiries import FINAL, Desk, Done, Party, Side, TextNeeded, decide
from catalogue.domain.enquiry_parties import parties_of
from catalogue.domain.enquiry_timers import answer_due, timers
from catalogue.domain.errors import Invalid, LinkEnded, NotFound
from catalogue.domain.permissions import Actor
from catalogue.models import Enquiry, EnquiryThread, ThreadEvent, ThreadMessage, ThreadTimer
from catalogue.services import enquiry_mail, links
from catalogue.services.enquiry_mail import REPLY_LINK
from schemas.metadata import Problem, Severity

LONGEST_TEXT = 10_000
MESSAGES = {"answer", "reply", "post", "add"}
"""Commands whose text is a message in the conversation; the text of others is the reason beside the event."""
NOTE = "note"
ENDS_FORWARDING = {"recall", "route_failed", "transfer"}

Effect = Callable[[EnquiryThread], None]
"""What a command changes in the thread beside its state."""


@dataclass(frozen=True, slots=True)
class Acting:
    """Somebody at a thread: what they are there, and who they are if they have an account."""

    thread: EnquiryThread
    parties: frozenset[Party]
    user_id: int | None = None

    @property
    def is_desk(self) -> bool:
        """Whether they answer for the custodian with an account."""
        return bool(self.parties & {Party.HANDLER, Party.CONCIERGE})


def move(
    session: Session,
    actor: Actor,
    identifier: str,
    command: str,
    *,
    at: datetime,
    text: str = "",
    key: str | None = None,
) -> EnquiryThread:
    """Do the command, if the table lets the actor.

    `key` is the form's own: sent twice it counts once. Raises `NotFound` for everybody who is nothing to the thread,
    `Refused`, and `Invalid` when the text is too long.
    """
    acting = arrive(session, actor, identifier)
    carry_out(session, acting, command, at=at, text=text, key=key)
    session.commit()
    return acting.thread


def move_by_link(
    session: Session, token: str, command: str, *, at: datetime, text: str = "", key: str | None = None
) -> EnquiryThread:
    """Do the command for whoever holds the link. Raises `LinkEnded`, `Refused`, `Invalid`."""
    acting = arrive_by_link(session, token, at=at, for_update=True)
    carry_out(session, acting, command, at=at, text=text, key=key)
    session.commit()
    return acting.thread


def arrive(session: Session, actor: Actor, identifier: str, *, for_update: bool = True) -> Acting:
    """The thread as the actor comes to it. Raises `NotFound` for those who may not know that it exists."""
    thread = _load(session, identifier, for_update=for_update)
    found = (
        parties_of(
            actor,
            researcher_id=thread.enquiry.researcher_id,
            custodian_id=thread.custodian_id,
            desk=thread.desk,
        )
        if thread is not None
        else frozenset()
    )
    if thread is None or not found:
        raise NotFound(f"There is no thread {identifier!r}.")
    return Acting(thread, found, actor.user_id)


def arrive_by_link(session: Session, token: str, *, at: datetime, for_update: bool = False) -> Acting:
    """The thread that the link is for. Raises `LinkEnded`, also when the thread was taken back or forwarded anew."""
    link = links.find(session, REPLY_LINK, token, at=at)
    thread = _load(session, link.subject, for_update=for_update)
    if thread is None or not thread.is_forwarded or link.details.get("forward") != thread.forward_number:
        raise LinkEnded
    return Acting(thread, frozenset({Party.RESPONDENT}))


def carry_out(
    session: Session,
    acting: Acting,
    command: str,
    *,
    at: datetime,
    text: str = "",
    key: str | None = None,
    effect: Effect | None = None,
    untold: Iterable[Side] = (),
) -> bool:
    """Do the command and everything that follows from it; whether it was done now rather than before.

    Sides that are `untold` learn of it in another way. Does not commit. Raises `Refused`, `Invalid`.
    """
    thread = acting.thread
    if is_done(session, acting, key):
        return False
    if len(text) > LONGEST_TEXT:
        message = f"This text has {len(text):,} characters, and {LONGEST_TEXT:,} is the most."
        raise Invalid(Problem("text", message, Severity.ERROR, "Shorten it, or send it in two parts."))
    try:
        done = decide(thread.state, acting.parties, command, at=at, text=text)
    except TextNeeded:
        raise Invalid(Problem("text", "Write something first.", Severity.ERROR)) from None
    event = _record(session, acting, done, key)
    if effect is not None:
        effect(thread)
    if done.before is not done.after or (effect is not None and command != "assign"):
        _begin_state(session, thread, done)
    thread.last_event_at = at
    enquiry_mail.tell(session, thread, event, done.move, acting_user=acting.user_id, untold=untold)
    # Whoever held a link is told first that it is over.
    if thread.state in FINAL or command in ENDS_FORWARDING:
        thread.forwarded_to = None
    if not thread.is_forwarded:
        links.revoke(session, REPLY_LINK, at=at, subject=thread.identifier)
    return True


def is_done(session: Session, acting: Acting, key: str | None) -> bool:
    """Whether the same person has sent the form with this key before."""
    if key is None:
        return False
    known = select(ThreadEvent.actor_id).where(ThreadEvent.thread_id == acting.thread.id, ThreadEvent.key == key)
    found = session.execute(known).one_or_none()
    return found is not None and found[0] == acting.user_id


def give(
    session: Session,
    thread: EnquiryThread,
    command: str,
    *,
    at: datetime,
    effect: Effect | None = None,
    untold: Iterable[Side] = (),
) -> None:
    """Let the system do a command. Does not commit."""
    acting = Acting(thread, frozenset({Party.SYSTEM}))
    carry_out(session, acting, command, at=at, effect=effect, untold=untold)


def locked(session: Session, identifier: str) -> EnquiryThread | None:
    """The thread, which nobody else can change until the transaction ends."""
    return _load(session, identifier, for_update=True)


def to_desk(desk: Desk) -> Effect:
    """Put the thread on a desk, out of the hands of whoever had it."""

    def put(thread: EnquiryThread) -> None:
        thread.desk, thread.handler_id, thread.forwarded_to = desk, None, None
        thread.forward_number += 1

    return put


def _load(session: Session, identifier: str, *, for_update: bool) -> EnquiryThread | None:
    wanted = (
        select(EnquiryThread)
        .where(EnquiryThread.identifier == identifier)
        .options(
            joinedload(EnquiryThread.enquiry).joinedload(Enquiry.researcher),
            joinedload(EnquiryThread.custodian),
        )
    )
    if for_update:
        # Two people who press at once are answered one after the other, and the second sees what the first did.
        wanted = wanted.with_for_update(of=EnquiryThread).execution_options(populate_existing=True)
    return session.scalars(wanted).one_or_none()


def _record(session: Session, acting: Acting, done: Done, key: str | None) -> ThreadEvent:
    thread, command = acting.thread, done.move.command
    thread.event_count += 1
    is_message = command in MESSAGES or command == NOTE
    event = ThreadEvent(
        thread_id=thread.id,
        number=thread.event_count,
        key=key,
        command=command,
        party=done.party,
        actor_id=acting.user_id,
        before=done.before,
        after=done.after,
        comment="" if is_message or command == "submit" else done.text,
        at=done.at,
    )
    session.add(event)
    if is_message:
        message = ThreadMessage(
            thread_id=thread.id,
            event_number=event.number,
            party=done.party,
            author_id=acting.user_id,
            author_address=thread.forwarded_to if done.party is Party.RESPONDENT else None,
            desk=thread.desk if done.party is not Party.APPLICANT else None,
            text=done.text,
            is_internal=command == NOTE,
            at=done.at,
        )
        session.add(message)
    return event


def _begin_state(session: Session, thread: EnquiryThread, done: Done) -> None:
    """Bring what depends on the state up to date: since when, what is due, what happens by itself."""
    thread.state, thread.state_since = done.after, done.at
    thread.answer_due_at = answer_due(thread.state, done.at)
    session.execute(delete(ThreadTimer).where(ThreadTimer.thread_id == thread.id))
    for timer in timers(thread.state, done.at, is_forwarded=thread.is_forwarded):
        session.add(ThreadTimer(thread_id=thread.id, command=timer.command, due_at=timer.due_at))
