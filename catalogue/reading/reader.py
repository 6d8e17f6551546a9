"""A second process that reads records while the first one keeps them (ADR 18)."""

import logging
import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection, Pipe
from types import TracebackType
from typing import Final, NamedTuple, Self

from catalogue.reading.records import Read, Terms, revision
from catalogue.reading.spool import PLACE, Spool, Spooled
from harvesters.base import Harvester

log = logging.getLogger(__name__)

WORTH_IT: Final = 150
"""Records to be read from which on a process is started: that takes about as long as reading these."""
MOST_AHEAD: Final = 64
MOST_BYTES_AHEAD: Final = 8 * 1024 * 1024
"""How many records, and how many bytes of them, are read at most before they are kept."""
BEGINNING: Final = """
import sys
sys.path[:] = sys.argv[3:]
from catalogue.reading import process
process.begin(int(sys.argv[1]), int(sys.argv[2]))
"""
"""What the process runs. The environment is no part of it, lest something there come before Python's own modules."""
SETTINGS: Final = "CATALOGUE_"
"""How the names of settings begin: a process that reads what others sent has no use for the catalogue's secrets."""


class Ahead(NamedTuple):
    """A record, whether it needs to be read, and what was read of it already."""

    spooled: Spooled
    is_needed: bool
    read: Read | None


class _Waiting(NamedTuple):
    """A record, whether it needs to be read, and whether the other process was asked to."""

    spooled: Spooled
    is_needed: bool
    is_asked: bool


class Reader:
    """Reads the records of a spool ahead of who keeps them, once there are enough to be read.

    Of a source that had records `already`, only as many more are known to be new before they are compared. Whatever
    happens to the process, nothing is lost: who keeps the records reads what was not read ahead.
    """

    def __init__(self, spool: Spool, kind: type[Harvester], already: int = 0) -> None:
        self._spool, self._kind = spool, kind
        self._expected, self._worth_it = 0, already + WORTH_IT
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._is_ready = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def expect(self) -> None:
        """One more record may have to be read."""
        self._expected += 1
        if self._expected == self._worth_it and _processors() > 1:
            self._start()

    def ahead(self, needs: Callable[[Spooled], bool], terms: Terms) -> Iterator[Ahead]:
        """Every record in its order; those of which `needs` says so are read ahead where that is possible."""
        waiting: deque[_Waiting] = deque()
        size = 0
        for spooled in self._spool:
            is_needed = needs(spooled)
            waiting.append(_Waiting(spooled, is_needed, is_needed and self._ask(spooled, terms)))
            size += len(spooled.raw.data)
            while waiting and (not self._is_ready or len(waiting) > MOST_AHEAD or size > MOST_BYTES_AHEAD):
                first = waiting.popleft()
                size -= len(first.spooled.raw.data)
                yield self._read(first)
        yield from map(self._read, waiting)

    def _read(self, waiting: "_Waiting") -> Ahead:
        return Ahead(waiting.spooled, waiting.is_needed, self._answer() if waiting.is_asked else None)

    def _ask(self, spooled: Spooled, terms: Terms) -> bool:
        """Have a record read, unless who keeps it is faster: the process may not have started, or have gone."""
        if spooled.raw.digest:  # its bytes are elsewhere
            return False
        if self._connection is None:
            self.expect()
            return False
        try:
            if not self._is_ready and self._connection.poll():
                self._agree(self._connection, terms)
            if self._is_ready:
                # So short that this never waits: two processes that both wait to be read from would do so for ever.
                self._connection.send_bytes(PLACE.pack(*spooled.place))
        except (EOFError, OSError):
            self._give_up()
        return self._is_ready

    def _agree(self, connection: Connection, terms: Terms) -> None:
        """Begin, unless the program was replaced since this process started, and the other one reads otherwise."""
        if connection.recv_bytes().decode() != revision(self._kind):
            self._stop()
            return
        connection.send_bytes(pickle.dumps(terms))
        self._is_ready = True

    def _answer(self) -> Read | None:
        if self._connection is None:
            return None
        try:
            answer: Read | None = pickle.loads(self._connection.recv_bytes())  # noqa: S301 - from our own process
        except (EOFError, OSError):
            self._give_up()
            return None
        return answer

    def _start(self) -> None:
        if not sys.executable:  # Python within another program
            return
        try:
            kind = pickle.dumps(self._kind)
        except (AttributeError, pickle.PicklingError):  # a class that another process cannot import
            return
        try:
            self._connection, theirs = Pipe()
            with theirs:
                self._process = _process(theirs.fileno(), self._spool.fileno())
            self._connection.send_bytes(kind)
        except OSError:
            self._give_up()

    def _give_up(self) -> None:
        log.warning("harvest: the process that reads ahead is gone; records are read without it")
        self._stop()

    def _stop(self) -> None:
        self._is_ready = False
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._process is not None:
            # It only reads, so that there is nothing to wait for.
            self._process.kill()
            self._process.wait()
            self._process = None


def _process(*files: int) -> "subprocess.Popen[bytes]":
    """Start it with these open files. It imports from where this process does, once Python itself has begun."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}
    return subprocess.Popen(  # noqa: S603 - ourselves
        [sys.executable, "-I", "-c", BEGINNING, *map(str, files), *sys.path],
        pass_fds=files,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    )


def _processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
