"""Which version a document is read as: the declared one, else the one whose keys it uses."""

from typing import Any

import pytest

from schemas.crosswalks.hdruk import declared_version, read
from schemas.crosswalks.hdruk_versions import nearest, version_of


@pytest.mark.parametrize(
    ("document", "version"),
    [
        ({"@schema": {"version": "2.0.0"}}, "2.0.0"),
        ({"@schema": {"url": "https://schemas.example/hdruk/2.1.2/schema.json"}}, "2.1.2"),
        ({"@schema": "HDRUK 4.0.0"}, "4.0.0"),
        ({"schema": {"version": "3.0"}}, "3.0"),
        ({"schemaVersion": "4.0.0"}, "4.0.0"),
        ({"@schema": {"version": 2, "url": ["2.0.2"]}}, None),
        ({"@schema": {"version": "latest", "url": "https://10.1.2.3.4/x"}}, None),
        ({"version": "1.0.0"}, None),
        ({}, None),
        (None, None),
        ("4.0.0", None),
    ],
)
def test_what_is_declared(document: object, version: str | None) -> None:
    assert declared_version(document) == version


@pytest.mark.parametrize(
    ("declared", "known"),
    [
        ("2.0.0", "2.0.2"),
        ("2.1.1", "2.1.0"),
        ("2.9.1", "2.2.1"),
        ("3.0", "3.0.0"),
        ("4.1.0", "4.0.0"),
        ("9.9.9", "4.0.0"),
        ("1.0.0", "1.1.7"),
    ],
)
def test_the_nearest_known_version(declared: str, known: str) -> None:
    assert nearest(declared) == known


@pytest.mark.parametrize(
    ("document", "version"),
    [
        ({"title": "Births", "publisher": "Trust"}, "1.1.7"),
        ({"summary": {"publisher": {}}}, "2.0.2"),
        ({"summary": {"publisher": {}}, "structuralMetadata": []}, "2.1.2"),
        ({"summary": {"publisher": {}}, "provenance": {"temporal": {"publishingFrequency": "DAILY"}}}, "2.1.3"),
        ({"summary": {"publisher": {}, "populationSize": 5}}, "2.2.0"),
        ({"summary": {"publisher": {}}, "accessibility": {"access": {"accessServiceCategory": []}}}, "2.2.1"),
        ({"summary": {"dataCustodian": {}, "alternateIdentifiers": []}}, "3.0.0"),
        ({"summary": {"dataCustodian": {}}, "provenance": {"origin": {"datasetType": ["Omics"]}}}, "3.0.0"),
        ({"summary": {"dataCustodian": {}}}, "4.0.0"),
        ({"summary": []}, "4.0.0"),
        ({}, "4.0.0"),
    ],
)
def test_the_shape_decides_when_nothing_is_declared(document: dict[str, Any], version: str) -> None:
    assert version_of(document) == version


def test_a_wrong_declaration_does_not_hide_a_readable_document() -> None:
    document = {"identifier": "births", "summary": {"title": "Births", "dataCustodian": {"name": "Trust"}}}
    assert read({**document, "@schema": {"version": "1.1.7"}}).description == read(document).description
