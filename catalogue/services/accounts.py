"""Accounts: who there is, what they are for whom, and what they may change about themselves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from catalogue.domain.errors import Invalid, NotFound, Refused
from catalogue.domain.mail_addresses import folded
from catalogue.domain.permissions import HELD_ROLES, VISITOR, Actor, Role
from catalogue.models import Membership, Organisation, OrganisationKind, RoleChangeKind, SignIn, User
from catalogue.services import (
    assignments,
    deliveries,
    following,
    keepers,
    library,
    organisations,
    passwords,
    role_changes,
    saved_searches,
)
from catalogue.services.passwords import STANDARD, Passwords
from schemas.metadata import Problem, Severity

LONGEST_NAME = 200
LONGEST_AFFILIATION = 300


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role for the organisation of this slug, as `ROLE@ORGANISATION` says it."""

    role: Role
    organisation: str

    @classmethod
    def parse(cls, text: str) -> "HeldRole":
        """Read `ROLE@ORGANISATION`. Raises `Invalid`."""
        role, _, slug = text.strip().partition("@")
        if role not in {each.value for each in HELD_ROLES} or not slug:
            message = f"{text!r} is not a role at an organisation."
            known = ", ".join(HELD_ROLES)
            raise Invalid(Problem("role", message, Severity.ERROR, f"Write ROLE@ORGANISATION with one of: {known}."))
        return cls(Role(role), slug)


def actor_of(session: Session, user_id: int) -> Actor:
    """The person as whoever does something; a visitor when there is no such account or it is closed."""
    user = session.get(User, user_id, options=[selectinload(User.memberships)])
    return actor_from(user) if user is not None and user.is_active else VISITOR


def actor_from(user: User) -> Actor:
    """The person of an account as whoever does something."""
    roles = frozenset((each.role, each.organisation_id) for each in user.memberships)
    return Actor(user_id=user.id, email=user.email, name=user.name, roles=roles)


def roles_held(user: User, organisation_id: int) -> frozenset[Role]:
    """What the person is for one organisation."""
    return frozenset(each.role for each in user.memberships if each.organisation_id == organisation_id)


def get(session: Session, user_id: int | None) -> User:
    """The account. Raises `NotFound`."""
    found = session.get(User, user_id) if user_id is not None else None
    if found is None:
        raise NotFound("There is no such account.")
    return found


def find(session: Session, email: str) -> User | None:
    """The account of a mail address, if there is one."""
    address = folded(email)
    return session.scalars(select(User).where(User.email == address)).one_or_none() if address else None


def list_all(session: Session) -> Sequence[User]:
    """Every account with its memberships, by mail address."""
    wanted = select(User).options(selectinload(User.memberships).joinedload(Membership.organisation))
    return session.scalars(wanted.order_by(User.email)).all()


def handlers_of(session: Session, organisation_id: int, *roles: Role) -> Sequence[User]:
    """The active people who hold any of the roles for an organisation; without roles, its request handlers."""
    wanted = (
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organisation_id == organisation_id, Membership.role.in_(roles or (Role.HANDLER,)))
        .where(User.is_active)
    )
    return session.scalars(wanted.distinct().order_by(User.id)).all()


def office(session: Session) -> Sequence[User]:
    """The active people of the alliance office."""
    wanted = select(User).join(Membership).where(Membership.role == Role.OFFICE, User.is_active)
    return session.scalars(wanted.distinct().order_by(User.id)).all()


def add(
    session: Session,
    email: str,
    *,
    name: str,
    at: datetime,
    affiliation: str = "",
    roles: Iterable[HeldRole] = (),
    password: str | None = None,
    hasher: Passwords = STANDARD,
) -> User:
    """Add an account, or give the roles to the one that is there. Raises `Invalid` with every problem, `NotFound`."""
    user = find(session, email) or create(session, email, name=name, affiliation=affiliation, at=at)
    if password is not None:
        set_password(session, user, password, hasher=hasher)
    held = {(each.role, each.organisation_id) for each in user.memberships}
    changed = set()
    for wanted in roles:
        organisation = _organisation_for(session, wanted)
        if (wanted.role, organisation.id) not in held:
            held.add((wanted.role, organisation.id))
            user.memberships.append(Membership(organisation=organisation, role=wanted.role, created_at=at))
            changed.add(organisation.id)
    session.flush()
    for number in changed:
        _record(session, user, number, at=at)
    session.commit()
    return user


def create(session: Session, email: str, *, name: str, affiliation: str, at: datetime) -> User:
    """A new account without a password. Does not commit. Raises `Invalid` with every problem."""
    address = folded(email)
    problems = detail_problems(name, affiliation) if address else (*detail_problems(name, affiliation), no_address())
    if address is None or problems:
        raise Invalid(*problems)
    user = User(email=address, name=_one_line(name), affiliation=_one_line(affiliation), created_at=at)
    session.add(user)
    session.flush()
    return user


