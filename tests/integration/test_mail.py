"""Mail on its way through a real server: each goes once, whatever happens to the worker or the server."""

import json
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from catalogue import clock
from catalogue.config import PREFIX, Settings
from catalogue.domain.errors import NotAllowed, Refused
from catalogue.domain.permissions import Actor, Role
from catalogue.mail import Message, open_mailer
from catalogue.mail.folder import kept_in
from catalogue.models import MailState, OneTimeLink, OutboxMessage, RoleChange, RoleChangeKind, SentMail
from catalogue.outbox import worker
from catalogue.runtime import Runtime
from catalogue.services import accounts, deliveries, links, mailing, role_changes
from catalogue.services.mailing import Letter, LinkOrder
from tests.databases import opened
from tests.mail_server import MailServer, mail_server, text_of
from tests.processes import Begun, begin
from tests.publishing import custodian

Command = Callable[..., Begun]
OFFICE = Actor(user_id=1, roles=frozenset({(Role.OFFICE, 1)}))


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def mail_settings(settings: Settings, server: MailServer) -> Settings:
    return replace(settings, mail_url=server.url, mail_from="desk@catalogue.example")


@pytest.fixture
def runtime(mail_settings: Settings, database_url: str) -> Iterator[Runtime]:
    with opened(database_url) as engine:
        yield Runtime.build(mail_settings, engine)


@pytest.fixture
def work(mail_settings: Settings) -> Command:
    """Starts a worker as a process of its own."""
    environment = {**os.environ, PREFIX + "LOG_LEVEL": "ERROR"}
    for name in ("data_dir", "database_url", "mail_url", "mail_from", "base_url"):
        environment[PREFIX + name.upper()] = str(getattr(mail_settings, name))

    return lambda *options: begin("outbox", "run", "--once", *options, environment=environment)


def ask(runtime: Runtime, *keys: str, to: str = "ada@people.example", **details: object) -> None:
    with runtime.sessions() as session:
        for key in keys:
            mailing.queue(session, "password_changed", to, key=key, at=clock.now(), context={"name": "Ada"})
        session.commit()


def record(runtime: Runtime) -> dict[str, MailState]:
    with runtime.reading_sessions() as session:
        return {each.key: each.state for each in session.scalars(select(SentMail))}


def left(runtime: Runtime) -> list[OutboxMessage]:
    with runtime.reading_sessions() as session:
        return list(session.scalars(select(OutboxMessage)))


def finish(process: Begun) -> str:
    done = process.end()
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_mail_says_whom_it_is_from_why_it_came_and_that_a_program_wrote_it(
    runtime: Runtime, server: MailServer
) -> None:
    ask(runtime, "one")
    assert worker.run_once(runtime, clock.now) == (1, 0)
    (mail,) = server.taken
    assert str(mail["To"]) == "ada@people.example"
    assert str(mail["From"]) == "Health Dataset Catalogue <desk@catalogue.example>"
    assert str(mail["Subject"]) == "Your password was changed"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert str(mail["Message-ID"]).endswith("@catalogue.example>")
    assert mail["Date"].datetime is not None
    text = text_of(mail)
    assert text.startswith("Hello Ada,\n")
    assert "You get this mail because the password of your account was changed." in " ".join(text.split())
    assert record(runtime) == {"one": MailState.SENT}


def test_mails_asked_for_again_go_once(runtime: Runtime, server: MailServer) -> None:
    ask(runtime, "one", "two", "one")
    ask(runtime, "two")
    worker.run_once(runtime, clock.now)
    ask(runtime, "one")
    assert worker.run_once(runtime, clock.now) == (1, 0)
    assert sorted(server.counts.values()) == [1, 1]
    assert left(runtime) == []


def test_a_link_is_made_when_the_mail_is_written_and_its_token_is_kept_nowhere(
    runtime: Runtime, server: MailServer
) -> None:
    order = LinkOrder(purpose="account", path="/account/confirm/{token}?next=/", lifetime=timedelta(days=2))
    with runtime.sessions() as session:
        mailing.queue(session, "account_link", "ada@people.example", key="one", at=clock.now(), links={"link": order})
        session.commit()
        assert session.scalars(select(OneTimeLink)).all() == []
    worker.run_once(runtime, clock.now)
    (address,) = [line for line in text_of(server.taken[0]).splitlines() if "/account/confirm/" in line]
    token = address.removeprefix("http://catalogue.example/account/confirm/").removesuffix("?next=/")
    with runtime.sessions() as session:
        assert links.redeem(session, "account", token, at=clock.now()).purpose == "account"
        kept = [str(vars(row)) for table in (OneTimeLink, SentMail) for row in session.scalars(select(table))]
        assert not any(token in row for row in kept)


