"""The sample members are many enough, varied enough, valid enough and fictional."""

import json
import re
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from catalogue.samples import SampleMember, members
from catalogue.samples.listing import FOLDER

Document = dict[str, Any]

ALL_FEEDS = [(member, path) for member in members() for path in member.generations]
OLD_FORMS = {"drumlin-lakes": "2.1.2", "kestrel-kidney": "2.1.2", "northmoor": "2.2.1", "tern-coast": "2.0.2"}
# What real feeds lack or overdo, kept on purpose so that the pages show it: start of the title, place of the error.
DELIBERATE_GAPS = {
    ("Online consultation requests", "summary"),
    ("Synthetic dementia care pathway", "coverage"),
    ("Adult social care assessments", "summary/title"),
    ("Community mental health contacts", "summary/abstract"),
}
REAL_NAMES = [
    *("NHS Digital", "NHS England", "NHS Wales", "NHS Scotland", "Public Health", "Ministry of", "HDR UK"),
    *("SAIL", "UK Biobank", "ALSPAC", "Avon Longitudinal", "CPRD", "Clinical Practice Research Datalink"),
    *("Genomics England", "Barts", "Imperial College", "Great Ormond Street", "Health Data Research", "ICNARC"),
    *("NCRAS", "National Disease Registration", "BREATHE", "DATA-CAN", "PIONEER", "INSIGHT Hub", "Discover-NOW"),
    *("Swansea", "Dundee", "Edinburgh", "Oxford University", "Cambridge University", "Asthma UK", "SSNAP"),
    *("Office for National Statistics", "Cystic Fibrosis Trust", "Renal Registry"),
]
MAILBOX_WORDS = {
    *("access", "applications", "audit", "bi", "cohort", "data", "hello", "information", "insight"),
    *("register", "requests", "research", "safehaven", "surveys"),
}

SEARCHED_FOR = [
    *("asthma", "copd", "diabetes", "cancer", "stroke", "kidney", "dementia", "mental health", "covid-19"),
    *("emergency department", "hospital admissions", "intensive care", "ambulance", "primary care", "social care"),
    *("maternity", "ophthalmology", "dental", "prescribing", "vaccination", "mri", "x-ray", "genomics", "biosamples"),
    *("deaths", "school", "air pollution"),
]


@cache
def documents_of(path: Path) -> tuple[Document, ...]:
    feed = json.loads(path.read_text(encoding="utf-8"))
    assert feed["count"] == len(feed["dataModels"])
    return tuple(feed["dataModels"])


def first_documents() -> Iterator[tuple[SampleMember, Document]]:
    for member in members():
        for document in documents_of(member.generations[0]):
            yield member, document


def bare_identifier(document: Document) -> str:
    return str(document["identifier"]).rsplit("/", 1)[-1]


def custodian(document: Document) -> Document:
    summary = document["summary"]
    found: Document = summary.get("dataCustodian") or summary["publisher"]
    return found


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)


def columns(document: Document) -> Iterator[Document]:
    structure = document.get("structuralMetadata") or {}
    tables = structure.get("tables", []) if isinstance(structure, dict) else structure
    for table in tables:
        yield from table.get("columns") or table.get("elements")


def title(document: Document) -> str:
    return str(document["summary"]["title"])


def test_there_are_enough_members_datasets_and_forms() -> None:
    assert len(members()) >= 9
    assert len(list(first_documents())) >= 48
    assert {member.slug for member in members()} > set(OLD_FORMS)
    assert 0.25 < len(OLD_FORMS) / len(members()) < 0.4
    for member, document in first_documents():
        assert ("publisher" in document["summary"]) is (member.slug in OLD_FORMS)


def test_members_are_described_once_and_every_feed_belongs_to_one() -> None:
    assert len({member.slug for member in members()}) == len(members())
    assert len({member.identifier for member in members()}) == len(members())
    assert {path for _, path in ALL_FEEDS} == set((FOLDER / "feeds").glob("*.json"))
    for member in members():
        assert member.identifier == f"https://example.org/organisations/{member.slug}"
        assert member.member_of in {"Alliance", "Hub", "Other"}
        names = {custodian(document)["name"] for document in documents_of(member.generations[0])}
        assert member.name in names
        assert (len(names) > 1) is member.is_aggregator
    assert sum(member.is_aggregator for member in members()) == 1


