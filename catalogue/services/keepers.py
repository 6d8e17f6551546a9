"""Who looks after the people of an organisation: its administrators and the office; of the alliance, the office."""

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from catalogue.domain.permissions import Role
from catalogue.models import Membership, Organisation, OrganisationKind, User


def keeper_at(organisation: Organisation) -> Role:
    """The role that looks after its people, which somebody always holds."""
    return Role.OFFICE if organisation.kind is OrganisationKind.ALLIANCE else Role.ADMINISTRATOR


def lock(session: Session, organisation_id: int) -> None:
    """Let nobody else change the people of the organisation until the transaction ends."""
    session.execute(select(Organisation.id).where(Organisation.id == organisation_id).with_for_update())


def of(session: Session, organisation: Organisation) -> frozenset[int]:
    """The ids of those whose account is open and who hold that role there."""
    own = and_(Membership.organisation_id == organisation.id, Membership.role == keeper_at(organisation))
    return frozenset(session.scalars(select(User.id).join(Membership).where(own, User.is_active)))


def who_may(session: Session, organisation: Organisation) -> frozenset[int]:
    """The ids of everybody who may look after its people at this moment, whatever they could when they began."""
    own = and_(Membership.organisation_id == organisation.id, Membership.role == keeper_at(organisation))
    held = or_(own, Membership.role == Role.OFFICE)
    return frozenset(session.scalars(select(User.id).join(Membership).where(held, User.is_active)))


def the_last(organisation: Organisation, name: str) -> str:
    """Why somebody cannot go."""
    if keeper_at(organisation) is Role.OFFICE:
        return f"{name} is the only person in the office of {organisation.name}."
    return f"{name} is the only administrator of {organisation.name}."


def another_first(organisation: Organisation) -> str:
    """What to do before the last one goes."""
    if keeper_at(organisation) is Role.OFFICE:
        return "Let somebody else into the office first."
    return "Make somebody else administrator first."
