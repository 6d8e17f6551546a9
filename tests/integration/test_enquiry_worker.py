"""Enquiries and the worker: timers fire with its passes, and every mail arrives once, whoever is killed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from catalogue import clock
from catalogue.config import Settings
from catalogue.domain.enquiries import State
from catalogue.outbox import registry, worker
from catalogue.runtime import Runtime
from catalogue.services import desk_work, threads
from tests.asking import TARN, UNCLAIMED, ask, gather, thread_with
from tests.databases import opened
from tests.mail_server import mail_server, text_of

NOW = clock.now()


@pytest.fixture
def runtime(settings: Settings) -> Iterator[Runtime]:
    with opened(settings.database) as engine:
        yield Runtime.build(settings, engine)


def test_a_pass_of_the_worker_fires_what_is_due_and_sends_its_mail(settings: Settings, tmp_path: Path) -> None:
    with mail_server() as server, opened(settings.database) as engine:
        runtime = Runtime.build(replace(settings, mail_url=server.url), engine)
        with runtime.sessions() as session:
            cast = gather(session)
            ask(session, cast, at=NOW - timedelta(days=20))
        worker.run_once(runtime, clock.now)
        subjects = [str(mail["Subject"]) for mail in server.taken]
        assert sum("is late" in subject for subject in subjects) == 4
        worker.run_once(runtime, clock.now)
        assert len(server.taken) == len(subjects)
        assert worker.waiting(runtime) == 0


def test_a_duty_that_fails_does_not_hold_up_messages(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_runtime: Runtime, _at: datetime) -> None:
        raise OSError("the disk is full")

    # The first pass of a process loads the duties, which would be gone with the list that stands in for theirs.
    worker.run_once(runtime, clock.now)
    monkeypatch.setattr(registry, "_duties", [fail])
    assert worker.run_once(runtime, clock.now) == (0, 0)
    assert "the disk is full" in caplog.text


def test_every_mail_of_a_conversation_arrives_once(settings: Settings) -> None:
    with mail_server() as server, opened(settings.database) as engine:
        runtime = Runtime.build(replace(settings, mail_url=server.url), engine)
        with runtime.sessions() as session:
            cast = gather(session)
            ask(session, cast, cast.tarn_dataset, cast.unclaimed_dataset, at=NOW)
            tarn, fell = (thread_with(session, name).identifier for name in (TARN, UNCLAIMED))
            threads.move(session, cast.tarn_handler, tarn, "reply", text="Secret words", at=NOW)
            threads.move(session, cast.researcher, tarn, "post", text="Secret words", at=NOW)
            threads.move(session, cast.tarn_handler, tarn, "answer", text="Secret words", at=NOW)
            desk_work.forward(session, cast.office, fell, "records@fell.example", at=NOW)
        for _ in range(3):
            worker.run_once(runtime, clock.now)
        assert set(server.counts.values()) == {1}
        to = sorted(str(mail["To"]) for mail in server.taken)
        assert to == [
            *["ada@university.example"] * 4,
            *["oda@alliance.example"] * 2,
            "olu@alliance.example",
            "records@fell.example",
            *["tom@tarn.example"] * 2,
        ]
        for mail in server.taken:
            text = " ".join(text_of(mail).split())
            assert "You get this mail because" in text
            assert "Secret words" not in text
            assert "http://catalogue.example/" in text
        [link] = [mail for mail in server.taken if mail["To"] == "records@fell.example"]
        [address] = [line for line in text_of(link).splitlines() if "/reply/" in line]
        with runtime.sessions() as session:
            moved = threads.move_by_link(
                session, address.rpartition("/")[2], "answer", text="We have some.", at=clock.now()
            )
            assert moved.state is State.RESOLVED