def test_an_aggregator_carries_custodians_who_are_not_members() -> None:
    aggregator = next(member for member in members() if member.is_aggregator)
    others = {custodian(document)["name"] for document in documents_of(aggregator.generations[0])} - {aggregator.name}
    assert len(others) == 3
    assert not others & {member.name for member in members()}


def test_identifiers_are_unique() -> None:
    identifiers = [uuid.UUID(bare_identifier(document)) for _, document in first_documents()]
    assert [key for key, count in Counter(identifiers).items() if count > 1] == []
    for _, path in ALL_FEEDS:
        again = [bare_identifier(document) for document in documents_of(path)]
        assert len(set(again)) == len(again)


def test_everything_together_stays_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.rglob("*.json")) < 1_500_000


def schema_errors(document: Document, schema: Document) -> Iterator[tuple[str, str]]:
    plain = {key: value for key, value in document.items() if key != "@schema"}
    validator = jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator)
    for error in validator(schema).iter_errors(plain):
        yield "/".join(str(part) for part in error.path), error.message


@pytest.mark.parametrize(("member", "path"), ALL_FEEDS, ids=lambda value: getattr(value, "name", ""))
def test_documents_are_valid_but_for_the_deliberate_gaps(
    member: SampleMember, path: Path, reference_data: Path
) -> None:
    version = OLD_FORMS.get(member.slug, "4.0.0")
    schema = json.loads((reference_data / f"hdruk/schemas/hdruk-{version}.schema.json").read_text(encoding="utf-8"))
    unexpected = [
        (title(document), where, message[:200])
        for document in documents_of(path)
        for where, message in schema_errors(document, schema)
        if not any(title(document).startswith(gap) and where == place for gap, place in DELIBERATE_GAPS)
    ]
    assert unexpected == []


def test_the_deliberate_gaps_are_there() -> None:
    documents = {title(document): document for _, document in first_documents()}
    assert all(any(name.startswith(gap) for name in documents) for gap, _ in DELIBERATE_GAPS)
    assert "spatial" not in documents["Synthetic dementia care pathway"]["coverage"]
    in_newest_form = [
        document["summary"] for _, document in first_documents() if "publisher" not in document["summary"]
    ]
    assert [summary["title"] for summary in in_newest_form if "populationSize" not in summary]
    assert max(len(name) for name in documents) >= 250
    assert [name for name, document in documents.items() if document["summary"]["abstract"] == ""]
    assert [name for name, document in documents.items() if not document["documentation"].get("description")]
    assert [name for name, document in documents.items() if not list(columns(document))]


# What a reader may filter by. That every other coded value is a real one, the schema's own enums say above.
FACETED = {
    "provenance.origin.collectionSource": "SettingV2",
    "accessibility.access.accessServiceCategory": "AccessService",
    "accessibility.formatAndStandards.conformsTo": "StandardisedDataModelsEnum",
    "coverage.materialType": "MaterialTypeCategoriesV2",
}


def values_at(document: Document, path: str) -> list[Any]:
    node: Any = document
    for part in path.split("."):
        node = (node or {}).get(part)
    return node if isinstance(node, list) else [node] if node is not None else []


def documents_in_the_newest_form() -> Iterator[Document]:
    for _, path in ALL_FEEDS:
        for document in documents_of(path):
            if "dataCustodian" in document["summary"]:
                yield document


def test_every_value_of_a_faceted_code_list_occurs(reference_data: Path) -> None:
    schema = json.loads((reference_data / "hdruk/schemas/hdruk-4.0.0.schema.json").read_text(encoding="utf-8"))
    for path, name in FACETED.items():
        used = {value for document in documents_in_the_newest_form() for value in values_at(document, path)}
        assert used == set(schema["$defs"][name]["enum"]) - {None}, path


