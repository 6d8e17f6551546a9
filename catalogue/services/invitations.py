"""Inviting a colleague. Nobody has a role who did not accept it, and nobody learns from inviting who has an account."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from catalogue.domain.errors import Invalid, LinkEnded, NotFound, Refused
from catalogue.domain.mail_addresses import folded
from catalogue.domain.permissions import Actor, Role
from catalogue.models import Organisation, RoleChange, RoleChangeKind, User
from catalogue.services import (
    accounts,
    attempts,
    deliveries,
    keepers,
    links,
    mailing,
    passwords,
    people,
    people_mail,
    role_changes,
    sign_ins,
)
from catalogue.services.mailing import LinkOrder
from catalogue.services.passwords import STANDARD, Passwords
from catalogue.services.role_changes import INVITATION_LIFETIME, roles_in
from catalogue.services.sign_ins import Opened
from schemas.metadata import Problem, Severity

LINK = "invitation"
"""The purpose of the links by which somebody answers an invitation."""
LINK_PATH = "/invitations/{token}"
MAIL_KEY = "invitation:{}"
PER_WINDOW, PER_ADDRESS = 30, 3
"""Invitations in a quarter of an hour: by one person, and to one address."""


def invite(session: Session, actor: Actor, slug: str, *, email: str, roles: Iterable[str], at: datetime) -> RoleChange:
    """Offer roles to whoever reads the mail of an address, with an account or without.

    An invitation of the same address that is open gives way to this one, unless the same button was pressed twice.
    Raises `Invalid` with every problem, `NotAllowed`, `NotFound`, `Refused`, `TooMany`.
    """
    organisation = people.enter(session, actor, slug)
    address = folded(email)
    wanted, problems = people.read_roles(organisation, roles)
    if address is None or problems:
        raise Invalid(*(() if address else (accounts.no_address(),)), *problems)
    _count(session, actor, address, at=at)
    people.lock(session, actor, organisation)
    if problems := _address_problems(session, actor, organisation, address, wanted):
        raise Invalid(*problems)
    sent = _pressed_twice(session, actor, organisation, address, wanted, at=at)
    return sent or _send(session, actor, organisation, address, wanted, at=at)


def send_again(session: Session, actor: Actor, slug: str, identifier: str, *, at: datetime) -> RoleChange:
    """Send another link for an invitation; the one before opens nothing any more.

    Raises `NotAllowed`, `NotFound`, `Refused` when it is not open, `TooMany`.
    """
    organisation = people.enter(session, actor, slug)
    _count(session, actor, _sent_by(session, organisation, identifier, at=at).email, at=at)
    people.lock(session, actor, organisation)
    sent = _sent_by(session, organisation, identifier, at=at)
    return _send(session, actor, organisation, sent.email, roles_in(sent), at=at)


def take_back(session: Session, actor: Actor, slug: str, identifier: str, *, at: datetime) -> RoleChange:
    """Let an invitation offer nothing any more. Raises `NotAllowed`, `NotFound`, `Refused`."""
    organisation = people.enter_locked(session, actor, slug)
    sent = _sent_by(session, organisation, identifier, at=at)
    kind, roles = RoleChangeKind.WITHDRAWN, roles_in(sent)
    change = role_changes.record(session, kind, organisation.id, sent.email, roles, by=actor.user_id, at=at)
    _end(session, sent, at=at)
    people_mail.tell_keepers(session, actor, change, organisation)
    session.commit()
    return change


def own(session: Session, actor: Actor, *, at: datetime) -> Sequence[RoleChange]:
    """The invitations that somebody who is signed in can answer, the latest first."""
    found = role_changes.open_invitations(session, actor.email, at=at)
    return [each for each in found if people.is_open(session, each, at=at)]


def get_by_link(session: Session, token: str, *, at: datetime) -> tuple[RoleChange, User | None]:
    """The invitation of a link, for showing it, and who has an account with its address. Raises `LinkEnded`."""
    invitation = _by_link(session, token, at=at)
    return invitation, accounts.find(session, invitation.email)


def answer(session: Session, actor: Actor, identifier: str, *, accepts: bool, at: datetime) -> RoleChange:
    """Take the roles of an invitation of one's own address, or decline them.

    Raises `NotFound` for that of any other address, `Refused` when it is not open.
    """
    found = role_changes.find(session, identifier)
    if found is None or found.kind is not RoleChangeKind.INVITED or found.email != actor.email:
        raise NotFound(identifier)
    keepers.lock(session, found.organisation_id)
    last = role_changes.last_about(session, found.organisation_id, found.email)
    if last is not None and last.kind is (RoleChangeKind.ACCEPTED if accepts else RoleChangeKind.DECLINED):
        return last
    user = accounts.get(session, actor.user_id)
    if not (user.is_active and people.is_open(session, found, at=at)):
        raise Refused("This invitation was answered or taken back already, or has ended.")
    change = _join(session, found, user, at=at) if accepts else _decline(session, found, at=at)
    session.commit()
    return change


def join(
    session: Session,
    token: str,
    *,
    at: datetime,
    name: str,
    affiliation: str = "",
    password: str,
    hasher: Passwords = STANDARD,
) -> Opened:
    """Make an account that has the roles of an invitation, and sign it in.

    Whoever has an account signs in and answers there: having the mail is not being that person. Raises `LinkEnded`,
    `Refused` when there is an account by now, and `Invalid` with every problem.
    """
    invitation = _by_link_locked(session, token, at=at)
    if accounts.find(session, invitation.email) is not None:
        raise Refused("There is an account with this address already. Sign in with it to accept.")
    problems = (
        *accounts.detail_problems(name, affiliation),
        *passwords.problems(password, email=invitation.email),
    )
    if problems:
        raise Invalid(*problems)
    user = accounts.create(session, invitation.email, name=name, affiliation=affiliation, at=at)
    accounts.set_password(session, user, password, hasher=hasher)
    _join(session, invitation, user, at=at)
    return sign_ins.open_for(session, user, at=at)


def decline_by_link(session: Session, token: str, *, at: datetime) -> RoleChange:
    """Decline an invitation, with an account or without. Raises `LinkEnded`."""
    change = _decline(session, _by_link_locked(session, token, at=at), at=at)
    session.commit()
    return change


def _join(session: Session, invitation: RoleChange, user: User, *, at: datetime) -> RoleChange:
    _end(session, invitation, at=at)
    roles = {*accounts.roles_held(user, invitation.organisation_id), *roles_in(invitation)}
    people.give(session, user, invitation.organisation, roles, at=at)
    kind = RoleChangeKind.ACCEPTED
    return role_changes.record(session, kind, invitation.organisation_id, user, roles, by=user.id, at=at)


def _decline(session: Session, invitation: RoleChange, *, at: datetime) -> RoleChange:
    """Write down that the address declined: whether it belongs to an account stays its owner's affair."""
    _end(session, invitation, at=at)
    kind, roles = RoleChangeKind.DECLINED, roles_in(invitation)
    number, address = invitation.organisation_id, invitation.email
    return role_changes.record(session, kind, number, address, roles, by=None, at=at)


