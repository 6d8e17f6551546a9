"""`catalogue harvest`: run sources, take in files, read reports."""

import logging
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from catalogue.cli.progress import progress
from catalogue.cli.root import (
    COULD_NOT_RUN,
    NEEDS_A_PERSON,
    WRONG_USE,
    json_option,
    load_runtime,
    root,
    say,
    show,
    stop,
)
from catalogue.cli.workplace import workplace
from catalogue.clock import now
from catalogue.domain.errors import Busy, Invalid
from catalogue.models import HarvestSource, RunState
from catalogue.outbox import worker
from catalogue.runtime import Runtime
from catalogue.services import sources
from catalogue.services.harvesting import Report, run
from catalogue.services.harvesting.report import COUNTS, stored
from harvesters.base import Harvester, Origin
from schemas.metadata import Problem, Severity

log = logging.getLogger(__name__)

MOST_SHOWN = 20
"""Problems printed for a person; `--json` and `harvest report` have them all."""

dry_run_option = click.option("--dry-run", is_flag=True, help="Do everything and keep nothing.")
outbox_option = click.option("--leave-outbox", is_flag=True, help="Leave indexing to the worker.")


@root.group()
def harvest() -> None:
    """Pull descriptions in."""


@harvest.command("file")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--kind", required=True, help="Kind of source, such as hdruk.")
@click.option("--organisation", required=True, help="Slug of the organisation that publishes it.")
@click.option("--source", "name", help="Name of the source; else the file's name.")
@click.option("--aggregator", is_flag=True, help="It carries other custodians' datasets too.")
@click.option("--complete", is_flag=True, help="It is everything there is: what is not in it is missing.")
@dry_run_option
@outbox_option
@json_option
def file_command(
    path: Path,
    kind: str,
    organisation: str,
    name: str | None,
    *,
    aggregator: bool,
    complete: bool,
    dry_run: bool,
    leave_outbox: bool,
    as_json: bool,
) -> None:
    """Take in PATH: a file, a .gz, a folder, or - for standard input."""
    is_stream = str(path) == "-"
    if not is_stream and not path.exists() and not path.is_symlink():
        stop(f"There is no file or folder {path}.", status=COULD_NOT_RUN)
    runtime = load_runtime()
    with runtime.sessions() as session:
        source = sources.for_file(
            session,
            organisation=organisation,
            kind=kind,
            name=name or ("standard input" if is_stream else path.name),
            is_aggregator=aggregator,
            at=now(),
        )
    origin = Origin(stream=sys.stdin.buffer) if is_stream else Origin(path=path)
    harvester = sources.available()[kind].from_source(origin, source.options)
    report = _run(runtime, source, harvester, settles=complete, dry_run=dry_run)
    if not dry_run and not leave_outbox:
        drain(runtime, report)
    show(report.as_json(), as_json=as_json, text=_in_words(report.as_json()))
    _exit([report])


@harvest.command("run")
@click.argument("source_ids", type=int, nargs=-1)
@click.option("--due", "run_due", is_flag=True, help="Run those whose interval is over; for cron.")
@click.option("--all", "run_all", is_flag=True, help="Run every approved source that has an address.")
@dry_run_option
@outbox_option
@json_option
def run_command(
    source_ids: tuple[int, ...], *, run_due: bool, run_all: bool, dry_run: bool, leave_outbox: bool, as_json: bool
) -> None:
    """Run the sources with these numbers, those that are due, or all of them."""
    if (bool(source_ids), run_due, run_all).count(True) != 1:
        message = "Name sources, or use one of --due and --all. `catalogue sources list` shows them."
        stop(message, status=WRONG_USE)
    runtime = load_runtime()
    with runtime.reading_sessions() as session:
        chosen = _chosen(session, source_ids, run_due=run_due)
    is_single = len(source_ids) == 1
    reports = []
    for source in chosen:
        report = (_run_named if is_single else _run_isolated)(runtime, source, dry_run=dry_run)
        if report is None:
            continue
        if not dry_run and not leave_outbox:
            drain(runtime, report)
        reports.append(report)
    answers = [report.as_json() for report in reports]
    answer = answers[0] if is_single else {"items": answers}
    show(answer, as_json=as_json, text="\n\n".join(_in_words(each) for each in answers) or "Nothing was run.")
    _exit(reports)


def _chosen(session: Session, source_ids: Sequence[int], *, run_due: bool) -> Sequence[HarvestSource]:
    if source_ids:
        return [sources.get(session, source_id) for source_id in source_ids]
    return sources.due(session, at=now()) if run_due else sources.runnable(session)


def _run_named(runtime: Runtime, source: HarvestSource, *, dry_run: bool) -> Report | None:
    return _run(runtime, source, sources.harvester_of(source), settles=True, dry_run=dry_run)


def _run_isolated(runtime: Runtime, source: HarvestSource, *, dry_run: bool) -> Report | None:
    """Run one of several: what keeps it from running is its own affair, and none of the others'."""
    report = Report(source=source.name, state=RunState.FAILED)
    try:
        return _run_named(runtime, source, dry_run=dry_run)
    except Busy as error:
        say(f"{source.name}: {error}")
        return None
    except Invalid as error:
        report.add("", *error.problems)
    except OperationalError:
        raise
    except Exception as error:  # isolates one source; the error is in its report and in the log
        log.exception("harvest: %s broke off", source.name)
        message = f"The run broke off: {type(error).__name__}."
        report.add("", Problem("", message, Severity.ERROR, "Tell the people who run the catalogue."))
    return report


@harvest.command("report")
@click.argument("run_id", type=int)
@json_option
def report_command(run_id: int, *, as_json: bool) -> None:
    """Show what the run RUN_ID did."""
    with load_runtime().reading_sessions() as session:
        answer = stored(session, run_id)
    show(answer, as_json=as_json, text=_in_words(answer))


def _run(runtime: Runtime, source: HarvestSource, harvester: Harvester, *, settles: bool, dry_run: bool) -> Report:
    place = workplace(runtime)
    with progress(f"Harvesting {source.name}") as tell:
        return run(place, source.id, harvester, now=now, settles=settles, dry_run=dry_run, progress=tell)


def drain(runtime: Runtime, report: Report | None = None) -> None:
    """Do what the harvest left for the worker, as part of its time if it is a harvest's."""
    with report.stage("outbox") if report else nullcontext():
        _done, failed = worker.run_once(runtime, now)
    if failed:
        say(f"{failed} messages of the outbox failed and will be tried again; the log says why.")


def _in_words(answer: dict[str, Any]) -> str:
    counts = ", ".join(f"{answer[name]:,} {name}" for name in COUNTS if answer[name])
    lines = [f"{answer['source']}: {answer['state'].replace('_', ' ')}. {counts or 'nothing seen'}."]
    lines.append(f"Took {answer['seconds']:.2f} seconds (run {answer['run'] or 'dry'}).")
    problems = sorted(answer["problems"], key=lambda each: ("error", "warning", "note").index(each["severity"]))
    lines += [
        f"  {each['severity']}: {each['record']} {each['path']}: {each['message']}" for each in problems[:MOST_SHOWN]
    ]
    if len(problems) > MOST_SHOWN:
        lines.append(f"  and {len(problems) - MOST_SHOWN:,} more problems: catalogue harvest report {answer['run']}")
    return "\n".join(lines)


def _exit(reports: Sequence[Report]) -> None:
    if any(report.state is RunState.FAILED or report.needs_a_person for report in reports):
        raise SystemExit(NEEDS_A_PERSON)
