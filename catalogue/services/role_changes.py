"""The record of roles: what was done, by whom, and which invitations it leaves open."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Select, delete, exists, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from catalogue.domain.permissions import HELD_ROLES, Actor, Role
from catalogue.models import RoleChange, RoleChangeKind, User

INVITATION_LIFETIME = timedelta(days=14)
KEPT_FOR = timedelta(days=30)
"""How long an invitation that came to nothing is remembered: it names somebody who never came."""
SHOWN = 20
PRESSED_TWICE = timedelta(minutes=1)
"""Within this time, the same by the same person about the same one is one thing, done once."""


def in_order(roles: Collection[Role]) -> tuple[Role, ...]:
    """The roles in the order of the policy, each once."""
    return tuple(role for role in HELD_ROLES if role in roles)


def record(
    session: Session,
    kind: RoleChangeKind,
    organisation_id: int,
    who: User | str,
    roles: Collection[Role],
    *,
    by: int | None,
    at: datetime,
) -> RoleChange:
    """Write down what was done about a person, or about an address. Does not commit.

    `roles` are those offered, or all that the person holds from then on; `by` is None for an operator, and for an
    address that declined.
    """
    user = who if isinstance(who, User) else None
    change = RoleChange(
        identifier=str(uuid4()),
        organisation_id=organisation_id,
        kind=kind,
        email=user.email if user is not None else who,
        roles=[role.value for role in in_order(roles)],
        user_id=user.id if user is not None else None,
        by_id=by,
        at=at,
    )
    session.add(change)
    session.flush()
    return change


def roles_in(change: RoleChange) -> tuple[Role, ...]:
    """The roles that a change is about."""
    return in_order([Role(each) for each in change.roles])


def history(session: Session, organisation_id: int) -> Sequence[RoleChange]:
    """What was done last about an organisation's people, the latest first."""
    wanted = _whole().where(RoleChange.organisation_id == organisation_id)
    return session.scalars(wanted.order_by(RoleChange.id.desc()).limit(SHOWN)).all()


def find(session: Session, identifier: str) -> RoleChange | None:
    """The change, if there is one."""
    if not identifier.isprintable():
        return None
    wanted = _whole().where(RoleChange.identifier == identifier).execution_options(populate_existing=True)
    return session.scalars(wanted).one_or_none()


def just_done(
    session: Session, kind: RoleChangeKind, organisation_id: int, about: int | str, actor: Actor, *, at: datetime
) -> RoleChange | None:
    """What was done last about a person or an address, if it is this and the actor did it a moment ago."""
    last = last_about(session, organisation_id, about)
    if last is None or (last.kind, last.by_id) != (kind, actor.user_id) or last.at <= at - PRESSED_TWICE:
        return None
    return last


def last_about(session: Session, organisation_id: int, about: int | str) -> RoleChange | None:
    """What was done last about a person or an address at an organisation."""
    who = RoleChange.user_id == about if isinstance(about, int) else RoleChange.email == about
    wanted = _whole().where(RoleChange.organisation_id == organisation_id, who)
    return session.scalars(wanted.order_by(RoleChange.id.desc()).limit(1)).one_or_none()


def invitations_of(session: Session, organisation_id: int, email: str) -> Sequence[str]:
    """The identifiers of every invitation of an address to an organisation that is still remembered."""
    own = RoleChange.organisation_id == organisation_id, RoleChange.email == email
    return session.scalars(select(RoleChange.identifier).where(*own, RoleChange.kind == RoleChangeKind.INVITED)).all()


def open_invitations(session: Session, about: int | str, *, at: datetime) -> Sequence[RoleChange]:
    """The invitations to an organisation, or of an address, after which nothing was written, the latest first."""
    own = RoleChange.organisation_id == about if isinstance(about, int) else RoleChange.email == about
    latest = select(func.max(RoleChange.id)).where(own).group_by(RoleChange.organisation_id, RoleChange.email)
    wanted = _whole().where(
        RoleChange.id.in_(latest),
        RoleChange.kind == RoleChangeKind.INVITED,
        RoleChange.at > at - INVITATION_LIFETIME,
    )
    return session.scalars(wanted.order_by(RoleChange.id.desc())).all()


def ends_at(invitation: RoleChange) -> datetime:
    """When an invitation lapses."""
    return invitation.at + INVITATION_LIFETIME


def is_open(session: Session, change: RoleChange, *, at: datetime) -> bool:
    """Whether it is an invitation and nothing was written about the address since."""
    latest = session.scalar(
        select(func.max(RoleChange.id)).where(
            RoleChange.organisation_id == change.organisation_id, RoleChange.email == change.email
        )
    )
    is_last = change.kind is RoleChangeKind.INVITED and latest == change.id
    return is_last and change.at > at - INVITATION_LIFETIME


def forget_old(session: Session, *, at: datetime) -> None:
    """Forget addresses that were invited long ago and never came; who invited those who did stays. Does not commit."""
    since = aliased(RoleChange)
    came = exists().where(
        since.organisation_id == RoleChange.organisation_id, since.email == RoleChange.email, since.user_id.is_not(None)
    )
    session.execute(
        delete(RoleChange)
        .where(
            RoleChange.user_id.is_(None),
            RoleChange.kind.in_((RoleChangeKind.INVITED, RoleChangeKind.WITHDRAWN, RoleChangeKind.DECLINED)),
            RoleChange.at < at - INVITATION_LIFETIME - KEPT_FOR,
            ~came.correlate(RoleChange),
        )
        .execution_options(synchronize_session="fetch")
    )


def _whole() -> Select[RoleChange]:
    return select(RoleChange).options(
        joinedload(RoleChange.organisation), joinedload(RoleChange.user), joinedload(RoleChange.by)
    )
