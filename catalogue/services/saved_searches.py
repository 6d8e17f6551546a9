"""Searches that people keep: with how many results there are, and how many came since they last looked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from catalogue.domain.alerts import Often
from catalogue.domain.errors import Invalid, NotFound, Refused
from catalogue.domain.permissions import Actor, check
from catalogue.models import SavedSearch
from catalogue.search.backend import FacetCount, SearchBackend, SearchQuery
from catalogue.services import news, questions
from catalogue.services.news import News
from catalogue.services.questions import Unreadable
from schemas.metadata import Problem, Severity

MOST_SEARCHES = 100
LONGEST_NAME = 200
KEPT_AFTER_REMOVAL = timedelta(days=30)
"""How long one that was deleted can be put back."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A saved search with the number of its results, and of those that came or changed since the last look.

    A question that can no longer be asked has no `query`. `facets` say how people read the values of its filters.
    """

    saved: SavedSearch
    query: SearchQuery | None = None
    total: int = 0
    new: int = 0
    facets: Mapping[str, Sequence[FacetCount]] = field(default_factory=dict)


def save(session: Session, actor: Actor, query: SearchQuery, *, name: str, often: Often, at: datetime) -> SavedSearch:
    """Keep a question. Raises `Invalid` with every problem, `NotAllowed`, `Refused` when there is no room."""
    check(actor, "search:save")
    name = _checked(name)
    if actor.user_id is None or _count(session, actor) >= MOST_SEARCHES:
        raise Refused(f"You can keep {MOST_SEARCHES} searches. Delete one first.")
    saved = SavedSearch(
        identifier=str(uuid4()),
        user_id=actor.user_id,
        name=name,
        question=questions.to_json(query),
        often=often,
        created_at=at,
        looked_at=news.told_from(session, at),
        told_until=news.told_from(session, at),
        examined_at=at,
    )
    session.add(saved)
    session.commit()
    return saved


def find_same(session: Session, actor: Actor, query: SearchQuery) -> SavedSearch | None:
    """The search in which the person keeps just this question already."""
    question = questions.to_json(query)
    return next((each for each in session.scalars(_own(actor)) if each.question == question), None)


def list_own(session: Session, backend: SearchBackend, actor: Actor) -> tuple[Counted, ...]:
    """Every search that the person keeps, the last one first, with what it finds now."""
    check(actor, "search:save")
    saved = session.scalars(_own(actor)).all()
    fresh = news.since(session, min(each.looked_at for each in saved)) if saved else ()
    return tuple(_counted(backend, each, fresh) for each in saved)


def get_own(session: Session, actor: Actor, identifier: str) -> SavedSearch:
    """One of the person's own. Raises `NotFound`."""
    check(actor, "search:save")
    return _get(session, actor, identifier)


def look(session: Session, actor: Actor, identifier: str, *, at: datetime) -> datetime:
    """Write down that the person looks at the results now; when they last did. Raises `NotFound`."""
    check(actor, "search:save")
    saved = _get(session, actor, identifier)
    before, saved.looked_at = saved.looked_at, news.told_from(session, at)
    session.commit()
    return before


def new_results(session: Session, backend: SearchBackend, saved: SearchQuery, since: datetime) -> tuple[News, ...]:
    """What of the results came or changed after a moment, the latest first."""
    found = questions.answers(backend, saved)
    return tuple(each for each in news.since(session, since) if not each.is_withdrawn and each.identifier in found)


def change(session: Session, actor: Actor, identifier: str, *, name: str, often: Often, at: datetime) -> None:
    """Give it another name, or mail at other times. Raises `Invalid`, `NotFound`."""
    check(actor, "search:save")
    saved = _get(session, actor, identifier)
    saved.name = _checked(name)
    if saved.often is Often.OFF:
        # What came while no mail was wanted is old news.
        saved.told_until = news.told_from(session, at)
    saved.often = often
    session.commit()


def remove(session: Session, actor: Actor, identifier: str, *, at: datetime) -> None:
    """Delete it; for a while it can be put back. Something that is not there is no mistake."""
    check(actor, "search:save")
    old = SavedSearch.removed_at < at - KEPT_AFTER_REMOVAL
    session.execute(delete(SavedSearch).where(SavedSearch.user_id == actor.user_id, old))
    saved = session.scalars(_own(actor).where(SavedSearch.identifier == identifier)).one_or_none()
    if saved is not None:
        saved.removed_at = at
    session.commit()


def removed(session: Session, actor: Actor, identifier: str) -> SavedSearch | None:
    """One that was deleted and can be put back."""
    if not identifier.isprintable():
        return None
    wanted = select(SavedSearch).where(SavedSearch.user_id == actor.user_id, SavedSearch.removed_at.is_not(None))
    return session.scalars(wanted.where(SavedSearch.identifier == identifier)).one_or_none()


def put_back(session: Session, actor: Actor, identifier: str, *, at: datetime) -> None:
    """Take a deletion back. Raises `NotFound`."""
    check(actor, "search:save")
    saved = removed(session, actor, identifier)
    if saved is None:
        raise NotFound(identifier)
    saved.removed_at, saved.told_until = None, news.told_from(session, at)
    session.commit()


def erase(session: Session, user_id: int) -> None:
    """Forget the searches of somebody who leaves. Does not commit."""
    session.execute(delete(SavedSearch).where(SavedSearch.user_id == user_id))


def query_of(saved: SavedSearch) -> SearchQuery:
    """What it asks. Raises `NotFound` when that can no longer be asked."""
    try:
        return questions.from_json(saved.question)
    except Unreadable as error:
        raise NotFound(str(error)) from error


def _counted(backend: SearchBackend, saved: SavedSearch, fresh: Sequence[News]) -> Counted:
    try:
        query = questions.from_json(saved.question)
    except Unreadable:
        return Counted(saved)
    answer = questions.counted(backend, query)
    unseen = [each for each in fresh if each.noticed_at > saved.looked_at and not each.is_withdrawn]
    # To count takes far less than to gather all that is found, and mostly there is nothing new.
    found = questions.answers(backend, query) if unseen and answer.total else frozenset()
    new = sum(each.identifier in found for each in unseen)
    return Counted(saved, query, answer.total, new, answer.facets)


def _own(actor: Actor) -> Select[SavedSearch]:
    return (
        select(SavedSearch)
        .where(SavedSearch.user_id == actor.user_id, SavedSearch.removed_at.is_(None))
        .order_by(SavedSearch.id.desc())
    )


def _get(session: Session, actor: Actor, identifier: str) -> SavedSearch:
    # PostgreSQL refuses to look for some characters that an address can hold.
    wanted = _own(actor).where(SavedSearch.identifier == identifier)
    found = session.scalars(wanted).one_or_none() if identifier.isprintable() else None
    if found is None:
        raise NotFound(identifier)
    return found


def _count(session: Session, actor: Actor) -> int:
    return session.scalar(select(func.count()).select_from(_own(actor).order_by(None).subquery())) or 0


def _checked(name: str) -> str:
    line = " ".join("".join(each if each.isprintable() else " " for each in name).split())
    if not line:
        raise Invalid(Problem("name", "A name is missing.", Severity.ERROR, "Enter a name for the search."))
    if len(line) > LONGEST_NAME:
        raise Invalid(Problem("name", f"It has more than {LONGEST_NAME} characters.", Severity.ERROR, "Shorten it."))
    return line
