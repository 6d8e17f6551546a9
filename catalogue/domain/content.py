"""What a description says, in a form that is the same for all that say the same (ADR 17).

White space is folded. Lists compare as sets, but for tables, columns and their values, whose order is the
data's own. Nothing stated is nothing stated, whether a section is absent or empty. How a fact came to be known
(`bases`) and why a value could not be mapped are the catalogue's words, not the source's, and are left out;
everything that the source says counts, its own dates of issue and change included: a source that says that its
description is a new one is taken at its word.
"""

import json
from collections.abc import Iterable
from dataclasses import fields
from functools import cache
from typing import Any, Final

from schemas.metadata import Column, ColumnValue, Description, Supplied, Table
from schemas.metadata.codec import camel

_text: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
IN_ORDER: Final = (Table, Column, ColumnValue)
"""What is listed in the order that the data have."""
_OWN_WORDS: Final = frozenset({(Description, "bases"), (Supplied, "reason")})


def says(value: Any) -> str:  # noqa: ANN401 - any part of a description
    """What a part of a description says, as a text that is the same for all that say it; empty for nothing."""
    said = _content(value)
    return _text.encode(said) if _is_stated(said) else ""


def _content(value: Any) -> Any:  # noqa: ANN401 - any part of a description, as JSON values
    if not value:
        return value
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, tuple):
        items = [said for said in map(_content, value) if _is_stated(said)]
        return items if isinstance(value[0], IN_ORDER) else _as_set(items)
    if hasattr(value, "__dataclass_fields__"):
        content = {}
        for name, key in parts_of(value.__class__):
            part = getattr(value, name)
            # Most facts of most parts are not stated, and most of the others are plain text.
            if not part and part != 0:
                continue
            said = " ".join(part.split()) if part.__class__ is str else _content(part)
            if said or said == 0:
                content[key] = said
        return content
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _is_stated(said: object) -> bool:
    """Nought and "no" are stated; None, empty text, empty list and empty part are not."""
    return bool(said) or said == 0


@cache
def parts_of(kind: type) -> tuple[tuple[str, str], ...]:
    """The fields of a part that count, by name and by name in a path."""
    return tuple((each.name, camel(each.name)) for each in fields(kind) if (kind, each.name) not in _OWN_WORDS)


def _as_set(items: Iterable[Any]) -> list[Any]:
    distinct = {item if isinstance(item, str) else _text.encode(item): item for item in items}
    return [distinct[text] for text in sorted(distinct)]
