"""A second process that reads records of a spool when it is asked to (ADR 18)."""

import logging
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection, Pipe
from typing import Final

from catalogue.reading.records import Read, Terms, revision
from catalogue.reading.spool import PLACE, Place, Spool
from harvesters.base import Harvester

log = logging.getLogger(__name__)

BEGINNING: Final = """
import sys
sys.path[:] = sys.argv[3:]
from catalogue.reading import process
process.begin(int(sys.argv[1]), int(sys.argv[2]))
"""
"""What the process runs. The environment is no part of it, lest something there come before Python's own modules."""
SETTINGS: Final = "CATALOGUE_"
"""How the names of settings begin: a process that reads what others sent has no use for the catalogue's secrets."""

PATIENCE: Final = 60.0
"""Seconds that an answer may take: the longest records take a few, so a process that takes longer was stopped."""


class SecondProcess:
    """The process, from here. Whatever happens to it nothing is raised: it is gone then, and answers nothing."""

    def __init__(self, spool: Spool, kind: type[Harvester]) -> None:
        self._kind = kind
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._is_ready = False
        if not sys.executable:  # Python within another program
            return
        try:
            name = pickle.dumps(kind)
        except (AttributeError, pickle.PicklingError):  # a class that another process cannot import
            return
        with self._unless_gone():
            self._connection, theirs = Pipe()
            with theirs:
                self._process = _start(theirs.fileno(), spool.fileno())
            self._connection.send_bytes(name)

    def is_ready(self, terms: Terms) -> bool:
        """Whether it can be asked. As soon as it has started it is told the terms, unless it reads otherwise."""
        with self._unless_gone():
            if self._connection is not None and not self._is_ready and self._connection.poll():
                self._agree(self._connection, terms)
        return self._is_ready

    def ask(self, place: Place) -> bool:
        """Have a record read; whether it was asked."""
        with self._unless_gone():
            if self._connection is not None:
                # So short that this never waits: two processes that both wait to be read from would do so for ever.
                self._connection.send_bytes(PLACE.pack(*place))
        return self._connection is not None

    def has_answered(self) -> bool:
        """Whether there is nothing to wait for."""
        is_silent = False
        with self._unless_gone():
            is_silent = self._connection is not None and not self._connection.poll()
        return not is_silent

    def answer(self) -> Read | None:
        """What the record says that it was asked for longest ago."""
        read: Read | None = None
        with self._unless_gone():
            if self._connection is not None:
                if not self._connection.poll(PATIENCE):
                    raise TimeoutError
                read = _read(self._connection.recv_bytes())
        return read

    def stop(self) -> None:
        """End it, wherever it is."""
        self._is_ready = False
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._process is not None:
            # It only reads, so that there is nothing to wait for.
            self._process.kill()
            self._process.wait()
            self._process = None

    def _agree(self, connection: Connection, terms: Terms) -> None:
        """Begin, unless the program was replaced since this process started, and the other one reads otherwise."""
        if connection.recv_bytes() != revision(self._kind).encode():
            self.stop()
            return
        connection.send_bytes(pickle.dumps(terms))
        self._is_ready = True

    @contextmanager
    def _unless_gone(self) -> Iterator[None]:
        try:
            yield
        except Exception:  # isolates the process, which is closed, stopped or says what nobody understands
            log.warning("harvest: the process that reads ahead does not answer; records are read without it")
            log.debug("why it does not", exc_info=True)
            self.stop()


def _read(answer: bytes) -> Read | None:
    read = pickle.loads(answer)  # noqa: S301 - from our own process
    if read is not None and not isinstance(read, Read):
        raise TypeError(type(read))
    return read


def _start(*files: int) -> "subprocess.Popen[bytes]":
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
