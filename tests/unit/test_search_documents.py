from dataclasses import replace

import pytest

from catalogue.search.backend import FacetTerm
from catalogue.search.documents import document_of
from catalogue.search.facet_values import IndexFacts
from catalogue.search.fields import FACET_NAMES
from schemas.metadata import (
    CONTINUOUS,
    Access,
    Accessibility,
    Column,
    ColumnValue,
    Coverage,
    DatasetType,
    Description,
    Documentation,
    FormatAndStandards,
    Origin,
    Provenance,
    StructuralMetadata,
    Summary,
    Table,
    Temporal,
)

IN_2021 = 1_625_000_000
FACTS = IndexFacts(
    identifier="a-1",
    revision="3",
    custodian_name="North  Trust",
    custodian_slug="north-trust",
    membership=("Alliance",),
    changed_at=IN_2021,
    quality=0.5,
)
NOTHING = Description()


def values(description: Description, facet: str, facts: IndexFacts = FACTS) -> list[str]:
    return [term.value for term in document_of(description, facts).facets[facet]]


def lasting(start: str | None, end: str | None) -> Description:
    return Description(provenance=Provenance(temporal=Temporal(start_date=start, end_date=end)))


def covering(*places: str) -> Description:
    return Description(coverage=Coverage(spatial=places))


def test_an_empty_description_states_only_what_the_catalogue_knows() -> None:
    document = document_of(NOTHING, replace(FACTS, membership=()))
    stated = {name for name, terms in document.facets.items() if terms}
    assert stated == {"custodian", "structure"}
    assert set(document.facets) == set(FACET_NAMES)
    assert document.title == ""
    assert document.years is None


def test_a_description_is_found_by_all_that_it_says() -> None:
    description = Description(
        summary=Summary(title=" Heart\n audit ", abstract="Short.", keywords=("ECG", "ecg "), dataset_aliases=("HA",)),
        documentation=Documentation(description="Long."),
        structural_metadata=StructuralMetadata(
            tables=(
                Table(
                    name="visits",
                    description="One row a visit",
                    columns=(Column(name=7, description="Seventh", values=(ColumnValue(name="I21"),)),),
                ),
            )
        ),
    )
    document = document_of(description, FACTS)
    assert document.title == "Heart audit"
    assert document.custodian == "North Trust"
    assert (document.abstract, document.description) == ("Short.", "Long.")
    assert document.columns == (("visits", "One row a visit"), ("7", "Seventh"))
    assert document.codes == ("I21",)
    assert "HA" in document.other
    assert (document.identifier, document.revision, document.changed_at) == ("a-1", "3", IN_2021)


def test_keywords_are_one_whatever_their_case_and_keep_how_they_are_written() -> None:
    description = Description(summary=Summary(keywords=("Heart  Failure", "HEART FAILURE", "n/a", "")))
    assert document_of(description, FACTS).facets["keyword"] == (FacetTerm("heart failure", "Heart Failure"),)


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        (("UK", "United Kingdom", "united  kingdom"), ["United Kingdom"]),
        (("England & Wales", "England and Wales"), ["England and Wales"]),
        (("Atlantis",), ["Atlantis"]),
        (("N/A", "unknown"), []),
    ],
)
def test_places_have_one_name(places: tuple[str, ...], expected: list[str]) -> None:
    assert values(covering(*places), "coverage") == expected


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (None, []),
        (-1, []),
        (0, ["under-1000"]),
        (999, ["under-1000"]),
        (1_000, ["1000-9999"]),
        (99_999, ["10000-99999"]),
        (100_000, ["100000-999999"]),
        (999_999, ["100000-999999"]),
        (1_000_000, ["1000000-and-over"]),
    ],
)
def test_numbers_of_people_fall_into_bands(size: int | None, expected: list[str]) -> None:
    assert values(Description(summary=Summary(population_size=size)), "population") == expected


@pytest.mark.parametrize(
    ("start", "end", "years", "decades"),
    [
        ("1998-05-01", "2001-01-01", (1998, 2001), ["1990s", "2000s"]),
        ("2009-12-31", "2010-01-01", (2009, 2010), ["2000s", "2010s"]),
        ("2005-01-01", CONTINUOUS, (2005, 2021), ["2000s", "2010s", "2020s"]),
        ("2030-01-01", CONTINUOUS, (2030, 2030), ["2030s"]),
        ("2005", None, (2005, 2005), ["2000s"]),
        (None, "2005", (2005, 2005), ["2000s"]),
        (None, CONTINUOUS, None, []),
        ("2005", "1999", (1999, 2005), ["1990s", "2000s"]),
        ("0001-01-01", "9999-01-01", None, []),
        ("soon", None, None, []),
    ],
)
def test_years_are_covered(start: str | None, end: str | None, years: tuple[int, int], decades: list[str]) -> None:
    description = lasting(start, end)
    assert document_of(description, FACTS).years == years
    assert values(description, "decade") == decades


def test_kinds_standards_settings_and_access_come_from_their_fields() -> None:
    description = Description(
        provenance=Provenance(
            origin=Origin(
                dataset_type=(DatasetType("Imaging types", ("MRI", "CT")), DatasetType("imaging types", ("CT",))),
                collection_source=("Clinic",),
            )
        ),
        accessibility=Accessibility(
            access=Access(access_service_category="TRE/SDE"),
            format_and_standards=FormatAndStandards(
                vocabulary_encoding_scheme=("ICD10", "LOINC"), conforms_to=("LOINC", "HL7 FHIR")
            ),
        ),
    )
    assert values(description, "data_type") == ["Imaging types"]
    assert values(description, "data_subtype") == ["MRI", "CT"]
    assert values(description, "standard") == ["ICD10", "LOINC", "HL7 FHIR"]
    assert values(description, "collection") == ["Clinic"]
    assert values(description, "access") == ["TRE/SDE"]
    assert values(description, "membership") == ["Alliance"]


@pytest.mark.parametrize(("columns", "expected"), [((), ["no"]), ((Column(name="age"),), ["yes"])])
def test_structure_means_columns(columns: tuple[Column, ...], expected: list[str]) -> None:
    tables = StructuralMetadata(tables=(Table(name="t", columns=columns),))
    assert values(Description(structural_metadata=tables), "structure") == expected
