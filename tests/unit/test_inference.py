"""What is read from a text, and above all what is not."""

from collections.abc import Mapping

import pytest

from schemas.inference import Fact, infer, is_stated, with_facts
from schemas.metadata import (
    CONTINUOUS,
    BasisKind,
    Column,
    Coverage,
    DatasetType,
    Description,
    Documentation,
    Origin,
    Provenance,
    StructuralMetadata,
    Summary,
    Table,
    Temporal,
)

POPULATION = "summary.populationSize"
FIRST, LAST = "provenance.temporal.startDate", "provenance.temporal.endDate"
YOUNGEST, OLDEST = "coverage.typicalAgeRangeMin", "coverage.typicalAgeRangeMax"
PLACES = "coverage.spatial"
TYPES, SUB_TYPES = "provenance.origin.datasetType.name", "provenance.origin.datasetType.subTypes"
CODES = "accessibility.formatAndStandards.vocabularyEncodingScheme"
MODELS = "accessibility.formatAndStandards.conformsTo"
KEYS = "linkability.identifiersHeld"


def described(abstract: str = "", *, title: str = "Orchard records", columns: tuple[str, ...] = ()) -> Description:
    tables = (Table(columns=tuple(Column(name=name) for name in columns)),) if columns else ()
    return Description(
        summary=Summary(title=title, abstract=abstract), structural_metadata=StructuralMetadata(tables=tables)
    )


def read(description: Description, *paths: str) -> list[str]:
    return [fact.value for fact in infer(description) if fact.path in paths]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The cohort holds 12,500 participants.", ["12500"]),
        ("Records of over 1.2 million anonymised patients.", ["1200000"]),
        ("Data about ~40k people with asthma.", ["40000"]),
        ("There are 3 thousand women in the register.", ["3000"]),
        ("We hold samples of 900 donors; 400 patients were genotyped.", []),
        ("We hold samples of 900 donors; 400 of the 900 donors are women.", ["900"]),
        ("Covers 500,000 patient records.", []),
        ("It has 200 patient and matched control blood samples.", []),
        ("It holds 500 samples as well as answers from 400 participants.", []),
        ("1.2 million women were invited.", []),
        ("Covers 500,000 admissions and 20,000 samples.", []),
        ("It sees over 1 million patients each year.", []),
        ("A further 300 participants joined.", []),
        ("Up to 5,000 patients may be asked.", []),
        ("We will recruit 2,000 participants.", []),
        ("Asthma affects 5,400,000 people in the country.", []),
        ("It does not hold 2,000 patients of the pilot.", []),
        ("More than 90% of patients reply.", []),
        ("Item 12 patients must sign.", []),
        ("Patients aged 18-65 take part.", []),
        ("Since 2015 patients are asked.", []),
    ],
)
def test_people_are_told_from_everything_else_that_is_counted(text: str, expected: list[str]) -> None:
    assert read(described(text), POPULATION) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Data from April 2010 to March 2015.", {FIRST: "2010", LAST: "2015"}),
        ("Laboratory data. Northshire 1999 - Current; Southshire: 2005 – Current.", {FIRST: "1999", LAST: CONTINUOUS}),
        ("Data collected April-October 2018", {FIRST: "2018", LAST: "2018"}),
        ("Surveys were undertaken in 2012,2014, 2016 and 2019.", {FIRST: "2012", LAST: "2019"}),
        ("Admissions recorded since 2009.", {FIRST: "2009"}),
        ("Imaging carried out from 1 April 2012 on patients.", {}),
        ("Participants were recruited 2006-11.", {FIRST: "2006"}),
        ("Records of the financial years 2012/13 to date.", {}),
        ("People born between 1946 and 1964 are in the data.", {}),
        ("The Data Act 2012 to 2015 governs the records.", {}),
        ("Funded from 2010 to 2015 to collect data.", {}),
        ("Data will be collected from 2024 to 2026.", {}),
        ("Workers have been deployed since 2005.", {}),
        ("People aged 18-65 are recorded.", {}),
        ("See https://example.org/data/2001-2005 for records.", {}),
    ],
)
def test_years_are_those_of_the_data(text: str, expected: Mapping[str, str]) -> None:
    assert {fact.path: fact.value for fact in infer(described(text)) if fact.path in (FIRST, LAST)} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Adults aged 18 years and over.", {YOUNGEST: "18"}),
        ("Children aged 0-17 years.", {YOUNGEST: "0", OLDEST: "17"}),
        ("Volunteers aged between 40 and 69.", {YOUNGEST: "40", OLDEST: "69"}),
        ("Patients over the age of 16 years.", {YOUNGEST: "16"}),
        ("Residents aged 12 or under.", {OLDEST: "12"}),
        ("Review at 13-15 months of age.", {}),
        ("One group is aged 18-30, another aged 60-70.", {}),
        ("Mean age 45 to 50 years.", {}),
    ],
)
def test_ages_are_those_of_the_people(text: str, expected: Mapping[str, str]) -> None:
    assert {fact.path: fact.value for fact in infer(described(text)) if fact.path in (YOUNGEST, OLDEST)} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Admissions to hospitals in England and Wales.", ["England", "Wales"]),
        ("Covers England, Scotland and Northern Ireland.", ["England", "Scotland", "Northern Ireland"]),
        ("Births to Welsh residents.", ["Wales"]),
        ("Patients across the UK, most of them in Scotland.", ["Scotland"]),
        ("Care in NHS hospitals of the West Midlands.", ["West Midlands"]),
        ("It does not include Scotland. Patients in Wales are included.", ["Wales"]),
        ("Patients resident outside of England.", []),
        ("Run by NHS England.", []),
        ("Kept by Public Health England for the University of Wales Hospital.", []),
        ("Deaths as told by National Records of Scotland.", []),
        ("Samples are held at a bank in London.", []),
        ("Similar to UK Biobank.", []),
    ],
)
def test_places_are_where_the_people_are(text: str, expected: list[str]) -> None:
    assert read(described(text), PLACES) == expected


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Diabetes register of the north", "", ["Health and disease > Metabolic and endocrine"]),
        ("Deaths", "Register of all deaths.", ["Registry > Births and deaths"]),
        ("Orchard records", "Patients with type 2 diabetes.", ["Health and disease > Metabolic and endocrine"]),
        ("Orchard records", "The data include MRI scans.", ["Imaging types > MRI"]),
        ("Orchard records", "The data do not include MRI scans.", []),
        ("Orchard records", "It aims to improve the care of cancer.", []),
        ("Orchard records", "Smoking causes cancer.", []),
        ("Orchard records", "Data from Cancer Research UK.", []),
        ("Orchard records", "MRI scans will be included.", []),
        ("Haematology", "", ["Measurements/Tests > Laboratory"]),
        ("School dental checks", "", ["Health and disease > Oral and gastrointestinal"]),
        ("Bridge file: outpatients to imaging", "", []),
    ],
)
def test_types_are_of_what_is_in_the_data(title: str, text: str, expected: list[str]) -> None:
    filled = with_facts(described(text, title=title), infer(described(text, title=title)))
    kinds = filled.provenance.origin.dataset_type
    assert [f"{kind.name} > {sub}" for kind in kinds for sub in kind.sub_types] == expected
    assert {kind.name for kind in kinds} == {each.partition(" > ")[0] for each in expected}


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("Diagnoses are coded in ICD-10 and procedures in OPCS-4.", CODES, ["ICD10", "OPCS4"]),
        ("Coded with SNOMED-CT.", CODES, ["SNOMED CT"]),
        ("Issues (Read coded).", CODES, ["READ"]),
        ("We read codes of practice aloud.", CODES, []),
        ("Held by Optimum Patient Care (OPC).", CODES, []),
        ("Will be coded in ICD-10 from next year.", CODES, []),
        ("Not coded in SNOMED CT.", CODES, []),
        ("Available in the OMOP common data model.", MODELS, ["OMOP"]),
        ("We plan to map the data to OMOP.", MODELS, []),
        ("Records are linked by pseudonymised NHS number.", KEYS, ["NHS number, pseudonymised"]),
        ("Each has a CHI number.", KEYS, ["CHI number"]),
        ("NHS numbers are removed.", KEYS, []),
        ("The data hold no NHS number.", KEYS, []),
    ],
)
def test_standards_and_keys_are_those_in_use(text: str, path: str, expected: list[str]) -> None:
    assert read(described(text), path) == expected


