"""People of the demo: somebody of each kind, with a password that is made up anew at every start."""

import secrets
from dataclasses import dataclass

from sqlalchemy.orm import Session

from catalogue.clock import now
from catalogue.domain.errors import NotFound
from catalogue.domain.permissions import Role
from catalogue.models import OrganisationKind
from catalogue.services import accounts, organisations
from catalogue.services.accounts import HeldRole

ALLIANCE = "Five Rivers Health Data Alliance"
MEMBER = "Cantref Linked Data Bank"
EDITED = "Kestrel Kidney Audit"
WORDS = (
    "amber anchor barley beacon bramble candle cedar clover copper cotton falcon fennel garnet ginger granite harbour "
    "hazel heron ivory juniper lantern larch linen marble meadow mellow nettle orchard otter pebble pepper pewter "
    "plover quarry ribbon saddle saffron silver sorrel thistle timber velvet walnut willow"
)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to sign in as, and what for."""

    email: str
    name: str
    role: Role
    organisation: str
    purpose: str


PEOPLE = (
    DemoPerson("researcher@demo.example", "Rhiannon Okafor", Role.RESEARCHER, "", "a researcher"),
    DemoPerson("handler@demo.example", "Callum Pryce", Role.HANDLER, MEMBER, f"answers for {MEMBER}"),
    DemoPerson("administrator@demo.example", "Bethan Moyle", Role.ADMINISTRATOR, MEMBER, f"looks after {MEMBER}"),
    DemoPerson("editor@demo.example", "Sioned Farr", Role.EDITOR, EDITED, f"edits for {EDITED}, where facts wait"),
    DemoPerson("office@demo.example", "Meera Lindqvist", Role.OFFICE, ALLIANCE, f"the office of {ALLIANCE}"),
)


def made_up_password() -> str:
    """Three words and a number."""
    words = WORDS.split()
    return "-".join([*(secrets.choice(words) for _ in range(3)), str(secrets.randbelow(9000) + 1000)])


def welcome(session: Session, password: str) -> None:
    """Let everybody of the demo in with this password; sign-ins of an earlier start end."""
    _alliance(session)
    for person in PEOPLE:
        slug = organisations.find_named(session, person.organisation).slug if person.organisation else ""
        roles = [HeldRole(person.role, slug)] if slug else []
        accounts.add(session, person.email, name=person.name, roles=roles, password=password, at=now())


def _alliance(session: Session) -> None:
    try:
        organisations.find_named(session, ALLIANCE)
    except NotFound:
        description = "The members whose datasets are described here, and the office that looks after the catalogue."
        organisations.add(session, ALLIANCE, at=now(), kind=OrganisationKind.ALLIANCE, description=description)
