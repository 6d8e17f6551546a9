"""Inviting a colleague: somebody with an account has the roles at once, anybody else when they use the link."""

from collections.abc import Collection, Iterable
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
"""The purpose of the links by which somebody accepts an invitation."""
LINK_PATH = "/invitations/{token}"
MAIL_KEY = "invitation:{}"
PER_WINDOW, PER_ADDRESS = 30, 3
"""Invitations in a quarter of an hour: by one person, and to one address."""


def invite(
    session: Session,
    actor: Actor,
    slug: str,
    *,
    email: str,
    roles: Iterable[str],
    at: datetime,
    anew: bool = False,
) -> RoleChange:
    """Give roles to somebody with an account, beside those they have; send anybody else a link.

    An invitation of the same address that is open gives way to this one, unless the same button was pressed twice;
    `anew` says that it was not. Raises `Invalid` with every problem,
    `NotAllowed`, `NotFound`, `Refused`, `TooMany`.
    """
    organisation = people.enter(session, actor, slug)
    address = folded(email)
    wanted, problems = people.read_roles(organisation, roles)
    if address is None or problems:
        raise Invalid(*(() if address else (accounts.no_address(),)), *problems)
    limits = {f"invitation:{actor.user_id}": PER_WINDOW}
    if accounts.find(session, address) is None:
        limits[f"mail:{links.digest(address)}"] = PER_ADDRESS
    attempts.count(session, limits, at=at)
    people.lock(session, actor, organisation)
    user = accounts.find(session, address)
    if user is None:
        change = (None if anew else _pressed_twice(session, actor, organisation, address, wanted, at=at)) or _send(
            session, actor, organisation, address, wanted, at=at
        )
    else:
        change = _add(session, actor, organisation, user, wanted, at=at)
    session.commit()
    return change


def send_again(session: Session, actor: Actor, slug: str, identifier: str, *, at: datetime) -> RoleChange:
    """Send another link for an invitation; the one before opens nothing any more.

    Raises `NotAllowed`, `NotFound`, `Refused` when it is not open, `TooMany`.
    """
    sent = _own_open(session, people.enter(session, actor, slug), identifier, at=at)
    return invite(session, actor, slug, email=sent.email, roles=sent.roles, at=at, anew=True)


def take_back(session: Session, actor: Actor, slug: str, identifier: str, *, at: datetime) -> RoleChange:
    """Let the link of an invitation open nothing any more. Raises `NotAllowed`, `NotFound`, `Refused`."""
    organisation = people.enter_locked(session, actor, slug)
    sent = _own_open(session, organisation, identifier, at=at)
    kind, roles = RoleChangeKind.WITHDRAWN, roles_in(sent)
    change = role_changes.record(session, kind, organisation.id, sent.email, roles, by=actor.user_id, at=at)
    links.revoke(session, LINK, at=at, subject=sent.identifier)
    _withdraw_mails(session, organisation.id, sent.email)
    people_mail.tell_keepers(session, actor, change, organisation)
    session.commit()
    return change


def get_by_link(session: Session, token: str, *, at: datetime) -> tuple[RoleChange, User | None]:
    """The invitation of a link, for showing it, and who has an account with its address. Raises `LinkEnded`."""
    invitation = _open(session, links.find(session, LINK, token, at=at).subject, at=at)
    return invitation, accounts.find(session, invitation.email)


def accept(
    session: Session,
    token: str,
    *,
    at: datetime,
    name: str = "",
    affiliation: str = "",
    password: str = "",
    hasher: Passwords = STANDARD,
) -> Opened | None:
    """Take the roles of an invitation: with a new account, which is signed in, or with the one that is there.

    None for the latter: who holds the link has the mail, and signs in as ever. Raises `LinkEnded`, `Refused`, and
    `Invalid` with every problem.
    """
    invitation = _open(session, links.find(session, LINK, token, at=at).subject, at=at)
    keepers.lock(session, invitation.organisation_id)
    invitation = _open(session, invitation.identifier, at=at)
    links.redeem(session, LINK, token, at=at)
    user = accounts.find(session, invitation.email)
    if user is not None and not user.is_active:
        raise Refused("The account with this address is closed. Ask the alliance office.")
    is_new = user is None
    if user is None:
        problems = (
            *accounts.detail_problems(name, affiliation),
            *passwords.problems(password, email=invitation.email),
        )
        if problems:
            raise Invalid(*problems)
        user = accounts.create(session, invitation.email, name=name, affiliation=affiliation, at=at)
        accounts.set_password(session, user, password, hasher=hasher)
    organisation = invitation.organisation
    _withdraw_mails(session, organisation.id, invitation.email)
    roles = {*accounts.roles_held(user, organisation.id), *roles_in(invitation)}
    people.give(session, user, organisation, roles, at=at)
    role_changes.record(session, RoleChangeKind.ACCEPTED, organisation.id, user, roles, by=user.id, at=at)
    if is_new:
        return sign_ins.open_for(session, user, at=at)
    session.commit()
    return None


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
    return change


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


def _add(
    session: Session, actor: Actor, organisation: Organisation, user: User, roles: Collection[Role], *, at: datetime
) -> RoleChange:
    if not user.is_active:
        message = "The account with this address is closed."
        raise Invalid(Problem("email", message, Severity.ERROR, "Ask the alliance office to open it again."))
    held = accounts.roles_held(user, organisation.id)
    wanted = {*held, *roles}
    if wanted == held:
        done = role_changes.just_done(session, RoleChangeKind.CHANGED, organisation.id, user.id, actor, at=at)
        if done is not None and set(roles_in(done)) == wanted:
            return done
        message = f"{user.name} has this role here already."
        raise Invalid(Problem("email", message, Severity.ERROR, "Choose another role, or another person."))
    if problems := people.own_problems(actor, organisation, user, wanted - held, "email"):
        raise Invalid(*problems)
    _withdraw_mails(session, organisation.id, user.email)
    people.give(session, user, organisation, wanted, at=at)
    kind = RoleChangeKind.CHANGED
    change = role_changes.record(session, kind, organisation.id, user, wanted, by=actor.user_id, at=at)
    people_mail.tell(session, actor, change, organisation, user)
    people_mail.tell_keepers(session, actor, change, organisation)
    return change


def _own_open(session: Session, organisation: Organisation, identifier: str, *, at: datetime) -> RoleChange:
    found = role_changes.find(session, identifier)
    if found is None or found.organisation_id != organisation.id:
        raise NotFound(identifier)
    if not people.is_open(session, found, at=at):
        raise Refused("This invitation was accepted or taken back already, or has ended.")
    return found


def _open(session: Session, identifier: str, *, at: datetime) -> RoleChange:
    found = role_changes.find(session, identifier)
    if found is None or not people.is_open(session, found, at=at):
        raise LinkEnded
    return found
