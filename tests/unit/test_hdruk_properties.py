"""Whatever stands in a document: reading never fails, loses nothing, and what was read survives its export."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, composite

from schemas.crosswalks import hdruk_content, hdruk_fields, hdruk_flat
from schemas.crosswalks.hdruk import Reading, date_evidence, declared_version, read, remote_identifier, write
from schemas.crosswalks.text import clean, leaves, shown
from schemas.metadata import Description, Severity, to_json, walk
from schemas.vocabularies import fold, is_not_stated, names, vocabulary
from tests.unit.descriptions import descriptions

UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
SECTIONS: Mapping[str, Any] = {
    "": hdruk_fields.ROOT,
    "summary": hdruk_fields.SUMMARY,
    "summary.dataCustodian": hdruk_fields.CUSTODIAN,
    "summary.publisher": {**hdruk_fields.CUSTODIAN, **hdruk_fields.SECOND_HAND_KEYS},
    "documentation": hdruk_fields.DOCUMENTATION,
    "coverage": hdruk_fields.COVERAGE,
    "provenance.origin": hdruk_fields.ORIGIN,
    "provenance.temporal": hdruk_fields.TEMPORAL,
    "accessibility.access": hdruk_fields.ACCESS,
    "accessibility.usage": hdruk_fields.USAGE,
    "accessibility.formatAndStandards": hdruk_fields.FORMATS,
    "enrichmentAndLinkage": hdruk_fields.LINKAGE,
    "structuralMetadata": ("tables", "syntheticDataWebLink"),
    "demographicFrequency": hdruk_content.DEMOGRAPHICS,
    "omics": hdruk_content.OMICS,
}
PLACES = sorted((section, key) for section, keys in SECTIONS.items() for key in keys if "schema" not in key.casefold())
ITEMS = sorted({*hdruk_content.OBSERVATION, "name", "columns", "values", "subTypes", "pid", "url", "count", "version"})

words = st.sampled_from([
    "N/A", "TBC", "England, Wales", "0-150", "31/12/2019", "4/5/19", "ICD10", "Other", "10.1000/x(1", "a;,;b", "-1",
    "\x00", "\ud800", "\u202e", "https://a.example/x", "Health and disease", "Cancer", "true", "2-6 MONTHS", "1" * 40,
])  # fmt: skip
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | words | st.just(10**40)
junk = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(ITEMS) | st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)  # fmt: skip


def placed(document: dict[str, Any], section: str, key: str, value: object) -> None:
    for step in filter(None, section.split(".")):
        below = document.get(step)
        document = below if isinstance(below, dict) else document.setdefault(step, {})
        if not isinstance(document, dict):
            return
    document[key] = value


@composite
def documents(draw: DrawFn) -> dict[str, Any]:
    document: dict[str, Any] = draw(st.sampled_from([{}, {"@schema": {"version": "2.0.2"}}]))
    document = {**document, "identifier": "births", "summary": {"title": "Births", "publisher": {"name": "Trust"}}}
    for _ in range(draw(st.integers(1, 4))):
        section, key = draw(st.sampled_from(PLACES))
        if f"{section}.{key}" not in {".identifier", ".summary", "summary.title", "summary.publisher"}:
            placed(document, section, key, draw(junk))
    if draw(st.booleans()):
        document[draw(st.text(max_size=8))] = draw(junk)
    return {**document, "identifier": "births"}


FLAT = sorted(hdruk_flat.FLAT.keys() - {"id", "title", "publisher"})
NESTED = ("label", "dataElements", "dataType", "enumerationValues", "key", "value", "aliases", "id", "1.0.0", "latest")
OF_THE_TOOL = re.compile(
    r"(domainType|type|editable|finalised|dateFinalised|lastUpdated|dataClassesCount)|schema.*"
    r"|dataClasses.*\.(id|domainType|lastUpdated|dataElementsCount|index)"
)
flat_junk = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NESTED), inner, max_size=4)
)


@composite
def flat_documents(draw: DrawFn) -> dict[str, Any]:
    """Records of 1.1.7, in which anything may stand anywhere."""
    drawn = draw(st.dictionaries(st.sampled_from(FLAT), flat_junk, max_size=5))
    if draw(st.booleans()):
        drawn[draw(st.text(max_size=8))] = draw(junk)
    return {**drawn, "id": "births", "title": "Births", "publisher": "HUBS > Trust"}


def is_accounted_for(path: str, value: object, reading: Reading, texts: list[str]) -> bool:
    if path.startswith(("@schema", "schema")):
        return True
    assert reading.description is not None
    own = re.sub(r"\[[0-9]+\]$", "", path)
    spoken_of = {each.path for each in (*reading.problems, *reading.description.as_supplied)}
    if {path, own} & spoken_of:
        return True
    text = fold(shown(value))
    if any(text == known or f",{text}," in f",{known}," or f", {text}," in f", {known}," for known in texts):
        return True
    meant = {fold(found) for name in names() if (found := vocabulary(name).find(shown(value)))}
    if meant & set(texts):
        return True
    parts = [fold(clean(part)) for part in re.split("[;,]", str(value))]
    return all(part in texts or not part or is_not_stated(part) for part in parts)


def lost_from(document: dict[str, Any], reading: Reading) -> list[str]:
    assert reading.description is not None
    texts = [fold(shown(value)) for _, value in walk(replace(reading.description, as_supplied=()))]
    return [path for path, value in leaves(document, "") if not is_accounted_for(path, value, reading, texts)]


@given(flat_documents())
@example({"id": "b", "title": "B", "publisher": "T", "dataClasses": [{"label": "\x00", "dataElements": [{"a": [1]}]}]})
@example({"id": "b", "title": "B", "publisher": "T", "revisions": {"2.0": "c", "\ud800": "d", "latest": ["c"]}})
def test_reading_the_flat_form_never_fails_and_loses_nothing(document: dict[str, Any]) -> None:
    reading = read(document)
    assert reading.description is not None
    assert [path for path in lost_from(document, reading) if path != "publisher" and not OF_THE_TOOL.match(path)] == []
    stored = [*walk(reading.description), *((each.path, each.message) for each in reading.problems)]
    assert not [text for _, text in stored if isinstance(text, str) and UNSTORABLE.search(text)]


@given(flat_documents())
def test_what_was_read_of_the_flat_form_survives_its_export(document: dict[str, Any]) -> None:
    description = read(document).description
    assert description is not None
    again = read(write(description).document).description
    assert again is not None
    assert known_to_hdruk(again) == known_to_hdruk(description)


@given(documents())
@example({"identifier": "births", "summary": {"title": "\x00B", "publisher": {"name": "T"}, "keywords": [["a"], 1.5]}})
@example({"identifier": "births", "summary": {"title": "B", "publisher": {"name": "T"}}, "\ud800\x00": {"a\x00": [1]}})
def test_reading_never_fails_and_loses_nothing(document: dict[str, Any]) -> None:
    reading = read(document)
    if reading.description is None:
        assert [each for each in reading.problems if each.severity is Severity.ERROR]
        return
    description = reading.description
    assert lost_from(document, reading) == []
    stored = [*walk(description), *((each.path, each.message) for each in reading.problems)]
    assert not [text for _, text in stored if isinstance(text, str) and UNSTORABLE.search(text)]
    assert not [each.path for each in reading.problems if UNSTORABLE.search(each.path)]


@given(documents())
def test_what_was_read_survives_its_export(document: dict[str, Any]) -> None:
    description = read(document).description
    if description is not None:
        again = read(write(description).document).description
        assert again is not None
        assert known_to_hdruk(again) == known_to_hdruk(description)


@given(junk)
def test_no_junk_breaks_the_first_look_at_a_record(value: object) -> None:
    flat = {"id": value, "publisher": "Trust", "dataClasses": value, "revisions": value}
    for document in (value, {"identifier": value, "@schema": value, "modified": value, "observations": value}, flat):
        assert remote_identifier(document) is None or remote_identifier(document)
        assert declared_version(document) is None or declared_version(document)
        assert date_evidence(document) + date_evidence(document) is not None
        read(document)


def known_to_hdruk(description: Description) -> dict[str, Any]:
    return {key: value for key, value in to_json(description).items() if key not in {"bases", "asSupplied"}}


@given(descriptions())
def test_hdruk_400_to_canonical_and_back_is_the_identity(description: Description) -> None:
    writing = write(description)
    reading = read(writing.document)
    assert reading.description is not None
    assert reading.schema_version == "4.0.0"
    assert known_to_hdruk(reading.description) == known_to_hdruk(description)
    assert write(reading.description) == writing
