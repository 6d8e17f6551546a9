"""The mail that tells of news: why it was sent, what is new, and how to end it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from catalogue.domain.alerts import Often
from catalogue.models import Follow, SavedSearch, User
from catalogue.services import mailing, stop_links
from catalogue.services.deliveries import Site
from catalogue.services.news import News
from catalogue.services.stop_links import Scope, Target

TEMPLATE = "news"
MOST_LISTED = 10
"""Datasets that a mail lists for each search or follow; the page that it leads to has the others."""
STOP_PATH = "/alerts/stop/"
WHEN = {
    Often.IMMEDIATELY: "at once",
    Often.DAILY: "once a day",
    Often.WEEKLY: "once a week",
    Often.OFF: "never",
}


@dataclass(frozen=True, slots=True)
class Section:
    """What is new for one search or follow, the latest first."""

    watched: SavedSearch | Follow
    fresh: Sequence[News]
    since: datetime

    @property
    def target(self) -> Target:
        """What its link ends."""
        scope = Scope.SEARCH if isinstance(self.watched, SavedSearch) else Scope.FOLLOW
        return Target(scope, self.watched.identifier)


def send(
    session: Session,
    person: User,
    sections: Sequence[Section],
    *,
    is_digest: bool,
    site: Site,
    key: str,
    at: datetime,
) -> None:
    """Ask for one mail with all sections. Does not commit."""
    ends = sections[0].target if len(sections) == 1 else Target(Scope.DIGEST, str(person.id))
    mark = f"digest:{person.id}" if is_digest else sections[0].watched.identifier
    mailing.queue(
        session,
        TEMPLATE,
        person.email,
        key=f"news:{mark}:{at.isoformat()}",
        at=at,
        context={
            "name": person.name,
            "subject": _subject(sections),
            "sections": [_written(each, site, key) for each in sections],
            "why": _why(sections),
            "stop_all": _stop_address(Target(Scope.ALL, str(person.id)), site, key),
        },
        headers={
            "List-Unsubscribe": f"<{_stop_address(ends, site, key)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def _stop_address(target: Target, site: Site, key: str) -> str:
    return f"{site.base_url}{STOP_PATH}{stop_links.token_of(target, key)}"


def _subject(sections: Sequence[Section]) -> str:
    if len(sections) > 1:
        count = len({each.identifier for section in sections for each in section.fresh})
        return f"{_counted(count)} new or changed"
    (section,) = sections
    if isinstance(section.watched, Follow) and section.watched.dataset is not None:
        return f"{_what(section.fresh[0], section).capitalize()}: {section.watched.name}"
    return f"{_counted(len(section.fresh))} new or changed: {_name(section)}"


def _why(sections: Sequence[Section]) -> str:
    kinds = {type(each.watched) for each in sections}
    both = "searches that you saved and what you follow"
    about = both if len(kinds) > 1 else "a search that you saved" if SavedSearch in kinds else "what you follow"
    times = sorted({each.watched.often for each in sections}, key=list(Often).index)
    return f"you asked to be told {' and '.join(WHEN[each] for each in times)} of news about {about}"


def _written(section: Section, site: Site, key: str) -> dict[str, Any]:
    return {
        "heading": _heading(section),
        "entries": [
            {
                "title": each.title,
                "custodian": each.custodian,
                "what": _what(each, section),
                "address": f"{site.base_url}/datasets/{each.identifier}",
            }
            for each in section.fresh[:MOST_LISTED]
        ],
        "more": f"{max(0, len(section.fresh) - MOST_LISTED):,}" if len(section.fresh) > MOST_LISTED else "",
        "address": _address(section, site),
        "stop": _stop_address(section.target, site, key),
    }


def _heading(section: Section) -> str:
    if isinstance(section.watched, Follow) and section.watched.dataset is not None:
        return "A dataset that you follow:"
    kind = "Your search" if isinstance(section.watched, SavedSearch) else "From"
    return f"{kind} {_name(section)}: {_counted(len(section.fresh))} new or changed"


def _name(section: Section) -> str:
    return f"“{section.watched.name}”" if isinstance(section.watched, SavedSearch) else section.watched.name


def _address(section: Section, site: Site) -> str:
    """Where everything is that the section speaks of."""
    watched = section.watched
    if isinstance(watched, SavedSearch):
        # The moment is written in UTC; a plus sign would be read as a space.
        since = section.since.isoformat().replace("+00:00", "Z")
        return f"{site.base_url}/searches/{watched.identifier}/new?since={since}"
    if watched.organisation is not None:
        return f"{site.base_url}/search?custodian={watched.organisation.slug}&sort=changed"
    return ""


def _what(each: News, section: Section) -> str:
    return "withdrawn" if each.is_withdrawn else "new" if each.new_at > section.since else "changed"


def _counted(count: int) -> str:
    return f"{count:,} {'dataset' if count == 1 else 'datasets'}"
