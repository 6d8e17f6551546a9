"""The people of an organisation: who they are, what they may do there, and letting them go."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from catalogue.domain.errors import Invalid, NotAllowed, NotFound, Refused
from catalogue.domain.permissions import PERMISSIONS, Actor, Role, check, may
from catalogue.models import Membership, Organisation, OrganisationKind, RoleChange, RoleChangeKind, User
from catalogue.services import assignments, attempts, keepers, organisations, people_mail, role_changes
from catalogue.services.keepers import keeper_at
from catalogue.services.role_changes import in_order
from schemas.metadata import Problem, Severity

MANAGE = "people:manage"
ROLES = (Role.ADMINISTRATOR, Role.EDITOR, Role.HANDLER)
"""What a member's people can be."""
ROLES_OF_ALLIANCE = (Role.OFFICE, Role.EDITOR)
"""What people of the alliance can be: its office looks after them and answers its questions, and nobody else does."""
CHANGES_PER_PERSON = 10
"""How often somebody can change the roles of one person in a quarter of an hour; each change is a mail to them."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody with roles at an organisation, held since then."""

    user: User
    roles: tuple[Role, ...]
    since: datetime
    is_last_keeper: bool
    """Whether nobody else there could look after its people."""


@dataclass(frozen=True, slots=True)
class People:
    """Everybody who works for an organisation here, invitations that are open, and what was done last."""

    organisation: Organisation
    colleagues: tuple[Colleague, ...]
    invitations: Sequence[RoleChange]
    history: Sequence[RoleChange]


def can_manage(actor: Actor, organisation: Organisation) -> bool:
    """Whether the actor looks after the people of the organisation; those of the alliance are its office's alone."""
    if not organisation.is_claimed:
        return False
    if organisation.kind is OrganisationKind.ALLIANCE:
        return actor.is_office
    return may(actor, MANAGE, organisation.id)


def enter(session: Session, actor: Actor, slug: str) -> Organisation:
    """The organisation whose people the actor looks after. Raises `NotAllowed`, `NotFound`, `Refused`."""
    organisation = organisations.get(session, slug)
    check(actor, MANAGE, organisation.id)
    if not organisation.is_claimed:
        raise Refused(f"{organisation.name} is not claimed yet. Once a claim is approved, it can have people.")
    if not can_manage(actor, organisation):
        raise NotAllowed(MANAGE, PERMISSIONS[MANAGE].sentence)
    return organisation


def enter_locked(session: Session, actor: Actor, slug: str) -> Organisation:
    """The same, when nobody else changes its people until the transaction ends."""
    organisation = enter(session, actor, slug)
    lock(session, actor, organisation)
    return organisation


def lock(session: Session, actor: Actor, organisation: Organisation) -> None:
    """Let nobody else change the people of the organisation until the transaction ends.

    Raises `NotAllowed` for those who may no more: what an actor was when the request began can be over by now.
    """
    keepers.lock(session, organisation.id)
    if actor.user_id not in keepers.who_may(session, organisation):
        raise NotAllowed(MANAGE, PERMISSIONS[MANAGE].sentence)


def roles_at(organisation: Organisation) -> tuple[Role, ...]:
    """The roles that somebody can be given there."""
    return ROLES_OF_ALLIANCE if organisation.kind is OrganisationKind.ALLIANCE else ROLES


def people_of(session: Session, actor: Actor, slug: str, *, at: datetime) -> People:
    """Its people, by name. Raises `NotAllowed`, `NotFound`, `Refused`."""
    organisation = enter(session, actor, slug)
    return People(
        organisation,
        _colleagues(session, organisation),
        open_invitations(session, organisation, at=at),
        role_changes.history(session, organisation.id),
    )


def open_invitations(session: Session, organisation: Organisation, *, at: datetime) -> tuple[RoleChange, ...]:
    """The invitations that can be accepted, the latest first: those that somebody sent who may still invite."""
    may_invite = keepers.who_may(session, organisation)
    return tuple(
        each for each in role_changes.open_invitations(session, organisation.id, at=at) if each.by_id in may_invite
    )


