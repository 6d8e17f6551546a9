"""When somebody is to be told of news by mail: at once, or gathered by the day or the week."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

QUIET = timedelta(minutes=1)
"""News is told at once when no more of it came for so long: a harvest is one piece of news, not thousands."""
LONGEST_WAIT = timedelta(minutes=15)
"""Where news keeps coming, the first of it waits no longer than that."""
APART = timedelta(minutes=15)
"""Two mails about the same search or follow are never closer together."""
DIGEST_HOUR = 6
"""The hour, in UTC, at which digests are written; the weekly ones on Mondays."""
MONDAY = 0


class Often(StrEnum):
    """How often somebody wants mail about a saved search, or about what they follow."""

    IMMEDIATELY = "immediately"
    DAILY = "daily"
    WEEKLY = "weekly"
    OFF = "off"

    @property
    def label(self) -> str:
        """How a page names it."""
        return LABELS[self]


LABELS = {
    Often.IMMEDIATELY: "At once",
    Often.DAILY: "Once a day",
    Often.WEEKLY: "Once a week",
    Often.OFF: "Never",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What was done about a search or follow: when it was last looked at for news, and when a mail last went."""

    often: Often
    examined_at: datetime
    mailed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Untold:
    """News that somebody may have to be told of: when the first and the last of it came."""

    first: datetime
    last: datetime


def is_due(standing: Standing, untold: Untold, *, at: datetime) -> bool:
    """Whether it is time to see what of the news concerns this search or follow, and to tell of it.

    A digest has what came before its moment; what comes later waits for the next.
    """
    match standing.often:
        case Often.OFF:
            return False
        case Often.IMMEDIATELY:
            is_settled = at >= min(untold.last + QUIET, untold.first + LONGEST_WAIT)
            is_apart = standing.mailed_at is None or at >= standing.mailed_at + APART
            return is_settled and is_apart
        case Often.DAILY | Often.WEEKLY:
            moment = last_digest(standing.often, at)
            return standing.examined_at < moment and untold.first <= moment


def last_digest(often: Often, at: datetime) -> datetime:
    """The latest moment, up to this one, at which digests are written."""
    moment = at.astimezone(UTC)
    due = moment.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    if due > moment:
        due -= timedelta(days=1)
    return due - timedelta(days=(due.weekday() - MONDAY) % 7) if often is Often.WEEKLY else due
