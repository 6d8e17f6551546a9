"""Mail about people: to whoever has other roles now, and to the administrators when the office did it."""

from sqlalchemy.orm import Session

from catalogue.domain.permissions import Actor
from catalogue.models import Organisation, RoleChange, RoleChangeKind, User
from catalogue.services import accounts, keepers, mailing, role_changes


def tell(session: Session, actor: Actor, change: RoleChange, organisation: Organisation, user: User) -> None:
    """Tell somebody by mail what they are at an organisation now, and who says so. Does not commit."""
    if not user.is_active:
        return
    mailing.queue(
        session,
        "roles_changed",
        user.email,
        key=f"roles:{change.identifier}",
        at=change.at,
        context={
            "name": user.name,
            "organisation": organisation.name,
            "slug": organisation.slug,
            "roles": [role.value for role in role_changes.roles_in(change)],
            "labels": [role.label for role in role_changes.roles_in(change)],
            "by": "you" if actor.user_id == user.id else f"{actor.name} ({actor.email})",
        },
    )


def tell_keepers(session: Session, actor: Actor, change: RoleChange, organisation: Organisation) -> None:
    """Tell its administrators what the office did among their people. Does not commit.

    Among themselves they see it on the page; that somebody from outside let others in, nobody would look for.
    """
    keeper = keepers.keeper_at(organisation)
    if (keeper, organisation.id) in actor.roles:
        return
    for user in accounts.handlers_of(session, organisation.id, keeper):
        if user.id in (change.user_id, actor.user_id):
            continue
        mailing.queue(
            session,
            "people_changed",
            user.email,
            key=f"told:{change.identifier}:{user.id}",
            at=change.at,
            context={
                "name": user.name,
                "organisation": organisation.name,
                "slug": organisation.slug,
                "by": f"{actor.name} ({actor.email})",
                "what": _what(session, change),
            },
        )


def _what(session: Session, change: RoleChange) -> str:
    user = accounts.get(session, change.user_id) if change.user_id is not None else None
    who = f"{user.name} ({user.email})" if user is not None else change.email
    labels = ", ".join(role.label for role in role_changes.roles_in(change))
    return {
        RoleChangeKind.INVITED: f"invited {who} as {labels}",
        RoleChangeKind.WITHDRAWN: f"took the invitation of {who} back",
        RoleChangeKind.CHANGED: f"made {who} {labels}",
        RoleChangeKind.REMOVED: f"took every role from {who}",
    }[change.kind]
