"""`catalogue outbox`: do what changes left to be done."""

import signal
import threading

import click

from catalogue.cli.root import NEEDS_A_PERSON, json_option, load_runtime, root, show
from catalogue.clock import now
from catalogue.outbox import worker


@root.group()
def outbox() -> None:
    """Work through the outbox."""


@outbox.command("run")
@click.option("--once", is_flag=True, help="Do everything that is due, then end.")
@json_option
def run_command(*, once: bool, as_json: bool) -> None:
    """Index what changed and send what is to be sent."""
    runtime = load_runtime()
    if once:
        done, failed = worker.run_once(runtime, now)
        left = worker.waiting(runtime)
        show(
            {"done": done, "failed": failed, "waiting": left},
            as_json=as_json,
            text=f"{done:,} done, {failed:,} failed, {left:,} waiting.",
        )
        raise SystemExit(NEEDS_A_PERSON if failed else 0)
    ending = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _number, _frame: ending.set())
    worker.run_forever(runtime, now, ending.is_set)