def change_details(session: Session, user_id: int | None, *, name: str, affiliation: str) -> User:
    """Let people say who they are. Raises `Invalid` with every problem."""
    user = get(session, user_id)
    problems = detail_problems(name, affiliation)
    if problems:
        raise Invalid(*problems)
    user.name, user.affiliation = _one_line(name), _one_line(affiliation)
    session.commit()
    return user


def set_password(session: Session, user: User, password: str, *, hasher: Passwords = STANDARD) -> None:
    """Take a new password and end every sign-in that the old one opened. Does not commit. Raises `Invalid`."""
    problems = passwords.problems(password, email=user.email)
    if problems:
        raise Invalid(*problems)
    user.password_hash = hasher.hash(password)
    session.execute(delete(SignIn).where(SignIn.user_id == user.id))


def revoke(session: Session, email: str, roles: Iterable[HeldRole], *, at: datetime) -> User:
    """Take roles from a person. Raises `NotFound`, and `Refused` for the last one who looks after an organisation."""
    user, changed = _known(session, email), {}
    for wanted in roles:
        organisation = organisations.get(session, wanted.organisation)
        keepers.lock(session, organisation.id)
        if wanted.role is keepers.keeper_at(organisation) and keepers.of(session, organisation) == {user.id}:
            raise Refused(f"{keepers.the_last(organisation, user.name)} {keepers.another_first(organisation)}")
        taken = [each for each in user.memberships if (each.role, each.organisation) == (wanted.role, organisation)]
        if not taken:
            raise NotFound(f"{user.email} is not {wanted.role.label} for {organisation.name}.")
        user.memberships.remove(taken[0])
        changed[organisation.id] = organisation
    session.flush()
    for organisation in changed.values():
        assignments.release(session, organisation, user.id, roles_held(user, organisation.id))
        _record(session, user, organisation.id, at=at)
    session.commit()
    return user


def set_active(session: Session, email: str, *, is_active: bool) -> User:
    """Close an account, or open it again. Raises `NotFound`.

    Closing ends its sign-ins and forgets what the person kept for themselves; what they did with others stays, and what
    was assigned to them goes back to everybody who answers there.
    """
    user = _known(session, email)
    user.is_active = is_active
    if not is_active:
        session.execute(delete(SignIn).where(SignIn.user_id == user.id))
        for own in (library, saved_searches, following):
            own.erase(session, user.id)
        assignments.release_all(session, user.id)
        deliveries.erase(session, user.email)
    session.commit()
    return user


def left_alone(session: Session, user: User) -> tuple[Organisation, ...]:
    """The organisations after whose people nobody can look now but the office, since this account is closed."""
    kept = [each.organisation for each in user.memberships if each.role is keepers.keeper_at(each.organisation)]
    return () if user.is_active else tuple(each for each in kept if not keepers.of(session, each))


def detail_problems(name: str, affiliation: str) -> tuple[Problem, ...]:
    """What is wrong with what somebody says about themselves."""
    found = []
    if not _one_line(name):
        found.append(Problem("name", "A name is missing.", Severity.ERROR, "Enter your name."))
    for path, text, longest in (("name", name, LONGEST_NAME), ("affiliation", affiliation, LONGEST_AFFILIATION)):
        if len(_one_line(text)) > longest:
            found.append(Problem(path, f"It has more than {longest} characters.", Severity.ERROR, "Shorten it."))
    return tuple(found)


def no_address() -> Problem:
    """What is wrong with text that is no mail address."""
    fix = "Write it like name@example.org."
    return Problem("email", "That is not an e-mail address that mail can be sent to.", Severity.ERROR, fix)


def _record(session: Session, user: User, organisation_id: int, *, at: datetime) -> None:
    """Write down what an operator made of somebody's roles."""
    roles = roles_held(user, organisation_id)
    kind = RoleChangeKind.CHANGED if roles else RoleChangeKind.REMOVED
    role_changes.record(session, kind, organisation_id, user, roles, by=None, at=at)


def _known(session: Session, email: str) -> User:
    found = find(session, email)
    if found is None:
        raise NotFound(f"There is no account of {email.strip()!r}.")
    return found


def _organisation_for(session: Session, wanted: HeldRole) -> Organisation:
    organisation = organisations.get(session, wanted.organisation)
    if wanted.role is Role.OFFICE and organisation.kind is not OrganisationKind.ALLIANCE:
        message = f"{organisation.name} is not the alliance, so it has no alliance office."
        fix = "Name the alliance; it is added with: catalogue organisations add NAME --alliance"
        raise Invalid(Problem("role", message, Severity.ERROR, fix))
    return organisation


def _one_line(text: str) -> str:
    """Text for a line: names are put into headers of mail and into pages, so nothing in them breaks a line."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())
