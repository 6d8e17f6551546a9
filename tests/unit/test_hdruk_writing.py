"""The export says what is known, in the form of 4.0.0, and lists what it could not say."""

from dataclasses import replace

import pytest

from schemas.crosswalks.hdruk import read, write
from schemas.crosswalks.hdruk_demands import DEMANDS
from schemas.metadata import (
    Access,
    AccessBody,
    Accessibility,
    Column,
    Coverage,
    DatasetType,
    Description,
    Distribution,
    EnrichmentAndLinkage,
    FormatAndStandards,
    Observation,
    Organisation,
    Origin,
    Provenance,
    Severity,
    StructuralMetadata,
    Summary,
    Supplied,
    Table,
    Usage,
)
from schemas.vocabularies import fields

SHORT = Description(
    identifier="births", summary=Summary(title="Births register", data_custodian=Organisation(name="Example Trust"))
)


def test_what_is_not_known_is_not_written() -> None:
    assert write(SHORT).document == {
        "identifier": "births",
        "revisions": [],
        "summary": {"title": "Births register", "dataCustodian": {"name": "Example Trust"}},
        "observations": [],
    }


def test_sections_stand_in_the_order_of_the_standard() -> None:
    assert list(write(SHORT).document) == ["identifier", "revisions", "summary", "observations"]


def test_what_400_requires_and_is_not_known_is_listed() -> None:
    absent = [problem for problem in write(SHORT).missing if problem.severity is Severity.ERROR]
    assert [problem.path for problem in absent] == [
        "version",
        "issued",
        "modified",
        "summary.abstract",
        "summary.dataCustodian.identifier",
        "summary.dataCustodian.contactPoint",
        "summary.populationSize",
        "summary.contactPoint",
        "accessibility.access.accessRights",
        "observations",
    ]
    assert absent[6].message == "HDR UK 4.0.0 requires “Number of people”, and it is not stated."
    assert all(problem.fix for problem in absent)


def test_a_section_brings_its_own_requirements() -> None:
    described = replace(
        SHORT,
        provenance=Provenance(origin=Origin(purpose=("Care",))),
        accessibility=Accessibility(format_and_standards=FormatAndStandards(language=("en",))),
        observations=(Observation(observed_node="Persons", measured_value=1.5),),
        structural_metadata=StructuralMetadata(tables=(Table(name="people", columns=(Column(name="dob"),)),)),
    )
    missing = {problem.path for problem in write(described).missing}
    assert missing >= {
        "provenance.origin.datasetType",
        "provenance.temporal",
        "accessibility.formatAndStandards.format",
        "observations[0].observationDate",
        "observations[0].measuredValue",
        "structuralMetadata.tables[0].columns[0].dataType",
        "structuralMetadata.tables[0].columns[0].sensitive",
    }
    assert "provenance.temporal.startDate" not in missing


def test_what_does_not_fit_is_written_and_listed() -> None:
    long = "x" * 301
    described = replace(
        SHORT,
        summary=replace(SHORT.summary, title=long, contact_point="by post", keywords=("ok", long)),
        coverage=Coverage(follow_up="for ever", spatial=("Wales",)),
        enrichment_and_linkage=EnrichmentAndLinkage(publication_using_dataset=("Jones 2017", "10.1000/abc")),
    )
    writing = write(described)
    misfits = {problem.path: problem for problem in writing.missing if problem.severity is Severity.WARNING}
    assert misfits.keys() == {
        "identifier",
        "summary.title",
        "summary.contactPoint",
        "summary.keywords[1]",
        "coverage.followUp",
        "enrichmentAndLinkage.publicationUsingDataset[0]",
    }
    assert misfits["summary.title"].message == "HDR UK 4.0.0 expects text of 2 to 150 characters as “Title”."
    assert writing.document["summary"]["title"] == long
    assert writing.document["coverage"]["followUp"] == "for ever"


