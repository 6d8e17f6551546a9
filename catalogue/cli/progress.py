"""Progress on standard error: a bar on a terminal, a line now and then elsewhere, as under cron."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress

from catalogue.cli.root import say

LINES = 10
"""How many lines a piece of work tells of itself where there is no terminal."""


@contextmanager
def progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """Give the work a function to call with how much is done, of how much."""
    if not sys.stderr.isatty():
        yield lambda done, total: _line(title, done, total)
        return
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _line(title: str, done: int, total: int) -> None:
    step = max(1, total // LINES)
    if total > LINES and (done % step == 0 or done == total):
        say(f"{title}: {done:,} of {total:,}")
