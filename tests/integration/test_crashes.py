"""Processes killed in the middle of their work, again and again: nothing is lost, nothing is there twice."""

import json
import os
import random
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalogue.config import Settings
from catalogue.models import Dataset, DatasetRdf, DatasetVersion, HarvestRecord, OutboxMessage
from catalogue.services import dataset_rdf
from schemas.crosswalks import dcat, hdruk
from tests.commands import Command, typing_in
from tests.databases import opened
from tests.integration.feeds import document, name_of
from tests.processes import Begun, begin

Starter = Callable[..., Begun]

RECORDS = 200
"""Enough for a harvest to read them in a second process."""
KILLS = 3


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        "CATALOGUE_DATA_DIR": str(tmp_path / "data"),
        "CATALOGUE_DATABASE_URL": database_url,
        "CATALOGUE_LOG_LEVEL": "ERROR",
    }


@pytest.fixture
def catalogue(environment: dict[str, str]) -> Command:
    return typing_in(environment)


@pytest.fixture
def start(environment: dict[str, str]) -> Starter:
    """Starts a command in a process of its own, which can be killed."""

    return lambda *words: begin(*words, environment={**os.environ, **environment})


def answer(done: CompletedProcess[str]) -> dict:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def killed_at_work(process: Begun, lines: int) -> bool:
    """Kill the process when it has told of its progress so many times; whether it was still at work."""
    for line in process.errors:
        lines -= "Harvesting" in line
        if lines <= 0:
            break
    return killed(process)


def killed_after(process: Begun, seconds: float) -> bool:
    """Kill the process after a while; whether it was still running."""
    time.sleep(seconds)
    return killed(process)


def killed(process: Begun) -> bool:
    was_running = process.is_running
    process.kill()
    return was_running


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def feed_of(kind: str, folder: Path) -> Path:
    """The same descriptions as a file of HDR UK's documents, or as one of Turtle."""
    documents = [document(number) for number in range(RECORDS)]
    if kind == "hdruk":
        path = folder / "feed.json"
        path.write_text(json.dumps(documents))
        return path
    path = folder / "feed.nt"
    with path.open("w") as out:
        for each in documents:
            description = hdruk.read(each).description
            assert description is not None
            address = f"https://portal.example/datasets/{each['identifier']}"
            out.writelines(f"{line}\n" for line in dcat.write(description, address=address).lines)
    return path


@pytest.mark.parametrize(
    ("databases", "kind", "kills"),
    [("sqlite", "hdruk", KILLS), ("postgresql", "hdruk", KILLS), ("sqlite", "dcat", 1)],
    indirect=["databases"],
)
def test_killing_the_harvest_and_the_worker_loses_and_doubles_nothing(
    start: Starter, catalogue: Command, database_url: str, tmp_path: Path, kind: str, kills: int
) -> None:
    feed = feed_of(kind, tmp_path)
    answer(catalogue("organisations", "add", "Harbour Trust", "--json"))
    harvest = ("harvest", "file", str(feed), "--kind", kind, "--organisation", "harbour-trust", "--json")
    moments = random.Random(7)  # noqa: S311 - the same moments in every run of the test
    for lines in range(1, kills + 1):
        assert killed_at_work(start(*harvest, "--leave-outbox"), lines)
        killed_after(start("outbox", "run", "--once"), moments.uniform(0, 0.3))
    report = answer(catalogue(*harvest, "--leave-outbox"))
    assert report["new"] + report["unchanged"] == report["seen"] == RECORDS
    assert answer(catalogue("outbox", "run", "--once", "--json"))["waiting"] == 0
    assert answer(catalogue("index", "check", "--json"))["agree"] is True
    assert answer(catalogue("search", "", "--json"))["total"] == RECORDS
    with opened(database_url) as engine, Session(engine) as session:
        assert set(session.scalars(select(Dataset.identifier))) == {name_of(number) for number in range(RECORDS)}
        assert count(session, DatasetVersion) == count(session, HarvestRecord) == RECORDS
        assert count(session, DatasetRdf) == RECORDS
        assert list(dataset_rdf.refresh_outdated(session, base_url=Settings().base_url)) == [0]
        assert count(session, OutboxMessage) == 0
