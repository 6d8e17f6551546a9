"""Commands in processes of their own, which can be killed; each is forked from one in which everything is loaded.

To load it takes a process a second, many times as long as the work in the middle of which it is killed. That a process
loads for itself what it needs is tried where a few commands are started as an operator starts them.
"""

import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from subprocess import CompletedProcess
from typing import TextIO

from catalogue.cli import main

LOADED = [
    "catalogue.cli.entry",
    "catalogue.cli.harvest",
    "catalogue.cli.outbox",
    "catalogue.cli.serve",
    "catalogue.outbox.worker",
    # what began the tests is loaded again in whatever they begin
    "pytest",
]

_forking = multiprocessing.get_context("forkserver")
_forking.set_forkserver_preload(LOADED)


@dataclass(frozen=True, slots=True)
class Begun:
    """A command at work, with what it writes."""

    process: BaseProcess
    out: TextIO
    errors: TextIO

    @property
    def is_running(self) -> bool:
        return self.process.is_alive()

    def kill(self) -> None:
        """Kill it without a word, and those that it has begun itself if it has a group of its own."""
        pid = self.process.pid or 0
        if self.is_running:
            (os.killpg if os.getpgid(pid) == pid else os.kill)(pid, signal.SIGKILL)
        self.end()

    def end(self) -> CompletedProcess[str]:
        """Wait until it has ended; how it did and what it wrote since it was last read."""
        with self.out, self.errors:
            errors, out = self.errors.read(), self.out.read()
        self.process.join()
        status = self.process.exitcode
        self.process.close()
        return CompletedProcess([], status or 0, out, errors)


def begin(*words: str, environment: Mapping[str, str], is_group: bool = False) -> Begun:
    """Begin a command in this environment; in a group of its own, its children can be killed with it."""
    (out, to_out), (errors, to_errors) = _forking.Pipe(duplex=False), _forking.Pipe(duplex=False)
    process = _forking.Process(target=_run, args=(words, dict(environment), is_group, to_out, to_errors))
    process.start()
    for each in (to_out, to_errors):
        each.close()
    return Begun(process, _text_of(out), _text_of(errors))


def _text_of(connection: Connection) -> TextIO:
    with connection:
        return os.fdopen(os.dup(connection.fileno()), encoding="utf-8", errors="replace")


def _run(
    words: tuple[str, ...], environment: Mapping[str, str], is_group: bool, out: Connection, errors: Connection
) -> None:
    if is_group:
        os.setsid()
    for number, connection in ((1, out), (2, errors)):
        os.dup2(connection.fileno(), number)
        connection.close()
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["catalogue", *words]
    main()
