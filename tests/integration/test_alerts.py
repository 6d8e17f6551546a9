"""Who is told of what news, when, in how many mails; each once, whatever dies in between."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.config import Settings
from catalogue.domain.alerts import APART, QUIET, Often
from catalogue.domain.permissions import Actor
from catalogue.models import OutboxMessage, SavedSearch
from catalogue.runtime import Runtime
from catalogue.search.backend import SearchQuery
from catalogue.services import accounts, alerts, following, indexing, library, news, saved_searches, stop_links
from catalogue.services.alerts import Place
from catalogue.services.deliveries import Site
from catalogue.services.following import Subject
from catalogue.services.stop_links import Scope, Target
from tests.asking import TARN, Cast, gather
from tests.databases import ONCE, opened
from tests.publishing import described, publish, withdraw

MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)
NOON = MONDAY + timedelta(hours=6)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
KEY = "not-a-secret-only-for-tests"
RECORDS = SearchQuery("records")


class World:
    """A catalogue in which things are published and people are told."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.place = Place(
            runtime.reading_sessions,
            runtime.sessions,
            runtime.backend,
            Site("Catalogue", "https://catalogue.example"),
            KEY,
        )
        with runtime.sessions() as session:
            self.cast: Cast = gather(session)
            indexing.rebuild(session, runtime.backend)
            session.commit()
            everything = [self.cast.tarn_dataset, self.cast.beck_dataset, self.cast.unclaimed_dataset]
            news.notice(session, everything, at=MONDAY - 30 * DAY)

    def arrive(self, *titles: str, at: datetime, by: str = TARN, **summary: Any) -> list[str]:
        """Publish descriptions, as a harvest would."""
        with self.runtime.sessions() as session:
            made = [publish(session, described(title, **summary), by=by) for title in titles]
            session.commit()
        self.brought(made, at=at)
        return made

    def brought(self, identifiers: list[str], *, at: datetime) -> None:
        """Bring the search index and the news up to date."""
        with self.runtime.sessions() as session:
            indexing.refresh(session, self.runtime.backend, identifiers)
            news.notice(session, identifiers, at=at)

    def saved(self, actor: Actor, often: Often, query: SearchQuery = RECORDS, *, name: str = "Records") -> str:
        """Save a search a week before Monday."""
        with self.runtime.sessions() as session:
            return saved_searches.save(session, actor, query, name=name, often=often, at=MONDAY - 6 * DAY).identifier

    def follow(self, actor: Actor, often: Often, **subject: str) -> None:
        """Follow something a week before Monday."""
        with self.runtime.sessions() as session:
            following.follow(session, actor, Subject(**subject), often=often, at=MONDAY - 6 * DAY)

    def tell(self, at: datetime) -> int:
        """Tell everybody of what is due at a moment."""
        return alerts.tell_due(self.place, at=at)

    def mails(self) -> list[OutboxMessage]:
        """Every mail that was asked for."""
        with self.runtime.reading_sessions() as session:
            wanted = select(OutboxMessage).where(OutboxMessage.kind == "email.send").order_by(OutboxMessage.id)
            return list(session.scalars(wanted))

    def subjects(self) -> list[tuple[str, str]]:
        """To whom what mail goes."""
        return [(each.payload["to"].partition("@")[0], each.payload["context"]["subject"]) for each in self.mails()]


@pytest.fixture
def world(settings: Settings, database_url: str) -> Iterator[World]:
    with opened(database_url) as engine:
        yield World(Runtime.build(settings, engine))


def test_news_is_told_at_once_and_once(world: World) -> None:
    world.saved(world.cast.researcher, Often.IMMEDIATELY)
    world.arrive("Records of asthma", "Another matter", at=NOON)
    assert world.tell(NOON + QUIET - timedelta(seconds=1)) == 0
    assert [world.tell(NOON + QUIET) for _ in range(2)] == [1, 0]
    assert world.subjects() == [("ada", "1 dataset new or changed: “Records”")]
    (section,) = world.mails()[0].payload["context"]["sections"]
    assert [(each["title"], each["what"]) for each in section["entries"]] == [("Records of asthma", "new")]
    assert world.tell(NOON + 7 * DAY) == 0


@ONCE
def test_a_mail_about_the_same_search_waits_a_quarter_of_an_hour_and_loses_nothing(world: World) -> None:
    world.saved(world.cast.researcher, Often.IMMEDIATELY)
    world.arrive("Records one", at=NOON)
    world.tell(NOON + QUIET)
    world.arrive("Records two", at=NOON + 2 * MINUTE)
    world.arrive("Records one", at=NOON + 3 * MINUTE, abstract="Changed.")
    assert world.tell(NOON + QUIET + APART - MINUTE) == 0
    assert world.tell(NOON + QUIET + APART) == 1
    entries = world.mails()[1].payload["context"]["sections"][0]["entries"]
    assert [(each["title"], each["what"]) for each in entries] == [("Records one", "changed"), ("Records two", "new")]


