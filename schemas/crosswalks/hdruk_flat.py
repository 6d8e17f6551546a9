"""Where each field of HDR UK 1.1.7 belongs in the canonical form.

That version is the flat export of a tool for data models: one level of fields, tables as `dataClasses` with
`dataElements`, and the tool's own identifiers, counters and states everywhere. The fields that 2.0.0 renamed
belong where it put them.
"""

import re
from collections.abc import Mapping
from typing import Final

from schemas.crosswalks.hdruk_fields import (
    ACCESS,
    COVERAGE,
    CUSTODIAN,
    DOCUMENTATION,
    FORMATS,
    LINKAGE,
    REVISION,
    ROOT,
    SUMMARY,
    TEMPORAL,
    USAGE,
)
from schemas.crosswalks.hdruk_flat_tables import CLASSES, NO_PLACE, of_the_tool, settle_details
from schemas.crosswalks.identifiers import identifier_of
from schemas.crosswalks.reading import (
    Inferred,
    Json,
    Notebook,
    Reader,
    SetAside,
    items,
    place,
    put,
    section,
    table,
)
from schemas.crosswalks.text import JsonValue, is_blank, key_path, shown
from schemas.crosswalks.values import code, number, states_nothing, string, text
from schemas.vocabularies import fold, vocabulary

NAMED: Final = "named apart"
_LATEST: Final = "latest"
_TEXT: Final = text()
_NAMES: Final = ("id", "identifier")
_CLAUSES: Final = re.compile(r"[,;:()]")
_DIGITS: Final = re.compile(r"[0-9]{1,9}")


def apart(notes: Notebook, value: JsonValue, path: str) -> None:
    """Leave for `settle` what another field of the document may say as well."""
    notes.set_aside.append(SetAside(NAMED, path, value))


def no_place(notes: Notebook, value: JsonValue, path: str) -> None:
    """Keep as supplied what 2.0.0 gave up already, unless it states nothing."""
    if isinstance(value, str) and states_nothing(notes.tidy(path, value), path):
        notes.say_nothing(path, shown(value))
    else:
        notes.refuse(path, value, NO_PLACE)


def publisher(notes: Notebook, value: JsonValue, path: str) -> str | None:
    """The custodian's name; the membership in front of it (`HUBS > `) is a fact of its own."""
    if isinstance(value, Mapping):
        section(table(CUSTODIAN))(notes, value, path)
        return None
    name = string(notes, value, path)
    head, separator, rest = (name or "").partition(">")
    member_of = vocabulary("membership").find(head.strip()) if separator else None
    if member_of is None or not rest.strip():
        return name
    put(notes, notes.facts, ("summary", "dataCustodian", "memberOf"), member_of, path, value)
    return rest.strip()


def frequency(notes: Notebook, value: JsonValue, path: str) -> JsonValue:
    """A code, or the only clause of a text that is one: `Quarterly, in March and June`."""
    known = vocabulary("publishing-frequency")
    written = shown(value) if isinstance(value, str) else ""
    clauses = {found for clause in _CLAUSES.split(written[:200]) if (found := known.find(clause.strip()))}
    if known.find(written) or len(clauses) != 1:
        return code("publishing-frequency")(notes, value, path)
    found = clauses.pop()
    notes.note(path, f"“{notes.tidy(path, written)}” is read as “{found}”.", "Choose a value of the list.")
    return Inferred(found, notes.tidy(path, written))


def with_semicolons(reader: Reader) -> Reader:
    """The same reader for text whose items are separated by semicolons."""

    def read(notes: Notebook, value: JsonValue, path: str) -> JsonValue:
        is_listed = isinstance(value, str) and "," not in value
        return reader(notes, value.replace(";", ",") if is_listed else value, path)

    return read


def revisions(notes: Notebook, value: JsonValue, path: str) -> JsonValue:
    """Earlier identifiers by version number; `latest` repeats one of them."""
    if not isinstance(value, Mapping):
        return items(REVISION, "revisions")(notes, value, path)
    named = {key: each for key, each in value.items() if isinstance(key, str) and key != _LATEST}
    found: list[Json] = []
    for version in sorted(named, key=_numbers):
        where = key_path(path, version)
        if not is_blank(named[version]) and (url := _TEXT(notes, named[version], where)):
            found.append({"version": notes.tidy(where, version), "url": url})
    latest = value.get(_LATEST)
    if not is_blank(latest) and not (isinstance(latest, str) and latest in named.values()):
        notes.refuse(f"{path}.{_LATEST}", latest, "No version with this identifier is listed.")
    return found


def _numbers(version: str) -> tuple[list[int], str]:
    return [int(part) for part in _DIGITS.findall(version[:100])], version