def test_columns_tell_codes_and_keys_by_their_whole_names() -> None:
    columns = ("diag_icd10", "SnomedCode", "NHSNumber", "nhs_number_status", "alf_mtch_pct", "icdx")
    found = infer(described(columns=columns))
    assert {(fact.path, fact.value) for fact in found} == {
        (CODES, "ICD10"),
        (CODES, "SNOMED CT"),
        (KEYS, "NHS number"),
    }
    assert {fact.found_in for fact in found} == {"structuralMetadata.tables.columns.name"}


def test_a_fact_keeps_the_words_it_came_from() -> None:
    text = "An introduction without facts. The cohort holds 12,500 participants in Wales."
    facts = {fact.path: fact for fact in infer(described(text))}
    assert facts[POPULATION] == Fact(
        POPULATION, "12500", "The cohort holds 12,500 participants in Wales", "summary.abstract", "people"
    )


def test_a_stated_value_leaves_nothing_to_infer() -> None:
    stated = Description(
        summary=Summary(title="Cancer register", abstract="Data of 500 patients in Wales.", population_size=7),
        coverage=Coverage(spatial=("England",)),
        provenance=Provenance(Origin(dataset_type=(DatasetType("Omics"),))),
    )
    assert infer(stated) == ()
    assert with_facts(stated, infer(described("Data of 500 patients in Wales."))) == stated


@pytest.mark.parametrize("size", [-1, None])
def test_what_states_nothing_is_open(size: int | None) -> None:
    said = Description(
        summary=Summary(title="A cohort", abstract="Data of 500 patients in Wales.", population_size=size),
        coverage=Coverage(spatial=("Not stated",)),
    )
    assert not is_stated(said, POPULATION)
    assert read(said, POPULATION, PLACES) == ["500", "Wales"]


def test_an_end_before_the_stated_beginning_is_not_believed() -> None:
    said = Description(
        summary=Summary(title="A cohort", abstract="Data collected in 2001."),
        documentation=Documentation(),
        provenance=Provenance(temporal=Temporal(start_date="2010-01-01")),
    )
    assert read(said, FIRST, LAST) == []


def test_what_is_filled_is_marked_with_its_words() -> None:
    description = described("The cohort holds 12,500 participants in Wales since 2009.")
    filled = with_facts(description, infer(description))
    assert filled.summary.population_size == 12_500
    assert filled.coverage.spatial == ("Wales",)
    assert filled.provenance.temporal.start_date == "2009"
    assert {basis.path for basis in filled.bases} == {POPULATION, PLACES, FIRST}
    assert {basis.kind for basis in filled.bases} == {BasisKind.INFERRED}
    assert all(basis.evidence in (description.summary.abstract or "") for basis in filled.bases)


def test_a_sub_type_goes_with_its_type() -> None:
    description = described("Patients with epilepsy.")
    facts = [fact for fact in infer(description) if fact.path == SUB_TYPES]
    assert [fact.value for fact in facts] == ["Neurological"]
    assert with_facts(description, facts).provenance.origin.dataset_type == ()
