"""Which HDR UK version a document is: what it declares, else what it looks like."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from schemas.crosswalks.text import JsonValue

SCHEMA_NAME = "hdruk"
OLDEST, NEWEST = "1.1.7", "4.0.0"
KNOWN = (OLDEST, "2.0.2", "2.1.0", "2.1.2", "2.1.3", "2.2.0", "2.2.1", "3.0.0", NEWEST)
DECLARING_KEYS = ("@schema", "schema", "schemaVersion")
_NUMBERS = re.compile(r"(?<![0-9.])([0-9]{1,3})\.([0-9]{1,3})(?:\.([0-9]{1,3}))?(?![0-9.])")
_LONGEST = 300


def declared_version(document: JsonValue) -> str | None:
    """The version that a document declares, as it writes it: in `@schema`, by its version or address."""
    if not isinstance(document, Mapping):
        return None
    for key in DECLARING_KEYS:
        value = document.get(key)
        candidates = (value.get("version"), value.get("url")) if isinstance(value, Mapping) else (value,)
        for candidate in candidates:
            if isinstance(candidate, str) and (found := _NUMBERS.search(candidate[:_LONGEST])):
                return found[0]
    return None


def version_of(document: Mapping[str, Any]) -> str:
    """The known version that a document is read as."""
    declared = declared_version(document)
    return nearest(declared) if declared else version_by_shape(document)


def is_flat(document: Mapping[str, Any]) -> bool:
    """Whether a document has the form of 1.1.7, whatever it declares: no sections, its publisher a text."""
    return not _below(document, "summary") and ("dataClasses" in document or isinstance(document.get("publisher"), str))


def is_comma_version(version: str) -> bool:
    """Whether lists may be one text with commas: everything before 3.0.0."""
    return version < "3"


@lru_cache(maxsize=64)
def nearest(declared: str) -> str:
    """The known version next to a declared one, of the same family if there is one: 2.0.0 is read as 2.0.2."""
    wanted = _parts(declared)

    def distance(known: str) -> tuple[int, int, int]:
        major, minor, patch = (abs(one - other) for one, other in zip(_parts(known), wanted, strict=True))
        return major, minor, patch

    return min(KNOWN, key=distance)


def _parts(version: str) -> tuple[int, int, int]:
    found = _NUMBERS.fullmatch(version)
    return (int(found[1]), int(found[2]), int(found[3] or 0)) if found else (0, 0, 0)


def version_by_shape(document: Mapping[str, Any]) -> str:
    """The version whose own keys a document uses."""
    if is_flat(document):
        return OLDEST
    summary = _below(document, "summary")
    if "publisher" in summary and "dataCustodian" not in summary:
        return _second_version(document, summary)
    types = _below(_below(document, "provenance"), "origin").get("datasetType")
    names_types_alone = isinstance(types, list) and any(isinstance(each, str) for each in types)
    return "3.0.0" if names_types_alone or "alternateIdentifiers" in summary else NEWEST


def _second_version(document: Mapping[str, Any], summary: Mapping[str, Any]) -> str:
    access = _below(_below(document, "accessibility"), "access")
    if "syntheticDataWebLink" in _below(document, "enrichmentAndLinkage") or "accessServiceCategory" in access:
        return "2.2.1"
    if {"populationSize", "datasetType"} & summary.keys() or "tissuesSampleCollection" in document:
        return "2.2.0"
    if "publishingFrequency" in _below(_below(document, "provenance"), "temporal"):
        return "2.1.3"
    return "2.1.2" if "structuralMetadata" in document else "2.0.2"


def _below(value: JsonValue, key: str) -> Mapping[str, Any]:
    found = value.get(key) if isinstance(value, Mapping) else None
    return found if isinstance(found, Mapping) else {}
