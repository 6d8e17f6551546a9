"""The canonical form as JSON: camel case, nothing written that is not stated."""

import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from schemas.metadata.description import Description

Json = dict[str, Any]


def camel(name: str) -> str:
    """`population_size` as `populationSize`."""
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def to_json(value: Any) -> Any:  # noqa: ANN401 - any part of a description
    """A description, or any part of it, as JSON values; sections with nothing stated are left out."""
    if isinstance(value, tuple):
        return [to_json(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if not hasattr(value, "__dataclass_fields__"):
        return value
    written: Json = {}
    for name, key in _keys(value.__class__):
        item = getattr(value, name)
        # Most facts of most parts are not stated, and most of the others are plain text.
        if not item and item in (None, "", ()):
            continue
        if item.__class__ is not str:
            item = to_json(item)
            if not item and item in ([], {}):
                continue
        written[key] = item
    return written


def from_json(document: Mapping[str, Any]) -> Description:
    """Read back what `to_json` wrote. Input from outside goes through a crosswalk and validation instead."""
    built = _builder(Description)(document)
    if not isinstance(built, Description):
        raise TypeError
    return built


def walk(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - any part of a description
    """Every stated leaf with its path, lists with positions: `('coverage.spatial[0]', 'Wales')`."""
    if is_dataclass(value):
        for name, key in _keys(value.__class__):
            yield from walk(getattr(value, name), f"{path}.{key}" if path else key)
    elif isinstance(value, tuple):
        for position, item in enumerate(value):
            yield from walk(item, f"{path}[{position}]")
    elif value not in (None, ""):
        yield path, value


@cache
def _keys(kind: type[Any]) -> tuple[tuple[str, str], ...]:
    return tuple((item.name, camel(item.name)) for item in fields(kind))


Builder = Callable[[Any], Any]


@cache
def _builder(hint: Any) -> Builder:  # noqa: ANN401 - a type hint
    """What builds a value of the hinted type from JSON; made once a type, since harvests build thousands."""
    origin = get_origin(hint)
    if origin is tuple:
        item = _builder(get_args(hint)[0])
        return lambda value: tuple(item(each) for each in value)
    if origin in (Union, types.UnionType):
        parts = [_builder(part) for part in get_args(hint) if hasattr(part, "__dataclass_fields__")]
        return parts[0] if parts else _same
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    if isinstance(hint, type) and hasattr(hint, "__dataclass_fields__"):
        return _dataclass_builder(hint)
    return _same


def _dataclass_builder(kind: type) -> Builder:
    hints = get_type_hints(kind)
    parts = tuple((name, key, _builder(hints[name])) for name, key in _keys(kind))

    def build(document: Mapping[str, Any]) -> Any:  # noqa: ANN401 - an instance of `kind`
        return kind(**{name: make(document[key]) for name, key, make in parts if document.get(key) is not None})

    return build


def _same(value: Any) -> Any:  # noqa: ANN401 - a JSON leaf
    return value
