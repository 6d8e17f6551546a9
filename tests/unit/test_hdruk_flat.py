"""What 1.1.7 says in its flat form, said as 4.0.0."""

from typing import Any

import pytest

from schemas.crosswalks.hdruk import Reading, date_evidence, read, remote_identifier, revision_identifiers, write
from schemas.metadata import (
    BasisKind,
    ColumnValue,
    DatasetReference,
    Description,
    Observation,
    Revision,
    Severity,
)

IDENTIFIER = "6ff32eb9-5bd5-47bc-a4ac-000000000001"
EARLIER = "6ff32eb9-5bd5-47bc-a4ac-00000000000"


def reading_of(**fields: Any) -> Reading:
    document = {"id": IDENTIFIER, "domainType": "DataModel", "title": "Births register", "publisher": "Example Trust"}
    return read(document | fields)


def description_of(**fields: Any) -> Description:
    reading = reading_of(**fields)
    assert reading.description is not None
    assert (reading.schema_name, reading.schema_version) == ("hdruk", "1.1.7")
    return reading.description


def reasons(reading: Reading) -> dict[str, str]:
    assert reading.description is not None
    return {each.path: each.reason for each in reading.description.as_supplied}


def test_fields_are_where_the_sections_have_them() -> None:
    description = description_of(
        abstract="Who was born.",
        description="Every birth since the register opened.",
        keywords="births, county,births",
        contactPoint="ask@trust.example\u00a0",
        documentationVersion="2.0.0",
        issued="2020-01-10T10:00:00Z",
        modified="2020-02-10T10:00:00Z",
        geographicCoverage="England, Wales",
        ageBand="0-5",
        physicalSampleAvailability="DNA, Plasma",
        periodicity="1 Month Cycle",
        datasetStartDate="1990-01-01",
        datasetEndDate="Ongoing",
        releaseDate="2020-01-01T00:00:00Z",
        accessRights="https://trust.example/access",
        accessRequestCost="500 GBP",
        accessRequestDuration="2-4 weeks",
        jurisdiction="GB-ENG",
        dataController="Example Trust",
        dataProcessor="Example Works",
        language="English (UK)",
        format="CSV, SQL",
        controlledVocabulary="ICD-10; OPCS; HPO",
        conformsTo="Local Standard",
        creator="Cite the Example Trust, 2020",
        citations="10.1000/abc",
        linkedDataset="Deaths register",
        derivedDatasets="https://trust.example/extract",
        group="County registers",
        doi="doi:10.1000/xyz",
    )
    assert description.version == "2.0.0"
    assert description.summary.abstract == "Who was born."
    assert description.summary.keywords == ("births", "county")
    assert description.summary.contact_point == "ask@trust.example"
    assert description.summary.doi_name == "10.1000/xyz"
    assert description.documentation.description == "Every birth since the register opened."
    coverage, temporal = description.coverage, description.provenance.temporal
    assert coverage.spatial == ("England", "Wales")
    assert (coverage.typical_age_range_min, coverage.typical_age_range_max) == (0, 5)
    assert coverage.material_type == ("DNA", "Plasma")
    assert (temporal.start_date, temporal.end_date) == ("1990-01-01", "CONTINUOUS")
    assert (temporal.publishing_frequency, temporal.distribution_release_date) == ("Monthly", "2020-01-01T00:00:00Z")
    access, formats = description.accessibility.access, description.accessibility.format_and_standards
    assert (access.access_rights, access.access_request_cost) == ("https://trust.example/access", "500 GBP")
    assert (access.delivery_lead_time, access.jurisdiction) == ("2-4 weeks", ("GB-ENG",))
    assert (access.data_controller, access.data_processor) == ("Example Trust", "Example Works")
    assert (formats.language, formats.format) == (("en",), ("CSV", "SQL"))
    assert formats.vocabulary_encoding_scheme == ("ICD10", "OPCS4", "HPO")
    assert formats.conforms_to == ("LOCAL",)
    assert description.accessibility.usage.resource_creator == ("Cite the Example Trust, 2020",)
    linkage = description.enrichment_and_linkage
    assert linkage.publication_using_dataset == ("10.1000/abc",)
    assert linkage.linkable_datasets == (DatasetReference(title="Deaths register"),)
    assert linkage.derived_from == (DatasetReference(url="https://trust.example/extract"),)
    assert linkage.is_part_of == (DatasetReference(title="County registers"),)
    assert description.as_supplied == ()


def test_the_identifier_is_the_id_and_the_short_name_another_name() -> None:
    description = description_of(identifier="BR-1", label="Births register")
    assert description.identifier == IDENTIFIER
    assert description.summary.dataset_aliases == ("BR-1",)


