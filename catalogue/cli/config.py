"""`catalogue config`: how this catalogue is set up."""

from dataclasses import Field, fields

from catalogue.cli.root import json_option, load_settings, root, show
from catalogue.config import PREFIX, Settings


@root.group("config")
def group() -> None:
    """Look at the settings."""


@group.command("show")
@json_option
def show_command(*, as_json: bool) -> None:
    """Print every setting with its value; secrets are only said to be set or not."""
    settings = load_settings()
    values = {PREFIX + each.name.upper(): _value(settings, each) for each in fields(Settings)}
    show(values, as_json=as_json, text="\n".join(f"{name}={value}" for name, value in values.items()))


def _value(settings: Settings, setting: Field[str]) -> str:
    value = str(getattr(settings, setting.name))
    return ("(set)" if value else "(not set)") if setting.metadata["secret"] else value
