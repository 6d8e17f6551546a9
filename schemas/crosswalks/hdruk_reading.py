"""HDR UK 1.1.7 to 4.0.0 read into the canonical form."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from schemas.crosswalks import hdruk_flat
from schemas.crosswalks.dates import YEARS_AHEAD, DateEvidence, DateForm, DateOrder, date_evidence, read_date
from schemas.crosswalks.hdruk_fields import ACCESS, ROOT, USAGE
from schemas.crosswalks.hdruk_relations import place_sub_types
from schemas.crosswalks.hdruk_special import LEAD_TIME, SECOND_HAND
from schemas.crosswalks.hdruk_versions import SCHEMA_NAME, is_comma_version, is_flat, version_of
from schemas.crosswalks.identifiers import remote_identifier
from schemas.crosswalks.reading import Inferred, Json, Notebook, Reading, SetAside, gather, put
from schemas.crosswalks.text import JsonValue
from schemas.crosswalks.values import states_nothing
from schemas.metadata import Basis, BasisKind, Problem, Severity, from_json
from schemas.vocabularies import fold


def read(
    document: JsonValue,
    *,
    identifier: str | None = None,
    date_order: DateOrder | None = None,
    today: date | None = None,
) -> Reading:
    """The description in an HDR UK document, with everything that is wrong with it.

    `identifier` is what the source calls the record, for documents that do not repeat it. `date_order` is the
    convention that the source's dates show (`DateEvidence.order`). Years are believed up to ten after `today`,
    or after the document's own `modified`.
    """
    if not isinstance(document, Mapping):
        problem = Problem("", "The document is not a JSON object.", Severity.ERROR, "Send one object a dataset.")
        return Reading(None, (problem,), SCHEMA_NAME, "")
    version = version_of(document)
    notes = noted(document, version, date_order, _latest_year(document, today), flat=is_flat(document))
    if not remote_identifier(notes.facts):
        notes.facts["identifier"] = identifier
    missing = _missing(notes.facts, document)
    if missing:
        return Reading(None, (*missing, *notes.problems), SCHEMA_NAME, version)
    description = replace(from_json(notes.facts), bases=tuple(notes.bases), as_supplied=tuple(notes.supplied))
    return Reading(description, tuple(notes.problems), SCHEMA_NAME, version)


def noted(
    document: Mapping[str, JsonValue],
    version: str,
    date_order: DateOrder | None,
    latest_year: int | None,
    *,
    flat: bool,
) -> Notebook:
    """Everything that a document says when it is read as `version`, whether it can be an entry or not."""
    notes = Notebook(splits_commas=flat or is_comma_version(version), order=date_order, latest_year=latest_year)
    gather(notes, document, "", hdruk_flat.FLAT if flat else ROOT, notes.facts)
    _settle(notes)
    if flat:
        hdruk_flat.settle(notes)
    return notes


def evidence_of(document: JsonValue) -> DateEvidence:
    """What a document's slash dates prove about its source's convention; cheap, for a first pass over all records."""
    if not isinstance(document, Mapping):
        return DateEvidence()
    provenance = document.get("provenance")
    temporal = provenance.get("temporal") if isinstance(provenance, Mapping) else None
    dated: list[Any] = [document.get(key) for key in DATED]
    if isinstance(temporal, Mapping):
        dated += [temporal.get(key) for key in ("startDate", "endDate", "distributionReleaseDate")]
    observations = document.get("observations")
    if isinstance(observations, list):
        dated += [each.get("observationDate") for each in observations if isinstance(each, Mapping)]
    return date_evidence(dated)


def _latest_year(document: Mapping[str, Any], today: date | None) -> int | None:
    if today:
        return today.year + YEARS_AHEAD
    modified = document.get("modified") or document.get("lastUpdated")
    found = read_date(modified.strip(), None, None) if isinstance(modified, str) else None
    return int(found.value[:4]) + YEARS_AHEAD if found and found.value and found.form is DateForm.ISO else None


DATED = ("issued", "modified", "releaseDate", "datasetStartDate", "datasetEndDate")
"""Where a document has dates beside its sections, of 1.1.7 those of the dataset too."""

_SENTENCE = 8
"""Words that make a sentence."""

_REQUIRED = (
    (("identifier",), "identifier", "The record has no identifier.", "Give the dataset an identifier."),
    (("summary", "title"), "summary.title", "The record has no title.", "Give the dataset a title."),
    (
        ("summary", "dataCustodian", "name"),
        "summary.dataCustodian.name",
        "The record names no custodian.",
        "Name the organisation that answers for the dataset.",
    ),
)


def _missing(facts: Json, document: Mapping[str, Any]) -> list[Problem]:
    """What the record lacks without which it cannot be an entry."""
    problems = []
    for keys, path, message, fix in _REQUIRED:
        value: Any = facts
        for key in keys:
            value = value.get(key) if isinstance(value, Mapping) else None
        if not value:
            problems.append(Problem(_older_path(path, document), message, Severity.ERROR, fix))
    return problems


def _older_path(path: str, document: Mapping[str, Any]) -> str:
    """The path by the name that the document's own version has for the place."""
    if is_flat(document):
        return _FLAT_PATHS[path]
    summary = document.get("summary")
    is_second = isinstance(summary, Mapping) and "publisher" in summary
    return path.replace("dataCustodian", "publisher") if is_second else path


