"""Every problem of a description is found, said in plain words, and none is made up."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harvesters.base import Origin
from harvesters.hdruk import HdrukHarvester
from schemas.crosswalks.hdruk import write
from schemas.crosswalks.hdruk_demands import DEMANDS, Demand
from schemas.metadata import Column, Description, Problem, Severity, StructuralMetadata, Table, from_json, to_json
from schemas.validation import check, load
from schemas.validation.description import MOST_ALIKE
from schemas.validation.facts import FORMS
from schemas.validation.forms import Between, Code, Length, day_of, scheme_of
from schemas.validation.structure import Part, parts_of
from schemas.vocabularies import vocabulary

TODAY = date(2026, 11, 22)

A_WHOLE_DOCUMENT: dict[str, Any] = {
    "identifier": "6ff32eb9-5bd5-47bc-a4ac-000000000001",
    "version": "1.0.0",
    "revisions": [{"version": "0.9.0", "url": "https://data.example.org/datasets/0"}],
    "issued": "2025-01-01T10:00:00Z",
    "modified": "2026-01-01T10:00:00Z",
    "summary": {
        "title": "Births register",
        "abstract": "Every birth in the country since 1990.",
        "dataCustodian": {
            "identifier": "https://ror.org/000000000",
            "name": "Example Trust",
            "contactPoint": ["data@example.org"],
            "memberOf": "Alliance",
        },
        "populationSize": 1000,
        "keywords": ["births", "mothers"],
        "doiName": "10.1234/births",
        "contactPoint": "births@example.org",
    },
    "documentation": {"description": "A register of births.", "associatedMedia": ["https://data.example.org/a.pdf"]},
    "coverage": {"spatial": ["Wales"], "typicalAgeRangeMin": 0, "typicalAgeRangeMax": 150, "followUp": "Continuous"},
    "provenance": {
        "origin": {"datasetType": [{"name": "Registry", "subTypes": ["Births and deaths"]}], "purpose": ["Care"]},
        "temporal": {
            "startDate": "1990-01-01",
            "endDate": "CONTINUOUS",
            "publishingFrequency": "Annual",
            "timeLag": "1-2 weeks",
        },
    },
    "accessibility": {
        "access": {"accessRights": "https://data.example.org/apply", "jurisdiction": ["GB", "GB-WLS", "DE-BY"]},
        "formatAndStandards": {
            "vocabularyEncodingScheme": ["ICD10"],
            "conformsTo": ["OMOP"],
            "language": ["en"],
            "format": ["text/csv"],
        },
    },
    "enrichmentAndLinkage": {"publicationUsingDataset": ["10.1234/paper"], "tools": ["https://tools.example.org"]},
    "observations": [
        {
            "observedNode": "Persons",
            "measuredValue": 1000,
            "observationDate": "2026-01-01",
            "measuredProperty": "Count",
        }
    ],
    "structuralMetadata": {
        "tables": [
            {
                "name": "Births",
                "columns": [{"name": "age", "dataType": "integer", "sensitive": False, "least": "9", "greatest": "60"}],
            }
        ]
    },
    "demographicFrequency": {
        "age": [{"bin": "0-6 days", "count": 400}, {"bin": "7-27 days", "count": 600}],
        "disease": [
            {"diseaseCode": "A00", "diseaseCodeVocabulary": "ICD10", "count": 900},
            {"diseaseCode": "B00", "diseaseCodeVocabulary": "ICD10", "count": 900},
        ],
    },
}


def document(**changes: object) -> dict[str, Any]:
    """The sample with values put at paths, written with double underscores; None takes a value out."""
    changed = to_json(from_json(A_WHOLE_DOCUMENT))
    for path, value in changes.items():
        *way, last = path.split("__")
        part = changed
        for key in way:
            part = part[int(key[1:])] if key.startswith("n") and key[1:].isdigit() else part.setdefault(key, {})
        part[last] = value
    return changed


def problems(**changes: object) -> tuple[Problem, ...]:
    return check(from_json(document(**changes)), today=TODAY)


def test_a_whole_description_has_no_problem() -> None:
    assert problems() == ()


def test_the_sample_is_whole_for_hdr_uk_too() -> None:
    assert write(from_json(A_WHOLE_DOCUMENT)).missing == ()


@pytest.mark.parametrize(
    ("changes", "path", "severity", "words"),
    [
        ({"summary__title": None}, "summary.title", "error", "“Title” is not stated, and HDR UK 4.0.0 requires it."),
        (
            {"summary__populationSize": None, "demographicFrequency": None},
            "summary.populationSize",
            "error",
            "not stated",
        ),
        ({"observations": None}, "observations", "error", "“Counts over time” is not stated"),
        ({"coverage__spatial": None}, "coverage.spatial", "error", "“Places” is not stated"),
        ({"provenance__temporal": None}, "provenance.temporal", "error", "“Dates” is not stated"),
        ({"provenance__temporal__startDate": None}, "provenance.temporal.startDate", "error", "not stated"),
        ({"summary__title": "x" * 151}, "summary.title", "warning", "has 151 characters; HDR UK 4.0.0 allows 150"),
        ({"summary__abstract": "Few"}, "summary.abstract", "warning", "has 3 characters; at least 5"),
        ({"summary__laySummary": " \n "}, "summary.laySummary", "warning", "holds only white space"),
        ({"summary__title": " \n "}, "summary.title", "error", "“Title” is not stated"),
        ({"summary__populationSize": -1}, "summary.populationSize", "error", "is -1; it cannot be less than 0"),
        (
            {"summary__populationSize": 0, "demographicFrequency": None},
            "summary.populationSize",
            "warning",
            "is nought",
        ),
        ({"summary__contactPoint": "nobody"}, "summary.contactPoint", "error", "is not an e-mail address: “nobody”"),
        ({"summary__doiName": "in progress"}, "summary.doiName", "warning", "is not a DOI"),
        ({"summary__keywords": ["births", "x"]}, "summary.keywords[1]", "warning", "has 1 characters"),
        ({"summary__keywords": ["Births", "births "]}, "summary.keywords", "warning", "the same name: “births”"),
        ({"summary__abstract": "BIRTHS  register"}, "summary.abstract", "warning", "only repeats the title"),
        ({"version": "2"}, "version", "warning", "expects three numbers"),
        ({"coverage__typicalAgeRangeMax": 9999}, "coverage.typicalAgeRangeMax", "error", "cannot be more than 150"),
        ({"coverage__typicalAgeRangeMin": -5}, "coverage.typicalAgeRangeMin", "error", "cannot be less than 0"),
        (
            {"coverage__typicalAgeRangeMin": 60, "coverage__typicalAgeRangeMax": 18},
            "coverage.typicalAgeRangeMin",
            "error",
            "The youngest age, 60, is more than the oldest, 18.",
        ),
        ({"coverage__followUp": "CONTINUOUS"}, "coverage.followUp", "warning", "which is not in the list"),
        ({"coverage__datasetCompleteness": "high"}, "coverage.datasetCompleteness", "warning", "not a web address"),
        (
            {"documentation__associatedMedia": [" java\nscript:alert(1)"]},
            "documentation.associatedMedia[0]",
            "error",
            "begins with “javascript:”, which is not opened",
        ),
        ({"provenance__temporal__startDate": "spring"}, "provenance.temporal.startDate", "error", "is not a date"),
        (
            {"provenance__temporal__endDate": "1989-12-31"},
            "provenance.temporal.endDate",
            "error",
            "“End date” (31 December 1989) is before “Start date” (1 January 1990).",
        ),
        (
            {"provenance__temporal__distributionReleaseDate": "1989-06-01"},
            "provenance.temporal.distributionReleaseDate",
            "warning",
            "is before “Start date”",
        ),
        ({"modified": "2024-12-31"}, "modified", "error", "is before “First published”"),
        ({"modified": "2026-11-24"}, "modified", "warning", "24 November 2026, which is still to come"),
        ({"provenance__temporal__startDate": "1799-12-31"}, "provenance.temporal.startDate", "error", "the year 1799"),
        ({"provenance__temporal__endDate": "2037-01-01"}, "provenance.temporal.endDate", "error", "the year 2037"),
        (
            {"observations__n0__observationDate": "2027-01-01"},
            "observations[0].observationDate",
            "warning",
            "still to come",
        ),
        ({"observations__n0__measuredValue": -1}, "observations[0].measuredValue", "error", "less than 0"),
        (
            {"accessibility__access__jurisdiction": ["ZZ-ZZ"]},
            "accessibility.access.jurisdiction[0]",
            "warning",
            "ISO 3166",
        ),
        (
            {"accessibility__formatAndStandards__language": ["English"]},
            "accessibility.formatAndStandards.language[0]",
            "warning",
            "which is not in the list",
        ),
        (
            {"accessibility__legal": {"retentionStart": "2020", "retentionEnd": "2019"}},
            "accessibility.legal.retentionEnd",
            "error",
            "is before “Kept from”",
        ),
        (
            {"accessibility__access__accessLevel": "SECRET"},
            "accessibility.access.accessLevel",
            "warning",
            "not in the list",
        ),
        (
            {"provenance__origin__datasetType": [{"name": "Registry", "subTypes": ["CT"]}]},
            "provenance.origin.datasetType[0].subTypes[0]",
            "warning",
            "“CT” is not a sub-type of “Registry”.",
        ),
        (
            {"provenance__origin__datasetType": [{"name": "Everything"}]},
            "provenance.origin.datasetType[0].name",
            "warning",
            "not in the list",
        ),
        (
            {"demographicFrequency__age": [{"bin": "0-6 days", "count": 400}, {"bin": "7-27 days", "count": 601}]},
            "demographicFrequency.age",
            "warning",
            "“People by age” adds up to 1,001, more than the 1,000 people described.",
        ),
        (
            {"demographicFrequency__age": [{"bin": "0-6 days", "count": 1}, {"bin": "0-6 days", "count": 2}]},
            "demographicFrequency.age",
            "warning",
            "Age groups have the same name: “0-6 days”",
        ),
        (
            {"demographicFrequency__age": [{"bin": "young", "count": 1}]},
            "demographicFrequency.age[0].bin",
            "warning",
            "list",
        ),
        (
            {"demographicFrequency__disease__n0__count": 1001},
            "demographicFrequency.disease[0].count",
            "warning",
            "1,001 people have the disease",
        ),
        (
            {"enrichmentAndLinkage__publicationUsingDataset": ["Smith J. Births. 2020."]},
            "enrichmentAndLinkage.publicationUsingDataset[0]",
            "note",
            "is a citation in words",
        ),
        (
            {"enrichmentAndLinkage__isPartOf": [{"pid": "10.1234/BIRTHS"}]},
            "enrichmentAndLinkage.isPartOf[0]",
            "warning",
            "names the dataset itself",
        ),
        (
            {"structuralMetadata__tables__n0__columns__n0__least": "61"},
            "structuralMetadata.tables[0].columns[0].least",
            "warning",
            "more than the greatest",
        ),
        (
            {"structuralMetadata__tables__n0__columns__n0__missingShare": 1.5},
            "structuralMetadata.tables[0].columns[0].missingShare",
            "error",
            "cannot be more than 1",
        ),
        (
            {"structuralMetadata__tables__n0__columns": None},
            "structuralMetadata.tables[0].columns",
            "error",
            "1 of 1 tables",
        ),
    ],
)
def test_one_thing_wrong_is_one_problem(changes: dict[str, object], path: str, severity: str, words: str) -> None:
    [found] = problems(**changes)
    assert (found.path, found.severity.value) == (path, severity)
    assert words in found.message
    assert found.message.endswith(".")
    assert found.fix


@pytest.mark.parametrize(
    "changes",
    [
        {"provenance__temporal__startDate": "1990", "provenance__temporal__endDate": "1990-05"},
        {"provenance__temporal__startDate": "2020-06-15", "provenance__temporal__endDate": "2020"},
        {"provenance__temporal__startDate": "2020-01-01T00:00:00+01:00"},
        {"provenance__temporal__distributionReleaseDate": "2027-01-01"},
        {"modified": "2026-11-23T00:30:00+02:00"},
        {"accessibility__legal": {"retentionEnd": "2090-01-01", "applicableLegislation": ["urn:eli:reg:2025:327"]}},
        {"coverage__spatial": ["https://sws.geonames.org/2634895/", "Wales, north"]},
        {"summary__dataCustodian__identifier": 7},
        {"documentation": None},
        {"enrichmentAndLinkage": {}, "structuralMetadata": None, "demographicFrequency": None, "coverage": None},
        {"structuralMetadata__tables__n0__columns__n0__least": "low"},
    ],
)
def test_what_is_right_is_not_a_problem(changes: dict[str, object]) -> None:
    assert problems(**changes) == ()


def test_all_problems_are_found_and_the_missing_come_first() -> None:
    found = problems(summary__title=None, summary__populationSize=-1, summary__contactPoint="x", modified="2024-01-01")
    assert [problem.path for problem in found] == [
        "summary.title",
        "summary.populationSize",
        "summary.contactPoint",
        "modified",
    ]


def test_what_is_missing_in_many_columns_is_said_once() -> None:
    columns = tuple(
        Column(name=f"c{number}", data_type="text", sensitive=None if number % 3 else True) for number in range(900)
    )
    described = replace(
        from_json(A_WHOLE_DOCUMENT), structural_metadata=StructuralMetadata(tables=(Table("T", None, columns),))
    )
    [found] = check(described, today=TODAY)
    assert found.path == "structuralMetadata.tables[0].columns[1].sensitive"
    assert found.message == "“Sensitive” is not stated for 600 of 900 columns, and HDR UK 4.0.0 requires it."


def test_many_problems_of_one_kind_are_counted() -> None:
    found = problems(summary__keywords=[chr(97 + n % 26) for n in range(26)] + ["0", "1"])
    assert len(found) == MOST_ALIKE + 1
    assert found[-1] == Problem(
        "summary.keywords", "“Keywords” has 8 more such problems.", Severity.NOTE, "Mend all of them alike."
    )


def test_names_that_repeat_are_found_in_their_table() -> None:
    table = {
        "name": "T",
        "columns": [{"name": name, "dataType": "text", "sensitive": True} for name in ("a", "b", "a")],
    }
    found = problems(structuralMetadata={"tables": [table, table]})
    assert [problem.path for problem in found] == [
        "structuralMetadata.tables",
        "structuralMetadata.tables[0].columns",
        "structuralMetadata.tables[1].columns",
    ]
    assert found[1].message == "Columns of the table “T” have the same name: “a”."


@pytest.mark.parametrize(
    ("address", "is_good"),
    [
        ("https://data.example.org/path?q=1#x", True),
        ("http://example.org:8080", True),
        ("https://b\u00fccher.example", True),
        ("www.example.org", False),
        ("https://", False),
        ("https://example", False),
        ("https://example..org", False),
        ("https://exa mple.org/", False),
        ("https://example.org/a b", False),
        ("https://example.org:99999/", False),
        ("https://[::1", False),
        ("mailto:data@example.org", False),
        ("https://example.org/" + "a" * 2000, False),
        ("https://" + "a." * 50_000 + "org", False),
    ],
)
def test_web_addresses(address: str, is_good: bool) -> None:
    assert (FORMS["coverage.datasetCompleteness"](address) is None) is is_good


@pytest.mark.parametrize(
    ("text", "scheme"),
    [
        ("JavaScript:alert(1)", "javascript"),
        ("\x00\x1f \tjava\tscript\r\n:x", "javascript"),
        ("data:text/html,x", "data"),
        ("Note: see below", "note"),
        ("See this: there", ""),
        ("example.org:80", ""),
        (":x", ""),
        ("1a:x", ""),
        ("", ""),
    ],
)
def test_schemes(text: str, scheme: str) -> None:
    assert scheme_of(text) == scheme


@pytest.mark.parametrize("text", ["data@example.org", "first.last+tag@mail.example.co.uk", "o'brien@example.org"])
def test_good_email_addresses(text: str) -> None:
    assert FORMS["summary.contactPoint"](text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "a@",
        "@b.org",
        "a@b",
        "a@b@c.org",
        "a b@c.org",
        "a@b..org",
        "a" * 65 + "@b.org",
        "a@" + "b." * 99_999 + "org",
    ],
)
def test_bad_email_addresses(text: str) -> None:
    assert FORMS["summary.contactPoint"](text) is not None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026", date(2026, 1, 1)),
        ("2026-11", date(2026, 11, 1)),
        ("2026-11-22", date(2026, 11, 22)),
        ("2026-11-22T10:00:00.123Z", date(2026, 11, 22)),
        ("2026-02-30", None),
        ("20261122", None),
        ("2026-W47-7", None),
        ("22/11/2026", None),
        ("2026-11-22" + " " * 50 + "x", None),
        ("0000", None),
        ("", None),
    ],
)
def test_days(text: str, day: date | None) -> None:
    assert day_of(text) == day


def every_part(parts: tuple[Part, ...]) -> list[Part]:
    return [each for part in parts for each in (part, *every_part(part.below))]


def leaves(parts: tuple[Part, ...]) -> list[Part]:
    return [part for part in every_part(parts) if not part.section]


def test_every_form_is_of_a_field_there_is() -> None:
    assert FORMS.keys() <= {part.path for part in leaves(parts_of())}


def test_every_demand_is_of_a_field_there_is() -> None:
    assert {demand.path for demand in DEMANDS} <= {part.path for part in every_part(parts_of())}


SAMPLES: list[Any] = [
    *("x" * length for length in (1, 2, 4, 5, 50, 51, 150, 151, 500, 501, 1000, 1001, 10_000, 10_001, 20_000, 20_001)),
    *("x" * length for length in (50_000, 50_001)),
    *("data@example.org", "nobody", "10.1234/abc", "10.1234", "https://example.org/a", "urn:x:y", "1.0.0", "1.0"),
    *("2026-11-22", "2026-11-22T10:00:00Z", "spring", "CONTINUOUS", "GB", "GB-WLS", "ZZZ"),
    *("6ff32eb9-5bd5-47bc-a4ac-000000000001", "en", "Other", "Alliance", "Persons"),
]


COMPARED = [
    each for each in DEMANDS if each.form and each.path in FORMS and each.path not in {"identifier", "revisions.url"}
]


@pytest.mark.parametrize("demand", COMPARED, ids=lambda each: each.path)
def test_the_forms_are_as_strict_as_hdr_uk(demand: Demand) -> None:
    form = FORMS[demand.path]
    assert demand.form is not None
    for value in [*SAMPLES, *(vocabulary(form.name).values if isinstance(form, Code) else ())]:
        if not isinstance(form, Between) and form(value) is None:
            assert demand.form.fits(value), value
        if isinstance(form, Length | Code) and demand.form.fits(value):
            assert form(value) is None, value


@pytest.fixture(scope="module")
def real_descriptions(reference_data: Path) -> list[Description]:
    harvester = HdrukHarvester.from_source(
        Origin(path=reference_data / "hdruk" / "real" / "gateway-2020-11.hdruk-2.0.json"), {}
    )
    readings = [harvester.parse(raw, date_order=None, today=TODAY) for raw in harvester.gather()]
    return [reading.description for reading in readings if reading.description]


def test_what_real_descriptions_lack(real_descriptions: list[Description]) -> None:
    absent = [
        {problem.path for problem in check(each, today=TODAY) if "not stated" in problem.message}
        for each in real_descriptions
    ]
    assert len(absent) == 379
    assert sum("summary.populationSize" in paths for paths in absent) == 379
    assert sum("summary.dataCustodian.identifier" in paths for paths in absent) == 379
    assert sum("summary.title" in paths for paths in absent) == 0


def test_the_same_is_required_here_and_in_the_export(real_descriptions: list[Description]) -> None:
    for described in real_descriptions:
        here = {each.path for each in check(described, today=TODAY) if "HDR UK 4.0.0 requires" in each.message}
        there = {each.path for each in write(described).missing if each.severity is Severity.ERROR}
        assert {path for path in here if "[" not in path} == {path for path in there if "[" not in path}


def test_what_the_crosswalk_understood_has_the_right_type(real_descriptions: list[Description]) -> None:
    for described in real_descriptions:
        loaded = load(to_json(described))
        if not isinstance(loaded, Description):
            refused = {problem.path for problem in loaded}
            assert refused <= {each.path for each in check(described, today=TODAY) if each.severity is Severity.ERROR}


def test_load_makes_a_description() -> None:
    sent = document(summary__title="  Births register ", summary__keywords=["births", None, " ", "mothers"])
    sent["summary"]["populationSize"] = 1000.0
    sent["omics"] = None
    loaded = load(sent)
    assert isinstance(loaded, Description)
    assert to_json(loaded) == document()


def test_load_takes_what_is_only_doubtful() -> None:
    assert isinstance(load(document(summary__title="x" * 300, coverage__followUp="odd")), Description)
    assert isinstance(load({}), Description)


@pytest.mark.parametrize(
    ("sent", "path", "words"),
    [
        ([], "", "A description is an object."),
        (None, "", "A description is an object."),
        ({"sumary": {}}, "sumary", "is not a field of a description"),
        ({"summary": {"titel": "x"}}, "summary.titel", "is not a field of a description"),
        ({"summary": []}, "summary", "“Overview” is not a group of fields."),
        ({"summary": {"keywords": "births"}}, "summary.keywords", "“Keywords” is not a list."),
        ({"summary": {"keywords": ["births", 7]}}, "summary.keywords[1]", "“Keywords” is not text."),
        ({"summary": {"title": {"en": "x"}}}, "summary.title", "“Title” is not text."),
        (
            {"summary": {"populationSize": "many"}},
            "summary.populationSize",
            "“Number of people” is not a whole number.",
        ),
        ({"summary": {"populationSize": 1.5}}, "summary.populationSize", "is not a whole number"),
        ({"summary": {"populationSize": True}}, "summary.populationSize", "is not a whole number"),
        ({"summary": {"populationSize": -1}}, "summary.populationSize", "cannot be less than 0"),
        ({"summary": {"contactPoint": "nobody"}}, "summary.contactPoint", "is not an e-mail address"),
        ({"issued": "yesterday"}, "issued", "“First published” is not a date: “yesterday”."),
        ({"distributions": [{"accessUrl": "javascript:x"}]}, "distributions[0].accessUrl", "which is not opened"),
        ({"structuralMetadata": {"tables": [{"columns": [7]}]}}, "structuralMetadata.tables[0].columns[0]", "group"),
        ({"bases": [{"kind": "stated"}]}, "bases[0].path", "is missing"),
        ({"bases": [{"path": None, "kind": "stated"}]}, "bases[0].path", "is missing"),
        ({"bases": [{"path": "x", "kind": "guessed"}]}, "bases[0].kind", "not in the list"),
    ],
)
def test_load_refuses_with_a_reason(sent: object, path: str, words: str) -> None:
    refused = load(sent)
    assert not isinstance(refused, Description)
    [found] = refused
    assert (found.path, found.severity) == (path, Severity.ERROR)
    assert words in found.message


def test_load_says_everything_at_once() -> None:
    refused = load({"summary": {"populationSize": -1, "contactPoint": "x"}, "issued": "x"})
    assert not isinstance(refused, Description)
    assert {problem.path for problem in refused} == {"summary.populationSize", "summary.contactPoint", "issued"}


odd_values = (
    st.none()
    | st.booleans()
    | st.integers(-5, 200)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        [
            "2026-11-22",
            "javascript:x",
            "a@b.org",
            "https://example.org",
            [],
            {},
            ["x"],
            [None],
            [{}],
            {"a": 1},
            "Other",
            "stated",
        ]
    )
)


@given(st.sampled_from(leaves(parts_of())), odd_values)
def test_load_and_check_agree_on_every_single_value(part: Part, value: object) -> None:
    """What `load` refuses is what `check` calls an error of that value, for each field there is."""
    sent: dict[str, Any] = {}
    place = sent
    *way, last = part.path.split(".")
    parts = parts_of()
    for key in way:
        section = next(each for each in parts if each.key == key)
        parts = section.below
        below = {each.key: "x" for each in parts if each.is_required and each.key != "kind"}
        below |= {each.key: "stated" for each in parts if each.is_required and each.key == "kind"}
        place[key] = [below] if section.is_list else below
        place = below
    place[last] = [value] if part.is_list and not isinstance(value, list) else value
    loaded = load(sent)
    if isinstance(loaded, Description):
        wrong = [
            each
            for each in check(loaded, today=TODAY)
            if each.severity is Severity.ERROR and "requires" not in each.message and "the year" not in each.message
        ]
        assert wrong == []
    else:
        assert {each.path.replace("[0]", "").split("[")[0] for each in loaded} <= {part.path} | {
            part.path + "." + key for key in (value if isinstance(value, dict) else ())
        }


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.from_type(Description), st.dates(date(1, 1, 1), date(9999, 12, 31)))
def test_check_answers_for_any_description(description: Description, today: date) -> None:
    for problem in check(description, today=today):
        assert problem.message.endswith(".")
