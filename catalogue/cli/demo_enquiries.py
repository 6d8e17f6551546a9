"""Questions of the demo, so that its desks have something to do: one asked back, one answered, one that waits."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.cli.demo_people import MEMBER, PEOPLE
from catalogue.clock import now
from catalogue.domain.permissions import Actor
from catalogue.models import Dataset, DatasetState, Enquiry, EnquiryThread, Organisation
from catalogue.services import accounts, enquiries, threads
from catalogue.services.enquiries import Question

TOWNS = (
    "We want to find out whether asthma attacks in children follow days of bad air in small towns. Which years could "
    "we get by day and by small area? Do you hold the ages of the children in months?\n\n"
    "We would link air quality by area ourselves. Our ethics committee meets in the new year."
)
FALLS = (
    "For a study of falls at home we need people over 75, with their visits to the doctor and their stays in hospital "
    "in the same year. Can the two be linked by a key that stays the same over the years?"
)
LUNGS = "Which of the breathing tests are in the data, and from which year on?"
GENERAL_PRACTICE, BREATHLESSNESS = (
    "General practice events in Wales",
    "Living with breathlessness: yearly survey of people",
)


def converse(session: Session) -> None:
    """Let the researcher of the demo ask and its handler answer; a second time changes nothing."""
    if session.scalar(select(Enquiry.id).limit(1)) is not None:
        return
    researcher, handler = _actor(session, 0), _actor(session, 1)
    doctors, survey = _dataset(session, GENERAL_PRACTICE), _dataset(session, BREATHLESSNESS)
    if doctors is None or survey is None:
        return
    _ask(session, researcher, "Asthma and the air of small towns", TOWNS, (doctors, survey), hours=50)
    _answer(session, handler, "note", "Ask the data team about ages in months.", hours=30)
    _answer(
        session, handler, "reply", "Day and small area are fine from 2004 on. Are whole years of age enough?", hours=28
    )
    _ask(session, researcher, "Falls at home of people over 75", FALLS, (doctors,), hours=26)
    _answer(
        session, handler, "answer", "Yes: the key stays the same from 2010 on; before, it holds for a year.", hours=4
    )
    _ask(session, researcher, "Lung function in middle age", LUNGS, (doctors,), hours=2)


def _actor(session: Session, number: int) -> Actor:
    user = accounts.find(session, PEOPLE[number].email)
    return accounts.actor_of(session, user.id if user is not None else 0)


def _dataset(session: Session, title: str) -> str | None:
    """The identifier of the published dataset whose title begins so."""
    wanted = select(Dataset.identifier).where(Dataset.title.startswith(title), Dataset.state == DatasetState.PUBLISHED)
    return session.scalars(wanted.order_by(Dataset.id).limit(1)).one_or_none()


def _ask(session: Session, who: Actor, title: str, text: str, datasets: Sequence[str], *, hours: int) -> None:
    identifier = str(uuid5(NAMESPACE_URL, f"demo:{title}"))
    asked = Question(identifier=identifier, project_title=title, text=text, datasets=tuple(datasets))
    enquiries.submit(session, who, asked, at=now() - timedelta(hours=hours))


def _answer(session: Session, who: Actor, command: str, text: str, *, hours: int) -> None:
    """Let somebody do something in the latest thread of the member."""
    latest = (
        select(EnquiryThread.identifier)
        .join(Organisation, Organisation.id == EnquiryThread.custodian_id)
        .where(Organisation.name == MEMBER)
        .order_by(EnquiryThread.id.desc())
    )
    identifier = session.scalars(latest.limit(1)).one()
    threads.move(session, who, identifier, command, text=text, at=now() - timedelta(hours=hours))
