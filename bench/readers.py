"""Readers who search without a pause while somebody writes: whether they are disturbed, and when they see the change.

Each reader is a process of its own (`bench.reader`), as the workers of a server are; one more looks for every change
from the moment that its commit begins.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from bench.corpus import documents
from bench.engines import Ours
from bench.search import questions
from bench.table import Line
from catalogue.search.whoosh_backend import WhooshBackend

READERS = 8
DOCUMENTS = 10_000
LARGEST = 100_000
SECONDS = 60.0
PAUSE_SECONDS = 0.5
"""Between two commits: a worker takes together what changed in about so long."""
VISIBLE_SECONDS = 2.0


def measure(size: int = DOCUMENTS, seconds: float = SECONDS, largest: int = LARGEST) -> Iterator[Line]:
    """Read and write at once for so many seconds; then the memory of one reader with the largest index."""
    with tempfile.TemporaryDirectory(prefix="bench-readers-") as name:
        folder = Path(name)
        Ours(folder).build(documents(size))
        delays, read, commits = _together(folder / Ours.name, seconds)
    on = f"{size:,} descriptions, {seconds:.0f} s"
    errors = sorted({error for each in read for error in each["errors"]})
    times = [taken for each in read for taken in each["milliseconds"]]
    p50, p95 = np.percentile(times, (50, 95))
    told = f"{len(times):,} pages, {len(errors)} kinds of error{errors or ''}; p50 {p50:.1f} ms, p95 {p95:.1f} ms"
    yield Line(f"{READERS} readers beside 1 writer", on, told, "", "no error", not errors)
    seen = [each for each in delays if each >= 0]
    told = f"{len(seen)} of {commits} commits seen; median {np.median(seen):.2f} s, latest {max(seen):.2f} s"
    is_within = len(seen) == commits and max(seen) <= VISIBLE_SECONDS
    yield Line("a change is seen by a reader", on, told, "", f"at most {VISIBLE_SECONDS:.0f} s", is_within)
    yield Line("memory of a reader", f"{size:,} descriptions", _memory(read))
    with tempfile.TemporaryDirectory(prefix="bench-readers-") as name:
        folder = Path(name)
        Ours(folder).build(documents(largest))
        yield Line("memory of a reader", f"{largest:,} descriptions", _memory([_alone(folder / Ours.name, 10.0)]))


def _memory(read: list[dict[str, Any]]) -> str:
    return f"{max(each['megabytes'] for each in read):.0f} MB resident"


def _together(index: Path, seconds: float) -> tuple[list[float], list[dict[str, Any]], int]:
    asked = _asked()
    readers = [_reader(index, asked[first * 7 :] + asked[: first * 7]) for first in range(READERS)]
    finder = _start(index, "find")
    assert finder.stdin is not None
    commits = _write(index, seconds, finder)
    finder.stdin.close()
    delays = [float(line) for line in finder.stdout or ()]
    finder.wait()
    return delays, [_ended(each) for each in readers], commits


def _alone(index: Path, seconds: float) -> dict[str, Any]:
    reader = _reader(index, _asked())
    time.sleep(seconds)
    return _ended(reader)


def _write(index: Path, seconds: float, finder: subprocess.Popen[str]) -> int:
    """Change one description after the other; the number of changes."""
    assert finder.stdin is not None
    backend = WhooshBackend(index)
    changing = list(islice(documents(1_000), 1_000))
    commits, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        document = changing[commits % len(changing)]
        word = f"changed{commits}sign"
        finder.stdin.write(f"{word}\n")
        finder.stdin.flush()
        backend.index_many([replace(document, title=f"{document.title} {word}", revision=word)])
        commits += 1
        time.sleep(PAUSE_SECONDS)
    return commits


def _asked() -> list[str]:
    return [each.text for each in questions(list(documents(1_000)))]


def _reader(index: Path, asked: list[str]) -> subprocess.Popen[str]:
    """A reader that has its first answer."""
    process = _start(index, "read")
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(asked) + "\n")
    process.stdin.flush()
    assert process.stdout.readline() == "ready\n"
    return process


def _start(index: Path, what: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bench.reader", str(index), what]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own command


def _ended(process: subprocess.Popen[str]) -> dict[str, Any]:
    answer, _nothing = process.communicate()
    met: dict[str, Any] = json.loads(answer)
    return met
