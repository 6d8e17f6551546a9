"""The web process and the worker killed again and again: nothing that was said is lost, nothing is sent twice."""

import os
import random
import signal
import socket
import subprocess
import sys
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
from catalogue.models import Enquiry, EnquiryThread, MailState, OutboxMessage, SentMail, ThreadEvent, ThreadMessage
from catalogue.runtime import Runtime
from catalogue.services import accounts
from tests.asking import Cast, ask, gather
from tests.databases import Databases, opened
from tests.mail_server import mail_server
from tests.people import CHEAP, PASSWORD, token_in

KILLS = 3
SECRET = "not-a-secret-only-for-tests"
START_SECONDS = 60


@dataclass
class Machine:
    """Where processes of the catalogue are started and killed."""

    environment: dict[str, str]
    moments: random.Random = field(default_factory=lambda: random.Random(11))  # noqa: S311 - the same in every run

    def start(self, *words: str) -> "subprocess.Popen[bytes]":
        """Start a command in a group of its own, so that its children can be killed with it."""
        return subprocess.Popen(
            [sys.executable, "-m", "catalogue", *words],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def kill(self, process: "subprocess.Popen[bytes]") -> None:
        """Kill it and its children without a word."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    @contextmanager
    def serving(self) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
        """Serve pages while the block runs; yields the address and the process."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        process = self.start("serve", "--port", str(port), "--workers", "1", "--no-outbox")
        try:
            _wait(f"http://127.0.0.1:{port}", process)
            yield f"http://127.0.0.1:{port}", process
        finally:
            if process.poll() is None:
                self.kill(process)


def _wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
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
            user = accounts.get(session, cast.researcher.user_id)
            accounts.set_password(session, user, PASSWORD, hasher=CHEAP)
            session.commit()
    return cast


@dataclass
class Researcher:
    """A browser that sends a form, and sends the same one again when nobody answers."""

    browser: requests.Session = field(default_factory=requests.Session)

    def sign_in(self, address: str, *datasets: str) -> None:
        page = self.browser.get(f"{address}/sign-in", timeout=30).text
        data = {"csrf_token": token_in(page), "email": "ada@university.example", "password": PASSWORD}
        assert self.browser.post(f"{address}/sign-in", data=data, timeout=30).ok
        for dataset in datasets:
            self.browser.post(f"{address}/requests/basket", data={"add": dataset}, timeout=30)

    def form(self, address: str) -> dict[str, str]:
        """A filled form."""
        page = self.browser.get(f"{address}/requests/new", timeout=30).text
        identifier = page.split('name="identifier" value="')[1].split('"')[0]
        token = token_in(page.split('id="question-form"')[1])
        return {
            "csrf_token": token,
            "identifier": identifier,
            "project_title": "Asthma",
            "question": "How many children?",
            "send": "yes",
        }

    def send(self, address: str, data: dict[str, str]) -> str:
        """Where the answer leads, or nothing when there is none."""
        try:
            answer = self.browser.post(f"{address}/requests/new", data=data, timeout=30, allow_redirects=False)
        except requests.RequestException:
            return ""
        return answer.headers.get("Location", "")


def test_a_question_survives_the_death_of_the_web_process_and_is_asked_once(
    machine: Machine, cast: Cast, database_url: str
) -> None:
    researcher, data = Researcher(), {}
    with machine.serving() as (address, _process):
        researcher.sign_in(address, cast.tarn_dataset, cast.unclaimed_dataset)
        data = researcher.form(address)
    for number in range(KILLS):
        with machine.serving() as (address, process):
            sending = Thread(target=researcher.send, args=(address, data))
            sending.start()
            time.sleep(machine.moments.uniform(0.01, 0.12) * (number + 1))
            machine.kill(process)
            sending.join()
    with machine.serving() as (address, _process):
        assert researcher.send(address, data) == f"/requests/{data['identifier']}/sent"
    with opened(database_url) as engine, Session(engine) as session:
        assert session.scalars(select(Enquiry.identifier)).all() == [data["identifier"]]
        threads = session.scalars(select(EnquiryThread)).all()
        assert len(threads) == 2
        for thread in threads:
            events = session.scalar(select(func.count()).where(ThreadEvent.thread_id == thread.id))
            assert events == thread.event_count
        keys = session.scalars(select(OutboxMessage.key)).all()
        assert len(keys) == len(set(keys)) == 4
        assert session.scalar(select(func.count()).select_from(ThreadMessage)) == 0


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
            while len(server.taken) < before + 2 and process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.005)
            if process.poll() is None:
                machine.kill(process)
        last = machine.start("outbox", "run", "--once")
        assert last.wait(timeout=START_SECONDS) == 0
        assert set(server.counts.values()) == {1}
    with opened(database_url) as engine, Session(engine) as session:
        settled = {each.key: each.state for each in session.scalars(select(SentMail))}
        assert settled.keys() == wanted
        assert set(settled.values()) <= {MailState.SENT, MailState.UNCERTAIN}
        uncertain = sum(state is MailState.UNCERTAIN for state in settled.values())
        assert len(wanted) - uncertain <= len(server.taken) <= len(wanted)
        assert uncertain <= KILLS
        assert session.scalars(select(OutboxMessage)).all() == []
