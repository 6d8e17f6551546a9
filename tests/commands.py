"""The commands as an operator types them, run inside the test: what starting a process says is tried with a few."""

import gc
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from subprocess import CompletedProcess
from typing import Any
from unittest.mock import patch

from click.testing import CliRunner
from sqlalchemy import event
from sqlalchemy.pool import Pool

from catalogue.cli import main

Command = Callable[..., CompletedProcess[str]]


def typing_in(environment: Mapping[str, str]) -> Command:
    """What types a command in this environment; a mistake that the command does not tell of itself is the test's."""

    def run(*words: str, stdin: str = "") -> CompletedProcess[str]:
        typed = ["catalogue", *words]
        with CliRunner().isolation(input=stdin, env=environment) as (out, errors, _), patch.object(sys, "argv", typed):
            with _connections_closed():
                status = _status_of_main()
            sys.stdout.flush()
            sys.stderr.flush()
            return CompletedProcess(typed, status, out.getvalue().decode(), errors.getvalue().decode())

    return run


@contextmanager
def _connections_closed() -> Iterator[None]:
    """Close what a command leaves open, since its process would end now."""
    opened: list[Any] = []

    def remember(connection: Any, _record: object) -> None:
        opened.append(connection)

    event.listen(Pool, "connect", remember)
    try:
        yield
    finally:
        event.remove(Pool, "connect", remember)
        for each in opened:
            each.close()


def _status_of_main() -> int:
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        # A command passes over what there is as it begins. Here that is all that the tests are made of, which every
        # harvest of the tests to come would count to see whether something is passed over.
        gc.unfreeze()
    return 0