FLAT = {
    "title": SUMMARY["title"],
    "abstract": SUMMARY["abstract"],
    "contactPoint": SUMMARY["contactPoint"],
    "keywords": SUMMARY["keywords"],
    "doi": SUMMARY["doiName"],
    "description": DOCUMENTATION["description"],
    "group": DOCUMENTATION["isPartOf"],
    "geographicCoverage": COVERAGE["spatial"],
    "ageBand": COVERAGE["typicalAgeRange"],
    "physicalSampleAvailability": COVERAGE["physicalSampleAvailability"],
    "releaseDate": TEMPORAL["distributionReleaseDate"],
    "datasetStartDate": TEMPORAL["startDate"],
    "datasetEndDate": TEMPORAL["endDate"],
    "creator": USAGE["resourceCreator"],
    "citations": USAGE["isReferencedBy"],
    "accessRights": ACCESS["accessRights"],
    "accessRequestCost": ACCESS["accessRequestCost"],
    "accessRequestDuration": ACCESS["deliveryLeadTime"],
    "jurisdiction": ACCESS["jurisdiction"],
    "dataController": ACCESS["dataController"],
    "dataProcessor": ACCESS["dataProcessor"],
    "language": FORMATS["language"],
    "format": FORMATS["format"],
    "linkedDataset": LINKAGE["qualifiedRelation"],
    "derivedDatasets": LINKAGE["derivation"],
    "version": ROOT["version"],
    "documentationVersion": ROOT["version"],
    "issued": ROOT["issued"],
    "modified": ROOT["modified"],
    "schema": ROOT["schema"],
    "@schema": ROOT["@schema"],
    "schemaVersion": ROOT["schemaVersion"],
    **{
        key: (FORMATS[name][0], with_semicolons(FORMATS[name][1]))
        for key, name in (("conformsTo", "conformsTo"), ("controlledVocabulary", "vocabularyEncodingScheme"))
    },
    **table(
        {
            "publisher": ("summary.dataCustodian.name", publisher),
            "periodicity": ("provenance.temporal.publishingFrequency", frequency),
            "revisions": ("revisions", revisions),
            "dataClasses": ("structuralMetadata.tables", CLASSES),
            **{
                key: (key, apart)
                for key in (*_NAMES, "label", "lastUpdated", "license", "statisticalPopulation", "populationType")
            },
            **{key: (key, of_the_tool) for key in ("domainType", "type", "editable", "finalised", "dateFinalised")},
            "dataClassesCount": ("dataClassesCount", of_the_tool),
            **{key: (key, no_place) for key in ("fileSize", "author", "organisation", "semanticLinks", "classifiers")},
        }
    ),
}


def settle(notes: Notebook) -> None:
    """Place what could not be placed before the rest of the document was known."""
    named = {kept.path: kept for kept in notes.set_aside if kept.kind == NAMED}
    _settle_identifiers(notes, named)
    _settle_title(notes, named.get("label"))
    if (updated := named.get("lastUpdated")) and not notes.facts.get("modified"):
        place(notes, updated.value, updated.path, FLAT["modified"], notes.facts)
    if licence := named.get("license"):
        _settle_licence(notes, licence)
    _settle_population(notes, named.get("statisticalPopulation"), named.get("populationType"))
    settle_details(notes)


def _settle_identifiers(notes: Notebook, named: Mapping[str, SetAside]) -> None:
    """`id` is the record's own; `identifier` then is a short name, which sources give to several records."""
    for path in _NAMES:
        if path not in named:
            continue
        found = string(notes, named[path].value, path)
        stated = notes.facts.setdefault("identifier", found) if found else None
        if found and identifier_of(found) != identifier_of(str(stated)):
            _add_alias(notes, found)


def _settle_title(notes: Notebook, label: SetAside | None) -> None:
    found = string(notes, label.value, label.path) if label else None
    if found and fold(found) != fold(notes.facts.setdefault("summary", {}).setdefault("title", found)):
        _add_alias(notes, found)


def _add_alias(notes: Notebook, name: str) -> None:
    summary = notes.facts.setdefault("summary", {})
    aliases = summary.setdefault("datasetAliases", [])
    if name not in aliases:
        aliases.append(name)


def _settle_licence(notes: Notebook, licence: SetAside) -> None:
    """Many sources wrote the access rights here again, or how requests are handled."""
    access = notes.facts.get("accessibility", {}).get("access", {})
    said = {fold(access.get(name, "")).rstrip(".") for name in ("accessRights", "accessService")}
    if isinstance(licence.value, str) and fold(notes.tidy(licence.path, licence.value)).rstrip(".") in said - {""}:
        notes.note(licence.path, "This repeats what is said of access.", "State it once.")
    else:
        no_place(notes, licence.value, licence.path)


def _settle_population(notes: Notebook, count: SetAside | None, kind: SetAside | None) -> None:
    """A count of whatever the dataset counts: people in some records, prescriptions or images in others."""
    found = number(notes, count.value, count.path) if count else None
    words = _TEXT(notes, kind.value, kind.path) if kind else None
    if found is not None:
        observation: Json = {"measuredValue": found, "measuredProperty": "Statistical population"}
        notes.facts["observations"] = [observation | ({"disambiguatingDescription": words} if words else {})]
    elif words and kind:
        places = notes.facts.get("coverage", {}).get("spatial", ())
        if fold(words) in map(fold, places):
            notes.note(kind.path, "This repeats the places that the dataset covers.", "State it once.")
        else:
            notes.refuse(kind.path, words, NO_PLACE)
