"""`catalogue sources`: where descriptions are pulled from."""

import click

from catalogue.cli.root import json_option, load_runtime, root, show, show_table
from catalogue.clock import now
from catalogue.services import sources


@root.group("sources")
def group() -> None:
    """Add and list sources."""


@group.command("add")
@click.option("--organisation", required=True, help="Slug of the organisation that publishes it.")
@click.option("--kind", required=True, help="Kind of source, such as hdruk.")
@click.option("--url", required=True, help="Its address, http or https.")
@click.option("--aggregator", is_flag=True, help="It carries other custodians' datasets too.")
@click.option("--option", "options", multiple=True, metavar="KEY=VALUE", help="A setting of this kind of source.")
@json_option
def add(organisation: str, kind: str, url: str, options: tuple[str, ...], *, aggregator: bool, as_json: bool) -> None:
    """Add a source; sources added here are approved."""
    pairs = [option.partition("=") for option in options]
    with load_runtime().sessions() as session:
        added = sources.add(
            session,
            organisation=organisation,
            kind=kind,
            url=url,
            at=now(),
            is_aggregator=aggregator,
            options={key: value for key, _, value in pairs},
        )
    show({"id": added.id, "name": added.name}, as_json=as_json, text=f"Added source {added.id}: {added.name}.")


@group.command("list")
@json_option
def list_command(*, as_json: bool) -> None:
    """List all sources with their last run."""
    with load_runtime().reading_sessions() as session:
        items = [
            {
                "id": each.source.id,
                "organisation": each.organisation.slug,
                "kind": each.source.kind,
                "name": each.source.name,
                "url": each.source.url,
                "state": each.source.state.value,
                "aggregator": each.source.is_aggregator,
                "last_run": each.last_run.id if each.last_run else None,
                "last_state": each.last_run.state.value if each.last_run else "never run",
            }
            for each in sources.list_all(session)
        ]
    columns = ("id", "organisation", "kind", "name", "state", "last_state")
    show_table(items, columns, as_json=as_json, empty="There are no sources yet.")
