"""What people call the fields of a description: labels, a line of help, and the order in which they are shown."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

_POSITION = re.compile(r"\[[0-9]+\]")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the canonical description; `path` has no list positions, `order` counts over all sections."""

    path: str
    label: str
    help: str
    section: str
    order: int


@dataclass(frozen=True, slots=True)
class Section:
    """Fields that are shown together."""

    name: str
    title: str
    fields: tuple[Field, ...]


@cache
def sections() -> tuple[Section, ...]:
    """All sections with their fields, in the order in which they are shown."""
    document = json.loads((files(__package__) / "fields.json").read_text("utf-8"))
    found: list[Section] = []
    order = 0
    for entry in document["sections"]:
        inside = tuple(
            Field(each["path"], each["label"], each["help"], entry["name"], order + position)
            for position, each in enumerate(entry["fields"])
        )
        order += len(inside)
        found.append(Section(entry["name"], entry["title"], inside))
    return tuple(found)


@cache
def fields() -> Mapping[str, Field]:
    """All fields by path."""
    return MappingProxyType({each.path: each for section in sections() for each in section.fields})


def field(path: str) -> Field | None:
    """The field at a path, whatever its list positions; None for a path that is not of the description."""
    return fields().get(path) or fields().get(_POSITION.sub("", path))


def field_label(path: str) -> str:
    """What people call the field at a path; the path itself when it is not a field of the description."""
    found = field(path)
    return found.label if found else path