def test_every_data_type_and_sub_type_occurs_and_is_a_real_one(reference_data: Path) -> None:
    schema = json.loads((reference_data / "hdruk/schemas/hdruk-4.0.0.schema.json").read_text(encoding="utf-8"))
    used: dict[str, set[str]] = {}
    for document in documents_in_the_newest_form():
        for entry in document["provenance"]["origin"]["datasetType"]:
            used.setdefault(entry["name"], set()).update(entry["subTypes"])
    assert len(used) == 12
    for name, sub_types in used.items():
        definition = "OmicsDataType" if name == "Omics" else "".join(re.split(r"\W", name.title()))
        known = schema["$defs"].get(f"{definition}SubTypes", {"enum": ["Not applicable"]})["enum"]
        assert definition in schema["$defs"], name
        assert sub_types == set(known), name


def population_band(document: Document) -> str:
    size = document["summary"].get("populationSize")
    if size is None:
        return "not-stated"
    return str(min(max(len(str(size)), 3), 7))


def years(document: Document) -> range:
    temporal = document["provenance"]["temporal"]
    last = 2026 if temporal["endDate"] == "CONTINUOUS" else year_of(temporal["endDate"])
    return range(year_of(temporal["startDate"]), last + 1)


def year_of(text: str) -> int:
    return int(max(re.split(r"\D", text[:10]), key=len))


def facet_values(member: SampleMember, document: Document) -> dict[str, set[str]]:
    types = values_at(document, "provenance.origin.datasetType")
    return {
        "custodian": {custodian(document)["name"]},
        "membership": {custodian(document)["memberOf"].casefold()},
        "data_type": {entry["name"] for entry in types if isinstance(entry, dict)},
        "data_subtype": {sub for entry in types if isinstance(entry, dict) for sub in entry["subTypes"]},
        "keyword": {word.casefold() for word in keywords(document)},
        "coverage": {place.strip() for place in (document.get("coverage", {}).get("spatial") or "").split(",")} - {""},
        "access": set(values_at(document, "accessibility.access.accessServiceCategory")),
        "standard": set(values_at(document, "accessibility.formatAndStandards.conformsTo")),
        "collection": set(values_at(document, "provenance.origin.collectionSource")),
        "population": {population_band(document)},
        "decade": {f"{year // 10}0s" for year in years(document)},
        "structure": {"yes" if list(columns(document)) else "no"},
    }


def keywords(document: Document) -> list[str]:
    words = document["summary"]["keywords"]
    return words if isinstance(words, list) else [word.strip() for word in words.split(",")]


def test_every_facet_has_values_to_choose_from() -> None:
    found: dict[str, Counter[str]] = {}
    for member, document in first_documents():
        for facet, values in facet_values(member, document).items():
            found.setdefault(facet, Counter()).update(values)
    assert {facet: len(values) for facet, values in found.items() if len(values) < 3} == {"structure": 2}
    assert set(found["population"]) == {"not-stated", "3", "4", "5", "6", "7"}
    assert {"England", "Scotland", "Wales", "Northern Ireland", "United Kingdom"} <= set(found["coverage"])
    assert set(found["decade"]) >= {"1970s", "1980s", "1990s", "2000s", "2010s", "2020s"}
    assert set(found["membership"]) == {"alliance", "hub", "other"}


def test_a_keyword_is_written_in_more_than_one_case() -> None:
    written = {word for _, document in first_documents() for word in keywords(document)}
    assert len(written) > len({word.casefold() for word in written})


@pytest.mark.parametrize("word", SEARCHED_FOR)
def test_what_people_search_for_is_found(word: str) -> None:
    assert [
        title(document)
        for _, document in first_documents()
        if any(word in text.casefold() for text in texts([document["summary"], document["documentation"]]))
    ]


def test_asthma_is_in_a_title_in_an_abstract_and_only_in_a_column() -> None:
    def holds(value: object) -> bool:
        return any("asthma" in text.casefold() for text in texts(value))

    places = Counter[str]()
    for _, document in first_documents():
        in_columns = holds(list(columns(document)))
        rest = {key: value for key, value in document.items() if key != "structuralMetadata"}
        places["title"] += holds(title(document))
        places["abstract"] += holds(document["summary"]["abstract"]) and not holds(title(document))
        places["column only"] += in_columns and not holds(rest)
    assert min(places["title"], places["abstract"], places["column only"]) >= 1


