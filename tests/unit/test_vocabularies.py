"""Code lists: what they hold, what people may write instead, and that no word means two things."""

import json
from importlib.resources import files
from pathlib import Path

import pytest

import schemas.vocabularies
from schemas.vocabularies import fold, is_not_stated, names, vocabulary

# Which list holds the codes of which enumeration of the JSON Schema of HDR UK 4.0.0.
ENUMERATIONS = {
    "membership": "MemberOfV2",
    "pipeline": "Pipeline",
    "material-type": "MaterialTypeCategoriesV2",
    "follow-up": "FollowupV2",
    "purpose": "PurposeV2",
    "source": "SourceV2",
    "collection-source": "SettingV2",
    "image-contrast": "Ternary",
    "publishing-frequency": "PeriodicityV2",
    "end-date": "EndDateEnum",
    "time-lag": "TimeLagV2",
    "data-use-limitation": "DataUseLimitationV2",
    "data-use-requirements": "DataUseRequirementsV2",
    "access-service-category": "AccessService",
    "delivery-lead-time": "DeliveryLeadTimeV2",
    "vocabulary-encoding-scheme": "ControlledVocabularyEnum",
    "conforms-to": "StandardisedDataModelsEnum",
    "language": "LanguageEnum",
    "observed-node": "StatisticalPopulationConstrainedV2",
    "age-group": "AgeEnum",
    "ethnic-group": "EthnicityEnum",
    "disease-code-vocabulary": "DiseaseCodeEnum",
    "assay": "Assay",
    "platform": "Platform",
}


@pytest.mark.parametrize("name", sorted(names()))
def test_every_list_is_well_formed(name: str) -> None:
    codes = vocabulary(name)
    assert codes.name == name
    assert codes.title
    assert codes.source
    assert len(codes.values) == len(set(codes.values)) > 0
    for value in codes.values:
        assert value in codes
        assert codes.find(value) == codes.find(f" {value.upper()}  ") == codes.find(value.lower()) == value
        assert codes.label(value)
    inside = {value for values in codes.narrower.values() for value in values}
    assert inside <= set(vocabulary("dataset-sub-type" if name == "dataset-type" else name).values)
    assert not codes.near & {fold(value) for value in codes.values}


@pytest.mark.parametrize("name", sorted(names() - {"jurisdiction"}))
def test_no_word_means_two_values(name: str) -> None:
    document = json.loads((files(schemas.vocabularies) / f"{name}.json").read_text("utf-8"))
    meanings: dict[str, set[str]] = {}
    for entry in document["values"]:
        for word in (entry["value"], *entry.get("aliases", ()), *entry.get("near", ())):
            meanings.setdefault(fold(word), set()).add(entry["value"])
    assert not {word: values for word, values in meanings.items() if len(values) > 1}


@pytest.mark.parametrize(("name", "enumeration"), ENUMERATIONS.items())
def test_lists_of_hdruk_hold_exactly_its_codes(reference_data: Path, name: str, enumeration: str) -> None:
    schema = json.loads((reference_data / "hdruk" / "schemas" / "hdruk-4.0.0.schema.json").read_text("utf-8"))
    definition = schema["$defs"][enumeration]
    codes = definition.get("enum", [definition.get("const")])
    assert list(vocabulary(name).values) == [code for code in codes if code is not None]


def test_sub_types_are_those_of_their_types() -> None:
    types, sub_types = vocabulary("dataset-type"), vocabulary("dataset-sub-type")
    assert len(types.values) == 12
    below = {sub_type for values in types.narrower.values() for sub_type in values}
    assert below == set(sub_types.values)
    assert "Labour" in types.narrower["Socioeconomic"]
    assert types.find("imaging area of the body") == "Imaging Area Of The Body"
    assert types.label("Imaging Area Of The Body") == "Imaging area of the body"


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("follow-up", "0-6 MONTHS", "0 - 6 Months"),
        ("follow-up", "1 \u2013 10 years", "1 - 10 Years"),
        ("material-type", "NOT AVALIABLE", "None/not available"),
        ("collection-source", "IN-PATIENTS", "Secondary care - In-patients"),
        ("publishing-frequency", "SEMIWEEKLY", "Twice a week"),
        ("data-use-limitation", "USER SPECIFIC RESTRICTION", "User-specific restrictions"),
        ("data-use-requirements", "USER SPECIFIC RESTRICTION", "User-specific restriction"),
        ("time-lag", "MORE 6 MONTHS", "More than 6 months"),
        ("jurisdiction", "826", "GB"),
        ("jurisdiction", "United Kingdom", "GB"),
        ("language", "English", "en"),
        ("places", "England & Wales", "England and Wales"),
        ("places", "England, UK", "England"),
        ("places", "https://www.geonames.org/2638360/scotland.html", "Scotland"),
        ("places", "E12000005", "West Midlands"),
        ("places", "West Midlands Region, UK", "West Midlands"),
        ("places", "gb", "United Kingdom"),
        ("source", "punched cards", None),
    ],
)
def test_what_people_write_instead_of_codes(name: str, written: str, value: str | None) -> None:
    assert vocabulary(name).find(written) == value


@pytest.mark.parametrize(
    ("name", "word", "is_near"),
    [
        ("material-type", "BLOOD", True),
        ("material-type", "Whole blood", False),
        ("time-lag", "NO TIMELAG", True),
        ("collection-source", "PRIMARY CARE", True),
        ("collection-source", "OUTPATIENTS", False),
    ],
)
def test_near_words_are_told_from_aliases(name: str, word: str, is_near: bool) -> None:
    assert vocabulary(name).find(word)
    assert vocabulary(name).is_near(word) is is_near


def test_the_parts_of_the_kingdom() -> None:
    places = vocabulary("places")
    assert places.narrower["United Kingdom"] == ("England", "Scotland", "Wales", "Northern Ireland")
    assert len(places.narrower["England"]) == 9


@pytest.mark.parametrize(
    "word", ["TBC", "n/a", "N/A.", "Not Available", "NOT  AVALIABLE", "none", "-", "NULL", "To follow"]
)
def test_words_that_state_nothing(word: str) -> None:
    assert is_not_stated(word)


@pytest.mark.parametrize("word", ["No", "Other", "0", "Nonesuch Hospital", "Not available before 2010", "Local"])
def test_words_that_state_something(word: str) -> None:
    assert not is_not_stated(word)


def test_a_list_that_does_not_exist() -> None:
    with pytest.raises(KeyError):
        vocabulary("fields")
    with pytest.raises(KeyError):
        vocabulary("../metadata/secret")
