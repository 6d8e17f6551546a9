"""Roles, and what became of them, in plain words."""

from collections.abc import Callable, Mapping

from catalogue.domain.permissions import Role
from catalogue.models import RoleChange, RoleChangeKind
from catalogue.services.role_changes import roles_in
from catalogue.web import wording

WHAT_THEY_DO: Mapping[Role, str] = {
    Role.OFFICE: "Looks after the whole catalogue: claims, mail, and the people of every organisation.",
    Role.ADMINISTRATOR: "Invites and removes people here, and may do all that the others do.",
    Role.EDITOR: "Says whether what the catalogue read out of the descriptions of your datasets is right.",
    Role.HANDLER: "Answers the questions that researchers ask.",
}


def listed(change: RoleChange) -> str:
    """The roles of a change, as a list in words."""
    return wording.listed([role.label for role in roles_in(change)], "and")


def explained(change: RoleChange) -> list[tuple[str, str]]:
    """The roles of a change, each with what it means."""
    return [(role.label, WHAT_THEY_DO[role]) for role in roles_in(change)]


def sentence(change: RoleChange) -> str:
    """What was done, by whom and about whom."""
    by = change.by.name if change.by is not None else "An operator of the catalogue"
    who = change.user.name if change.user is not None else change.email
    itself = change.by_id is not None and change.by_id == change.user_id
    sentences: Mapping[RoleChangeKind, Callable[[], str]] = {
        RoleChangeKind.INVITED: lambda: f"{by} invited {who} as {listed(change)}.",
        RoleChangeKind.WITHDRAWN: lambda: f"{by} took the invitation of {who} back.",
        RoleChangeKind.DECLINED: lambda: f"{who} declined the invitation.",
        RoleChangeKind.ACCEPTED: lambda: f"{who} accepted an invitation, and is {listed(change)}.",
        RoleChangeKind.CLAIMED: lambda: f"{who} claimed the organisation, and is {listed(change)}.",
        RoleChangeKind.CHANGED: lambda: f"{by} made {'themselves' if itself else who} {listed(change)}.",
        RoleChangeKind.REMOVED: lambda: f"{who} left." if itself else f"{by} removed {who}.",
    }
    return sentences[change.kind]()


def done(change: RoleChange) -> str:
    """What was just done, for whoever did it."""
    who = change.user.name if change.user is not None else change.email
    is_told = change.user is not None and change.user.is_active
    sentences: Mapping[RoleChangeKind, str] = {
        RoleChangeKind.INVITED: f"A mail with a link is on its way to {who}. The link works for two weeks.",
        RoleChangeKind.WITHDRAWN: f"The invitation of {who} is taken back. Its link opens nothing any more.",
        RoleChangeKind.CHANGED: f"{who} is {listed(change)} now{', and gets a mail about it' if is_told else ''}.",
        RoleChangeKind.REMOVED: f"{who} is removed{', and gets a mail about it' if is_told else ''}.",
    }
    return sentences.get(change.kind, "")