@ONCE
def test_a_large_harvest_is_one_mail_with_a_number_and_a_link(world: World) -> None:
    saved = world.saved(world.cast.researcher, Often.IMMEDIATELY)
    world.follow(world.cast.other_researcher, Often.IMMEDIATELY, organisation="tarn-hospital")
    for number in range(4):
        world.arrive(*(f"Records {number} {each}" for each in range(25)), at=NOON + timedelta(seconds=50 * number))
        assert world.tell(NOON + timedelta(seconds=50 * number)) == 0
    assert world.tell(NOON + 4 * MINUTE) == 2
    (mine, other) = world.mails()
    (section,) = mine.payload["context"]["sections"]
    assert mine.payload["context"]["subject"] == "100 datasets new or changed: “Records”"
    assert (len(section["entries"]), section["more"]) == (10, "90")
    assert section["address"] == f"https://catalogue.example/searches/{saved}/new?since=2026-11-17T06:00:00Z"
    assert other.payload["context"]["subject"] == "100 datasets new or changed: Tarn Hospital"


def test_digests_are_one_mail_a_person(world: World) -> None:
    ada, eve = world.cast.researcher, world.cast.other_researcher
    world.saved(ada, Often.DAILY)
    world.saved(ada, Often.WEEKLY, SearchQuery("asthma"), name="Asthma")
    world.saved(ada, Often.DAILY, SearchQuery("nothing of this"), name="Silent")
    world.saved(ada, Often.OFF, name="Unwanted")
    world.follow(ada, Often.DAILY, dataset=world.cast.tarn_dataset)
    world.follow(eve, Often.WEEKLY, organisation="tarn-hospital")
    world.arrive("Records of asthma", at=MONDAY - 2 * DAY + MINUTE)
    world.arrive(f"Records of {TARN}", at=MONDAY - 2 * DAY + 2 * MINUTE, abstract="Changed.")
    assert world.tell(MONDAY - 2 * DAY + 2 * MINUTE) == 0
    assert world.tell(MONDAY - DAY) == 1
    assert world.tell(MONDAY) == 2
    assert world.subjects() == [
        ("ada", "2 datasets new or changed"),
        ("ada", "1 dataset new or changed: “Asthma”"),
        ("eve", "2 datasets new or changed: Tarn Hospital"),
    ]
    headings = [each["heading"] for each in world.mails()[0].payload["context"]["sections"]]
    assert headings == ["Your search “Records”: 2 datasets new or changed", "A dataset that you follow:"]
    assert (
        "once a day of news about searches that you saved and what you follow"
        in world.mails()[0].payload["context"]["why"]
    )
    assert world.tell(MONDAY + 7 * DAY) == 0


@ONCE
def test_followers_are_told_of_a_change_and_of_a_withdrawal(world: World) -> None:
    world.follow(world.cast.researcher, Often.IMMEDIATELY, dataset=world.cast.tarn_dataset)
    world.saved(world.cast.other_researcher, Often.IMMEDIATELY)
    with world.runtime.sessions() as session:
        withdraw(session, world.cast.tarn_dataset)
        session.commit()
    world.brought([world.cast.tarn_dataset], at=NOON)
    world.tell(NOON + QUIET)
    assert world.subjects() == [("ada", f"Withdrawn: Records of {TARN}")]


@ONCE
def test_one_search_that_cannot_be_asked_holds_up_no_other(world: World) -> None:
    broken = world.saved(world.cast.researcher, Often.IMMEDIATELY, name="Broken")
    world.saved(world.cast.researcher, Often.IMMEDIATELY)
    with world.runtime.sessions() as session:
        session.query(SavedSearch).filter_by(identifier=broken).one().question = {"odd": 1}
        session.commit()
    world.arrive("Records of asthma", at=NOON)
    assert world.tell(NOON + QUIET) == 1
    assert world.subjects() == [("ada", "1 dataset new or changed: “Records”")]


@ONCE
def test_one_person_who_cannot_be_told_holds_up_nobody_and_is_told_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for actor in (world.cast.researcher, world.cast.other_researcher):
        world.saved(actor, Often.IMMEDIATELY)
    world.arrive("Records of asthma", at=NOON)
    send = alerts.alert_mail.send

    def fail(session: Session, person: Any, *others: Any, **more: Any) -> None:
        if person.name == "Ada Moss":
            raise RuntimeError
        send(session, person, *others, **more)

    monkeypatch.setattr(alerts.alert_mail, "send", fail)
    assert world.tell(NOON + QUIET) == 1
    monkeypatch.undo()
    assert world.tell(NOON + QUIET + timedelta(seconds=5)) == 0
    assert world.tell(NOON + 2 * QUIET) == 1
    assert [to for to, _ in world.subjects()] == ["eve", "ada"]


