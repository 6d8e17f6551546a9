"""Pages over HTTP from one worker: search, a dataset's page, and how a worker starts."""

import gzip
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import numpy as np

from bench.corpus import documents
from bench.harvesting import hdruk
from bench.table import Line
from catalogue.clock import now
from catalogue.config import Settings
from catalogue.migrations.running import upgrade
from catalogue.runtime import Runtime
from catalogue.services import indexing, organisations, sources
from catalogue.services.harvesting import Workplace, run
from harvesters.base import Origin
from harvesters.hdruk import HdrukHarvester

WORDS = ("asthma", "cancer register", "hospital admissions", '"primary care"', "diabets", "blood pressure adults", "")
ROUNDS = 30
SEARCH_BUDGET_MS = 60
START_BUDGET_SECONDS = 1.5
START_BUDGET_MB = 150
PAGE_BUDGET_MS = 20
PAGE_BUDGET_KB = 150


def measure(sizes: tuple[int, ...] = (1_000, 10_000)) -> Iterator[Line]:
    """Fill a catalogue of each size, serve it, and time its pages."""
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            settings = Settings(data_dir=folder, secret_key="b" * 32)
            identifiers = _fill(settings, size)
            # The first start of a release compiles the templates, and keeps what they are compiled to.
            with served(settings) as (_port, first, _process):
                pass
            with served(settings) as (port, started, process):
                yield from _searches(port, size)
                if size == min(sizes):
                    yield _start(first, started, process)
                    yield from _page(port, identifiers[0])


def _fill(settings: Settings, size: int) -> list[str]:
    runtime = Runtime.build(settings)
    upgrade(runtime.engine)
    feed = settings.folder / "feed.json"
    feed.write_text(json.dumps([hdruk(each) for each in documents(size)]))
    with runtime.sessions() as session:
        organisations.add(session, "Bench", at=now())
        source = sources.for_file(
            session, organisation="bench", kind="hdruk", name="feed", is_aggregator=True, at=now()
        )
    place = Workplace(runtime.engine, runtime.sessions, runtime.locks_folder)
    run(place, source.id, HdrukHarvester.from_source(Origin(path=feed), {}), now=now)
    with runtime.reading_sessions() as session:
        indexing.rebuild(session, runtime.backend)
    return [each["identifier"] for each in (hdruk(document) for document in documents(1))]


@contextmanager
def served(settings: Settings) -> Iterator[tuple[int, float, subprocess.Popen[bytes]]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "CATALOGUE_DATA_DIR": settings.data_dir,
        "CATALOGUE_SECRET_KEY": settings.secret_key,
        "CATALOGUE_LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-m", "catalogue", "serve", "--port", str(port), "--workers", "1"]
    began = time.perf_counter()
    process = subprocess.Popen(command, env=environment)  # noqa: S603 - our own command
    try:
        yield port, _answered(port, began), process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def _answered(port: int, began: float) -> float:
    while time.perf_counter() - began < 60:
        try:
            _get(port, "/search?q=asthma")
        except OSError:
            time.sleep(0.01)
        else:
            return time.perf_counter() - began
    message = "the server did not answer"
    raise TimeoutError(message)


def _searches(port: int, size: int) -> Iterator[Line]:
    addresses = ["/search?" + urlencode({"q": words, "page": page}) for words in WORDS for page in (1, 2)]
    for address in addresses:
        _get(port, address)
    times = [timed(port, address) for _ in range(ROUNDS) for address in addresses]
    p50, p95 = np.percentile(times, (50, 95)) * 1000
    yield Line(
        "/search over HTTP, one worker",
        f"{size:,} descriptions",
        f"p50 {p50:.1f} ms, p95 {p95:.1f} ms",
        "",
        f"p95 at most {SEARCH_BUDGET_MS} ms",
        bool(p95 <= SEARCH_BUDGET_MS),
    )


def _start(first: float, seconds: float, process: subprocess.Popen[bytes]) -> Line:
    megabytes = max(_resident(pid) for pid in (process.pid, *_children(process.pid))) / 1024
    return Line(
        "start of a worker to its first answer",
        "1,000 descriptions",
        f"{seconds:.2f} s (the first time {first:.2f} s), {megabytes:.0f} MB resident",
        "",
        f"{START_BUDGET_SECONDS} s, {START_BUDGET_MB} MB",
        seconds < START_BUDGET_SECONDS and megabytes < START_BUDGET_MB,
    )


def _page(port: int, identifier: str) -> Iterator[Line]:
    address = f"/datasets/{identifier}"
    _get(port, address)
    p50, p95 = np.percentile([timed(port, address) for _ in range(200)], (50, 95)) * 1000
    body = _get(port, address)
    loaded = [body, *(_get(port, path) for path in _loads(body.decode()))]
    kilobytes = sum(len(gzip.compress(each)) for each in loaded) / 1000
    yield Line(
        "dataset page",
        "60 columns",
        f"p50 {p50:.1f} ms, p95 {p95:.1f} ms; {kilobytes:.0f} kB with all it loads",
        "",
        f"{PAGE_BUDGET_MS} ms, {PAGE_BUDGET_KB} kB",
        bool(p50 <= PAGE_BUDGET_MS and kilobytes <= PAGE_BUDGET_KB),
    )


def _loads(page: str) -> set[str]:
    """The stylesheets and scripts that a page names."""
    pieces = page.replace("'", '"').split('"')
    return {piece for piece in pieces if piece.startswith("/static/") and piece.split("?")[0].endswith((".css", ".js"))}


def timed(port: int, address: str) -> float:
    began = time.perf_counter()
    _get(port, address)
    return time.perf_counter() - began


def _get(port: int, address: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", address)
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    if answer.status != http.client.OK:
        message = f"{address} answered {answer.status}"
        raise RuntimeError(message)
    return body


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _resident(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))
