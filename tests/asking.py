"""A small alliance in which questions can be asked: custodians with people and without, an office, a researcher."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.domain.permissions import Actor, Role
from catalogue.models import Enquiry, EnquiryThread, Organisation, OrganisationKind, OutboxMessage
from catalogue.services import accounts, enquiries
from catalogue.services.accounts import HeldRole
from catalogue.services.enquiries import Question
from tests.publishing import custodian, described, publish

ASKED = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
"""A Monday."""
ALLIANCE, TARN, BECK, UNCLAIMED = "Northern Data Alliance", "Tarn Hospital", "Beck Cohort", "Fell and Dale Trust"


@dataclass(frozen=True, slots=True)
class Cast:
    """Who there is, as actors, and the identifiers of a dataset of each custodian."""

    researcher: Actor
    other_researcher: Actor
    tarn_handler: Actor
    tarn_administrator: Actor
    tarn_editor: Actor
    beck_handler: Actor
    beck_editor: Actor
    beck_administrator: Actor
    office: Actor
    second_office: Actor
    tarn_dataset: str
    beck_dataset: str
    unclaimed_dataset: str

    @property
    def everybody(self) -> dict[str, Actor]:
        """Every actor by name."""
        actors = {name: getattr(self, name) for name in self.__slots__}
        return {name: actor for name, actor in actors.items() if isinstance(actor, Actor)}


def gather(session: Session) -> Cast:
    """Bring everybody together."""
    alliance = custodian(session, ALLIANCE, is_claimed=True, kind=OrganisationKind.ALLIANCE)
    tarn = custodian(session, TARN, is_claimed=True, contact_point="data@tarn.example")
    beck = custodian(session, BECK, is_claimed=True)
    session.commit()
    datasets = [publish(session, described(f"Records of {name}"), by=name) for name in (TARN, BECK, UNCLAIMED)]
    session.commit()
    return Cast(
        somebody(session, "ada@university.example", "Ada Moss"),
        somebody(session, "eve@university.example", "Eve Thorn"),
        somebody(session, "tom@tarn.example", "Tom Rill", (Role.HANDLER, tarn)),
        somebody(session, "ann@tarn.example", "Ann Scree", (Role.ADMINISTRATOR, tarn)),
        somebody(session, "esk@tarn.example", "Esk Force", (Role.EDITOR, tarn)),
        somebody(session, "ben@beck.example", "Ben Holm", (Role.HANDLER, beck)),
        somebody(session, "edi@beck.example", "Edi Tor", (Role.EDITOR, beck)),
        somebody(session, "bel@beck.example", "Bel Wath", (Role.ADMINISTRATOR, beck)),
        somebody(session, "olu@alliance.example", "Olu Carr", (Role.OFFICE, alliance)),
        somebody(session, "oda@alliance.example", "Oda Garth", (Role.OFFICE, alliance)),
        *datasets,
    )


def somebody(session: Session, email: str, name: str, *roles: tuple[Role, Organisation]) -> Actor:
    """A person without a password, with these roles."""
    held = [HeldRole(role, organisation.slug) for role, organisation in roles]
    return accounts.actor_from(accounts.add(session, email, name=name, roles=held, at=ASKED))


def question(*datasets: str, identifier: str = "", title: str = "Asthma after the flood") -> Question:
    """A question about these datasets."""
    text = "How many children under five are in it?\n\nWe plan to link <schools>."
    return Question(identifier or str(uuid4()), title, text, datasets)


def ask(session: Session, cast: Cast, *datasets: str, at: datetime = ASKED) -> Enquiry:
    """Let the researcher ask about datasets; about one of Tarn Hospital's when none is named."""
    return enquiries.submit(session, cast.researcher, question(*(datasets or (cast.tarn_dataset,))), at=at)


def thread_with(session: Session, name: str) -> EnquiryThread:
    """The thread with the custodian of that name; there is one enquiry."""
    wanted = select(EnquiryThread).join(Organisation, Organisation.id == EnquiryThread.custodian_id)
    return session.scalars(wanted.where(Organisation.name == name).execution_options(populate_existing=True)).one()


def asked_mails(session: Session) -> list[tuple[str, str]]:
    """Address and subject of every mail that was asked for, in order; a receipt has no subject of its own."""
    messages = session.scalars(
        select(OutboxMessage).where(OutboxMessage.kind == "email.send").order_by(OutboxMessage.id)
    )
    return [(each.payload["to"], each.payload["context"].get("subject", each.payload["template"])) for each in messages]
