"""`catalogue export`: the whole catalogue, or one dataset, in a format."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from catalogue.cli.root import load_runtime, root, say
from catalogue.services import datasets, exchange


@root.command()
@click.argument("format_name", metavar="FORMAT")
@click.option("--dataset", "identifier", help="Only the dataset with this identifier.")
@click.option("--output", type=click.Path(path_type=Path), help="File to write; else standard output.")
def export(format_name: str, identifier: str | None, output: Path | None) -> None:
    """Write descriptions in FORMAT; what could not be said goes to standard error."""
    chosen = exchange.get_format(format_name)
    runtime = load_runtime()
    base_url = runtime.settings.base_url
    with runtime.reading_sessions() as session, _opened(output) as out:
        if identifier is not None:
            items = iter([exchange.exportable(datasets.get(session, identifier), base_url=base_url)])
        else:
            items = exchange.everything(session, base_url=base_url)
        written = lacking = 0
        if identifier is not None:
            out.write(chosen.one(next(items)) + b"\n")
            return
        for shortfall in chosen.many(items, out):
            written += 1
            lacking += bool(shortfall.problems)
            for problem in shortfall.problems:
                say(f"{shortfall.identifier}\t{problem.path}\t{problem.message}")
    say(f"{written:,} datasets written; {lacking:,} lack something that {chosen.label} requires.")


@contextmanager
def _opened(output: Path | None) -> Iterator[BinaryIO]:
    """Write beside the file and move it into place at the end, so that there never is half an export."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    beside = output.with_name(f".{output.name}.part")
    try:
        with beside.open("wb") as handle:
            yield handle
        beside.replace(output)
    finally:
        beside.unlink(missing_ok=True)
