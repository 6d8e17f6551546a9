"""Tables and columns of HDR UK 1.1.7: classes, their elements, and what the tool knew of them besides."""

from collections.abc import Iterator, Mapping
from typing import Final

from schemas.crosswalks.reading import Json, Notebook, SetAside, entries, gather, items, table
from schemas.crosswalks.text import JsonValue, leaves, shown
from schemas.crosswalks.values import scalar, string, text
from schemas.metadata import Problem, Severity, Supplied

NO_PLACE: Final = "HDR UK 4.0.0 has no place for this any more."
DETAIL: Final = "detail of a table"


def detail(notes: Notebook, value: JsonValue, path: str) -> None:
    """Keep as supplied what the tool knew of a table or column and 4.0.0 does not, with one note for all of it."""
    notes.set_aside.append(SetAside(DETAIL, path, value))


def of_the_tool(notes: Notebook, value: JsonValue, path: str) -> None:
    """Pass over what the tool says of its own record, which is no fact about the dataset."""
    if isinstance(value, Mapping | list):
        notes.refuse(path, value, "One value is expected here.")


_VALUE = table(
    {
        "key": ("name", scalar),
        "value": ("description", string),
        "category": ("category", detail),
        "index": ("index", of_the_tool),
        "id": ("id", of_the_tool),
    }
)
_TOOL = {key: (key, of_the_tool) for key in ("id", "domainType", "lastUpdated", "dataElementsCount")}
_DETAILS = {
    key: (key, detail)
    for key in ("aliases", "semanticLinks", "classifiers", "minMultiplicity", "maxMultiplicity", "referenceClass")
}
_DATA_TYPE = table(
    {
        "label": ("dataType", text()),
        "description": ("dataType", detail),
        "enumerationValues": ("values", items(_VALUE, "values")),
        **_TOOL,
        **_DETAILS,
    }
)


def _name_of_type(notes: Notebook, value: JsonValue, path: str) -> str | None:
    return None if isinstance(value, Mapping) else string(notes, value, path)


_ELEMENT = table(
    {
        "label": ("name", scalar),
        "description": ("description", string),
        "dataType": ("dataType", _name_of_type),
        **_TOOL,
        **_DETAILS,
    }
)


def _columns(notes: Notebook, value: JsonValue, path: str) -> list[Json]:
    found = []
    for element, where in entries(notes, value, path):
        facts: Json = {}
        gather(notes, element, where, _ELEMENT, facts)
        if isinstance(element.get("dataType"), Mapping):
            gather(notes, element["dataType"], f"{where}.dataType", _DATA_TYPE, facts)
        if facts:
            found.append(facts)
    return found


CLASSES: Final = items(
    table(
        {
            "label": ("name", string),
            "description": ("description", string),
            "dataElements": ("columns", _columns),
            **_TOOL,
            **_DETAILS,
        }
    ),
    "structuralMetadata.tables",
)
"""The reader of `dataClasses`."""


def settle_details(notes: Notebook) -> None:
    """Say once how many details there are."""
    details = list(_details(notes))
    if details:
        message = f"{len(details):,} details of tables and columns have no place in HDR UK 4.0.0."
        notes.problems.append(Problem("dataClasses", message, Severity.NOTE, "They are kept as supplied."))
        notes.supplied += details


def _details(notes: Notebook) -> Iterator[Supplied]:
    for kept in notes.set_aside:
        if kept.kind == DETAIL:
            for where, leaf in leaves(kept.value, kept.path):
                yield Supplied(where, shown(leaf), NO_PLACE)
