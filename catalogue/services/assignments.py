"""Questions that are assigned to somebody who leaves: they go back to everybody who answers there."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, update
from sqlalchemy.orm import Session

from catalogue.domain.enquiries import OPEN, Desk
from catalogue.domain.enquiry_parties import DESK_ROLES
from catalogue.domain.permissions import Role
from catalogue.models import EnquiryThread, Organisation, OrganisationKind


def release(session: Session, organisation: Organisation, user_id: int, roles: Collection[Role]) -> None:
    """Take what is assigned from somebody who with these roles answers there no more. Does not commit."""
    is_alliance = organisation.kind is OrganisationKind.ALLIANCE
    if (Role.OFFICE in roles) if is_alliance else not set(DESK_ROLES).isdisjoint(roles):
        return
    own = and_(EnquiryThread.custodian_id == organisation.id, EnquiryThread.desk == Desk.CUSTODIAN)
    # the office answers on its own desk for every organisation
    _take(session, user_id, EnquiryThread.desk == Desk.ALLIANCE if is_alliance else own)


def release_all(session: Session, user_id: int) -> None:
    """Take everything that is assigned to somebody whose account is closed. Does not commit."""
    _take(session, user_id)


def _take(session: Session, user_id: int, *where: ColumnElement[bool]) -> None:
    session.execute(
        update(EnquiryThread)
        .where(EnquiryThread.handler_id == user_id, EnquiryThread.state.in_(OPEN), *where)
        .values(handler_id=None)
    )