def test_an_address_that_is_refused_for_good_is_not_tried_again_and_holds_up_nobody(
    runtime: Runtime, server: MailServer
) -> None:
    server.refusals["gone@people.example"] = "550 nobody of that name"
    ask(runtime, "bad", to="gone@people.example")
    ask(runtime, "good")
    assert worker.run_once(runtime, clock.now) == (2, 0)
    assert record(runtime) == {"bad": MailState.REFUSED, "good": MailState.SENT}
    with runtime.reading_sessions() as session:
        (shown,) = deliveries.undelivered(session)
        assert "nobody of that name" in (shown.error or "")


def test_an_address_that_is_refused_for_now_is_tried_again(runtime: Runtime, server: MailServer) -> None:
    server.refusals["full@people.example"] = "452 mailbox full"
    ask(runtime, "full", to="full@people.example")
    ask(runtime, "good")
    assert worker.run_once(runtime, clock.now) == (1, 1)
    assert record(runtime) == {"good": MailState.SENT}
    server.refusals.clear()
    assert worker.run_once(runtime, lambda: clock.now() + timedelta(hours=1)) == (1, 0)
    assert sorted(server.counts.values()) == [1, 1]


@pytest.mark.parametrize(
    ("said", "state", "left_over"),
    [("451 try later", None, 1), ("554 unwanted", MailState.REFUSED, 0)],
)
def test_a_text_that_is_refused_is_tried_again_or_never(
    runtime: Runtime, server: MailServer, said: str, state: MailState | None, left_over: int
) -> None:
    server.said_to_text = said
    ask(runtime, "one")
    worker.run_once(runtime, clock.now)
    assert record(runtime).get("one") == state
    assert len(left(runtime)) == left_over
    assert server.taken == []


