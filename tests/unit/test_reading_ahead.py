"""Reading in a second process: the same is read, whatever becomes of that process."""

import errno
import importlib
import json
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from multiprocessing.connection import Pipe
from pathlib import Path
from types import ModuleType
from unittest.mock import Mock

import pytest

from catalogue.reading import Ahead, Read, Reader, Spool, Terms, read, reader, records, second_process
from catalogue.reading.process import answer
from catalogue.reading.spool import PLACE
from harvesters.base import Harvester, Origin, Raw
from harvesters.hdruk import HdrukHarvester
from schemas.crosswalks.dates import DateOrder
from schemas.crosswalks.reading import Reading

TERMS = Terms(None, date(2026, 3, 1))
Started = list["subprocess.Popen[bytes]"]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[Started]:
    """Processes that were started to read ahead, which is worth it for one record here; all have ended afterwards."""
    found: Started = []
    popen = subprocess.Popen

    def start(*arguments: object, **options: object) -> "subprocess.Popen[bytes]":
        found.append(popen(*arguments, **options))  # type: ignore[call-overload] # whatever it is given
        return found[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    monkeypatch.setattr(reader, "WORTH_IT", 1)
    monkeypatch.setattr(reader, "_processors", lambda: 2)
    yield found
    assert all(each.returncode is not None for each in found)


def spooled(folder: Path, count: int, kind: type[Harvester] = HdrukHarvester, longest: int = 0) -> Spool:
    """Descriptions, some of which cannot be read or name nobody, the first one as long as is said."""
    documents: list[object] = [
        {
            "identifier": f"record-{number}",
            "summary": {"title": f"Visits {number}", "dataCustodian": {"name": "Harbour Trust"} if number % 5 else {}},
            "documentation": {"description": "Visit " * (longest // 6 if number == 0 else 3)},
        }
        for number in range(count)
    ]
    documents[3::7] = ["not a description"] * len(documents[3::7])
    path = folder / "feed.json"
    path.write_text(json.dumps(documents))
    spool = Spool()
    spool.fill(kind.from_source(Origin(path=path), {}))
    assert spool.seen == count
    return spool


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The positions of records that were read by this process."""
    found: list[str] = []

    def noted(kind: type[Harvester], raw: Raw, terms: Terms) -> Read:
        found.append(raw.position)
        return read(kind, raw, terms)

    monkeypatch.setattr(reader, "read", noted)
    return found


def ready(reading: Reader) -> None:
    """Start the process and wait until it has said that it can read."""
    reading.expect()
    assert reading._second is not None
    assert reading._second._connection is not None
    assert reading._second._connection.poll(60)


def in_turn(spool: Spool, kind: type[Harvester] = HdrukHarvester) -> list[Read]:
    return [read(kind, each.raw, TERMS) for each in spool]


def everything(reading: Reader) -> list[Read | None]:
    """What is read where every record is needed."""
    return [each.read for each in reading.ahead(lambda _each: True, TERMS)]


def test_the_same_is_read_in_the_same_order(started: Started, here: list[str], tmp_path: Path) -> None:
    with spooled(tmp_path, 200) as spool, Reader(spool, HdrukHarvester) as reading:
        ready(reading)
        found = list(reading.ahead(lambda each: each.raw.position != "[8]", TERMS))
        assert [each.spooled for each in found] == list(spool)
        assert [each.is_needed for each in found] == [number != 8 for number in range(200)]
        assert [each.read for each in found] == [
            done if number != 8 else None for number, done in enumerate(in_turn(spool))
        ]
    assert len(started) == 1
    assert len(here) < 199


def test_both_processes_read(started: Started, here: list[str], tmp_path: Path) -> None:
    """While the other one is at a long record, this one reads those that it was not asked for."""
    with spooled(tmp_path, 60, longest=3_000_000) as spool, Reader(spool, HdrukHarvester) as reading:
        ready(reading)
        assert everything(reading) == in_turn(spool)
    assert here[0] == f"[{reader.MOST_ASKED}]"
    assert not {f"[{number}]" for number in range(reader.MOST_ASKED)}.intersection(here)


def test_few_records_are_read_without_it(
    started: Started, here: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "WORTH_IT", 5)
    with spooled(tmp_path, 12) as spool:
        with Reader(spool, HdrukHarvester) as reading:
            for _ in reading.ahead(lambda each: each.raw.position in {"[1]", "[2]", "[3]", "[4]"}, TERMS):
                assert not started
        with Reader(spool, HdrukHarvester, already=12) as known:
            for _ in range(12):
                known.expect()
    assert here == ["[1]", "[2]", "[3]", "[4]"]
    assert not started


def test_one_processor_reads_without_it(started: Started, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_processors", lambda: 1)
    with spooled(tmp_path, 3) as spool, Reader(spool, HdrukHarvester) as reading:
        assert everything(reading) == in_turn(spool)
    assert not started


@pytest.mark.parametrize("killed_at", [0, 1, 100])
def test_a_process_that_is_killed_costs_no_record(
    started: Started, here: list[str], tmp_path: Path, killed_at: int
) -> None:
    with spooled(tmp_path, 200) as spool, Reader(spool, HdrukHarvester) as reading:
        ready(reading)
        assert [each.read for each in _killing(reading, started, killed_at)] == in_turn(spool)
    assert here[-1] == "[199]"


def _killing(reading: Reader, started: Started, killed_at: int) -> Iterator[Ahead]:
    if killed_at == 0:
        os.kill(started[0].pid, signal.SIGKILL)
    for number, each in enumerate(reading.ahead(lambda _each: True, TERMS), 1):
        if number == killed_at:
            os.kill(started[0].pid, signal.SIGKILL)
        yield each


def test_a_process_that_is_stopped_is_not_waited_for(
    started: Started, here: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_process, "PATIENCE", 0.1)
    with spooled(tmp_path, 30) as spool, Reader(spool, HdrukHarvester) as reading:
        ready(reading)
        os.kill(started[0].pid, signal.SIGSTOP)
        assert everything(reading) == in_turn(spool)
    assert len(here) == 30


@pytest.mark.parametrize(
    "said",
    [b"", b"no pickle", pickle.dumps("an answer")[:-3], pickle.dumps("an answer"), b"cos\nnothing_of_that_name\n."],
    ids=["empty", "noise", "cut off", "not what was asked", "of no module"],
)
def test_a_process_that_nobody_understands_is_not_asked_again(
    started: Started, here: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    babbling = f"process._read = lambda *_: {said!r}\nprocess.begin("
    monkeypatch.setattr(second_process, "BEGINNING", second_process.BEGINNING.replace("process.begin(", babbling))
    with spooled(tmp_path, 30) as spool, Reader(spool, HdrukHarvester) as reading:
        ready(reading)
        assert everything(reading) == in_turn(spool)
    assert len(here) == 30


def test_a_long_record_before_many_short_ones_keeps_nobody_waiting(started: Started, tmp_path: Path) -> None:
    with spooled(tmp_path, 150, longest=10_000_000) as spool, Reader(spool, HdrukHarvester) as reading:
        ready(reading)
        assert everything(reading) == in_turn(spool)


def test_it_ends_when_who_keeps_records_is_interrupted(started: Started, tmp_path: Path) -> None:
    def interrupted(spool: Spool) -> None:
        with Reader(spool, HdrukHarvester) as reading:
            ready(reading)
            next(reading.ahead(lambda _each: True, TERMS))
            raise KeyboardInterrupt

    with spooled(tmp_path, 80) as spool, pytest.raises(KeyboardInterrupt):
        interrupted(spool)
    assert started[0].returncode == -signal.SIGKILL


KILLED = """
import sys
from pathlib import Path
from catalogue.reading import Reader, Spool, reader
from harvesters.base import Origin
from harvesters.hdruk import HdrukHarvester
reader.WORTH_IT, reader._processors = 1, lambda: 2
with Spool() as spool, Reader(spool, HdrukHarvester) as reading:
    spool.fill(HdrukHarvester.from_source(Origin(path=Path(sys.argv[1])), {}))
    reading.expect()
    reading._second._connection.poll(60)
    print(reading._second._process.pid, flush=True)
    sys.stdin.read()
"""


def test_it_ends_when_who_keeps_records_is_killed(tmp_path: Path) -> None:
    spooled(tmp_path, 3).__exit__(None, None, None)
    command = [sys.executable, "-c", KILLED, str(tmp_path / "feed.json")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as keeper:
        assert keeper.stdout is not None
        pid = int(keeper.stdout.readline())
        assert _runs(pid)
        keeper.kill()
    while _runs(pid):  # the test's own time limit ends this
        time.sleep(0.01)


def _runs(pid: int) -> bool:
    """Whether the process is there; one that has ended and whom nobody asked about yet is not."""
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


class Careful(HdrukHarvester):
    """Cannot read every record."""

    revision = "careful"

    @classmethod
    def parse(cls, raw: Raw, *, date_order: DateOrder | None, today: date) -> Reading:
        if raw.position == "[2]":
            raise RecursionError
        return super().parse(raw, date_order=date_order, today=today)


def test_what_cannot_be_read_there_is_left_to_who_reports_it(tmp_path: Path) -> None:
    with spooled(tmp_path, 5) as spool:
        ours, theirs = Pipe()
        serving = threading.Thread(target=answer, args=(theirs, spool.fileno()))
        serving.start()
        ours.send_bytes(pickle.dumps(Careful))
        found: list[object] = [ours.recv_bytes().decode()]
        ours.send_bytes(pickle.dumps(TERMS))
        for each in spool:
            ours.send_bytes(PLACE.pack(*each.place))
            found.append(pickle.loads(ours.recv_bytes()))  # noqa: S301 - from this test
        ours.close()
        serving.join()
        theirs.close()
        expected = [read(HdrukHarvester, each.raw, TERMS) for each in spool]
    assert found == [records.revision(Careful), *expected[:2], None, *expected[3:]]


def test_what_cannot_be_read_here_is_left_to_who_reports_it(tmp_path: Path) -> None:
    with spooled(tmp_path, 5) as spool, Reader(spool, Careful) as reading:
        expected = in_turn(spool)
        assert everything(reading) == [*expected[:2], None, *expected[3:]]


def test_a_program_that_was_replaced_meanwhile_does_not_read_for_this_one(
    started: Started, here: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with spooled(tmp_path, 80) as spool, Reader(spool, HdrukHarvester) as reading:
        ready(reading)
        monkeypatch.setattr(HdrukHarvester, "revision", "newer")
        assert everything(reading) == in_turn(spool)
    assert len(here) == 80


@pytest.mark.parametrize("module", [__name__, "of_this_process"])
def test_a_kind_that_another_process_cannot_import_is_read_here(
    started: Started, here: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    kind = type("Local", (HdrukHarvester,), {"__module__": module})
    monkeypatch.setitem(sys.modules, "of_this_process", ModuleType("of_this_process"))
    monkeypatch.setattr(sys.modules["of_this_process"], "Local", kind, raising=False)
    with spooled(tmp_path, 80) as spool, Reader(spool, kind) as reading:
        for each in reading.ahead(lambda _each: True, TERMS):
            assert each.read is not None
            if started:
                started[0].wait()
    assert len(here) == 80


def test_it_is_told_no_secrets(started: Started, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CATALOGUE_SECRET_KEY", "not for those who read what others sent")
    with spooled(tmp_path, 3) as spool, Reader(spool, HdrukHarvester) as reading:
        ready(reading)
        environment = Path(f"/proc/{started[0].pid}/environ").read_bytes()
    assert b"PATH=" in environment
    assert b"CATALOGUE_" not in environment


def test_the_other_process_loads_no_database() -> None:
    check = (
        "import sys, catalogue.reading.process as _; print([n for n in ('sqlalchemy', 'flask') if n in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", check], text=True).strip() == "[]"


def test_it_imports_what_this_process_does(
    started: Started, here: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where that was not told by the environment, and nothing that only the environment tells."""
    (tmp_path / "json.py").write_text("raise SystemExit('of another program')")
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "kind_of_ones_own.py").write_text(
        "from harvesters.hdruk import HdrukHarvester\nclass Own(HdrukHarvester):\n    '''As the other.'''\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.syspath_prepend(tmp_path / "here")
    kind = importlib.import_module("kind_of_ones_own").Own
    with spooled(tmp_path, 3, kind) as spool, Reader(spool, kind) as reading:
        ready(reading)
        assert everything(reading) == in_turn(spool)
    assert here == []


@pytest.mark.parametrize("executable", [None, "", "/nowhere/python"])
def test_where_python_cannot_be_started_records_are_read_without_it(
    started: Started, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, executable: str | None
) -> None:
    monkeypatch.setattr(sys, "executable", executable)
    with spooled(tmp_path, 80) as spool, Reader(spool, HdrukHarvester) as reading:
        reading.expect()
        assert everything(reading) == in_turn(spool)
    assert not started


def test_where_no_more_files_can_be_opened_records_are_read_without_it(
    started: Started, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_process, "Pipe", Mock(side_effect=OSError(errno.EMFILE, "Too many open files")))
    with spooled(tmp_path, 80) as spool, Reader(spool, HdrukHarvester) as reading:
        reading.expect()
        assert everything(reading) == in_turn(spool)
    assert not started


def test_records_that_are_kept_elsewhere_start_nothing(started: Started, tmp_path: Path) -> None:
    class Kept(HdrukHarvester):
        def _records(self) -> Iterator[Raw]:
            yield from (replace(each, data=b"", digest="d" * 64) for each in super()._records())

    with spooled(tmp_path, 80, Kept) as spool, Reader(spool, HdrukHarvester) as reading:
        assert everything(reading) == [None] * 80
    assert not started


def test_a_catalogue_that_was_replaced_meanwhile_does_not_read_for_this_one(
    started: Started, here: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same harvesters, another way of rating what they read."""
    monkeypatch.setattr(records, "REVISION", "newer")
    with spooled(tmp_path, 80) as spool, Reader(spool, HdrukHarvester) as reading:
        ready(reading)
        assert everything(reading) == in_turn(spool)
    assert len(here) == 80