def test_a_closed_account_is_told_nothing_and_keeps_nothing(world: World) -> None:
    world.saved(world.cast.researcher, Often.IMMEDIATELY)
    world.saved(world.cast.other_researcher, Often.IMMEDIATELY)
    world.follow(world.cast.researcher, Often.DAILY, dataset=world.cast.tarn_dataset)
    with world.runtime.sessions() as session:
        library.add(session, world.cast.researcher, world.cast.tarn_dataset, at=MONDAY)
        accounts.set_active(session, "ada@university.example", is_active=False)
    world.arrive("Records of asthma", at=NOON)
    world.tell(NOON + DAY)
    assert [to for to, _ in world.subjects()] == ["eve"]
    with world.runtime.reading_sessions() as session:
        assert [each.user_id for each in session.scalars(select(SavedSearch))] == [world.cast.other_researcher.user_id]
        assert following.list_own(session, world.cast.researcher) == ()
        assert library.list_own(session, world.cast.researcher) == ()


@ONCE
def test_what_came_while_no_mail_was_wanted_is_old_news(world: World) -> None:
    saved = world.saved(world.cast.researcher, Often.OFF)
    world.arrive("Records of asthma", at=NOON)
    with world.runtime.sessions() as session:
        saved_searches.change(
            session, world.cast.researcher, saved, name="Records", often=Often.IMMEDIATELY, at=NOON + MINUTE
        )
    assert world.tell(NOON + DAY) == 0
    world.arrive("Records of smoking", at=NOON + DAY)
    world.tell(NOON + 2 * DAY)
    assert world.subjects() == [("ada", "1 dataset new or changed: “Records”")]


def test_of_two_workers_that_tell_at_once_one_does(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.saved(world.cast.researcher, Often.IMMEDIATELY)
    world.arrive("Records of asthma", at=NOON)
    find = alerts._Finder.of

    def overtaken(finder: Any, watched: Any) -> Any:
        monkeypatch.setattr(alerts._Finder, "of", find)
        assert world.tell(NOON + QUIET) == 1
        return find(finder, watched)

    monkeypatch.setattr(alerts._Finder, "of", overtaken)
    assert world.tell(NOON + QUIET) == 0
    assert len(world.mails()) == 1


def test_what_cannot_be_remembered_is_not_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.saved(world.cast.researcher, Often.IMMEDIATELY)
    world.arrive("Records of asthma", at=NOON)
    remember = alerts.update

    def fail(table: Any) -> Any:
        monkeypatch.setattr(alerts, "update", remember)
        raise RuntimeError

    monkeypatch.setattr(alerts, "update", fail)
    assert world.tell(NOON + QUIET) == 0
    assert world.mails() == []
    assert world.tell(NOON + 2 * QUIET) == 1
    assert len(world.mails()) == 1


@ONCE
def test_without_a_key_nobody_is_told_and_nothing_is_lost(world: World) -> None:
    world.saved(world.cast.researcher, Often.IMMEDIATELY)
    world.arrive("Records of asthma", at=NOON)
    assert (
        alerts.tell_due(
            Place(*(getattr(world.place, each) for each in ("reading", "writing", "backend", "site")), ""),
            at=NOON + DAY,
        )
        == 0
    )
    assert world.tell(NOON + DAY) == 1


@pytest.mark.parametrize("scope", [Scope.SEARCH, Scope.DIGEST, Scope.ALL])
def test_a_link_ends_what_it_says_and_no_more(world: World, scope: Scope) -> None:
    ada, eve = world.cast.researcher, world.cast.other_researcher
    first = world.saved(ada, Often.DAILY)
    world.saved(ada, Often.IMMEDIATELY, name="Second")
    world.follow(ada, Often.WEEKLY, dataset=world.cast.tarn_dataset)
    world.saved(eve, Often.DAILY, name="Of another")
    mark = first if scope is Scope.SEARCH else str(ada.user_id)
    with world.runtime.sessions() as session:
        stop_links.stop(session, stop_links.read(stop_links.token_of(Target(scope, mark), KEY), KEY))
        own = {
            each.saved.name: each.saved.often for each in saved_searches.list_own(session, world.runtime.backend, ada)
        }
        others = [each.saved.often for each in saved_searches.list_own(session, world.runtime.backend, eve)]
        followed = [each.often for each in following.list_own(session, ada)]
    assert others == [Often.DAILY]
    assert own["Records"] is Often.OFF
    assert own["Second"] is (Often.OFF if scope is Scope.ALL else Often.IMMEDIATELY)
    assert followed == [Often.WEEKLY if scope is Scope.SEARCH else Often.OFF]
