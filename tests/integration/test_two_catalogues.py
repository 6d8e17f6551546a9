"""A catalogue that is served, harvested by another one over DCAT: what changes in the first changes in the second."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from catalogue.migrations import running
from catalogue.models import DatasetState
from catalogue.services import sources
from catalogue.services.harvesting import run
from harvesters.base import Origin
from harvesters.dcat import DcatHarvester
from tests.databases import ONCE, Databases, opened
from tests.integration.feeds import Bench, bench, document, outcomes

PATIENCE_SECONDS = 60
DATASETS = 250
"""Three pages of a hundred."""

pytestmark = ONCE


@pytest.fixture
def first(databases: Databases, tmp_path: Path) -> Iterator[tuple[Bench, str]]:
    """A catalogue with datasets, and the address at which another process serves it."""
    with databases.empty() as url, opened(url) as engine:
        running.upgrade(engine)
        made = bench(engine, tmp_path)
        made.harvest(*(document(number) for number in range(DATASETS)))
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        address = f"http://127.0.0.1:{port}"
        environment = {
            **os.environ,
            "CATALOGUE_DATA_DIR": str(tmp_path / "data"),
            "CATALOGUE_DATABASE_URL": url,
            "CATALOGUE_SECRET_KEY": "not-a-secret-only-for-tests",
            "CATALOGUE_BASE_URL": address,
        }
        command = [sys.executable, "-m", "catalogue", "serve", "--port", str(port), "--workers", "1", "--no-outbox"]
        with (tmp_path / "server.log").open("wb") as log:
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            wait_for(f"{address}/catalog.ttl?page=3", process, tmp_path / "server.log")
            yield made, address
        finally:
            process.kill()
            process.wait()


@pytest.fixture
def second(databases: Databases, tmp_path: Path) -> Iterator[Bench]:
    folder = tmp_path / "second"
    folder.mkdir()
    with databases.copy() as url, opened(url) as engine:
        yield bench(engine, folder)


def wait_for(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=PATIENCE_SECONDS):
                return
        except urllib.error.URLError:
            time.sleep(0.1)
    pytest.fail(log.read_text(errors="replace"))


def harvest(catalogue: Bench, address: str) -> dict[str, int]:
    catalogue.at += timedelta(days=1)
    options = {"allow_private": "true"}
    with catalogue.session() as session:
        source = sources.add(
            session,
            organisation="harbour-trust",
            kind="dcat",
            url=address,
            name="first",
            options=options,
            is_aggregator=True,
            at=catalogue.at,
        )
    harvester = DcatHarvester.from_source(Origin(url=address), options)
    return outcomes(run(catalogue.place, source.id, harvester, now=lambda: catalogue.at))


def test_what_happens_in_the_first_happens_in_the_second(first: tuple[Bench, str], second: Bench) -> None:
    one, address = first
    feed = f"{address}/catalog.ttl"
    assert harvest(second, feed) == {"new": DATASETS}
    assert harvest(second, feed) == {"unchanged": DATASETS}

    # One changes, and one goes: it is withdrawn after two harvests without it.
    documents = [document(number) for number in range(DATASETS)]
    documents[120] = document(120, "Renamed")
    gone = documents.pop(30)["identifier"]
    for _ in range(2):
        one.harvest(*documents, complete=True)
    assert one.datasets()[gone].state is DatasetState.WITHDRAWN

    assert harvest(second, feed) == {"changed": 1, "unchanged": DATASETS - 2, "missing": 1}
    assert harvest(second, feed) == {"unchanged": DATASETS - 1, "missing": 1, "withdrawn": 1}
    assert harvest(second, feed) == {"unchanged": DATASETS - 1}
    ours, theirs = one.datasets(), second.datasets()
    assert {key: (each.title, each.state) for key, each in theirs.items()} == {
        key: (each.title, each.state) for key, each in ours.items()
    }
    versions = {each.title: each.version_number for each in theirs.values() if each.version_number > 1}
    assert versions == {"Renamed": 2}

    # In another form it says the same, and one organisation's part is a catalogue too.
    for form in ("catalog.rdf", "organisations/harbour-trust/catalog.jsonld", "catalog?custodian=harbour-trust"):
        assert harvest(second, f"{address}/{form}") == {"unchanged": DATASETS - 1}
