"""`catalogue serve` does what changes leave to be done, without anybody running anything else."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from catalogue import clock
from catalogue.migrations import running
from catalogue.services import mailing
from tests.databases import Databases, opened
from tests.mail_server import MailServer, mail_server

STARTED = re.compile(r"outbox worker started as process (\d+)")
PATIENCE_SECONDS = 60


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    with databases.empty() as url:
        with opened(url) as engine:
            running.upgrade(engine)
        yield url


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "server.log"


@pytest.fixture
def serving(database_url: str, server: MailServer, tmp_path: Path, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "CATALOGUE_DATA_DIR": str(tmp_path / "data"),
        "CATALOGUE_DATABASE_URL": database_url,
        "CATALOGUE_SECRET_KEY": "not-a-secret-only-for-tests",
        "CATALOGUE_MAIL_URL": server.url,
    }
    command = [sys.executable, "-m", "catalogue", "serve", "--port", str(port), "--workers", "1"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    yield process
    process.kill()
    process.wait()


def ask_for_mail(url: str, key: str) -> None:
    with opened(url) as engine, Session(engine) as session:
        mailing.queue(session, "password_changed", "ada@people.example", key=key, at=clock.now())
        session.commit()


def wait_until(happened: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        if time.monotonic() > deadline:
            pytest.fail(log.read_text(errors="replace"))
        time.sleep(0.05)


def outbox_workers(log: Path) -> list[int]:
    return [int(number) for number in STARTED.findall(log.read_text())]


def is_running(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def test_mail_goes_also_after_the_worker_was_killed_and_nothing_outlives_the_server(
    serving: "subprocess.Popen[bytes]", server: MailServer, database_url: str, log: Path
) -> None:
    ask_for_mail(database_url, "one")
    wait_until(lambda: len(server.taken) == 1, log)
    (first,) = outbox_workers(log)
    os.kill(first, signal.SIGKILL)
    ask_for_mail(database_url, "two")
    wait_until(lambda: len(server.taken) == 2, log)
    _, second = outbox_workers(log)
    serving.terminate()
    assert serving.wait(PATIENCE_SECONDS) == 0
    assert not is_running(second)
    assert "Traceback" not in log.read_text()


def test_the_worker_ends_when_the_server_was_killed(serving: "subprocess.Popen[bytes]", log: Path) -> None:
    wait_until(lambda: bool(outbox_workers(log)), log)
    serving.kill()
    wait_until(lambda: not is_running(outbox_workers(log)[0]), log)
