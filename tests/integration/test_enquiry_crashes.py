"""The web process and the worker killed again and again: nothing that was said is lost, nothing is sent twice."""

import os
import random
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import pytest
import requests
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalogue import clock
from catalogue.config import Settings
from catalogue.migrations.running import upgrade
from catalogue.models import (
    Claim,
    Enquiry,
    EnquiryThread,
    MailState,
    OutboxMessage,
    SentMail,
    ThreadEvent,
    ThreadMessage,
)
from catalogue.runtime import Runtime
from catalogue.services import accounts
from tests.asking import TARN, Cast, ask, gather, thread_with
from tests.databases import Databases, opened
from tests.mail_server import mail_server
from tests.people import CHEAP, PASSWORD, token_in
from tests.processes import Begun, begin

KILLS = 3
SECRET = "not-a-secret-only-for-tests"
START_SECONDS = 60


@dataclass
class Machine:
    """Where processes of the catalogue are started and killed."""

    environment: dict[str, str]
    moments: random.Random = field(default_factory=lambda: random.Random(11))  # noqa: S311 - the same in every run

    def start(self, *words: str) -> Begun:
        """Start a command in a group of its own, so that its children can be killed with it."""
        return begin(*words, environment=self.environment, is_group=True)

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Serve pages while the block runs, and kill what serves them when it ends."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        process = self.start("serve", "--port", str(port), "--workers", "1", "--no-outbox")
        try:
            _wait(f"http://127.0.0.1:{port}", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def _wait(address: str, process: Begun) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.is_running:
        try:
            if requests.get(f"{address}/healthz", timeout=5).ok:
                return
        except requests.RequestException:
            time.sleep(0.1)
    pytest.fail("the server did not answer")


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """A database that was made by the migrations, as the commands ask for."""
    with databases.empty() as url:
        with opened(url) as engine:
            upgrade(engine)
        yield url


@pytest.fixture
def machine(database_url: str, tmp_path: Path) -> Machine:
    return Machine(
        {
            **os.environ,
            "CATALOGUE_DATA_DIR": str(tmp_path / "data"),
            "CATALOGUE_DATABASE_URL": database_url,
            "CATALOGUE_SECRET_KEY": SECRET,
            "CATALOGUE_LOG_LEVEL": "ERROR",
        }
    )


@pytest.fixture
def cast(database_url: str, tmp_path: Path) -> Cast:
    with opened(database_url) as engine:
        runtime = Runtime.build(Settings(data_dir=str(tmp_path / "data"), database_url=database_url), engine)
        with runtime.sessions() as session:
            cast = gather(session)
            for actor in (cast.researcher, cast.tarn_handler, cast.other_researcher):
                accounts.set_password(session, accounts.get(session, actor.user_id), PASSWORD, hasher=CHEAP)
            session.commit()
    return cast


@dataclass
class Sender:
    """A browser with a filled form, which sends it again when nobody answers."""

    email: str
    page: str
    action: str
    filled: dict[str, str]
    browser: requests.Session = field(default_factory=requests.Session)

    def prepare(self, address: str, *datasets: str) -> None:
        """Sign in, choose datasets, and fill in the form of the page."""
        page = self.browser.get(f"{address}/sign-in", timeout=30).text
        data = {"csrf_token": token_in(page), "email": self.email, "password": PASSWORD}
        assert self.browser.post(f"{address}/sign-in", data=data, timeout=30).ok
        for dataset in datasets:
            self.browser.post(f"{address}/requests/basket", data={"add": dataset}, timeout=30)
        shown = self.browser.get(f"{address}{self.page}", timeout=30).text
        form = shown.split(f'action="{self.action}"')[1]
        self.filled["csrf_token"] = token_in(form)
        for name in ("identifier", "key"):
            if f'name="{name}" value="' in form:
                self.filled[name] = form.split(f'name="{name}" value="')[1].split('"')[0]

    def send(self, address: str) -> str:
        """Where the answer leads, or nothing when there is none."""
        try:
            answer = self.browser.post(f"{address}{self.action}", data=self.filled, timeout=30, allow_redirects=False)
        except requests.RequestException:
            return ""
        return answer.headers.get("Location", "")


@pytest.fixture
def senders(cast: Cast, database_url: str) -> tuple[Sender, ...]:
    """Somebody who asks, somebody who answers a question that was asked before, somebody who claims."""
    with opened(database_url) as engine, Session(engine) as session:
        ask(session, cast, cast.tarn_dataset, at=clock.now())
        desk = f"/desk/{thread_with(session, TARN).identifier}"
    claim = "/organisations/fell-and-dale-trust/claim"
    question = {"project_title": "Asthma", "question": "How many children?", "send": "yes"}
    return (
        Sender("ada@university.example", "/requests/new", "/requests/new", question),
        Sender("tom@tarn.example", desk, desk, {"command": "answer", "text": "About 400."}),
        Sender("eve@university.example", claim, claim, {"reason": "I run the registry."}),
    )


def test_what_is_sent_survives_the_death_of_the_web_process_and_counts_once(
    machine: Machine, cast: Cast, senders: tuple[Sender, ...], database_url: str
) -> None:
    asking, answering, claiming = senders
    for number in range(KILLS):
        with machine.serving() as address:
            if not number:
                asking.prepare(address, cast.tarn_dataset, cast.unclaimed_dataset)
                answering.prepare(address)
                claiming.prepare(address)
            sending = [Thread(target=each.send, args=(address,)) for each in senders]
            for thread in sending:
                thread.start()
            time.sleep(machine.moments.uniform(0.01, 0.12) * (number + 1))
        for thread in sending:
            thread.join()
    with machine.serving() as address:
        assert asking.send(address) == f"/requests/{asking.filled['identifier']}/sent"
        assert answering.send(address) == f"{answering.page}?done=answer"
        assert claiming.send(address) == claiming.page
    with opened(database_url) as engine, Session(engine) as session:
        asked = session.scalars(select(Enquiry.identifier).order_by(Enquiry.id)).all()
        assert asked[1:] == [asking.filled["identifier"]]
        threads = session.scalars(select(EnquiryThread)).all()
        assert len(threads) == 3
        for thread in threads:
            events = session.scalar(select(func.count()).where(ThreadEvent.thread_id == thread.id))
            assert events == thread.event_count
        assert session.scalars(select(ThreadMessage.text).order_by(ThreadMessage.id)).all() == ["About 400."]
        assert session.scalars(select(Claim.reason)).all() == ["I run the registry."]
        keys = session.scalars(select(OutboxMessage.key)).all()
        # of the question before: 2; of this one: 4; of the answer: 1; of the claim, to the office: 2
        assert len(keys) == len(set(keys)) == 9


def test_killing_the_worker_sends_no_mail_twice_and_loses_none_without_a_word(
    machine: Machine, cast: Cast, database_url: str
) -> None:
    asked = 8
    with opened(database_url) as engine:
        runtime = Runtime.build(Settings(database_url=database_url), engine)
        with runtime.sessions() as session:
            for _ in range(asked):
                ask(session, cast, cast.tarn_dataset, at=clock.now())
            wanted = set(session.scalars(select(OutboxMessage.key)))
    with mail_server() as server:
        machine.environment["CATALOGUE_MAIL_URL"] = server.url
        for _ in range(KILLS):
            process = machine.start("outbox", "run", "--once")
            before = len(server.taken)
            deadline = time.monotonic() + START_SECONDS
            while len(server.taken) < before + 2 and process.is_running and time.monotonic() < deadline:
                time.sleep(0.005)
            process.kill()
        assert machine.start("outbox", "run", "--once").end().returncode == 0
        assert set(server.counts.values()) == {1}
    with opened(database_url) as engine, Session(engine) as session:
        settled = {each.key: each.state for each in session.scalars(select(SentMail))}
        assert settled.keys() == wanted
        assert set(settled.values()) <= {MailState.SENT, MailState.UNCERTAIN}
        uncertain = sum(state is MailState.UNCERTAIN for state in settled.values())
        assert len(wanted) - uncertain <= len(server.taken) <= len(wanted)
        assert uncertain <= KILLS
        assert session.scalars(select(OutboxMessage)).all() == []
