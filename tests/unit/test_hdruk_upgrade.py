"""What 2.0 to 2.2.1 say, said as 4.0.0: renamed keys, lists in one text, codes in capitals, fields that moved."""

from typing import Any

import pytest

from schemas.crosswalks.hdruk import Reading, read
from schemas.metadata import BasisKind, DatasetReference, DatasetType, Description, Severity

SENTENCE = "ONCE A REQUEST IS COMPLETE THE COMMITTEE MEETS WITHIN TWO WEEKS."


def reading_of(version: str = "2.0.2", *, publisher: dict[str, Any] | None = None, **sections: Any) -> Reading:
    summary = {"title": "Births register", "publisher": {"name": "Example Trust", **(publisher or {})}}
    document = {"@schema": {"type": "Dataset", "version": version}, "identifier": "births", "summary": summary}
    document["summary"] = summary | sections.pop("summary", {})
    return read(document | sections)


def description_of(version: str = "2.0.2", **sections: Any) -> Description:
    reading = reading_of(version, **sections)
    assert reading.description is not None
    return reading.description


def test_keys_have_new_names() -> None:
    description = description_of(
        publisher={"memberOf": "ALLIANCE", "contactPoint": "ask@trust.example"},
        summary={"alternateIdentifiers": "BR, Births"},
        coverage={"physicalSampleAvailability": ["DNA"], "followup": "1 - 10 YEARS"},
        provenance={
            "origin": {"collectionSituation": ["OUTPATIENTS"], "source": "PAPER BASED", "purpose": "STUDY"},
            "temporal": {"accrualPeriodicity": "SEMIWEEKLY", "timeLag": "LESS 1 WEEK"},
        },
        enrichmentAndLinkage={"qualifiedRelation": ["Deaths"], "derivation": ["https://a.example/b"]},
        documentation={"isPartOf": ["Registers of the county"]},
    )
    assert description.summary.data_custodian.member_of == "Alliance"
    assert description.summary.data_custodian.contact_point == ("ask@trust.example",)
    assert description.summary.dataset_aliases == ("BR", "Births")
    assert description.coverage.material_type == ("DNA",)
    assert description.coverage.follow_up == "1 - 10 Years"
    assert description.provenance.origin.collection_source == ("Secondary care - Outpatients",)
    assert description.provenance.origin.source == ("Paper-based",)
    assert description.provenance.origin.purpose == ("Study",)
    assert description.provenance.temporal.publishing_frequency == "Twice a week"
    assert description.provenance.temporal.time_lag == "Less than 1 week"
    linkage = description.enrichment_and_linkage
    assert linkage.linkable_datasets == (DatasetReference(title="Deaths"),)
    assert linkage.derived_from == (DatasetReference(url="https://a.example/b"),)
    assert linkage.is_part_of == (DatasetReference(title="Registers of the county"),)
    assert description.as_supplied == ()


def test_lists_in_one_text_are_cut_at_commas() -> None:
    description = description_of(
        summary={"keywords": "births, deaths,births"},
        coverage={"spatial": "London, Oxfordshire"},
        accessibility={
            "access": {"jurisdiction": "GB-ENG,GB-WLS"},
            "formatAndStandards": {"language": "en", "vocabularyEncodingScheme": "ICD10,LOCAL", "format": "CSV;,;JSON"},
        },
    )
    assert description.summary.keywords == ("births", "deaths")
    assert description.coverage.spatial == ("London", "Oxfordshire")
    assert description.accessibility.access.jurisdiction == ("GB-ENG", "GB-WLS")
    formats = description.accessibility.format_and_standards
    assert formats.vocabulary_encoding_scheme == ("ICD10", "LOCAL")
    assert formats.format == ("CSV", "JSON")


def test_prose_about_places_is_not_cut() -> None:
    prose = "Wales, where the practices of the patients have agreed to share"
    assert description_of(coverage={"spatial": prose}).coverage.spatial == (prose,)


def test_what_a_source_cut_inside_brackets_is_joined() -> None:
    formats = {"format": ["flat files (.csv", "stata)", "R"]}
    description = description_of(accessibility={"formatAndStandards": formats})
    assert description.accessibility.format_and_standards.format == ("flat files (.csv, stata)", "R")


