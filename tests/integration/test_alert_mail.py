"""Mail about news as it arrives, and workers that are killed while they tell of it: nothing twice, nothing lost."""

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from catalogue import clock
from catalogue.app import create_app
from catalogue.config import PREFIX, Settings
from catalogue.domain.alerts import Often
from catalogue.models import DatasetNews, MailState, OutboxMessage, SavedSearch, SentMail
from catalogue.outbox import worker
from catalogue.runtime import Runtime
from catalogue.search.backend import SearchQuery
from catalogue.services import accounts, indexing, saved_searches
from catalogue.services.outbox import dataset_changed
from tests.databases import ONCE, opened
from tests.mail_server import MailServer, mail_server, text_of
from tests.processes import Begun, begin
from tests.publishing import described, publish

PEOPLE = 30
HOUR = timedelta(hours=1)
KILLS = 2


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def mail_settings(settings: Settings, server: MailServer) -> Settings:
    base = "https://a-catalogue-with-a-long-name.northern-alliance.example"
    return replace(settings, mail_url=server.url, mail_from="desk@catalogue.example", base_url=base)


@pytest.fixture
def runtime(mail_settings: Settings, database_url: str) -> Iterator[Runtime]:
    with opened(database_url) as engine:
        yield Runtime.build(mail_settings, engine)


def listen(runtime: Runtime, *names: str, query: SearchQuery | None = None) -> None:
    """Let people save a search, two hours ago."""
    with runtime.sessions() as session:
        indexing.rebuild(session, runtime.backend)
        for name in names:
            user = accounts.add(session, f"{name}@people.example", name=name.title(), at=clock.now())
            saved_searches.save(
                session,
                accounts.actor_from(user),
                query or SearchQuery(),
                name="Everything – “all” of it",
                often=Often.IMMEDIATELY,
                at=clock.now() - 2 * HOUR,
            )


def harvest(runtime: Runtime, *titles: str) -> None:
    """Publish, and leave the work that follows in the outbox."""
    with runtime.sessions() as session:
        for title in titles:
            dataset_changed(session, publish(session, described(title)), at=clock.now())
        session.commit()


@ONCE
def test_a_mail_says_what_is_new_and_a_mail_program_can_end_it(
    runtime: Runtime, server: MailServer, mail_settings: Settings
) -> None:
    listen(runtime, "ada")
    harvest(runtime, "Clinic\nletters: " + "very " * 40 + "long", *(f"Records {number:02}" for number in range(11)))
    worker.run_once(runtime, clock.now)
    assert server.taken == []
    worker.run_once(runtime, lambda: clock.now() + HOUR)
    (mail,) = server.taken
    base = mail_settings.base_url
    text = text_of(mail)
    assert str(mail["Subject"]) == "12 datasets new or changed: “Everything – “all” of it”"
    assert text.startswith("Hello Ada,\n")
    assert text.count(f"\n{base}/datasets/") == 10
    assert "And 2 more." in text
    assert "You get this mail because you asked to be told at once of news about a search that you saved." in " ".join(
        text.split()
    )
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = str(mail["List-Unsubscribe"])[1:-1]
    assert address.startswith(f"{base}/alerts/stop/search-")
    assert f"No more mail about this: {address}" in " ".join(text.split())
    app = create_app(mail_settings, runtime.engine)
    answer = app.test_client().post(address.removeprefix(base), data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    harvest(runtime, "More records")
    for hours in (2, 3):
        worker.run_once(runtime, lambda hours=hours: clock.now() + hours * HOUR)
    assert len(server.taken) == 1


@ONCE
def test_a_header_that_is_longer_than_a_line_goes_as_it_is(runtime: Runtime, server: MailServer) -> None:
    raw: list[bytes] = []
    handle = server.handle_DATA

    async def keep(smtp: object, session: object, envelope: object) -> str:
        raw.append(envelope.original_content)
        return await handle(smtp, session, envelope)

    server.handle_DATA = keep
    listen(runtime, "ada")
    harvest(runtime, "Records")
    worker.run_once(runtime, clock.now)
    worker.run_once(runtime, lambda: clock.now() + HOUR)
    (line,) = [each for each in raw[0].split(b"\r\n") if each.startswith(b"List-Unsubscribe: ")]
    assert line.startswith(b"List-Unsubscribe: <https://a-catalogue")
    assert line.endswith(b">")


def test_workers_killed_while_they_tell_neither_tell_twice_nor_lose_anything(
    runtime: Runtime, server: MailServer, mail_settings: Settings
) -> None:
    names = [f"person-{number}" for number in range(PEOPLE)]
    listen(runtime, *names)
    harvest(runtime, "Records")
    worker.run_once(runtime, clock.now)
    _age(runtime)
    start = _starter(mail_settings)
    moments = random.Random(7)  # noqa: S311 - the same moments in every run of the test
    # The first is killed while it asks for mail, the second while it sends it.
    for has_begun in (lambda: _mails(runtime) >= 4, lambda: len(server.taken) >= 4):
        process = start()
        _wait_for(has_begun, process)
        time.sleep(moments.uniform(0, 0.03))
        process.kill()
    worker.run_once(runtime, clock.now)
    told = Counter(str(mail["To"]) for mail in server.taken)
    with runtime.reading_sessions() as session:
        states = {each.recipient: each.state for each in session.scalars(select(SentMail))}
        assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 0
        assert {each.mailed_at is not None for each in session.scalars(select(SavedSearch))} == {True}
    assert set(states) == {f"{name}@people.example" for name in names}
    assert set(told.values()) == {1}
    # What was in the server's hands when a worker died is shown to the office as uncertain, and not sent again.
    assert {name for name, state in states.items() if state is MailState.SENT} <= set(told)
    assert sum(state is not MailState.SENT for state in states.values()) <= KILLS


def _age(runtime: Runtime) -> None:
    """Let what was noticed have been noticed an hour ago, and nobody told of it since."""
    with runtime.sessions() as session:
        session.execute(update(DatasetNews).values(noticed_at=clock.now() - HOUR))
        session.execute(update(SavedSearch).values(told_until=clock.now() - 2 * HOUR))
        session.commit()


def _starter(settings: Settings) -> Callable[[], Begun]:
    environment = {**os.environ, PREFIX + "LOG_LEVEL": "ERROR"}
    for name in ("data_dir", "database_url", "mail_url", "mail_from", "base_url", "secret_key"):
        environment[PREFIX + name.upper()] = str(getattr(settings, name))
    return lambda: begin("outbox", "run", "--once", environment=environment)


def _mails(runtime: Runtime) -> int:
    """How many people have been told, or are about to be."""
    with runtime.reading_sessions() as session:
        return session.scalar(select(func.count()).where(SavedSearch.mailed_at.is_not(None))) or 0


def _wait_for(condition: Callable[[], bool], process: Begun) -> None:
    while process.is_running and not condition():
        time.sleep(0.005)