_FLAT_PATHS = {"identifier": "id", "summary.title": "title", "summary.dataCustodian.name": "publisher"}


def _settle(notes: Notebook) -> None:
    """Place what could not be placed before everything else was known."""
    place_sub_types(notes)
    for kept in [each for each in notes.set_aside if each.kind == SECOND_HAND]:
        _settle_second_hand(notes, kept)
    sentences = {kept.value: kept for kept in reversed(notes.set_aside) if kept.kind == LEAD_TIME}
    for kept in reversed(sentences.values()):
        _settle_lead_time(notes, kept)


def _settle_second_hand(notes: Notebook, kept: SetAside) -> None:
    """The publisher's word counts where the dataset's own access section says nothing."""
    key = kept.path.rpartition(".")[2]
    target, reader = ACCESS[key] if key in ACCESS else USAGE[key]
    apart = Notebook(splits_commas=notes.splits_commas)
    found = reader(apart, kept.value, kept.path)
    notes.set_aside += apart.set_aside
    notes.problems += apart.problems
    notes.supplied += apart.supplied
    evidence = found.evidence if isinstance(found, Inferred) else ""
    found = found.value if isinstance(found, Inferred) else found
    if found is None or found == []:
        return
    there: Any = notes.facts
    for name in target:
        there = there.get(name) if isinstance(there, Mapping) else None
    if there is None and evidence:
        notes.bases.append(Basis(".".join(target), BasisKind.INFERRED, evidence))
    put(notes, notes.facts, target, found, kept.path, kept.value)


def _settle_lead_time(notes: Notebook, kept: SetAside) -> None:
    """Sources wrote sentences and addresses where a code belongs.

    Many repeat the access rights. An address, or a sentence about how requests are handled, describes the access
    service, and a data manager would put it there; a few words that are not in the list have no other place.
    """
    written = notes.tidy(kept.path, kept.value)
    access = notes.facts.get("accessibility", {}).get("access", {})
    fix = "Choose a time to access from the list."
    if not written:
        return
    if states_nothing(written, kept.path):
        notes.say_nothing(kept.path, written)
    elif fold(written).rstrip(".") == fold(access.get("accessRights", "")).rstrip("."):
        notes.note(kept.path, "This repeats the access rights.", fix)
    elif "://" in written or len(written.split()) >= _SENTENCE:
        notes.warn(kept.path, "This is not a value of the list; it is shown as the access service.", fix)
        access = notes.facts.setdefault("accessibility", {}).setdefault("access", {})
        stated = access.get("accessService")
        access["accessService"] = f"{stated}\n\n{written}" if stated else written
    else:
        notes.refuse(kept.path, written, "This is not a value of the list “Time to access”.", fix)