def test_keywords_are_never_joined_because_they_change_places() -> None:
    keywords = ["births (live", "still)", "deaths"]
    one, other = (description_of(summary={"keywords": order}) for order in (keywords, keywords[::-1]))
    assert set(one.summary.keywords) == set(other.summary.keywords) == set(keywords)


def test_citations_stay_whole_and_are_said_to_lack_a_doi() -> None:
    cut = ["Jones", "A.", "Smith", "L. (2017) Births in the county"]
    reading = reading_of(accessibility={"usage": {"isReferencedBy": cut}})
    assert reading.description is not None
    used = reading.description.enrichment_and_linkage.publication_using_dataset
    assert used == ("Jones, A., Smith, L. (2017) Births in the county",)
    assert [(each.path, each.severity) for each in reading.problems] == [
        ("accessibility.usage.isReferencedBy", Severity.WARNING)
    ]
    prose = "Jones, A. (2017) Births in the county, with a long title, and more"
    usage = description_of(accessibility={"usage": {"isReferencedBy": prose}}).enrichment_and_linkage
    assert usage.publication_using_dataset == (prose,)


def test_dois_of_publications_stand_by_themselves() -> None:
    dois = ["https://doi.org/10.1000/a", "10.1000/b", "Not available", "TBC"]
    description = description_of(accessibility={"usage": {"isReferencedBy": dois}})
    assert description.enrichment_and_linkage.publication_using_dataset == ("10.1000/a", "10.1000/b")


@pytest.mark.parametrize(
    ("written", "least", "greatest", "is_inferred"),
    [("0-150", 0, 150, False), ("All ages", 0, 150, False), ("15-90+", 15, 150, True), (">18", 18, 150, True)],
)
def test_ages_become_two_numbers(written: str, least: int, greatest: int, is_inferred: bool) -> None:
    description = description_of(coverage={"typicalAgeRange": written})
    coverage = description.coverage
    assert (coverage.typical_age_range_min, coverage.typical_age_range_max) == (least, greatest)
    evidence = [basis.evidence for basis in description.bases if basis.kind is BasisKind.INFERRED]
    assert evidence == ([written, written] if is_inferred else [])


@pytest.mark.parametrize("written", ["A-E", "50-20", "0-900", "Working age adults"])
def test_ages_that_cannot_be_are_kept_as_supplied(written: str) -> None:
    description = description_of(coverage={"typicalAgeRange": written})
    assert description.coverage.typical_age_range_min is None
    assert [each.value for each in description.as_supplied] == [written]


def test_the_nearest_code_is_marked_as_inferred() -> None:
    description = description_of("2.2.0", coverage={"biologicalsamples": ["Blood", "Urine"]})
    assert description.coverage.material_type == ("Whole blood", "Urine")
    assert [(each.path, each.evidence) for each in description.bases] == [("coverage.materialType", "Blood")]


def test_the_publishers_rules_count_where_the_dataset_has_none() -> None:
    publisher = {"accessRights": "Ask the Trust.", "deliveryLeadTime": "1-2 MONTHS", "dataUseLimitation": "NO LINKAGE"}
    description = description_of(publisher=publisher, accessibility={"access": {"accessRights": None}})
    assert description.accessibility.access.access_rights == "Ask the Trust."
    assert description.accessibility.access.delivery_lead_time == "1-2 months"
    assert description.accessibility.usage.data_use_limitation == ("No linkage",)
    own = {"access": {"accessRights": "ask the trust.", "deliveryLeadTime": "2-6 MONTHS"}}
    description = description_of(publisher=publisher, accessibility=own)
    assert description.accessibility.access.access_rights == "ask the trust."
    assert description.accessibility.access.delivery_lead_time == "2-6 months"
    assert [(each.path, each.value) for each in description.as_supplied] == [
        ("summary.publisher.deliveryLeadTime", "1-2 MONTHS")
    ]


def test_addresses_of_access_rules_in_a_list_become_one_text() -> None:
    rights = ["https://a.example", "https://b.example"]
    description = description_of(publisher={"accessRights": rights})
    assert description.accessibility.access.access_rights == "https://a.example, https://b.example"