def test_what_400_has_no_place_for_is_left_out() -> None:
    described = replace(
        SHORT,
        summary=replace(SHORT.summary, lay_summary="Who was born here."),
        accessibility=Accessibility(access=Access(access_rights="Ask.", access_body=AccessBody(name="Committee"))),
        structural_metadata=StructuralMetadata(
            tables=(Table(name="t", columns=(Column(name="c", missing_share=0.5),)),)
        ),
        distributions=(Distribution(title="Sample"),),
        as_supplied=(Supplied("x", "y", "z"),),
    )
    document = write(described).document
    assert document["summary"].keys() == {"title", "dataCustodian"}
    assert document["accessibility"] == {"access": {"accessRights": "Ask."}}
    assert document["structuralMetadata"] == {"tables": [{"name": "t", "columns": [{"name": "c"}]}]}
    assert document.keys() == {
        "identifier",
        "revisions",
        "summary",
        "accessibility",
        "structuralMetadata",
        "observations",
    }


def test_a_size_that_the_source_says_is_not_reported_comes_back_and_is_still_missing() -> None:
    described = replace(SHORT, as_supplied=(Supplied("summary.populationSize", "-1", "-1 is read as not stated."),))
    writing = write(described)
    assert writing.document["summary"]["populationSize"] == -1
    assert list(writing.document["summary"]) == ["title", "dataCustodian", "populationSize"]
    assert "summary.populationSize" in {problem.path for problem in writing.missing}
    assert read(writing.document).description == described


@pytest.mark.parametrize(
    ("path", "value"), [("summary.populationSize", "-2"), ("x.populationSize", "-1"), ("coverage.spatial", "-1")]
)
def test_no_other_value_comes_back_as_not_reported(path: str, value: str) -> None:
    described = replace(SHORT, as_supplied=(Supplied(path, value, "It has no place."),))
    assert "populationSize" not in write(described).document["summary"]


def test_a_known_size_is_not_replaced_by_the_sign_for_none() -> None:
    summary = replace(SHORT.summary, population_size=12)
    described = replace(SHORT, summary=summary, as_supplied=(Supplied("summary.populationSize", "-1", "Read so."),))
    assert write(described).document["summary"]["populationSize"] == 12


@pytest.mark.parametrize(
    ("places", "written"),
    [
        (("Wales",), "Wales"),
        (("England", "Wales"), "England,Wales"),
        (("Avon, South West England",), ["Avon, South West England"]),
        (("a;,;b", "c"), ["a;,;b", "c"]),
        (
            ("the part of the county that lies south of the river", "Wales"),
            ["the part of the county that lies south of the river", "Wales"],
        ),
    ],
)
def test_places_are_one_text_where_it_can_be_taken_apart(places: tuple[str, ...], written: object) -> None:
    described = replace(SHORT, coverage=Coverage(spatial=places))
    document = write(described).document
    assert document["coverage"]["spatial"] == written
    assert read(document).description == described


def test_single_entries_are_written_as_text_where_400_allows_it() -> None:
    custodian = replace(SHORT.summary.data_custodian, contact_point=("a@trust.example",))
    described = replace(
        SHORT,
        summary=replace(SHORT.summary, data_custodian=custodian),
        accessibility=Accessibility(usage=Usage(resource_creator=("The Trust",))),
    )
    document = write(described).document
    assert document["summary"]["dataCustodian"]["contactPoint"] == "a@trust.example"
    assert document["accessibility"]["usage"]["resourceCreator"] == "The Trust"
    assert read(document).description == described


def test_lists_that_must_be_there_are_there() -> None:
    described = replace(
        SHORT,
        provenance=Provenance(origin=Origin(dataset_type=(DatasetType("Omics"),))),
        structural_metadata=StructuralMetadata(tables=(Table(name="people"),)),
    )
    document = write(described).document
    assert document["provenance"]["origin"]["datasetType"] == [{"name": "Omics", "subTypes": []}]
    assert document["structuralMetadata"]["tables"] == [{"name": "people", "columns": []}]
    assert read(document).description == described


def test_every_demand_is_made_of_a_field() -> None:
    assert {demand.path for demand in DEMANDS} <= set(fields())