def test_a_label_that_is_not_the_title_is_another_name() -> None:
    assert description_of(label="Births").summary.dataset_aliases == ("Births",)
    reading = reading_of(title=None, label="Births")
    assert reading.description is not None
    assert reading.description.summary.title == "Births"


@pytest.mark.parametrize(
    ("fields", "identifier"),
    [
        ({"id": IDENTIFIER, "identifier": "BR-1"}, IDENTIFIER),
        ({"id": IDENTIFIER.upper()}, IDENTIFIER),
        ({"identifier": f"https://gateway.example/dataset/{IDENTIFIER}"}, IDENTIFIER),
        ({"id": None, "identifier": "BR-1"}, "BR-1"),
        ({"id": ["x"]}, None),
    ],
)
def test_where_a_flat_record_has_its_identifier(fields: dict[str, Any], identifier: str | None) -> None:
    assert remote_identifier({"title": "Births", "publisher": "Trust", **fields}) == identifier
    assert remote_identifier({"title": "Births", "dataClasses": [], **fields}) == identifier


def test_an_id_beside_sections_is_no_identifier() -> None:
    assert remote_identifier({"id": 12, "summary": {"title": "Births"}}) is None
    assert remote_identifier({"id": 12, "metadata": {}}) is None


@pytest.mark.parametrize(
    ("field", "path"), [("id", "id"), ("title", "title"), ("publisher", "publisher")], ids=lambda each: each
)
def test_what_a_flat_record_cannot_lack(field: str, path: str) -> None:
    reading = reading_of(**{field: None, "dataClasses": []})
    assert reading.description is None
    assert [each.path for each in reading.problems if each.severity is Severity.ERROR] == [path]


@pytest.mark.parametrize(
    ("written", "name", "member_of"),
    [
        ("ALLIANCE > HQ", "HQ", "Alliance"),
        ("HUBS > LUNG AND HEART", "LUNG AND HEART", "Hub"),
        ("Example Trust", "Example Trust", None),
        ("North > South", "North > South", None),
        ("ALLIANCE > ", "ALLIANCE >", None),
    ],
)
def test_the_membership_in_front_of_a_publisher(written: str, name: str, member_of: str | None) -> None:
    custodian = description_of(publisher=written).summary.data_custodian
    assert (custodian.name, custodian.member_of) == (name, member_of)


def test_revisions_are_named_by_version_and_latest_says_nothing_new() -> None:
    revisions = {"10.0.0": IDENTIFIER, "latest": IDENTIFIER, "0.0.1": f"{EARLIER}2", "2.0.0": f"{EARLIER}3"}
    description = description_of(revisions=revisions)
    assert description.revisions == (
        Revision("0.0.1", f"{EARLIER}2"),
        Revision("2.0.0", f"{EARLIER}3"),
        Revision("10.0.0", IDENTIFIER),
    )
    assert revision_identifiers(description) == (f"{EARLIER}2", f"{EARLIER}3")
    assert description.as_supplied == ()


def test_a_latest_version_that_is_not_listed_is_kept() -> None:
    reading = reading_of(revisions={"1.0.0": f"{EARLIER}2", "latest": f"{EARLIER}9"})
    assert reasons(reading) == {"revisions.latest": "No version with this identifier is listed."}


def test_classes_are_tables_and_elements_columns() -> None:
    description = description_of(
        dataClassesCount=1,
        dataClasses=[
            {
                "id": "1",
                "domainType": "DataClass",
                "label": "visits",
                "description": "One row a visit.",
                "dataElementsCount": 2,
                "dataElements": [
                    {
                        "id": "2",
                        "label": "AGE",
                        "description": "In years.",
                        "dataType": {"id": "3", "label": "INTEGER"},
                    },
                    {
                        "label": "SITE",
                        "dataType": {
                            "label": "Site",
                            "domainType": "EnumerationType",
                            "enumerationValues": [
                                {"index": 0, "id": "4", "key": "N", "value": "North clinic", "category": None},
                                {"index": 1, "id": "5", "key": "S", "value": "South clinic"},
                            ],
                        },
                    },
                    {"label": "NOTE", "dataType": {"label": "Unspecified type"}},
                    {"label": "CODE", "dataType": "varchar(3)"},
                ],
            }
        ],
    )
    (table,) = description.structural_metadata.tables
    assert (table.name, table.description) == ("visits", "One row a visit.")
    assert [(column.name, column.data_type) for column in table.columns] == [
        ("AGE", "INTEGER"),
        ("SITE", "Site"),
        ("NOTE", None),
        ("CODE", "varchar(3)"),
    ]
    assert table.columns[0].description == "In years."
    assert table.columns[1].values == (ColumnValue("N", "North clinic"), ColumnValue("S", "South clinic"))
    assert description.as_supplied == ()