def _count(session: Session, actor: Actor, address: str, *, at: datetime) -> None:
    limits = {f"invitation:{actor.user_id}": PER_WINDOW, f"mail:{links.digest(address)}": PER_ADDRESS}
    attempts.count(session, limits, at=at)


def _address_problems(
    session: Session, actor: Actor, organisation: Organisation, address: str, roles: Collection[Role]
) -> tuple[Problem, ...]:
    """What keeps an address from being invited. Nothing of it depends on accounts that the inviter cannot see."""
    known = people.find(session, organisation, address)
    if known is not None:
        fix = "Change what they do in the list of people."
        return (Problem("email", f"{known.user.name} works here already.", Severity.ERROR, fix),)
    return people.own_problems(actor, organisation, address, roles, "email")


def _send(
    session: Session, actor: Actor, organisation: Organisation, address: str, roles: Collection[Role], *, at: datetime
) -> RoleChange:
    _withdraw_mails(session, organisation.id, address)
    kind = RoleChangeKind.INVITED
    change = role_changes.record(session, kind, organisation.id, address, roles, by=actor.user_id, at=at)
    order = LinkOrder(purpose=LINK, path=LINK_PATH, lifetime=INVITATION_LIFETIME, subject=change.identifier)
    mailing.queue(
        session,
        "invitation",
        address,
        key=MAIL_KEY.format(change.identifier),
        at=at,
        context={
            "organisation": organisation.name,
            "labels": [role.label for role in role_changes.in_order(roles)],
            "by": f"{actor.name} ({actor.email})",
        },
        links={"link": order},
    )
    people_mail.tell_keepers(session, actor, change, organisation)
    session.commit()
    return change


def _end(session: Session, invitation: RoleChange, *, at: datetime) -> None:
    links.revoke(session, LINK, at=at, subject=invitation.identifier)
    _withdraw_mails(session, invitation.organisation_id, invitation.email)


def _withdraw_mails(session: Session, organisation_id: int, address: str) -> None:
    """Let no mail go again whose link would open nothing."""
    for identifier in role_changes.invitations_of(session, organisation_id, address):
        deliveries.withdraw(session, MAIL_KEY.format(identifier))


def _pressed_twice(
    session: Session, actor: Actor, organisation: Organisation, address: str, roles: Collection[Role], *, at: datetime
) -> RoleChange | None:
    """The same invitation, sent a moment ago: another one would end its link while the mail is on its way."""
    sent = role_changes.just_done(session, RoleChangeKind.INVITED, organisation.id, address, actor, at=at)
    return sent if sent is not None and set(roles_in(sent)) == set(roles) else None


def _sent_by(session: Session, organisation: Organisation, identifier: str, *, at: datetime) -> RoleChange:
    found = role_changes.find(session, identifier)
    if found is None or found.organisation_id != organisation.id:
        raise NotFound(identifier)
    if not people.is_open(session, found, at=at):
        raise Refused("This invitation was accepted or taken back already, or has ended.")
    return found


def _by_link(session: Session, token: str, *, at: datetime) -> RoleChange:
    found = role_changes.find(session, links.find(session, LINK, token, at=at).subject)
    if found is None or not people.is_open(session, found, at=at):
        raise LinkEnded
    return found


def _by_link_locked(session: Session, token: str, *, at: datetime) -> RoleChange:
    keepers.lock(session, _by_link(session, token, at=at).organisation_id)
    return _by_link(session, token, at=at)
