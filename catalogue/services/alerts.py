"""Telling people what is new: looking for it, and asking for mail in the transaction that remembers what was told.

What was told is a moment of news (`services.news`) for each search and follow. It moves on in the transaction that asks
for the mail, so that a worker that dies has done both or neither, and of two that come at once one finds it moved.
"""

import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import ColumnElement, and_, false, or_, select, update
from sqlalchemy.orm import Session, joinedload, sessionmaker

from catalogue.domain.alerts import APART, QUIET, Often, Standing, Untold, is_due, last_digest
from catalogue.models import DatasetNews, Follow, SavedSearch, User
from catalogue.search.backend import IndexUnavailable, SearchBackend
from catalogue.services import alert_mail, news, questions
from catalogue.services.alert_mail import Section
from catalogue.services.deliveries import Site
from catalogue.services.news import News
from catalogue.services.questions import Unreadable

log = logging.getLogger(__name__)

MOST_LETTERS = 200
"""Letters written in one pass of the worker, which has other work as well."""

Watched = SavedSearch | Follow
Horizons = Mapping[Often, datetime]
"""Up to which news is told now, by how often it is told; nothing for what has none to tell."""


@dataclass(frozen=True, slots=True)
class Place:
    """What telling needs: sessions to read and to write, the search, and what mails are signed with and say."""

    reading: sessionmaker[Session]
    writing: sessionmaker[Session]
    backend: SearchBackend
    site: Site
    key: str


@dataclass(frozen=True, slots=True)
class Due:
    """The searches and follows of one person that are told of by one mail."""

    person: User
    watched: tuple[Watched, ...]
    is_digest: bool


def tell_due(place: Place, *, at: datetime) -> int:
    """Tell everybody of what is due; how many mails were asked for. One search that fails holds up no other.

    Without a key nothing can be signed, and telling is left to a worker that has one.
    """
    if not place.key:
        return 0
    with place.reading() as session:
        horizons = _horizons(session, at)
        due = list(_due(session, horizons, at))
        fresh = news.since(session, min(_told_until(due))) if due else ()
    finder = _Finder(place.backend, fresh, horizons)
    told = 0
    for each in due[:MOST_LETTERS]:
        try:
            told += _tell(place, each, finder, horizons, at=at)
        except IndexUnavailable as error:
            log.warning("nobody is told of news: %s", error)
            break
        except Exception:  # isolates one person's mail; what is untold stays so, and is tried again
            log.exception("a person could not be told of news")
            _postpone(place, each, at=at)
    return told


class _Finder:
    """Finds what of the news concerns a search or a follow; the same question is asked once a pass."""

    def __init__(self, backend: SearchBackend, fresh: Sequence[News], horizons: Horizons) -> None:
        self._backend = backend
        self._fresh = fresh
        self._horizons = horizons
        self._answers: dict[str, frozenset[str]] = {}

    def of(self, watched: Watched) -> tuple[News, ...]:
        """The news since what was told last; nothing for a question that can no longer be asked."""
        until = self._horizons[watched.often]
        untold = [each for each in self._fresh if watched.told_until < each.noticed_at <= until]
        if isinstance(watched, Follow):
            return tuple(each for each in untold if _concerns(watched, each))
        try:
            found = self._found(watched)
        except Unreadable as error:
            log.warning("the saved search %s cannot be asked: %s", watched.identifier, error)
            return ()
        return tuple(each for each in untold if not each.is_withdrawn and each.identifier in found)

    def _found(self, saved: SavedSearch) -> frozenset[str]:
        query = questions.from_json(saved.question)
        name = json.dumps(saved.question, sort_keys=True)
        if name not in self._answers:
            self._answers[name] = questions.answers(self._backend, query)
        return self._answers[name]


def _concerns(follow: Follow, each: News) -> bool:
    if follow.dataset is not None:
        return each.identifier == follow.dataset.identifier
    return each.organisation_id == follow.organisation_id and not each.is_withdrawn


def _horizons(session: Session, at: datetime) -> Horizons:
    """The latest news that can be told: a digest has what was noticed by its moment."""
    digests = {often: last_digest(often, at) for often in (Often.DAILY, Often.WEEKLY)}
    found = {often: news.latest(session, until=moment) for often, moment in digests.items()}
    found[Often.IMMEDIATELY] = news.latest(session)
    return {often: moment for often, moment in found.items() if moment is not None}


