"""What every command shares: the group, the settings, how results and mistakes are told."""

import json
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click
from sqlalchemy.engine import Engine

import catalogue.cli
from catalogue.config import Settings, SettingsError
from catalogue.db import make_engine
from catalogue.domain.errors import Busy, CatalogueError, Invalid
from catalogue.plugins import find
from catalogue.runtime import Runtime
from catalogue.search.opening import check_address

SUCCESS, NEEDS_A_PERSON, WRONG_USE, COULD_NOT_RUN = 0, 1, 2, 3
"""Exit statuses, as the readme has them."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")


class Commands(click.Group):
    """Commands that are there because their files are.

    A command is in the file of its name, or in one whose name begins with it (`harvest_questions.py` has commands of
    `harvest`), so that only what is asked for is imported: the start of a server is waited for.
    """

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command with what belongs to it; a name that no file has is looked for in all of them."""
        stem = cmd_name.replace("-", "_")
        find(catalogue.cli, only=lambda name: name == stem or name.startswith(f"{stem}_"))
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All of them."""
        find(catalogue.cli)
        return super().list_commands(ctx)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="health-dataset-catalogue", prog_name="catalogue")
def root() -> None:
    """A metadata catalogue for an alliance of health data custodians."""


def load_settings() -> Settings:
    """The settings from the environment; mistakes end the command."""
    try:
        settings = Settings.from_environment()
        check_address(settings.search_url)
    except SettingsError as error:
        stop("The settings cannot be used:", *error.mistakes, status=COULD_NOT_RUN)
    return settings


def load_engine(settings: Settings) -> Engine:
    """The database of the settings; its connections are closed when the command ends."""
    engine = make_engine(settings.database)
    click.get_current_context().call_on_close(engine.dispose)
    return engine


def load_runtime() -> Runtime:
    """The running parts for the settings of the environment."""
    settings = load_settings()
    return Runtime.build(settings, load_engine(settings))


def show(answer: dict[str, Any], *, as_json: bool, text: str) -> None:
    """Print the answer: JSON alone on standard output, or text for a person."""
    if as_json:
        json.dump(answer, sys.stdout, ensure_ascii=False)
        sys.stdout.write("\n")
    else:
        click.echo(text)


def show_table(items: Sequence[dict[str, Any]], columns: Sequence[str], *, as_json: bool, empty: str) -> None:
    """Print a list: `{"items": [...]}`, or aligned columns."""
    if as_json or not items:
        show({"items": list(items)}, as_json=as_json, text=empty)
        return
    rows = [columns, *([str(item[name]) for name in columns] for item in items)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(columns))]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def say(message: str) -> None:
    """Tell a person something, on standard error."""
    click.echo(message, err=True)


def stop(*lines: str, status: int) -> NoReturn:
    """End the command with a message on standard error."""
    for line in lines:
        say(line)
    raise SystemExit(status)


def refuse(error: CatalogueError) -> NoReturn:
    """End the command because a use case refused."""
    if isinstance(error, Invalid):
        lines = [" ".join(part for part in (each.message, each.fix) if part) for each in error.problems]
        stop(*lines, status=WRONG_USE)
    stop(str(error), status=COULD_NOT_RUN if isinstance(error, Busy) else WRONG_USE)
