"""The crosswalk on real documents: the catalogue of November 2020, its history, and the standard's own examples."""

import gzip
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from schemas.crosswalks.dates import read_date
from schemas.crosswalks.hdruk import DateEvidence, Reading, date_evidence, identifier_of, read, write
from schemas.crosswalks.text import leaves, shown
from schemas.metadata import BasisKind, Description
from tests.unit.recovery import Recovery, recovery

Json = dict[str, Any]


@pytest.fixture(scope="module")
def documents(reference_data: Path) -> list[Json]:
    """The 379 descriptions of the Gateway in November 2020."""
    path = reference_data / "hdruk" / "real" / "gateway-2020-11.hdruk-2.0.json"
    return list(json.loads(path.read_text("utf-8"))["dataModels"])


@pytest.fixture(scope="module")
def readings(documents: list[Json]) -> list[Reading]:
    return [read(document) for document in documents]


@pytest.fixture(scope="module")
def descriptions(readings: list[Reading]) -> list[Description]:
    return [reading.description for reading in readings if reading.description]


@pytest.fixture(scope="module")
def recoveries(documents: list[Json], descriptions: list[Description]) -> list[Recovery]:
    """What of each document comes back from its export."""
    found = []
    for document, description in zip(documents, descriptions, strict=True):
        back = read(json.loads(json.dumps(write(description).document))).description
        assert back is not None
        found.append(recovery(document, back))
    return found


def test_every_real_description_is_publishable(readings: list[Reading], descriptions: list[Description]) -> None:
    assert len(descriptions) == 379
    assert len({identifier_of(description.identifier or "") for description in descriptions}) == 379
    assert {(reading.schema_name, reading.schema_version) for reading in readings} == {("hdruk", "2.0.2")}


def test_what_the_real_descriptions_lack_is_not_invented(descriptions: list[Description]) -> None:
    assert not [each for each in descriptions if each.summary.population_size is not None]
    assert not [each for each in descriptions if each.provenance.origin.dataset_type]
    assert sum(each.documentation.description is None for each in descriptions) == 36
    assert sum(not each.coverage.spatial for each in descriptions) == 93


def test_ambiguous_dates_stay_not_stated(documents: list[Json], descriptions: list[Description]) -> None:
    evidence = sum((date_evidence(document) for document in documents), DateEvidence())
    assert evidence == DateEvidence(month_first=16, day_first=4)
    assert evidence.order is None
    dated = [
        str(value)
        for document in documents
        for value in document["provenance"]["temporal"].values()
        if isinstance(value, str) and value.count("/") == 2
    ]
    assert Counter(read_date(text, None, 2030).form.value for text in dated) == {"proven": 20, "ambiguous": 27}
    assert not [basis for each in descriptions for basis in each.bases if "temporal" in basis.path]
    kept = [each for description in descriptions for each in description.as_supplied if "cannot be told" in each.reason]
    assert len(kept) == 27


def test_a_source_that_shows_a_convention_has_its_dates_inferred(documents: list[Json]) -> None:
    month_first = [each for each in documents if date_evidence(each).month_first]
    order = sum((date_evidence(document) for document in month_first), DateEvidence()).order
    inferred = [
        basis
        for document in month_first
        if (description := read(document, date_order=order).description)
        for basis in description.bases
        if basis.kind is BasisKind.INFERRED and basis.path == "provenance.temporal.startDate"
    ]
    assert inferred
    assert all("/" in basis.evidence for basis in inferred)


def test_98_in_100_values_come_back_from_the_export(recoveries: list[Recovery]) -> None:
    filled = sum(each.filled for each in recoveries)
    assert filled > 12_000
    assert sum(each.recovered for each in recoveries) / filled >= 0.98


def test_what_does_not_come_back_is_kept_as_supplied(
    documents: list[Json], descriptions: list[Description], recoveries: list[Recovery]
) -> None:
    for document, description, measured in zip(documents, descriptions, recoveries, strict=True):
        kept = " ".join(each.value for each in description.as_supplied)
        values = dict(leaves(document, ""))
        lost = [values[path] for path in measured.lost]
        assert not [value for value in lost if value != "No" and shown(value) not in kept]


def test_an_upgraded_description_is_upgraded_no_further(descriptions: list[Description]) -> None:
    for description in descriptions:
        again = read(write(description).document).description
        assert again == replace(description, bases=(), as_supplied=())


def test_every_snapshot_of_the_history_is_readable(reference_data: Path) -> None:
    snapshots = sorted((reference_data / "hdruk" / "real" / "replay").glob("*.json.gz"))
    assert len(snapshots) == 13
    for snapshot in snapshots:
        with gzip.open(snapshot, "rt", encoding="utf-8") as file:
            records = json.load(file)["dataModels"]
        assert len(records) > 300
        assert all(read(record).description for record in records)


def stating(value: object) -> object:
    """The value without what states nothing, lists and single texts alike."""
    if isinstance(value, Mapping):
        inside = {key: stating(each) for key, each in value.items()}
        return {key: each for key, each in inside.items() if each not in (None, "", [], {})}
    if isinstance(value, list):
        return [each for each in map(stating, value) if each not in (None, "", [], {})]
    return shown(value) if isinstance(value, str) else value


@pytest.mark.parametrize("name", ["schemata-docs-hdruk-4.0.0.json", "traser-hdruk400.json"])
def test_the_examples_of_400_survive_the_round_trip(reference_data: Path, name: str) -> None:
    document = json.loads((reference_data / "hdruk" / "examples" / name).read_text("utf-8"))
    reading = read(document, identifier="example")
    assert reading.description is not None
    document["identifier"] = document["identifier"] or "example"
    assert stating(write(reading.description).document) == stating(document)


@pytest.mark.parametrize(
    "name",
    [
        "schemata-hdruk-2.1.2.json",
        "traser-hdrukv211.json",
        "traser-hdruk300.json",
        "schemata-docs-hdruk-3.0.0.json",
        "schemata-cruk-1.0.0.json",
    ],
)
def test_what_examples_of_other_versions_become_is_valid_400(reference_data: Path, name: str) -> None:
    document = json.loads((reference_data / "hdruk" / "examples" / name).read_text("utf-8"))
    schema = json.loads((reference_data / "hdruk" / "schemas" / "hdruk-4.0.0.schema.json").read_text("utf-8"))
    reading = read(document, identifier="0aa7b3c1-0000-4000-8000-000000000001")
    assert reading.description is not None
    writing = write(reading.description)
    announced = {problem.path.partition("[")[0] for problem in writing.missing}
    for error in jsonschema.Draft202012Validator(schema).iter_errors(writing.document):
        place = ".".join(str(step) for step in error.absolute_path if isinstance(step, str))
        assert any(path.startswith(place) for path in announced), (place, error.message)