def is_open(session: Session, invitation: RoleChange, *, at: datetime) -> bool:
    """Whether it is an invitation that can be accepted. It ends with the right of whoever sent it."""
    is_last = role_changes.is_open(session, invitation, at=at)
    return is_last and invitation.by_id in keepers.who_may(session, invitation.organisation)


def get(session: Session, actor: Actor, slug: str, user_id: int) -> tuple[Organisation, Colleague]:
    """One of its people. Raises `NotAllowed`, `NotFound`, `Refused`."""
    organisation = enter(session, actor, slug)
    return organisation, _colleague(session, organisation, user_id)


def find(session: Session, organisation: Organisation, email: str) -> Colleague | None:
    """Who of its people has this mail address, if anybody; `email` is folded."""
    return next((each for each in _colleagues(session, organisation) if each.user.email == email), None)


def change_roles(
    session: Session,
    actor: Actor,
    slug: str,
    user_id: int,
    roles: Iterable[str],
    *,
    at: datetime,
    is_sure: bool = False,
    before: Collection[str] | None = None,
) -> RoleChange | None:
    """Let one of its people have these roles and no others, and tell them by mail; None when nothing changes.

    Nobody stops looking after its people without saying `is_sure`, and the last one never does. `before` are the roles
    that whoever changes them was shown: they are not changed when they are others by now. Raises `Invalid` with every
    problem, `NotAllowed`, `NotFound`, `Refused`, `TooMany`.
    """
    organisation, _ = get(session, actor, slug, user_id)
    attempts.count(session, {f"roles:{actor.user_id}:{organisation.id}:{user_id}": CHANGES_PER_PERSON}, at=at)
    organisation = enter_locked(session, actor, slug)
    colleague = _colleague(session, organisation, user_id)
    wanted, problems = read_roles(organisation, roles)
    if not problems and set(wanted) == set(colleague.roles):
        return None
    if before is not None and set(before) != {role.value for role in colleague.roles}:
        problems = problems or (_overtaken(colleague),)
    more = set(wanted) - set(colleague.roles)
    problems = problems or own_problems(actor, organisation, colleague.user.email, more, "roles")
    if keeper_at(organisation) not in wanted:
        problems = problems or _keeping_problems(actor, organisation, colleague, is_sure=is_sure)
    if problems:
        raise Invalid(*problems)
    return _let_be(session, actor, organisation, colleague, wanted, at=at)


def remove(session: Session, actor: Actor, slug: str, user_id: int, *, at: datetime) -> RoleChange:
    """Take every role at the organisation from a person, and tell them by mail.

    Raises `Refused` for the last one who looks after its people, `NotAllowed`, `NotFound`.
    """
    organisation = enter_locked(session, actor, slug)
    pressed_twice = role_changes.just_done(session, RoleChangeKind.REMOVED, organisation.id, user_id, actor, at=at)
    if pressed_twice is not None:
        return pressed_twice
    colleague = _colleague(session, organisation, user_id)
    if colleague.is_last_keeper:
        raise Refused(why_not(organisation, colleague))
    return _let_be(session, actor, organisation, colleague, (), at=at)


def why_not(organisation: Organisation, colleague: Colleague) -> str:
    """Why somebody cannot be removed; empty when they can."""
    if not colleague.is_last_keeper:
        return ""
    return f"{keepers.the_last(organisation, colleague.user.name)} {keepers.another_first(organisation)}"


def read_roles(organisation: Organisation, roles: Iterable[str]) -> tuple[tuple[Role, ...], tuple[Problem, ...]]:
    """The roles that a form names, and what is wrong with them."""
    named, known = set(roles), {role.value: role for role in roles_at(organisation)}
    chosen = in_order([known[name] for name in named if name in known])
    if named - known.keys():
        fix = "Choose from the list."
        return chosen, (Problem("roles", "That role is not given here.", Severity.ERROR, fix),)
    if not chosen:
        return (), (Problem("roles", "No role is chosen.", Severity.ERROR, "Choose at least one."),)
    return chosen, ()


