"""Who may do what: one table, which every address and every use case asks.

A new permission is a row here; `docs/permissions.md` and the tests of every address follow from it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from catalogue.domain.errors import NotAllowed

View = TypeVar("View", bound=Callable[..., object])


class Role(StrEnum):
    """What somebody can be. The last four are held for an organisation; the office, for the alliance."""

    VISITOR = "visitor"
    RESEARCHER = "researcher"
    ADMINISTRATOR = "administrator"
    EDITOR = "editor"
    HANDLER = "handler"
    OFFICE = "office"

    @property
    def label(self) -> str:
        """The role as a page names it."""
        return LABELS[self]


LABELS = {
    Role.VISITOR: "visitor",
    Role.RESEARCHER: "researcher",
    Role.ADMINISTRATOR: "organisation administrator",
    Role.EDITOR: "editor",
    Role.HANDLER: "request handler",
    Role.OFFICE: "alliance office",
}
HELD_ROLES = (Role.ADMINISTRATOR, Role.EDITOR, Role.HANDLER, Role.OFFICE)
"""Roles that a person is given; everybody is a visitor, and everybody with an account a researcher."""

EVERYBODY = frozenset({Role.VISITOR})
SIGNED_IN = frozenset({Role.RESEARCHER})
DESK = frozenset({Role.HANDLER, Role.ADMINISTRATOR, Role.OFFICE})


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever does something: a person who is signed in, or a visitor, who has no id."""

    user_id: int | None = None
    email: str = ""
    name: str = ""
    roles: frozenset[tuple[Role, int]] = frozenset()
    """Pairs of a role and the id of the organisation for which it is held."""

    @property
    def is_signed_in(self) -> bool:
        """Whether the actor has an account."""
        return self.user_id is not None

    @property
    def is_office(self) -> bool:
        """Whether the actor speaks for the alliance."""
        return any(role is Role.OFFICE for role, _ in self.roles)

    def organisations(self, *roles: Role) -> frozenset[int]:
        """The ids of the organisations for which the actor holds any of the roles; without roles, any at all."""
        return frozenset(organisation for role, organisation in self.roles if not roles or role in roles)


VISITOR = Actor()


@dataclass(frozen=True, slots=True)
class Permission:
    """A row: any of `who` may do it. The sentence begins with a verb and ends the words "may".

    With `office_stands_in`, so may the office for an organisation that nobody has claimed, and for no other.
    """

    name: str
    who: frozenset[Role]
    sentence: str
    office_stands_in: bool = False

    @property
    def anyone(self) -> frozenset[Role]:
        """Whoever may do it for some organisation at least."""
        return self.who | {Role.OFFICE} if self.office_stands_in else self.who


PERMISSIONS = MappingProxyType(
    {
        each.name: each
        for each in (
            Permission("site:read", EVERYBODY, "read pages about the catalogue itself"),
            Permission("dataset:read", EVERYBODY, "find and read published descriptions, in every form"),
            Permission(
                "search:explain", frozenset({Role.OFFICE}), "see why the results of a search are in their order"
            ),
            Permission("mail:read", frozenset({Role.OFFICE}), "see mail that did not arrive, and mail in a folder"),
            Permission("mail:send-again", frozenset({Role.OFFICE}), "send mail again that was refused or may be lost"),
            Permission("organisation:read", EVERYBODY, "read about organisations"),
            Permission("account:open", EVERYBODY, "ask for an account, sign in, and get back in"),
            Permission("account:manage", SIGNED_IN, "see and change their own account"),
            Permission("organisation:claim", SIGNED_IN, "claim an organisation that nobody here speaks for"),
            Permission("claim:confirm", EVERYBODY, "confirm the claim for which they were sent a link"),
            Permission("claim:decide", frozenset({Role.OFFICE}), "decide on claims to organisations"),
            Permission(
                "people:manage",
                frozenset({Role.ADMINISTRATOR, Role.OFFICE}),
                "see who works for an organisation here, invite people and change roles",
            ),
            Permission("invitation:accept", EVERYBODY, "answer the invitation for which they were sent a link"),
            Permission(
                "fact:decide",
                frozenset({Role.EDITOR, Role.ADMINISTRATOR}),
                "confirm or refuse facts that were read from the descriptions of their organisation's datasets",
                office_stands_in=True,
            ),
            Permission("search:save", SIGNED_IN, "save searches, and get mail about what they find"),
            Permission("news:follow", SIGNED_IN, "follow datasets and organisations, and get mail about them"),
            Permission("news:stop-by-link", EVERYBODY, "end the mail for which they were sent a link"),
            Permission("library:keep", SIGNED_IN, "keep datasets in a library of their own, with notes"),
            Permission("enquiry:prepare", EVERYBODY, "choose datasets and write a question about them"),
            Permission("enquiry:send", SIGNED_IN, "send questions, and follow their own to the end"),
            Permission("enquiry:open", SIGNED_IN, "open a question that lies on their desk"),
            Permission("enquiry:handle", DESK, "see what lies on their desk"),
            Permission("enquiry:reply-by-link", EVERYBODY, "answer the one question for which they were sent a link"),
        )
    }
)


def roles_for(actor: Actor, organisation_id: int | None = None) -> frozenset[Role]:
    """What the actor is, with regard to an organisation when there is one; the office is the office everywhere."""
    held = {
        role
        for role, organisation in actor.roles
        if organisation_id is None or organisation == organisation_id or role is Role.OFFICE
    }
    return frozenset({Role.VISITOR, *([Role.RESEARCHER] if actor.is_signed_in else []), *held})


def may(actor: Actor, permission: str, organisation_id: int | None = None, *, is_claimed: bool = True) -> bool:
    """Whether the actor may; with an organisation, whether for that one. An unknown permission is nobody's."""
    row = PERMISSIONS.get(permission)
    if row is None:
        return False
    who = row.who if is_claimed and organisation_id is not None else row.anyone
    return not who.isdisjoint(roles_for(actor, organisation_id))


def stands_in(actor: Actor, permission: str) -> bool:
    """Whether the actor may for every organisation that nobody has claimed."""
    return PERMISSIONS[permission].office_stands_in and actor.is_office


def check(actor: Actor, permission: str, organisation_id: int | None = None, *, is_claimed: bool = True) -> None:
    """Refuse with `NotAllowed` what the actor may not do."""
    if not may(actor, permission, organisation_id, is_claimed=is_claimed):
        row = PERMISSIONS.get(permission)
        raise NotAllowed(permission, row.sentence if row else "do this")


def require(permission: str) -> Callable[[View], View]:
    """Say on a view which permission its address asks for; it stands before what its section asks for."""

    def stated(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return stated