def test_a_lead_time_that_repeats_the_access_rights_is_no_second_fact() -> None:
    access = {"accessRights": "Please contact the publisher.", "deliveryLeadTime": "PLEASE CONTACT THE PUBLISHER"}
    reading = reading_of(accessibility={"access": access})
    assert reading.description is not None
    stated = reading.description.accessibility.access
    assert (stated.delivery_lead_time, stated.access_service) == (None, None)
    assert [problem.severity for problem in reading.problems] == [Severity.NOTE]


def test_a_sentence_for_a_lead_time_describes_the_access_service() -> None:
    access = {"accessService": "A secure room.", "deliveryLeadTime": SENTENCE}
    reading = reading_of(publisher={"deliveryLeadTime": SENTENCE}, accessibility={"access": access})
    assert reading.description is not None
    assert reading.description.accessibility.access.access_service == f"A secure room.\n\n{SENTENCE}"
    assert reading.description.accessibility.access.delivery_lead_time is None
    assert [problem.path for problem in reading.problems] == ["accessibility.access.deliveryLeadTime"]


def test_a_few_words_for_a_lead_time_are_kept_as_supplied() -> None:
    description = description_of(publisher={"deliveryLeadTime": "48 DAYS"}, accessibility={"access": {}})
    assert description.accessibility.access.access_service is None
    assert [(each.path, each.value) for each in description.as_supplied] == [
        ("summary.publisher.deliveryLeadTime", "48 DAYS")
    ]


def test_types_of_22_become_types_with_sub_types() -> None:
    description = description_of(
        "2.2.0",
        summary={"datasetType": "Registry", "datasetSubType": "Births and deaths"},
        coverage={
            "physical": ["Vision", "Cardiovascular"],
            "psychological": "Mental Health",
            "lifestyle": "Dietary Habits",
            "socioeconomic": ["Ethnic Group", "Family Circumstances"],
        },
    )
    assert description.provenance.origin.dataset_type == (
        DatasetType("Registry", ("Births and deaths",)),
        DatasetType("Health and disease", ("Vision", "Cardiovascular", "Mental health")),
        DatasetType("Lifestyle", ("Dietary habits",)),
        DatasetType("Socioeconomic", ("Ethnicity", "Family circumstance")),
    )
    assert description.as_supplied == ()


def test_what_400_gave_up_is_kept_as_supplied() -> None:
    samples = [
        {
            "materialType": ["Plasma"],
            "dataCategories": ["Survey data"],
            "tissueSampleMetadata": {"creationDate": "2019-01-01"},
        }
    ]
    description = description_of(
        "2.2.0", coverage={"gender": "Female", "anthropometric": ["Height"]}, tissuesSampleCollection=samples
    )
    assert description.coverage.material_type == ("Plasma",)
    assert {each.path for each in description.as_supplied} == {
        "coverage.gender",
        "coverage.anthropometric[0]",
        "tissuesSampleCollection[0].dataCategories[0]",
        "tissuesSampleCollection[0].tissueSampleMetadata.creationDate",
    }


def test_tables_in_a_list_become_a_section() -> None:
    elements = [{"name": "dob", "dataType": "date", "description": "Date of birth", "sensitive": True}]
    tables = [{"name": "people", "description": "One row a person", "elements": elements}]
    linkage = {"syntheticDataWebLink": ["https://a.example/synthetic"]}
    structure = description_of("2.2.1", structuralMetadata=tables, enrichmentAndLinkage=linkage).structural_metadata
    (table,) = structure.tables
    assert (table.name, table.columns[0].name, table.columns[0].sensitive) == ("people", "dob", True)
    assert structure.synthetic_data_web_link == ("https://a.example/synthetic",)


def test_observations_keep_their_counts() -> None:
    observations = [
        {"observedNode": "PERSONS", "measuredValue": 12, "measuredProperty": "COUNT", "observationDate": "2020-01-01"}
    ]
    (observation,) = description_of(observations=observations).observations
    assert (observation.observed_node, observation.measured_value, observation.measured_property) == (
        "Persons",
        12,
        "COUNT",
    )
