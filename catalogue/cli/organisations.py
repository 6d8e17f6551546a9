"""`catalogue organisations`: members of the alliance."""

import click

from catalogue.cli.root import json_option, load_runtime, root, show, show_table
from catalogue.clock import now
from catalogue.models import OrganisationKind
from catalogue.services import organisations


@root.group("organisations")
def group() -> None:
    """Add and list organisations."""


@group.command("add")
@click.argument("name")
@click.option("--identifier", help="An address that identifies it, such as its ROR.")
@click.option("--hub", "kind", flag_value=OrganisationKind.HUB.value, help="It is a hub.")
@click.option("--alliance", "kind", flag_value=OrganisationKind.ALLIANCE.value, help="It is the alliance itself.")
@json_option
def add(name: str, identifier: str | None, kind: str | None, *, as_json: bool) -> None:
    """Add a member by its NAME."""
    chosen = OrganisationKind(kind) if kind else OrganisationKind.CUSTODIAN
    with load_runtime().sessions() as session:
        added = organisations.add(session, name, at=now(), identifier=identifier, kind=chosen)
        answer = {"name": added.name, "slug": added.slug, "identifier": added.identifier, "kind": added.kind.value}
    show(answer, as_json=as_json, text=f"Added {added.name} as {added.slug}.")


@group.command("list")
@json_option
def list_command(*, as_json: bool) -> None:
    """List all organisations with the number of their datasets."""
    with load_runtime().reading_sessions() as session:
        items = [
            {
                "slug": each.organisation.slug,
                "name": each.organisation.name,
                "identifier": each.organisation.identifier,
                "kind": each.organisation.kind.value,
                "claimed": each.organisation.is_claimed,
                "datasets": each.datasets,
            }
            for each in organisations.list_with_datasets(session)
        ]
    empty = "There are no organisations yet. Add one with: catalogue organisations add NAME"
    show_table(items, ("slug", "name", "datasets", "claimed"), as_json=as_json, empty=empty)
