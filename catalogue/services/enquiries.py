"""What a researcher does with enquiries: send one, list them, read one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload, selectinload

from catalogue.domain.enquiries import EnquiryState, Party, Turn, enquiry_state, turn
from catalogue.domain.errors import Invalid, NotFound, Refused
from catalogue.domain.permissions import Actor, check
from catalogue.models import Enquiry, EnquiryThread
from catalogue.services import attempts, enquiry_drafts, enquiry_mail, enquiry_routing, thread_reading
from catalogue.services.enquiry_drafts import Writer
from catalogue.services.thread_opening import start
from catalogue.services.thread_reading import ThreadView
from catalogue.services.threads import Acting
from schemas.metadata import Problem, Severity

LONGEST_TITLE = 200
LONGEST_QUESTION = 5_000
MOST_DATASETS = 20
PER_WINDOW = 10
"""Enquiries that one person can send in a quarter of an hour."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a researcher wants to send. `identifier` is a UUID that the form was given: sent twice it is one enquiry."""

    identifier: str
    project_title: str
    text: str
    datasets: tuple[str, ...]


class SentBefore(Refused):
    """The form was sent already, and has other words in it now."""


@dataclass(frozen=True, slots=True)
class Summary:
    """An enquiry in a list."""

    enquiry: Enquiry
    state: EnquiryState
    threads: tuple[EnquiryThread, ...]

    @property
    def waits_for_researcher(self) -> bool:
        """Whether the researcher has to do something."""
        return any(turn(each.state) is Turn.APPLICANT for each in self.threads)


@dataclass(frozen=True, slots=True)
class EnquiryView:
    """An enquiry as its researcher reads it."""

    enquiry: Enquiry
    state: EnquiryState
    threads: tuple[ThreadView, ...]


def problems_of(session: Session, question: Question) -> tuple[Problem, ...]:
    """Everything that keeps the question from being sent."""
    found = []
    title, text = question.project_title.strip(), question.text.strip()
    if not title:
        found.append(_problem("project_title", "Enter a title for your project."))
    elif len(title) > LONGEST_TITLE:
        found.append(_problem("project_title", f"The title has more than {LONGEST_TITLE} characters.", "Shorten it."))
    if not text:
        found.append(_problem("question", "Enter your question."))
    elif len(text) > LONGEST_QUESTION:
        message = f"The question has {len(text):,} characters, and {LONGEST_QUESTION:,} is the most."
        found.append(_problem("question", message, "Shorten it; you can write more once somebody answers."))
    if not question.datasets:
        found.append(_problem("datasets", "Choose at least one dataset to ask about."))
    elif len(question.datasets) > MOST_DATASETS:
        found.append(_problem("datasets", f"A question can be about {MOST_DATASETS} datasets at most.", "Remove some."))
    elif len(enquiry_routing.published(session, question.datasets)) < len(set(question.datasets)):
        found.append(_problem("datasets", "A dataset has left the catalogue since you chose it.", "Remove it."))
    return tuple(found)


def submit(session: Session, actor: Actor, question: Question, *, at: datetime) -> Enquiry:
    """Send the question: one thread for each custodian, each on the desk where somebody answers.

    Raises `Invalid` with every problem, `NotAllowed`, `TooMany`, and `SentBefore` when the form was sent with other
    words.
    """
    check(actor, "enquiry:send")
    known = _known(session, question.identifier)
    if known is not None:
        return _sent(_own(actor, known), question)
    problems = problems_of(session, question)
    if problems:
        raise Invalid(*problems)
    attempts.count(session, {f"enquiry:{actor.user_id}": PER_WINDOW}, at=at)
    enquiry = Enquiry(
        identifier=question.identifier,
        researcher_id=actor.user_id,
        project_title=_one_line(question.project_title),
        question=question.text.strip(),
        submitted_at=at,
    )
    session.add(enquiry)
    try:
        session.flush()
    except IntegrityError:
        # The same form, sent twice at once: the other one came first.
        session.rollback()
        return _sent(get_own(session, actor, question.identifier).enquiry, question)
    session.refresh(enquiry, ["researcher"])
    datasets = enquiry_routing.published(session, question.datasets).values()
    routes = enquiry_routing.destinations(session, datasets, researcher_id=actor.user_id, at=at)
    threads = [start(session, enquiry, route, at=at) for route in routes]
    enquiry_mail.receipt(session, enquiry, threads, at=at)
    enquiry_drafts.forget(session, Writer(user_id=actor.user_id))
    session.commit()
    return enquiry


def list_own(session: Session, actor: Actor) -> tuple[Summary, ...]:
    """The actor's enquiries: those that wait for them first, then the latest."""
    rows = session.scalars(
        select(Enquiry)
        .where(Enquiry.researcher_id == actor.user_id)
        .options(selectinload(Enquiry.threads).joinedload(EnquiryThread.custodian))
        .order_by(Enquiry.submitted_at.desc(), Enquiry.id.desc())
    )
    found = [Summary(each, enquiry_state([t.state for t in each.threads]), tuple(each.threads)) for each in rows]
    return tuple(sorted(found, key=lambda each: not each.waits_for_researcher))


def get_own(session: Session, actor: Actor, identifier: str) -> EnquiryView:
    """One of the actor's enquiries with all its threads. Raises `NotFound`, for everybody else as well."""
    known = _known(session, identifier)
    if known is None:
        raise NotFound(f"There is no enquiry {identifier!r}.")
    enquiry = _own(actor, known)
    party = frozenset({Party.APPLICANT})
    threads = [thread_reading.view(session, Acting(each, party, actor.user_id)) for each in enquiry.threads]
    return EnquiryView(enquiry, enquiry_state([each.thread.state for each in threads]), tuple(threads))


def _known(session: Session, identifier: str) -> Enquiry | None:
    return session.scalars(
        select(Enquiry)
        .where(Enquiry.identifier == identifier)
        .options(joinedload(Enquiry.researcher), selectinload(Enquiry.threads).joinedload(EnquiryThread.custodian))
    ).one_or_none()


def _own(actor: Actor, enquiry: Enquiry) -> Enquiry:
    if enquiry.researcher_id != actor.user_id:
        raise NotFound(f"There is no enquiry {enquiry.identifier!r}.")
    return enquiry


def _sent(enquiry: Enquiry, question: Question) -> Enquiry:
    """The enquiry, if it is what the form asks once more."""
    if (enquiry.project_title, enquiry.question) != (_one_line(question.project_title), question.text.strip()):
        raise SentBefore(
            f"You have sent this form already, as question {enquiry.reference}. Send it again to ask anew."
        )
    return enquiry


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _problem(path: str, message: str, fix: str = "") -> Problem:
    return Problem(path, message, Severity.ERROR, fix)
