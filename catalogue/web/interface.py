"""The page about the interface for programs, made from the interface's own description."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template
from markupsafe import Markup, escape

from catalogue.runtime import runtime
from catalogue.services import datasets, organisations
from catalogue.web.blueprints import section
from catalogue.web.sessions import reading
from schemas.api import description

EXAMPLE_SITE = "https://catalogue.example"
"""The site in the commands of the description."""

pages = section("interface", permission="site:read")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: its name, what it may be, and what it does."""

    name: str
    values: Markup
    about: Markup


@dataclass(frozen=True, slots=True)
class Operation:
    """Something that can be asked, with commands that ask it: what each does, and the command."""

    path: str
    summary: str
    about: Markup
    more: Markup
    parameters: tuple[Parameter, ...]
    samples: tuple[tuple[Markup, str], ...]


@pages.get("/api")
def show() -> str:
    """What can be asked, with which parameters, and commands to try."""
    told: set[str] = set()
    operations = []
    for path, methods in description.document()["paths"].items():
        operations.append(_operation(path, methods["get"], told))
        told.update(each["name"] for each in methods["get"]["parameters"])
    return render_template("interface/show.html", operations=operations)


def _operation(path: str, about: Mapping[str, Any], told: Iterable[str]) -> Operation:
    """What can be asked at an address; parameters that an earlier one told of are not told again."""
    return Operation(
        path=path,
        summary=about["summary"],
        about=_words(about["responses"]["200"]["description"]),
        more=_words(about.get("description", "")),
        parameters=tuple(
            Parameter(each["name"], _values(each["schema"]), _words(each.get("description", "")))
            for each in about["parameters"]
            if each["name"] not in told
        ),
        samples=tuple(
            (_words(each["label"]), _here(each["source"], about["parameters"])) for each in about["x-codeSamples"]
        ),
    )


def _here(command: str, parameters: Sequence[Mapping[str, Any]]) -> str:
    """The command for this site, about something that is there."""
    command = command.replace(EXAMPLE_SITE, runtime().settings.base_url)
    for each in parameters:
        known = _known(each["name"]) if "example" in each else None
        command = command.replace(each["example"], known) if known else command
    return command


def _known(name: str) -> str | None:
    if name == "identifier":
        return next((identifier for identifier, _ in datasets.list_public(reading(), offset=0, limit=1)), None)
    listed = organisations.list_with_datasets(reading())
    return next((each.organisation.slug for each in listed if each.datasets), None)


def _values(schema: Mapping[str, Any]) -> Markup:
    one = schema.get("items", schema)
    if "enum" in one:
        said = Markup("One of ") + Markup(", ").join(Markup("<code>{}</code>").format(each) for each in one["enum"])
    elif "minimum" in one:
        said = Markup("From {} to {}").format(f"{one['minimum']}", f"{one['maximum']}")
    else:
        said = Markup("Text")
    said += Markup(", any number of times") if schema["type"] == "array" else Markup()
    return said + (Markup("; usually <code>{}</code>").format(schema["default"]) if "default" in schema else Markup())


def _words(text: str) -> Markup:
    """A sentence in which code stands between backticks."""
    parts = text.split("`")
    marked = (Markup("<code>{}</code>").format(each) if place % 2 else escape(each) for place, each in enumerate(parts))
    return Markup().join(marked)
