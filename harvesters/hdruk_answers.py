"""HDR UK answers in JSON: what in them is a list, what a description, and what says why there is none."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from harvesters.base import Raw
from harvesters.errors import FileError
from schemas.crosswalks import hdruk

MEDIA_TYPE: Final = "application/json"
LIST_KEYS: Final = ("dataModels", "datasets", "items", "data", "results")
TOTAL_KEYS: Final = ("count", "total")
DEEPEST_WRAPPING: Final = 3
LONGEST_QUOTE: Final = 200
COMPACT: Final = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))


def raw_of(item: object, url: str, position: str) -> Raw:
    """The record in an item of a list, with its identifier and what its dates prove."""
    document = unwrapped(item)
    identifier = None
    for candidate in (document, item):
        if identifier is None and isinstance(candidate, dict):
            identifier = hdruk.remote_identifier(candidate)
    data = COMPACT.encode(document).encode()
    dates = hdruk.date_evidence(document if isinstance(document, dict) else {})
    return Raw(identifier, data, MEDIA_TYPE, url, position, dates)


def unwrapped(item: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Take the description out of the `metadata` that the Gateway's interface wraps it in, once or twice."""
    for _ in range(DEEPEST_WRAPPING):
        if not isinstance(item, dict) or "summary" in item or not isinstance(item.get("metadata"), dict):
            return item
        item = item["metadata"]
    return item


def is_description(value: dict[str, Any]) -> bool:
    """Whether an object is one description, and not an answer that says why there is none.

    A problem report has a title and perhaps an id, but neither a summary nor a publisher.
    """
    document = unwrapped(value)
    if any(isinstance(document.get(key), dict) for key in ("summary", "@schema", "required")):
        return True
    has_title = any(document.get(key) for key in ("title", "label"))
    return has_title and any(key in document for key in ("publisher", "abstract", "dataClasses"))


def is_listing(items: Sequence[Any]) -> bool:
    """Whether these are the items of a custodian's list, which name datasets and do not describe them."""
    named = [item for item in items if isinstance(item, dict) and "persistentId" in item]
    return bool(named) and not any(is_description(item) for item in items if isinstance(item, dict))


def answer_of(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """What stands under `result` in the answers of CKAN's and similar interfaces."""
    if isinstance(value, dict) and isinstance(value.get("result"), dict):
        return value["result"]
    return value


def items_of(value: Any, url: str) -> tuple[list[Any], str]:  # noqa: ANN401 - any JSON value
    """The list of descriptions and the name it stands under. Raises `FileError` when there is none, or it is empty."""
    if isinstance(value, list):
        items, place = value, ""
    elif isinstance(value, dict):
        place = next((key for key in LIST_KEYS if isinstance(value.get(key), list)), "")
        if not place:
            raise FileError(
                f"There is no list of descriptions in this. {excuse(value)}".strip(),
                f"A list stands under one of: {', '.join(LIST_KEYS)}.",
                url,
            )
        items = value[place]
    else:
        raise FileError(f"This is {kind_of(value)}, not a description or a list of them.", "", url)
    if not items:
        raise FileError(
            f"The list of descriptions is empty.{_declared_words(value)}",
            "If the source really has none left, withdraw its datasets by hand.",
            url,
        )
    return items, place


def declared_total(value: Any) -> int | None:  # noqa: ANN401 - any JSON value
    if not isinstance(value, dict):
        return None
    query = value.get("query")
    for holder in (value, query if isinstance(query, dict) else {}):
        for key in TOTAL_KEYS:
            total = holder.get(key)
            if isinstance(total, int) and not isinstance(total, bool) and total >= 0:
                return total
    return None


def _declared_words(value: Any) -> str:  # noqa: ANN401 - any JSON value
    declared = declared_total(value)
    return f" It says that it has {declared:,}." if declared else ""


def excuse(value: Mapping[str, Any]) -> str:
    """What an answer without descriptions says about itself."""
    if not value:
        return "It is an empty object."
    for key in ("error", "message", "detail"):
        said = value.get(key)
        if isinstance(said, dict):
            said = said.get("message")
        if isinstance(said, str) and said.strip():
            return f"It says: {said.strip()[:LONGEST_QUOTE]}"
    return f"It has {', '.join(sorted(value)[:5])}."[:LONGEST_QUOTE]


def kind_of(value: object) -> str:
    names = {list: "a list", str: "a text", bool: "true or false", type(None): "nothing", dict: "an object"}
    return names.get(type(value), "a number")
