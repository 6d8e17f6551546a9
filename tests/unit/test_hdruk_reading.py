"""One field after another: what is taken, what is tidied, what is kept as supplied, and what is said about it."""

from datetime import date
from typing import Any

import pytest

from schemas.crosswalks.hdruk import DateOrder, Reading, read
from schemas.metadata import (
    CONTINUOUS,
    Basis,
    BasisKind,
    DatasetReference,
    DatasetType,
    Description,
    Severity,
    Supplied,
)


def reading_of(version: str = "4.0.0", *, date_order: DateOrder | None = None, **sections: Any) -> Reading:
    summary = {"title": "Births register", "dataCustodian": {"name": "Example Trust"}}
    if isinstance(sections.get("summary"), dict):
        summary |= sections.pop("summary")
    document = {"@schema": {"version": version}, "identifier": "births", "summary": summary, **sections}
    return read(document, date_order=date_order, today=date(2026, 11, 22))


def description_of(version: str = "4.0.0", **sections: Any) -> Description:
    reading = reading_of(version, **sections)
    assert reading.description is not None
    return reading.description


@pytest.mark.parametrize("nothing", [None, "", "  \n", [], [None, ""], "N/A", "tbc", "Not available."])
def test_the_ways_of_stating_nothing_are_one(nothing: object) -> None:
    description = description_of(summary={"abstract": nothing, "keywords": nothing})
    assert description == description_of()


def test_a_word_that_states_nothing_is_noted() -> None:
    reading = reading_of(summary={"doiName": "in progress"})
    (problem,) = reading.problems
    assert (problem.path, problem.severity) == ("summary.doiName", Severity.NOTE)
    assert "in progress" in problem.message


def test_such_a_word_stays_where_the_code_list_has_it() -> None:
    description = description_of(
        provenance={"temporal": {"timeLag": "NOT APPLICABLE"}, "origin": {"imageContrast": "not stated"}},
        coverage={"materialType": ["NOT AVAILABLE"], "followUp": "UNKNOWN"},
    )
    assert description.provenance.temporal.time_lag == "Not applicable"
    assert description.provenance.origin.image_contrast == "Not stated"
    assert description.coverage.material_type == ("None/not available",)
    assert description.coverage.follow_up == "Unknown"


def test_in_progress_says_something_about_access_rights_only() -> None:
    access = {"accessRights": "In Progress", "dataController": "In Progress"}
    stated = description_of(accessibility={"access": access}).accessibility.access
    assert (stated.access_rights, stated.data_controller) == ("In Progress", None)


def test_the_name_of_a_field_is_no_value_of_it() -> None:
    usage = {"investigations": ["accessibility_usage_investigations"]}
    assert not description_of("2.0.2", accessibility={"usage": usage}).enrichment_and_linkage.investigations


def test_titles_and_names_are_taken_at_their_word() -> None:
    description = description_of(summary={"title": "None", "dataCustodian": {"name": "NA"}})
    assert (description.summary.title, description.summary.data_custodian.name) == ("None", "NA")


def test_values_of_columns_are_taken_at_their_word() -> None:
    column = {"name": "sex", "dataType": "text", "sensitive": False, "values": [{"name": "NA", "description": "None"}]}
    (table,) = description_of(
        structuralMetadata={"tables": [{"name": "people", "columns": [column]}]}
    ).structural_metadata.tables
    assert table.columns[0].values[0].name == "NA"
    assert table.columns[0].values[0].description == "None"


def test_characters_that_no_database_takes_are_removed_and_noted() -> None:
    reading = reading_of(summary={"title": "Bir\x00ths \u202eregister\ud800", "keywords": ["\x07"]})
    assert reading.description is not None
    assert reading.description.summary.title == "Births register"
    assert reading.description.summary.keywords == ()
    assert [problem.path for problem in reading.problems] == ["summary.title", "summary.keywords[0]"]


def test_a_number_for_text_is_taken_and_noted() -> None:
    reading = reading_of(version="4.0.0", documentation={"description": 12.5})
    assert reading.description is not None
    assert reading.description.documentation.description == "12.5"
    assert [problem.severity for problem in reading.problems] == [Severity.NOTE]


