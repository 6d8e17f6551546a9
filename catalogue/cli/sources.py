"""`catalogue sources`: where descriptions are pulled from."""

from typing import Any

import click

from catalogue.cli.root import NEEDS_A_PERSON, WRONG_USE, json_option, load_runtime, root, show, show_table, stop
from catalogue.cli.workplace import workplace
from catalogue.clock import now
from catalogue.services import freshness, sources
from catalogue.services.harvesting import Preview, preview
from catalogue.services.harvesting.report import COUNTS


@root.group("sources")
def group() -> None:
    """Add, list and try sources."""


@group.command("add")
@click.option("--organisation", required=True, help="Slug of the organisation that publishes it.")
@click.option("--kind", required=True, help="Kind of source, such as hdruk.")
@click.option("--url", required=True, help="Its address, http or https.")
@click.option("--name", default="", help="What to call it; else its address.")
@click.option("--aggregator", is_flag=True, help="It carries other custodians' datasets too.")
@click.option(
    "--option",
    "options",
    multiple=True,
    metavar="KEY=VALUE",
    help="A setting of the source, such as every=6 (hours); docs/sources.md has them all.",
)
@json_option
def add(
    organisation: str, kind: str, url: str, name: str, options: tuple[str, ...], *, aggregator: bool, as_json: bool
) -> None:
    """Add a source, or change the one of that name; sources added here are approved."""
    pairs = [option.partition("=") for option in options]
    if wrong := [key for key, separator, _ in pairs if not (key and separator)]:
        stop(f"--option takes KEY=VALUE, not {wrong[0]!r}.", status=WRONG_USE)
    with load_runtime().sessions() as session:
        added = sources.add(
            session,
            organisation=organisation,
            kind=kind,
            url=url,
            at=now(),
            name=name,
            is_aggregator=aggregator,
            options={key: value for key, _, value in pairs},
        )
    show({"id": added.id, "name": added.name}, as_json=as_json, text=f"Added source {added.id}: {added.name}.")


@group.command("list")
@json_option
def list_command(*, as_json: bool) -> None:
    """List all sources with what their last run did."""
    with load_runtime().reading_sessions() as session:
        items = [_listed(each) for each in freshness.list_all(session)]
    columns = (
        "id",
        "organisation",
        "kind",
        "name",
        "state",
        "every",
        "last_state",
        "last_finished",
        "seen",
        "problems",
    )
    rows = items if as_json else [{**item, "seen": item["counts"].get("seen", "-")} for item in items]
    show_table(rows, columns, as_json=as_json, empty="There are no sources yet.")


@group.command("preview")
@click.argument("source_id", type=int)
@json_option
def preview_command(source_id: int, *, as_json: bool) -> None:
    """Look at the first 20 records of SOURCE_ID: what would become of them. Nothing is kept."""
    runtime = load_runtime()
    with runtime.reading_sessions() as session:
        harvester = sources.harvester_of(sources.get(session, source_id))
    place = workplace(runtime)
    found = preview(place, source_id, harvester, now=now)
    show(found.as_json(), as_json=as_json, text=_in_words(found))
    if not found.is_usable:
        raise SystemExit(NEEDS_A_PERSON)


def _listed(each: freshness.ListedSource) -> dict[str, Any]:
    """A source without anything that could be a secret: its address has no query."""
    run = each.last_run
    return {
        "id": each.source.id,
        "organisation": each.organisation.slug,
        "kind": each.source.kind,
        "name": each.source.name,
        "url": freshness.shown(each.source.url),
        "state": each.source.state.value,
        "aggregator": each.source.is_aggregator,
        "every": each.source.every_hours,
        "options": each.source.options,
        "last_run": run.id if run else None,
        "last_state": run.state.value if run else "never run",
        "last_finished": run.finished_at.isoformat(timespec="minutes") if run and run.finished_at else None,
        "succeeded_at": each.succeeded_at.isoformat(timespec="minutes") if each.succeeded_at else None,
        "counts": {name: run.counts.get(name, 0) for name in COUNTS} if run else {},
        "problems": each.problems,
    }


def _in_words(found: Preview) -> str:
    lines = [f"{found.source}: {len(found.records)} records looked at{', all there are' if found.is_whole else ''}."]
    for each in found.records:
        problems = ", ".join(f"{count} {name}s" for name, count in each.problems.items() if count)
        lines.append(
            f"  {each.outcome}: {each.record} {each.title[:80]!r} of {each.custodian or '-'}. {problems}".rstrip()
        )
    lines += [
        f"  {each['severity']}: {each['record']} {each['path']}: {each['message']}"
        for each in found.problems
        if each["severity"] == "error"
    ]
    return "\n".join(lines)
