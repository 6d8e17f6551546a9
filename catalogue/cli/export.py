"""`catalogue export`: the whole catalogue, or one dataset, in a format."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from catalogue.cli.root import load_runtime, root, say
from catalogue.export.base import Shortfall
from catalogue.runtime import Runtime
from catalogue.services import dataset_rdf, datasets, exchange


@root.command()
@click.argument("format_name", metavar="FORMAT")
@click.option("--dataset", "identifier", help="Only the dataset with this identifier.")
@click.option("--output", type=click.Path(path_type=Path), help="File to write; else standard output.")
@click.option("--serialisation", "named", help="How FORMAT is written; else the suffix of the output says it.")
def export(format_name: str, identifier: str | None, output: Path | None, named: str | None) -> None:
    """Write descriptions in FORMAT; what could not be said goes to standard error."""
    chosen = exchange.get_format(format_name)
    suffix = output.suffix.removeprefix(".").lower() if output is not None else None
    serialisation = exchange.get_serialisation(chosen, named, suffix)
    runtime = load_runtime()
    site = exchange.Site(runtime.settings.site_name, runtime.settings.base_url)
    if identifier is not None:
        with runtime.reading_sessions() as session, _opened(output) as out:
            view = datasets.get(session, identifier)
            offer = exchange.Offer(chosen, serialisation)
            out.write(exchange.representation(session, view, offer, site=site).data + b"\n")
        return
    renew(runtime)
    told = _Told()
    with runtime.reading_sessions() as session, _opened(output) as out:
        exchange.write_all(session, chosen, serialisation, out, told, site=site)
    say(f"{told.written:,} datasets written; {told.lacking:,} lack something that {chosen.label} requires.")


def renew(runtime: Runtime) -> None:
    """Bring what is kept in RDF up to date, if the worker has not: a new release or address changes all of it."""
    with runtime.sessions() as session:
        for count in dataset_rdf.refresh_outdated(session, base_url=runtime.settings.base_url):
            if count:
                say(f"{count:,} datasets written in RDF anew.")


class _Told:
    """Counts what was written, and tells what could not be said."""

    def __init__(self) -> None:
        self.written = self.lacking = 0

    def __call__(self, shortfall: Shortfall) -> None:
        self.written += 1
        self.lacking += bool(shortfall.problems)
        for problem in shortfall.problems:
            say(f"{shortfall.identifier}\t{problem.path}\t{problem.message}")


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
