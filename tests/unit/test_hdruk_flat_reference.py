"""The crosswalk on the 335 real documents of 1.1.7, kept outside the project."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from schemas.crosswalks.hdruk import (
    DateEvidence,
    Reading,
    date_evidence,
    identifier_of,
    read,
    remote_identifier,
    revision_identifiers,
    write,
)
from schemas.crosswalks.text import leaves, shown
from schemas.metadata import Description
from tests.unit.recovery import recovery

Json = dict[str, Any]


@pytest.fixture(scope="module")
def documents(reference_data: Path) -> list[Json]:
    path = reference_data / "hdruk" / "real" / "gateway-2020-08.hdruk-1.1.7.json"
    return list(json.loads(path.read_text("utf-8"))["dataModels"])


@pytest.fixture(scope="module")
def readings(documents: list[Json]) -> list[Reading]:
    return [read(document) for document in documents]


@pytest.fixture(scope="module")
def descriptions(readings: list[Reading]) -> list[Description]:
    return [reading.description for reading in readings if reading.description]


def test_every_real_flat_record_is_publishable(readings: list[Reading], descriptions: list[Description]) -> None:
    assert len(descriptions) == 335
    assert {(reading.schema_name, reading.schema_version) for reading in readings} == {("hdruk", "1.1.7")}


def test_the_record_is_known_by_its_id(documents: list[Json], descriptions: list[Description]) -> None:
    assert [remote_identifier(document) for document in documents] == [document["id"] for document in documents]
    assert [identifier_of(each.identifier or "") for each in descriptions] == [each["id"] for each in documents]
    assert sum(bool(revision_identifiers(each)) for each in descriptions) > 200


def test_every_column_is_there(documents: list[Json], descriptions: list[Description]) -> None:
    tables = [table for each in descriptions for table in each.structural_metadata.tables]
    assert (len(tables), sum(len(table.columns) for table in tables)) == (411, 3268)
    assert all(column.name for table in tables for column in table.columns)
    assert all(table.name for table in tables)
    named = {column.name for table in tables for column in table.columns}
    assert named == {
        shown(element["label"])
        for document in documents
        for each in document["dataClasses"]
        for element in each["dataElements"]
    }


def test_dates_that_can_be_read_two_ways_stay_not_stated(documents: list[Json]) -> None:
    evidence = sum((date_evidence(document) for document in documents), DateEvidence())
    assert evidence == DateEvidence(month_first=19, day_first=3)
    assert evidence.order is None


def test_no_number_of_people_is_invented(descriptions: list[Description]) -> None:
    assert not [each for each in descriptions if each.summary.population_size is not None]
    assert sum(bool(each.observations) for each in descriptions) == 75


def test_what_does_not_come_back_from_the_export_is_kept_or_repeated(
    documents: list[Json], descriptions: list[Description]
) -> None:
    filled = recovered = 0
    for document, description in zip(documents, descriptions, strict=True):
        back = read(json.loads(json.dumps(write(description).document))).description
        assert back is not None
        assert back == replace(description, bases=(), as_supplied=())
        measured = recovery(document, back)
        filled, recovered = filled + measured.filled, recovered + measured.recovered
        kept = {text for each in description.as_supplied for text in (each.path, each.value)}
        values = dict(leaves(document, ""))
        lost = [(path, values[path]) for path in measured.lost if not {path, shown(values[path])} & kept]
        assert not [path for path, value in lost if value != "No" and path not in {"lastUpdated", "populationType"}]
    # the others are mostly other names of columns, how often they may occur, and terms of licences
    assert filled > 20_000
    assert recovered / filled >= 0.90