def test_while_the_server_is_down_everything_waits_without_being_tried_one_by_one(
    runtime: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    down = replace(runtime, mailer=open_mailer("smtp://127.0.0.1:9", sender="a@b.example", sender_name="A"))
    ask(down, "one", "two", "three")
    assert worker.run_once(down, clock.now) == (0, 3)
    assert [each.attempts for each in left(down)] == [1, 1, 1]
    assert len([entry for entry in caplog.records if "cannot be used" in entry.getMessage()]) == 1
    assert record(down) == {}


@pytest.mark.parametrize(
    "to", ["nobody", "Ada <ada@people.example>", "a@b.example\r\nRCPT TO:<x@y.example>", "ä" * 400]
)
def test_what_is_no_address_is_refused_and_holds_up_nobody(runtime: Runtime, server: MailServer, to: str) -> None:
    ask(runtime, "bad", to=to)
    ask(runtime, "good")
    assert worker.run_once(runtime, clock.now) == (2, 0)
    assert record(runtime) == {"bad": MailState.REFUSED, "good": MailState.SENT}
    assert [str(mail["To"]) for mail in server.taken] == ["ada@people.example"]


def test_mail_that_could_not_go_for_days_is_given_up(runtime: Runtime, server: MailServer) -> None:
    with runtime.sessions() as session:
        long_ago = clock.now() - timedelta(days=4)
        mailing.queue(session, "password_changed", "ada@people.example", key="old", at=long_ago)
        session.commit()
    assert worker.run_once(runtime, clock.now) == (1, 0)
    assert (server.taken, record(runtime)) == ([], {"old": MailState.REFUSED})


def test_what_may_not_have_arrived_is_sent_again_when_the_office_says_so(runtime: Runtime, server: MailServer) -> None:
    ask(runtime, "one")
    with runtime.sessions() as session:
        session.add(SentMail(key="one", template="x", recipient="x", state=MailState.SENDING, at=clock.now()))
        session.commit()
    worker.run_once(runtime, clock.now)
    assert (server.taken, record(runtime)) == ([], {"one": MailState.UNCERTAIN})
    with runtime.sessions() as session:
        for key in ("two", "\x00", ""):
            with pytest.raises(Refused):
                deliveries.send_again(session, OFFICE, key, at=clock.now())
        with pytest.raises(NotAllowed):
            deliveries.send_again(session, Actor(user_id=2), "one", at=clock.now())
        deliveries.send_again(session, OFFICE, "one", at=clock.now())
        with pytest.raises(Refused, match="sent again already"):
            deliveries.send_again(session, OFFICE, "one", at=clock.now())
        (row,) = deliveries.undelivered(session)
        assert (row.error or "").endswith("; sent again")
    worker.run_once(runtime, clock.now)
    (mail,) = server.taken
    assert mail["To"] == "ada@people.example"
    assert sorted(record(runtime).values()) == [MailState.SENT, MailState.UNCERTAIN]


def test_what_was_refused_is_sent_again_as_often_as_it_is_refused(runtime: Runtime, server: MailServer) -> None:
    ada = "ada@people.example"
    server.refusals[ada] = "550 relaying denied"
    ask(runtime, "one")
    worker.run_once(runtime, clock.now)
    for turn in (1, 2):
        with runtime.sessions() as session:
            (row,) = [each for each in deliveries.undelivered(session) if each.letter is not None]
            assert row.error == "the mail server said 550 relaying denied"
            key = row.key
            deliveries.send_again(session, OFFICE, key, at=clock.now())
            with pytest.raises(Refused, match="sent again already"):
                deliveries.send_again(session, OFFICE, key, at=clock.now())
        if turn == 2:
            server.refusals.clear()
        assert worker.run_once(runtime, clock.now) == (1, 0)
    (mail,) = server.taken
    assert mail["To"] == ada
    assert sorted(record(runtime).values()) == [MailState.REFUSED, MailState.REFUSED, MailState.SENT]
    assert left(runtime) == []


def test_what_was_given_up_is_sent_again_and_what_is_no_address_is_not(runtime: Runtime, server: MailServer) -> None:
    with runtime.sessions() as session:
        long_ago = clock.now() - timedelta(days=4)
        mailing.queue(session, "password_changed", "ada@people.example", key="old", at=long_ago)
        session.commit()
    ask(runtime, "bad", to="nobody")
    worker.run_once(runtime, clock.now)
    assert record(runtime) == {"old": MailState.REFUSED, "bad": MailState.REFUSED}
    with runtime.sessions() as session:
        deliveries.send_again(session, OFFICE, "old", at=clock.now())
        with pytest.raises(Refused, match="cannot be sent again"):
            deliveries.send_again(session, OFFICE, "bad", at=clock.now())
    worker.run_once(runtime, clock.now)
    assert [str(mail["To"]) for mail in server.taken] == ["ada@people.example"]


@pytest.mark.parametrize("state", MailState)
def test_mail_in_any_state_keeps_what_it_was_asked_for_only_while_it_can_go_again(
    runtime: Runtime, state: MailState
) -> None:
    letter = Letter("one", "password_changed", "ada@people.example", clock.now())
    can_go = state in {MailState.REFUSED, MailState.UNCERTAIN}
    with runtime.sessions() as session:
        deliveries.settle(session, letter, state, at=clock.now())
        assert (session.get_one(SentMail, "one").letter is not None) == can_go
        assert len(deliveries.undelivered(session)) == int(can_go)
        with nullcontext() if can_go else pytest.raises(Refused):
            deliveries.send_again(session, OFFICE, "one", at=clock.now())
    assert len(left(runtime)) == int(can_go)


def test_two_presses_at_once_send_one_mail(runtime: Runtime, server: MailServer) -> None:
    letter = Letter("one", "password_changed", "ada@people.example", clock.now(), {"name": "Ada"})
    with runtime.sessions() as session:
        deliveries.settle(session, letter, MailState.REFUSED, at=clock.now(), error="550 no")
    together = threading.Barrier(2)

    def press() -> bool:
        together.wait(30)
        with runtime.sessions() as session:
            try:
                deliveries.send_again(session, OFFICE, "one", at=clock.now())
            except Refused:
                return False
        return True

    with ThreadPoolExecutor(2) as people:
        presses = [people.submit(press) for _ in range(2)]
    assert sorted(each.result() for each in presses) == [False, True]
    worker.run_once(runtime, clock.now)
    assert len(server.taken) == 1


def test_what_mail_was_to_say_is_forgotten_with_the_account(runtime: Runtime) -> None:
    with runtime.sessions() as session:
        accounts.add(session, "ada@people.example", name="Ada", at=clock.now())
    ask(runtime, "one")
    with runtime.sessions() as session:
        lost = SentMail(key="one", template="x", recipient="ada@people.example", at=clock.now())
        lost.state = MailState.SENDING
        session.add(lost)
        session.commit()
    worker.run_once(runtime, clock.now)
    with runtime.sessions() as session:
        assert session.get_one(SentMail, "one").letter is not None
        accounts.set_active(session, "ada@people.example", is_active=False)
        assert session.get_one(SentMail, "one").letter is None


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_a_worker_killed_while_the_server_has_the_word_sends_each_mail_once(
    runtime: Runtime, server: MailServer, work: Command, command: str
) -> None:
    ask(runtime, "one", "two")
    server.holding = command
    process = work()
    assert server.reached.wait(30)
    process.kill()
    server.let_go.set()
    answer = json.loads(finish(work("--json")))
    assert answer == {"done": 2, "failed": 0, "waiting": 0}
    assert sorted(server.counts.values()) == [1, 1]
    first = MailState.UNCERTAIN if command == "DATA" else MailState.SENT
    assert record(runtime) == {"one": first, "two": MailState.SENT}


def test_workers_killed_at_any_moment_never_send_a_mail_twice(
    runtime: Runtime, server: MailServer, work: Command
) -> None:
    keys = [f"mail-{number}" for number in range(60)]
    ask(runtime, *keys)
    moments = random.Random(3)  # noqa: S311 - the same moments in every run of the test
    for _ in range(2):
        process = work()
        before = len(server.taken)
        while process.is_running and len(server.taken) < before + 5:
            time.sleep(0.005)
        time.sleep(moments.uniform(0, 0.05))
        process.kill()
    finish(work())
    assert left(runtime) == []
    states = record(runtime)
    assert set(states) == set(keys)
    assert set(server.counts.values()) == {1}
    doubtful = [key for key, state in states.items() if state is not MailState.SENT]
    assert len(keys) - len(doubtful) <= len(server.taken) <= len(keys)
    assert len(doubtful) <= 2


def test_a_folder_keeps_mail_that_only_its_owner_reads(runtime: Runtime, tmp_path: Path) -> None:
    url = f"file://{tmp_path / 'a folder' / 'mail'}".replace(" ", "%20")
    kept = replace(runtime, mailer=open_mailer(url, sender="a@b.example", sender_name="A"))
    ask(kept, "one", "two")
    assert worker.run_once(kept, clock.now) == (2, 0)
    folder = tmp_path / "a folder" / "mail"
    assert {mail.subject for mail in kept_in(folder)} == {"Your password was changed"}
    assert [path.stat().st_mode & 0o077 for path in (folder, *folder.iterdir())] == [0, 0, 0]
    assert not list(folder.glob("*.part"))


def test_without_an_address_nothing_of_a_mail_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    mail = Message("account_link", "x@y.example", "ada@people.example", "Hello", "secret link", clock.now())
    with open_mailer("", sender="a@b.example", sender_name="A").opened() as sender:
        sender.address(mail.to)
        sender.send(mail)
    assert "account_link" in caplog.text
    assert "secret" not in caplog.text
    assert "ada" not in caplog.text


def test_who_was_invited_and_never_came_is_forgotten_with_the_next_mail(runtime: Runtime) -> None:
    asked = clock.now() - role_changes.INVITATION_LIFETIME - role_changes.KEPT_FOR
    with runtime.sessions() as session:
        harbour = custodian(session, "Harbour Trust")
        for email, at in (("old@harbour.example", asked), ("new@harbour.example", asked + timedelta(hours=1))):
            kind, roles = RoleChangeKind.INVITED, [Role.HANDLER]
            role_changes.record(session, kind, harbour.id, email, roles, by=None, at=at)
        session.commit()
    ask(runtime, "one")
    worker.run_once(runtime, clock.now)
    with runtime.reading_sessions() as session:
        assert session.scalars(select(RoleChange.email)).all() == ["new@harbour.example"]
