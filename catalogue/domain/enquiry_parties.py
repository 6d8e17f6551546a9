"""As whom somebody acts on a thread of an enquiry."""

from catalogue.domain.enquiries import Desk, Party
from catalogue.domain.permissions import Actor, Role

DESK_ROLES = (Role.HANDLER, Role.ADMINISTRATOR)
"""Who of an organisation answers what lies on its desk."""


def parties_of(actor: Actor, *, researcher_id: int, custodian_id: int, desk: Desk) -> frozenset[Party]:
    """What the actor is to the thread; nothing at all for those who may not know that it exists.

    Whoever asked is nothing else on their own enquiry, even if they work for the custodian or the alliance.
    """
    if actor.user_id is None:
        return frozenset()
    if actor.user_id == researcher_id:
        return frozenset({Party.APPLICANT})
    if desk is Desk.ALLIANCE:
        return frozenset({Party.CONCIERGE}) if actor.is_office else frozenset()
    if custodian_id in actor.organisations(*DESK_ROLES):
        return frozenset({Party.HANDLER})
    return frozenset()
