"""3.0.0 differs from 4.0.0 in three places; what it says there is said as 4.0.0."""

from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, composite

from schemas.crosswalks.hdruk import Reading, read, revision_identifiers, write
from schemas.metadata import DatasetType, Description, Origin, Provenance, to_json
from schemas.vocabularies import vocabulary
from tests.unit.descriptions import descriptions

NARROWER = vocabulary("dataset-type").narrower


def reading_of(origin: dict[str, Any], **summary: Any) -> Reading:
    return read(
        {
            "@schema": {"version": "3.0.0"},
            "identifier": "births",
            "summary": {"title": "Births register", "dataCustodian": {"name": "Example Trust"}, **summary},
            "provenance": {"origin": origin},
        }
    )


def types_of(types: object, sub_types: object) -> tuple[DatasetType, ...]:
    reading = reading_of({"datasetType": types, "datasetSubType": sub_types})
    assert reading.schema_version == "3.0.0"
    assert reading.description is not None
    return reading.description.provenance.origin.dataset_type


@pytest.mark.parametrize(
    ("types", "sub_types", "placed"),
    [
        (["Lifestyle"], ["Smoking"], (DatasetType("Lifestyle", ("Smoking",)),)),
        (
            ["Imaging types", "Omics"],
            ["CT", "Genomics", "MRI"],
            (DatasetType("Imaging types", ("CT", "MRI")), DatasetType("Omics", ("Genomics",))),
        ),
        (["Health and disease"], None, (DatasetType("Health and disease"),)),
        (None, ["Smoking"], (DatasetType("Lifestyle", ("Smoking",)),)),
        (["Politics"], ["Not applicable"], (DatasetType("Politics", ("Not applicable",)),)),
        (["Omics"], ["Others"], (DatasetType("Omics", ("Others",)),)),
    ],
)
def test_sub_types_go_under_their_type(types: object, sub_types: object, placed: tuple[DatasetType, ...]) -> None:
    assert types_of(types, sub_types) == placed


def test_a_sub_type_of_several_types_is_kept_as_supplied() -> None:
    reading = reading_of({"datasetType": ["Omics", "Lifestyle"], "datasetSubType": ["Others"]})
    assert reading.description is not None
    assert reading.description.provenance.origin.dataset_type == (DatasetType("Omics"), DatasetType("Lifestyle"))
    (kept,) = reading.description.as_supplied
    assert (kept.path, kept.value) == ("provenance.origin.datasetSubType[0]", "Others")


@pytest.mark.parametrize("written", [["BR", "Births"], "BR,Births", "BR;,;Births"])
def test_alternate_identifiers_are_aliases(written: object) -> None:
    description = reading_of({}, alternateIdentifiers=written).description
    assert description is not None
    assert description.summary.dataset_aliases == ("BR", "Births")


def test_an_address_that_the_schema_of_300_never_finishes_is_read_at_once() -> None:
    earlier = "0aa7b3c1-0000-4000-8000-000000000001"
    endless = f"https://{'a' * 400}!/{earlier}"
    document = {
        "@schema": {"version": "3.0.0"},
        "identifier": "births",
        "revisions": [{"version": "1.0.0", "url": endless}],
        "summary": {"title": "Births register", "dataCustodian": {"name": "Example Trust", "logo": endless}},
    }
    description = read(document).description
    assert description is not None
    assert revision_identifiers(description) == (earlier,)
    assert description.summary.data_custodian.logo == endless


@composite
def certain_types(draw: DrawFn) -> tuple[DatasetType, ...]:
    """Types of data whose sub-types can belong to one of them only."""
    names = draw(st.lists(st.sampled_from(sorted(NARROWER)), unique=True, max_size=3))
    found = []
    for name in names:
        others = {each for other in names if other != name for each in NARROWER[other]}
        own = [each for each in NARROWER[name] if each not in others]
        sub_types = draw(st.lists(st.sampled_from(own), unique=True, max_size=3)) if own else []
        found.append(DatasetType(name, tuple(sub_types)))
    return tuple(found)


def as_300(document: dict[str, Any]) -> dict[str, Any]:
    """A document of 4.0.0 in the form of 3.0.0."""
    older = deepcopy(document)
    older["@schema"] = {"version": "3.0.0"}
    if aliases := older["summary"].pop("datasetAliases", None):
        older["summary"]["alternateIdentifiers"] = aliases
    origin = older.get("provenance", {}).get("origin", {})
    if types := origin.get("datasetType"):
        origin["datasetType"] = [each["name"] for each in types]
        origin["datasetSubType"] = [name for each in types for name in each["subTypes"]]
    return older


@given(descriptions(), certain_types())
def test_300_says_the_same_as_400(description: Description, types: tuple[DatasetType, ...]) -> None:
    provenance = Provenance(Origin(dataset_type=types), description.provenance.temporal)
    description = replace(description, provenance=provenance)
    reading = read(as_300(write(description).document))
    assert reading.schema_version == "3.0.0"
    assert reading.description is not None
    assert to_json(replace(reading.description, bases=())) == to_json(description)