@pytest.mark.parametrize(
    ("sections", "supplied"),
    [
        ({"coverage": "England"}, [("coverage", "England")]),
        ({"coverage": [1, {"a": True}]}, [("coverage[0]", "1"), ("coverage[1].a", "true")]),
        ({"documentation": {"description": {"en": "Births"}}}, [("documentation.description.en", "Births")]),
        (
            {"documentation": {"description": ["a", "b"]}},
            [("documentation.description[0]", "a"), ("documentation.description[1]", "b")],
        ),
        (
            {"summary": {"keywords": [["a"], {"b": "c"}]}},
            [("summary.keywords[0][0]", "a"), ("summary.keywords[1].b", "c")],
        ),
        ({"summary": {"populationSize": True}}, [("summary.populationSize", "true")]),
        ({"summary": {"populationSize": -1}}, [("summary.populationSize", "-1")]),
        ({"summary": {"populationSize": 1.5}}, [("summary.populationSize", "1.5")]),
        ({"coverage": {"typicalAgeRangeMax": 9999}}, [("coverage.typicalAgeRangeMax", "9999")]),
        ({"coverage": {"followUp": "for ever"}}, [("coverage.followUp", "for ever")]),
        ({"observations": "many"}, [("observations", "many")]),
        ({"observations": ["many"]}, [("observations[0]", "many")]),
        ({"observations": [{"observedNode": "Beds"}]}, [("observations[0].observedNode", "Beds")]),
        ({"colour": {"of": ["the sky"]}}, [("colour.of[0]", "the sky")]),
        ({"summary": {"shortTitle": "Births"}}, [("summary.shortTitle", "Births")]),
    ],
)
def test_what_cannot_be_used_is_kept_as_supplied(sections: dict[str, Any], supplied: list[tuple[str, str]]) -> None:
    reading = reading_of(**sections)
    assert reading.description is not None
    assert [(each.path, each.value) for each in reading.description.as_supplied] == supplied
    assert all(each.reason for each in reading.description.as_supplied)
    assert {problem.severity for problem in reading.problems} == {Severity.WARNING}


def test_endless_numbers_are_kept_as_supplied() -> None:
    test_numbers_that_mean_nothing_are_kept_as_supplied(10**5000)


def test_numbers_that_no_database_takes_are_kept_as_supplied() -> None:
    description = description_of(
        summary={"populationSize": 10**16}, observations=[{"measuredValue": 10**16, "measuredProperty": 10**16}]
    )
    assert len(description.as_supplied) == 3


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_numbers_that_mean_nothing_are_kept_as_supplied(number: float) -> None:
    description = description_of(
        documentation={"description": number},
        summary={"keywords": [number], "populationSize": number, "dataCustodian": {"name": "T", "identifier": number}},
        observations=[{"measuredValue": number, "measuredProperty": number}],
    )
    assert len(description.as_supplied) == 6
    assert description.observations == ()


def test_deep_nesting_ends_somewhere() -> None:
    value: Any = "x"
    for _ in range(3000):
        value = [value]
    (supplied,) = description_of(coverage={"pathway": value}).as_supplied
    assert supplied.value == "values nested too deeply to show"


def test_a_text_is_a_list_of_one() -> None:
    description = description_of(
        summary={"keywords": "births, deaths", "dataCustodian": {"name": "T", "contactPoint": "a@trust.example"}},
        accessibility={"usage": {"resourceCreator": "The Trust, 2019"}},
    )
    assert description.summary.keywords == ("births, deaths",)
    assert description.summary.data_custodian.contact_point == ("a@trust.example",)
    assert description.accessibility.usage.resource_creator == ("The Trust, 2019",)


def test_lists_are_kept_in_order_without_repetitions() -> None:
    description = description_of(summary={"keywords": ["b", "a", " b ", None, "", "B"]})
    assert description.summary.keywords == ("b", "a", "B")


