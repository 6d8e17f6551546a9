"""The canonical form written as HDR UK 4.0.0: what is known, and a list of what that version misses."""

from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any

from schemas.crosswalks.hdruk_demands import unmet
from schemas.crosswalks.splitting import Commas, split
from schemas.crosswalks.text import JsonValue
from schemas.metadata import (
    Access,
    Accessibility,
    Column,
    Description,
    FormatAndStandards,
    Problem,
    Summary,
)
from schemas.metadata.codec import camel

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Writing:
    """A document, and what its standard asks for that could not be said, or not in the form it asks for.

    The paths of `missing` are those of the document.
    """

    document: Json
    missing: tuple[Problem, ...]


_BEYOND: dict[type, frozenset[str]] = {
    Description: frozenset(
        {
            "distributions",
            "data_services",
            "health",
            "deidentification",
            "linkability",
            "recontact",
            "bases",
            "as_supplied",
        }
    ),
    Summary: frozenset({"lay_summary"}),
    Accessibility: frozenset({"legal"}),
    Access: frozenset({"access_level", "access_body", "alternative_custodian", "apply_elsewhere"}),
    FormatAndStandards: frozenset({"coding_systems"}),
    Column: frozenset({"missing_share", "least", "greatest", "distinct_count"}),
}
"""What the canonical form holds beyond HDR UK 4.0.0."""

_UNKNOWN_SIZE = {"summary.populationSize": "-1"}
"""What is kept as supplied of a document that says that the number of people is not reported."""


def write(description: Description) -> Writing:
    """The description as HDR UK 4.0.0. Nothing is invented, and nothing that has a place there is left out."""
    document: Json = _part(description) or {}
    _write_empty_lists(document)
    _write_places(document)
    _write_single(document, ("summary", "dataCustodian"), "contactPoint", Commas.ALWAYS)
    _write_single(document, ("accessibility", "usage"), "resourceCreator", Commas.NEVER)
    in_order = {key: document[key] for _, key in _names(Description) if key in document}
    missing = tuple(unmet(in_order))
    if _UNKNOWN_SIZE.items() <= {each.path: each.value for each in description.as_supplied}.items():
        _write_unknown_size(in_order)
    return Writing(in_order, missing)


def _part(value: JsonValue) -> JsonValue:
    if is_dataclass(value):
        kind: type = type(value)
        pairs = ((key, _part(getattr(value, name))) for name, key in _names(kind))
        return {key: item for key, item in pairs if item is not None} or None
    if isinstance(value, tuple):
        return [part for part in map(_part, value) if part is not None] or None
    return None if value == "" else value


@cache
def _names(kind: type) -> tuple[tuple[str, str], ...]:
    beyond = _BEYOND.get(kind, frozenset())
    return tuple((item.name, camel(item.name)) for item in fields(kind) if item.name not in beyond)


def _write_unknown_size(document: Json) -> None:
    """HDR UK's own sign for a number of people that nobody reports, which the source wrote and gets back."""
    summary = document.setdefault("summary", {})
    if "populationSize" not in summary:
        sized = {**summary, "populationSize": -1}
        document["summary"] = {key: sized[key] for _, key in _names(Summary) if key in sized}


def _write_empty_lists(document: Json) -> None:
    """Lists that must be there, but state nothing without entries."""
    for name in ("revisions", "observations"):
        document.setdefault(name, [])
    for entry in document.get("provenance", {}).get("origin", {}).get("datasetType", ()):
        entry.setdefault("subTypes", [])
    for entry in document.get("structuralMetadata", {}).get("tables", ()):
        entry.setdefault("columns", [])
    if formats := document.get("accessibility", {}).get("formatAndStandards"):
        for name in ("vocabularyEncodingScheme", "conformsTo", "language", "format"):
            formats.setdefault(name, [])


def _write_places(document: Json) -> None:
    """Places are names in one text with commas, as long as that can be taken apart again; else a list."""
    coverage = document.get("coverage", {})
    places = coverage.get("spatial")
    if places:
        joined = ",".join(places)
        if split(joined, Commas.NAMES, is_old=False) == places:
            coverage["spatial"] = joined


def _write_single(document: Json, keys: tuple[str, ...], name: str, commas: Commas) -> None:
    """One entry of a field that is text or list is written as text, unless it would be read as several."""
    for key in keys:
        document = document.get(key, {})
    entries = document.get(name)
    if entries and len(entries) == 1 and split(entries[0], commas, is_old=False) == entries:
        document[name] = entries[0]