def test_one_dataset_is_very_wide_and_several_have_many_tables() -> None:
    assert max(len(list(columns(document))) for _, document in first_documents()) > 300
    many = [
        document
        for _, document in first_documents()
        if isinstance(structure := document.get("structuralMetadata"), dict) and 3 <= len(structure["tables"]) <= 8
    ]
    assert len(many) >= 8
    assert sum("omics" in document for _, document in first_documents()) >= 2
    assert sum("demographicFrequency" in document for _, document in first_documents()) >= 5


def test_slash_dates_are_month_first_often_enough_to_settle_the_ambiguous_one() -> None:
    provable, ambiguous = Counter[str](), 0
    tern = next(member for member in members() if member.slug == "tern-coast")
    for text in texts(list(documents_of(tern.generations[0]))):
        if found := re.fullmatch(r"(\d\d)/(\d\d)/\d{4}", text):
            first, second = int(found[1]), int(found[2])
            if first <= 12 and second <= 12:
                ambiguous += 1
            else:
                provable["month" if second > 12 else "day"] += 1
    assert ambiguous >= 1
    assert provable["month"] >= 9 * max(provable["day"], 1)


def test_dates_are_in_the_past_and_in_order() -> None:
    latest = date(2026, 10, 1)
    for _, path in ALL_FEEDS:
        for document in documents_of(path):
            issued, modified = (datetime.fromisoformat(document[key]).astimezone(UTC) for key in ("issued", "modified"))
            assert issued.date() <= modified.date() <= latest, title(document)
            assert len(years(document)) > 0, title(document)
            for observation in document["observations"]:
                assert year_of(observation["observationDate"]) <= 2026


def test_later_generations_change_add_and_continue() -> None:
    later = [member for member in members() if len(member.generations) > 1]
    assert len(later) >= 2
    assert any(len(member.generations) == 3 for member in later)
    outcomes = Counter[str]()
    for member in later:
        for earlier_path, path in zip(member.generations, member.generations[1:], strict=False):
            earlier = {bare_identifier(document): document for document in documents_of(earlier_path)}
            for document in documents_of(path):
                named = {revision["url"].rsplit("/", 1)[-1] for revision in document["revisions"]}
                known = earlier.get(bare_identifier(document))
                if known is None:
                    outcomes["continued" if named & set(earlier) else "new"] += 1
                elif known != document:
                    outcomes["changed"] += 1
                    assert known["modified"] < document["modified"]
    assert outcomes["changed"] >= 3
    assert outcomes["continued"] >= 3
    assert outcomes["new"] >= 1


def test_abstracts_are_short_and_titles_unique() -> None:
    titles = [title(document) for _, document in first_documents()]
    assert len(set(titles)) == len(titles)
    for _, path in ALL_FEEDS:
        for document in documents_of(path):
            assert len(document["summary"]["abstract"]) <= 500, title(document)


def all_texts() -> list[str]:
    listing = json.loads((FOLDER / "members.json").read_text(encoding="utf-8"))
    return [*texts(listing), *(text for _, path in ALL_FEEDS for text in texts(list(documents_of(path))))]


def test_no_real_organisation_is_named() -> None:
    pattern = re.compile(r"\b(" + "|".join(re.escape(name) for name in REAL_NAMES) + r")\b")
    assert sorted({found[0] for text in all_texts() if (found := pattern.search(text))}) == []


def test_no_known_publisher_is_named(reference_data: Path) -> None:
    lines = (reference_data / "hdruk/real/publishers.yml").read_text(encoding="utf-8").splitlines()
    names = {line.split("name:", 1)[1].strip().casefold() for line in lines if "name:" in line} - {""}
    ours = {custodian(document)["name"].casefold() for _, document in first_documents()}
    assert len(names) > 10
    assert not ours & names


def test_addresses_and_mailboxes_are_fictional_and_nobody_is_named() -> None:
    for text in all_texts():
        for host in re.findall(r"https?://([^/\s]+)", text):
            assert host == "example.org" or host.endswith(".example"), text
        for mailbox, host in re.findall(r"([\w.]+)@([\w.]+)", text):
            assert host.endswith(".example"), text
            assert set(mailbox.split(".")) <= MAILBOX_WORDS, text
        for doi in re.findall(r"\b10\.\d{4,}", text):
            assert doi == "10.5555", text
        assert not re.search(r"\b(Dr|Prof|Professor|Mr|Mrs|Ms)\b\.? [A-Z]", text), text
        assert "orcid" not in text.casefold()