def test_a_code_is_found_in_any_case() -> None:
    description = description_of(
        provenance={"origin": {"collectionSource": "COHORT, STUDY, TRIAL", "purpose": ["care", "CARE", "audit"]}}
    )
    assert description.provenance.origin.collection_source == ("Cohort, study, trial",)
    assert description.provenance.origin.purpose == ("Care", "Audit")


def test_codes_in_one_text_are_told_apart() -> None:
    formats = {"vocabularyEncodingScheme": "ICD10,SNOMED CT", "language": "en"}
    stated = description_of(accessibility={"formatAndStandards": formats}).accessibility.format_and_standards
    assert stated.vocabulary_encoding_scheme == ("ICD10", "SNOMED CT")
    assert stated.language == ("en",)


def test_a_single_code_takes_the_first_of_a_list() -> None:
    description = description_of(accessibility={"access": {"accessServiceCategory": [None, "TRE/SDE", "Open access"]}})
    assert description.accessibility.access.access_service_category == "TRE/SDE"
    assert [each.path for each in description.as_supplied] == ["accessibility.access.accessServiceCategory[2]"]


def test_codes_of_countries_stand_when_they_look_like_it() -> None:
    reading = reading_of(accessibility={"access": {"jurisdiction": ["gb-eng", "826", "UK", "ZZ-ZZ", "here"]}})
    assert reading.description is not None
    assert reading.description.accessibility.access.jurisdiction == ("GB-ENG", "GB", "UK", "ZZ-ZZ")
    assert [problem.path.rpartition(".")[2] for problem in reading.problems] == ["jurisdiction[3]", "jurisdiction[4]"]


def test_dates_are_taken_noted_or_kept_as_supplied() -> None:
    temporal = {"startDate": "31/12/1999", "endDate": "Ongoing", "distributionReleaseDate": "when ready"}
    reading = reading_of(provenance={"temporal": temporal}, issued="2020-01-01T00:00:00Z", modified="2077-01-01")
    assert reading.description is not None
    stated = reading.description.provenance.temporal
    assert (stated.start_date, stated.end_date, stated.distribution_release_date) == ("1999-12-31", CONTINUOUS, None)
    assert (reading.description.issued, reading.description.modified) == ("2020-01-01T00:00:00Z", None)
    assert {(each.path, each.value) for each in reading.description.as_supplied} == {
        ("provenance.temporal.distributionReleaseDate", "when ready"),
        ("modified", "2077-01-01"),
    }


def test_an_ambiguous_date_is_inferred_from_its_source_or_not_stated() -> None:
    temporal = {"temporal": {"startDate": "4/1/14"}}
    inferred = reading_of(provenance=temporal, date_order=DateOrder.DAY_FIRST).description
    assert inferred is not None
    assert inferred.provenance.temporal.start_date == "2014-01-04"
    assert inferred.bases == (Basis("provenance.temporal.startDate", BasisKind.INFERRED, evidence="4/1/14"),)
    unread = description_of(provenance=temporal)
    assert unread.provenance.temporal.start_date is None
    assert [(each.path, each.value) for each in unread.as_supplied] == [("provenance.temporal.startDate", "4/1/14")]


def test_the_basis_of_a_date_in_a_list_names_its_place() -> None:
    observations = ["junk", {"observedNode": "Persons", "observationDate": "4/1/14"}]
    description = reading_of(observations=observations, date_order=DateOrder.DAY_FIRST).description
    assert description is not None
    assert [basis.path for basis in description.bases] == ["observations[0].observationDate"]


def test_years_are_believed_by_the_documents_own_date_without_a_clock() -> None:
    def start(modified: str) -> str | None:
        document = {
            "identifier": "births",
            "modified": modified,
            "summary": {"title": "Births", "dataCustodian": {"name": "Trust"}},
            "provenance": {"temporal": {"startDate": "2031-01-01"}},
        }
        description = read(document).description
        assert description is not None
        return description.provenance.temporal.start_date

    assert start("2020-11-20") is None
    assert start("2021-11-20") == "2031-01-01"


