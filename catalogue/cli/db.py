"""`catalogue db`: making and checking the tables."""

import click

from catalogue.cli.root import NEEDS_A_PERSON, json_option, load_engine, load_settings, root, show
from catalogue.migrations.running import upgrade
from catalogue.migrations.state import is_current


@root.group()
def db() -> None:
    """Make and check the database."""


@db.command("upgrade")
def upgrade_command() -> None:
    """Bring the tables up to what the program expects; safe to run at every start."""
    settings = load_settings()
    revision = upgrade(load_engine(settings))
    click.echo(f"The database is at revision {revision}.", err=True)


@db.command("check")
@json_option
def check(*, as_json: bool) -> None:
    """Say whether the tables are what the program expects."""
    engine = load_engine(load_settings())
    current = is_current(engine)
    text = "The database is up to date." if current else "The database is not up to date; run: catalogue db upgrade"
    show({"current": current}, as_json=as_json, text=text)
    if not current:
        raise SystemExit(NEEDS_A_PERSON)