def _due(session: Session, horizons: Horizons, at: datetime) -> Iterator[Due]:
    """Who is to be told now: each search and follow that is told of at once alone, the others of a person together."""
    watched = [each for table in (SavedSearch, Follow) for each in _open(session, table, horizons, at)]
    untold = _untold(session, watched, horizons)
    ready = [each for each, news_of in zip(watched, untold, strict=True) if is_due(_standing(each), news_of, at=at)]
    for each in ready:
        if each.often is Often.IMMEDIATELY:
            yield Due(each.user, (each,), is_digest=False)
    gathered = sorted((each for each in ready if each.often is not Often.IMMEDIATELY), key=lambda each: each.user_id)
    for _, group in groupby(gathered, key=lambda each: each.user_id):
        together = tuple(group)
        yield Due(together[0].user, together, is_digest=True)


def _open(session: Session, table: type[SavedSearch | Follow], horizons: Horizons, at: datetime) -> Sequence[Watched]:
    """Those for which there may be news and whose time may have come; most passes find none."""
    wanted = select(table).join(User, User.id == table.user_id).options(joinedload(table.user))
    if issubclass(table, SavedSearch):
        wanted = wanted.where(table.removed_at.is_(None))
    else:
        wanted = wanted.options(joinedload(Follow.dataset), joinedload(Follow.organisation))
    may_be_due = or_(*(_may_be_due(table, often, until, at) for often, until in horizons.items()), false())
    found = session.scalars(wanted.where(User.is_active, may_be_due).order_by(table.told_until, table.id))
    return [each for each in found if isinstance(each, Watched)]


def _may_be_due(table: type[SavedSearch | Follow], often: Often, until: datetime, at: datetime) -> ColumnElement[bool]:
    has_news = and_(table.often == often, table.told_until < until)
    if often is Often.IMMEDIATELY:
        is_apart = or_(table.mailed_at.is_(None), table.mailed_at <= at - APART)
        return and_(has_news, table.examined_at <= at - QUIET, is_apart)
    return and_(has_news, table.examined_at < last_digest(often, at))


def _standing(watched: Watched) -> Standing:
    return Standing(watched.often, watched.examined_at, watched.mailed_at)


def _untold(session: Session, watched: Sequence[Watched], horizons: Horizons) -> Iterator[Untold]:
    """The news since each was told last; most were told up to the same moment."""
    firsts: dict[datetime, datetime] = {}
    for each in watched:
        until = horizons[each.often]
        if each.often is Often.IMMEDIATELY and each.told_until not in firsts:
            found = select(DatasetNews.noticed_at).where(DatasetNews.noticed_at > each.told_until)
            firsts[each.told_until] = session.scalar(found.order_by(DatasetNews.noticed_at).limit(1)) or until
        yield Untold(firsts[each.told_until] if each.often is Often.IMMEDIATELY else until, until)


def _told_until(due: Iterable[Due]) -> Iterator[datetime]:
    return (watched.told_until for each in due for watched in each.watched)


def _tell(place: Place, due: Due, finder: _Finder, horizons: Horizons, *, at: datetime) -> bool:
    """Ask for the mail, if there is anything to tell, and remember what was told, in one transaction."""
    found = [(watched, finder.of(watched)) for watched in due.watched]
    with place.writing() as session:
        still = {id(watched) for watched in due.watched if _is_as_it_was(session, watched)}
        sections = [
            Section(watched, fresh, since=watched.told_until)
            for watched, fresh in found
            if fresh and id(watched) in still
        ]
        if sections:
            alert_mail.send(
                session, due.person, sections, is_digest=due.is_digest, site=place.site, key=place.key, at=at
            )
        mailed = {id(section.watched) for section in sections}
        for watched in due.watched:
            if id(watched) in still:
                moved = {"told_until": horizons[watched.often], "examined_at": at}
                moved |= {"mailed_at": at} if id(watched) in mailed else {}
                session.execute(update(type(watched)).where(type(watched).id == watched.id).values(**moved))
        session.commit()
    return bool(sections)


def _is_as_it_was(session: Session, watched: Watched) -> bool:
    """Whether nobody was told meanwhile, nor wants to hear of it no longer. Nobody else tells until the commit."""
    table = type(watched)
    wanted = select(table).where(table.id == watched.id, table.user.has(User.is_active)).with_for_update()
    now = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if not isinstance(now, Watched) or (isinstance(now, SavedSearch) and now.removed_at is not None):
        return False
    return (now.told_until, now.often) == (watched.told_until, watched.often)


def _postpone(place: Place, due: Due, *, at: datetime) -> None:
    with place.writing() as session:
        for watched in due.watched:
            table = type(watched)
            session.execute(update(table).where(table.id == watched.id).values(examined_at=at))
        session.commit()