def test_numbers_written_as_text() -> None:
    description = description_of(
        summary={"populationSize": "1,250,000"},
        observations=[{"measuredValue": "12", "measuredProperty": "Count"}, {"measuredValue": 1.5}],
    )
    assert description.summary.population_size == 1_250_000
    assert [each.measured_value for each in description.observations] == [12, 1.5]


def test_true_and_false_written_as_text() -> None:
    columns = [{"name": "a", "sensitive": "false"}, {"name": "b", "sensitive": "True"}, {"name": "c", "sensitive": 1}]
    description = description_of(structuralMetadata={"tables": [{"columns": columns}]})
    assert [each.sensitive for each in description.structural_metadata.tables[0].columns] == [False, True, None]
    assert [each.path for each in description.as_supplied] == ["structuralMetadata.tables[0].columns[2].sensitive"]


@pytest.mark.parametrize(
    ("written", "doi"),
    [
        ("10.1000/xyz(1)", "10.1000/xyz(1)"),
        ("https://doi.org/10.1000/xyz", "10.1000/xyz"),
        ("doi:10.1000/x", "10.1000/x"),
    ],
)
def test_dois(written: str, doi: str) -> None:
    assert description_of(summary={"doiName": written}).summary.doi_name == doi


def test_what_is_more_than_a_doi_is_none() -> None:
    description = description_of(summary={"doiName": "10.1000/xyz (the paper)"})
    assert description.summary.doi_name is None
    assert description.as_supplied[0].value == "10.1000/xyz (the paper)"


def test_types_of_data_are_spelt_as_the_list_spells_them() -> None:
    types = [
        {"name": "imaging area of the body", "subTypes": ["head", "Soul"]},
        {"name": "Phrenology", "subTypes": None},
        {"name": "Politics", "subTypes": ["Not applicable"]},
        {"subTypes": []},
    ]
    reading = reading_of(provenance={"origin": {"datasetType": types}})
    assert reading.description is not None
    assert reading.description.provenance.origin.dataset_type == (
        DatasetType("Imaging Area Of The Body", ("Head", "Soul")),
        DatasetType("Phrenology"),
        DatasetType("Politics", ("Not applicable",)),
    )
    assert len(reading.problems) == 2


def test_types_of_300_get_their_sub_types() -> None:
    origin = {"datasetType": ["Imaging types", "Omics"], "datasetSubType": ["CT", "Genomics", "Others", "Smoking"]}
    description = description_of("3.0.0", provenance={"origin": origin})
    assert description.provenance.origin.dataset_type == (
        DatasetType("Imaging types", ("CT",)),
        DatasetType("Omics", ("Genomics",)),
        DatasetType("Lifestyle", ("Smoking",)),
    )
    assert [each.value for each in description.as_supplied] == ["Others"]


def test_references_to_datasets() -> None:
    linked = [
        {"pid": "10.1000/a", "title": "A", "url": "https://a.example"},
        {"pid": None, "title": None, "url": None},
        "https://b.example/x",
        "10.1000/c",
        "Birth register, 1990",
        "None",
    ]
    description = description_of(enrichmentAndLinkage={"linkableDatasets": linked})
    assert description.enrichment_and_linkage.linkable_datasets == (
        DatasetReference("10.1000/a", "A", "https://a.example"),
        DatasetReference(url="https://b.example/x"),
        DatasetReference(pid="10.1000/c"),
        DatasetReference(title="Birth register, 1990"),
    )


def test_a_second_name_for_a_field_may_say_the_same_or_nothing() -> None:
    both = {
        "followUp": "Other",
        "followup": "OTHER",
        "materialType": ["DNA"],
        "physicalSampleAvailability": ["dna", "RNA"],
    }
    description = description_of(coverage=both)
    assert description.coverage.material_type == ("DNA", "RNA")
    assert description.as_supplied == ()
    description = description_of(coverage={"followUp": "Other", "followup": "UNKNOWN"})
    assert description.coverage.follow_up == "Other"
    assert description.as_supplied == (
        Supplied("coverage.followup", "UNKNOWN", "Another field already states this, differently."),
    )