def give(session: Session, user: User, organisation: Organisation, roles: Collection[Role], *, at: datetime) -> None:
    """Let a person have exactly these roles at an organisation. Does not commit."""
    held = {each.role: each for each in user.memberships if each.organisation_id == organisation.id}
    for role in held.keys() - set(roles):
        user.memberships.remove(held[role])
    for role in in_order(set(roles) - held.keys()):
        user.memberships.append(Membership(organisation=organisation, role=role, created_at=at))
    session.flush()
    assignments.release(session, organisation, user.id, roles)


def own_problems(
    actor: Actor, organisation: Organisation, email: str, more: Collection[Role], path: str
) -> tuple[Problem, ...]:
    """What keeps people of the office from letting themselves in where questions are none of theirs."""
    is_at_home = (keeper_at(organisation), organisation.id) in actor.roles
    if actor.email != email or is_at_home or not more:
        return ()
    fix = f"Ask an administrator of {organisation.name}, or a colleague of the office."
    return (Problem(path, "Nobody lets themselves in.", Severity.ERROR, fix),)


def _keeping_problems(
    actor: Actor, organisation: Organisation, colleague: Colleague, *, is_sure: bool
) -> tuple[Problem, ...]:
    """What keeps a person from going on without the role that looks after the organisation's people."""
    if colleague.is_last_keeper:
        message = keepers.the_last(organisation, colleague.user.name)
        return (Problem("roles", message, Severity.ERROR, keepers.another_first(organisation)),)
    is_own = colleague.user.id == actor.user_id and keeper_at(organisation) in colleague.roles
    if is_own and not is_sure:
        message = f"You would take from yourself what lets you look after the people of {organisation.name}."
        return (Problem("sure", message, Severity.ERROR, "Tick the box if you mean it."),)
    return ()


def _overtaken(colleague: Colleague) -> Problem:
    *others, last = [role.label for role in colleague.roles]
    held = f"{', '.join(others)} and {last}" if others else last
    message = f"Somebody changed this meanwhile: {colleague.user.name} is {held} now."
    return Problem("roles", message, Severity.ERROR, "Look at what is ticked, and save again.")


def _let_be(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    colleague: Colleague,
    roles: Collection[Role],
    *,
    at: datetime,
) -> RoleChange:
    kind = RoleChangeKind.CHANGED if roles else RoleChangeKind.REMOVED
    give(session, colleague.user, organisation, roles, at=at)
    change = role_changes.record(session, kind, organisation.id, colleague.user, roles, by=actor.user_id, at=at)
    people_mail.tell(session, actor, change, organisation, colleague.user)
    people_mail.tell_keepers(session, actor, change, organisation)
    session.commit()
    return change


def _colleague(session: Session, organisation: Organisation, user_id: int) -> Colleague:
    found = [each for each in _colleagues(session, organisation) if each.user.id == user_id]
    if not found:
        raise NotFound(f"There is no such person at {organisation.name}.")
    return found[0]


def _colleagues(session: Session, organisation: Organisation) -> tuple[Colleague, ...]:
    rows = session.scalars(
        select(Membership)
        .join(User, User.id == Membership.user_id)
        .where(Membership.organisation_id == organisation.id)
        .options(joinedload(Membership.user).selectinload(User.memberships))
        .order_by(User.name, User.id, Membership.id)
        .execution_options(populate_existing=True)
    ).all()
    kept_by = keepers.of(session, organisation)
    found = []
    for user, group in groupby(rows, key=lambda each: each.user):
        held = list(group)
        roles, since = in_order([each.role for each in held]), min(each.created_at for each in held)
        found.append(Colleague(user, roles, since, is_last_keeper=kept_by == {user.id}))
    return tuple(found)