def test_details_of_columns_are_kept_with_one_note() -> None:
    element = {"label": "AGE", "aliases": ["VIS_AGE"], "minMultiplicity": 0, "maxMultiplicity": 1}
    reading = reading_of(dataClasses=[{"label": "visits", "dataElements": [element]}])
    assert reading.description is not None
    where = "dataClasses[0].dataElements[0]"
    assert {each.path: each.value for each in reading.description.as_supplied} == {
        f"{where}.aliases[0]": "VIS_AGE",
        f"{where}.minMultiplicity": "0",
        f"{where}.maxMultiplicity": "1",
    }
    assert [(each.path, each.severity) for each in reading.problems] == [("dataClasses", Severity.NOTE)]


def test_a_count_is_an_observation_and_never_a_number_of_people() -> None:
    description = description_of(statisticalPopulation="60,000", populationType="Procedures")
    assert description.summary.population_size is None
    assert description.observations == (
        Observation(
            measured_value=60_000,
            disambiguating_description="Procedures",
            measured_property="Statistical population",
        ),
    )


def test_words_for_the_population_without_a_count_are_kept() -> None:
    reading = reading_of(populationType="Children of the county", statisticalPopulation="many")
    assert reasons(reading).keys() == {"populationType", "statisticalPopulation"}
    reading = reading_of(populationType="England", geographicCoverage="England")
    assert reasons(reading) == {}
    assert [each.path for each in reading.problems] == ["populationType"]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Quarterly", "Quarterly"),
        ("Quarterly, March, June", "Quarterly"),
        ("Provisional data: Monthly", "Monthly"),
        ("Twice a week (about)", "Twice a week"),
        ("NA (single release)", "Static"),
        ("Annually (continuous)", None),
        ("Each dataset when it is complete", None),
        ("In Progress", None),
        (["Daily"], "Daily"),
        (7, None),
    ],
)
def test_a_frequency_in_words(written: object, code: str | None) -> None:
    description = description_of(periodicity=written)
    assert description.provenance.temporal.publishing_frequency == code
    inferred = [each.kind for each in description.bases]
    assert inferred == ([BasisKind.INFERRED] if code and isinstance(written, str) and written != code else [])


def test_a_licence_that_repeats_the_access_rights_is_noted_and_any_other_kept() -> None:
    rights = "Ask the Example Trust."
    assert reasons(reading_of(accessRights=rights, license="ask the example trust")) == {}
    assert reasons(reading_of(accessRights=rights, license="Non-commercial use")).keys() == {"license"}
    assert reasons(reading_of(license="N/A")) == {}
    assert reasons(reading_of(license={"name": "MIT"})).keys() == {"license.name"}


def test_a_sentence_for_the_duration_describes_the_access_service() -> None:
    sentence = "The committee meets once a month and answers within two weeks of that."
    assert description_of(accessRequestDuration=sentence).accessibility.access.access_service == sentence


def test_the_last_update_counts_where_no_change_is_stated() -> None:
    assert description_of(lastUpdated="2020-03-01T09:00:00Z").modified == "2020-03-01T09:00:00Z"
    both = description_of(lastUpdated="2020-03-01T09:00:00Z", modified="2020-02-01T09:00:00Z")
    assert both.modified == "2020-02-01T09:00:00Z"


def test_what_the_tool_says_of_its_record_is_no_fact() -> None:
    plain = description_of()
    tool = {"editable": False, "type": "Data Asset", "finalised": True, "dateFinalised": "2020-01-01T00:00:00Z"}
    assert description_of(**tool) == plain
    assert reasons(reading_of(editable={"by": "x"})).keys() == {"editable.by"}


def test_unknown_fields_and_wrong_shapes_are_kept() -> None:
    reading = reading_of(novel="x", dataClasses={"label": "visits", "dataElements": ["AGE"]}, revisions=[3])
    assert reasons(reading).keys() == {"novel", "dataClasses.dataElements[0]", "revisions[0]"}
    assert reading.description is not None
    assert reading.description.structural_metadata.tables[0].name == "visits"


def test_dates_of_flat_records_are_evidence() -> None:
    evidence = date_evidence({"datasetStartDate": "4/30/14", "datasetEndDate": "3/31/15", "releaseDate": "31/12/2018"})
    assert (evidence.month_first, evidence.day_first) == (2, 1)


def test_a_flat_record_is_exported_like_any_other() -> None:
    description = description_of(statisticalPopulation="12", abstract="Who was born.")
    document = write(description).document
    assert document["summary"] == {
        "title": "Births register",
        "abstract": "Who was born.",
        "dataCustodian": {"name": "Example Trust"},
    }
    assert read(document).description == description


def test_the_form_decides_whatever_is_declared() -> None:
    declared = description_of()
    reading = reading_of(**{"@schema": {"version": "2.0.0"}})
    assert reading.description == declared
    assert reading.schema_version == "2.0.2"
