"""The canonical form from outside: what a form or the interface sends becomes a description, or is refused.

The marshmallow schemas are made from the same table that `check` reads, so that the two cannot disagree:
`load` refuses exactly what `check` would call an error of a single value, and what is no description at all.
"""

from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cache
from typing import Any, Final

import marshmallow
from marshmallow import fields

from schemas.metadata import Description, Problem, Severity, from_json
from schemas.validation.forms import Finding
from schemas.validation.structure import Part, parts_of
from schemas.vocabularies import field_label

_ABSENT: Final = Finding("is missing", "State it.")
_SHAPES: Final = {
    "Missing data for required field.": _ABSENT,
    "Field may not be null.": _ABSENT,
    "Unknown field.": Finding("is not a field of a description", "Leave it out, or check its name."),
    "Not a valid list.": Finding("is not a list", "Give a list."),
    "Invalid input type.": Finding("is not a group of fields", "Give an object."),
}


def load(document: object) -> Description | tuple[Problem, ...]:
    """Make a description of JSON values in the canonical form, or return everything that keeps it from being one.

    White space around texts is taken off; what is null or empty is not stated.
    """
    if not isinstance(document, Mapping):
        return (Problem("", "A description is an object.", Severity.ERROR, "Send a JSON object."),)
    try:
        loaded = _schema()().load(document)
    except marshmallow.ValidationError as error:
        return tuple(_problems(error.messages_dict, ""))
    return from_json(loaded)


class _Leaf(fields.Field[Any]):
    """A single value, looked at as `check` looks at it."""

    def __init__(self, part: Part) -> None:
        super().__init__(allow_none=not part.is_required, required=part.is_required)
        self.part = part

    def _deserialize(
        self,
        value: Any,  # noqa: ANN401 - a JSON value
        attr: str | None,  # noqa: ARG002 - marshmallow's signature
        data: Mapping[str, Any] | None,  # noqa: ARG002 - marshmallow's signature
        **kwargs: Any,  # noqa: ARG002 - marshmallow's signature
    ) -> Any:  # noqa: ANN401 - a leaf of a description
        tidied = _tidied(value, self.part)
        finding = self.part.find(tidied) if tidied is not None else None
        if finding and finding.severity is Severity.ERROR:
            handed_through: Any = [finding]
            raise marshmallow.ValidationError(handed_through)
        return tidied


class _List(fields.List[Any]):
    """A list without the entries that state nothing."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> list[Any]:  # noqa: ANN401 - marshmallow's signature
        return [item for item in super()._deserialize(value, attr, data, **kwargs) if item is not None]


def _tidied(value: Any, part: Part) -> Any:  # noqa: ANN401 - a JSON value
    if isinstance(value, str):
        value = value.strip() or (value.strip() if part.is_required else None)
        kind = part.kinds[0]
        return kind(value) if issubclass(kind, Enum) and value in {each.value for each in kind} else value
    if isinstance(value, float) and value.is_integer() and float not in part.kinds:
        # Some programs write every number with a point.
        return int(value)
    return value


@cache
def _schema(path: str = "") -> type[marshmallow.Schema]:
    """The schema of the section at a path; made once."""
    parts = parts_of() if not path else _section(path).below
    return marshmallow.Schema.from_dict({part.key: _field(part) for part in parts}, name=f"Section {path}")


def _section(path: str) -> Part:
    way, parts = path.split("."), parts_of()
    found = next(part for part in parts if part.key == way[0])
    for key in way[1:]:
        found = next(part for part in found.below if part.key == key)
    return found


def _field(part: Part) -> fields.Field[Any]:
    inner = fields.Nested(_schema(part.path), allow_none=True) if part.section else _Leaf(part)
    return _List(inner, allow_none=True) if part.is_list else inner


def _problems(messages: Any, path: str) -> Iterator[Problem]:  # noqa: ANN401 - marshmallow's nested messages
    if isinstance(messages, Mapping):
        for key, below in messages.items():
            if key == "_schema":
                here = path
            elif isinstance(key, int):
                here = f"{path}[{key}]"
            else:
                here = f"{path}.{key!s:.80}" if path else f"{key!s:.80}"
            yield from _problems(below, here)
        return
    for message in messages if isinstance(messages, list) else [messages]:
        finding = message if isinstance(message, Finding) else _SHAPES.get(message, Finding(f"is wrong: {message}", ""))
        yield Problem(path, f"“{field_label(path)}” {finding.says}.", Severity.ERROR, finding.fix)
