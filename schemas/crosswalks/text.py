"""Text from outside: what is removed so that every database and every page can hold it, and how values are shown."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

# C0 and C1 controls but tab, line feed and carriage return, the bidirectional overrides and isolates, lone
# surrogates and noncharacters: PostgreSQL refuses the first, XML most, and readers are deceived by the second.
_UNWANTED = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069\\ud800-\\udfff\\ufeff\\ufffe\\uffff]"
)
JsonValue: TypeAlias = Any
"""A value of a JSON document from outside: it may be anything, whatever its place promises."""

MAXIMUM_DEPTH = 40
MAXIMUM_KEY = 200
_LARGEST_SHOWN = 10**1000


def is_clean(text: str) -> bool:
    """Whether `clean` would only take away white space around the text."""
    return (text.isascii() and text.isprintable()) or _UNWANTED.search(text) is None


def clean(text: str) -> str:
    """Without control characters, bidirectional overrides, lone surrogates, and white space around."""
    return (text if is_clean(text) else _UNWANTED.sub("", text)).strip()


def shown(value: object) -> str:
    """A leaf of a JSON document as text: `true`, `12`, or the text itself."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping | list | tuple):
        return "values nested too deeply to show"
    if isinstance(value, int) and abs(value) >= _LARGEST_SHOWN:
        # Python refuses to write the decimals of integers beyond a few thousand digits.
        return f"a number of {value.bit_length()} bits"
    return json.dumps(value, default=repr)


def is_blank(value: object) -> bool:
    """Whether the value is one of the ways of stating nothing: null, empty text, empty list, empty object."""
    if isinstance(value, str):
        return not clean(value)
    return value is None or (isinstance(value, Mapping | list | tuple) and not value)


def is_number(value: object) -> bool:
    """Whether the value is a number that means one: not true or false, not NaN, not infinite, not endlessly long."""
    if isinstance(value, int):
        return not isinstance(value, bool) and abs(value) < _LARGEST_SHOWN
    return isinstance(value, float) and math.isfinite(value)


def key_path(path: str, key: object) -> str:
    """The path of a key below `path`; keys come from outside too, and may be of any length."""
    name = clean(str(key))[:MAXIMUM_KEY]
    return f"{path}.{name}" if path else name


def leaves(value: JsonValue, path: str) -> Iterator[tuple[str, Any]]:
    """Every leaf that is not blank, with its path, in order; what lies deeper than `MAXIMUM_DEPTH` is one leaf."""
    pending: list[tuple[str, Any, int]] = [(path, value, 0)]
    while pending:
        where, item, depth = pending.pop()
        if is_blank(item):
            continue
        if isinstance(item, Mapping | list | tuple) and depth < MAXIMUM_DEPTH:
            if isinstance(item, Mapping):
                below = [(key_path(where, key), each, depth + 1) for key, each in item.items()]
            else:
                below = [(f"{where}[{position}]", each, depth + 1) for position, each in enumerate(item)]
            pending.extend(reversed(below))
        else:
            yield where, item
