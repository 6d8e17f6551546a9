"""How right the rules are: every fact inferred from descriptions that were read by hand has a verdict."""

import json
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from catalogue.services.fact_report import KINDS
from schemas.crosswalks.hdruk import identifier_of, read
from schemas.inference import Fact, infer, is_stated
from schemas.inference.checking import LEAST_PRECISION, Checked, outcome, read_checked, recall
from schemas.inference.filling import PATHS, POPULATION
from schemas.metadata import Description

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "tests" / "data" / "inferred_facts"
NAMES = ("checked", "held-out", "held-out-older")
NEWER = "gateway-2020-11.hdruk-2.0.json"
OLDER = "gateway-2020-08.hdruk-1.1.7.json"
LEAST_RECALL = 0.85


def kept(name: str) -> dict[str, Any]:
    return dict(json.loads((KEPT / f"{name}.json").read_text("utf-8")))


def catalogue_of(path: Path) -> dict[str, Description]:
    document = json.loads(path.read_text("utf-8"))
    records = document if isinstance(document, list) else document["dataModels"]
    found = (read(record).description for record in records)
    return {identifier_of(each.identifier or ""): each for each in found if each}


@pytest.fixture(scope="module")
def newer(reference_data: Path) -> dict[str, Description]:
    return catalogue_of(reference_data / "hdruk" / "real" / NEWER)


@pytest.fixture(scope="module")
def descriptions(reference_data: Path, newer: dict[str, Description]) -> Mapping[str, Description]:
    """The newer catalogue, with the columns that the older one has of the same datasets, and what only that has."""
    older = catalogue_of(reference_data / "hdruk" / "real" / OLDER)
    columns = {
        identifier: replace(each, structural_metadata=older[identifier].structural_metadata)
        for identifier, each in newer.items()
        if identifier in older
    }
    return older | newer | columns


def facts_of(checked: Checked, descriptions: Mapping[str, Description]) -> dict[str, tuple[Fact, ...]]:
    return {record: infer(descriptions[record]) for record in checked.records}


@pytest.mark.parametrize("name", NAMES)
def test_every_fact_has_a_verdict_and_enough_are_right(name: str, descriptions: Mapping[str, Description]) -> None:
    checked = read_checked(kept(name))
    result = outcome(checked, facts_of(checked, descriptions))
    assert result.unjudged == ()
    assert (result.total.precision or 0) >= LEAST_PRECISION, result.kinds


def test_most_of_what_a_reader_finds_is_found(descriptions: Mapping[str, Description]) -> None:
    checked = read_checked(kept("checked"))
    found, of_all = recall(checked, facts_of(checked, descriptions))
    assert found / of_all >= LEAST_RECALL


@pytest.mark.parametrize(("name", "first", "count"), [("checked", 0, 100), ("held-out", 100, 40)])
def test_the_records_are_chosen_by_the_rule(name: str, first: int, count: int, newer: dict[str, Description]) -> None:
    in_order = sorted(newer, key=lambda identifier: sha256(identifier.encode()).hexdigest())
    assert kept(name)["records"] == in_order[first : first + count]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_but_identifiers_fields_and_values_is_kept(name: str) -> None:
    document = kept(name)
    for record, by_path in (document["facts"] | document.get("missed", {})).items():
        assert str(UUID(record)) == record
        assert set(by_path) <= set(PATHS)
        assert all(len(value) <= 60 for values in by_path.values() for value in values)


def test_what_is_wrong_unjudged_or_too_rarely_right_is_told() -> None:
    fact = Fact(POPULATION, "7", "7 people", "summary.title", "people")
    other = Fact(POPULATION, "8", "8 people", "summary.title", "people")
    checked = read_checked({"records": ["a", "b"], "facts": {"a": {POPULATION: ["7"]}, "b": {POPULATION: ["!7"]}}})
    assert outcome(checked, {"a": [fact]}).is_good
    half = outcome(checked, {"a": [fact], "b": [fact]})
    assert (half.total.inferred, half.total.right, half.is_good) == (2, 1, False)
    assert outcome(checked, {"a": [fact, other]}).unjudged == (("a", POPULATION, "8"),)
    assert not outcome(checked, {}).is_good


def test_the_guide_tells_how_many_descriptions_each_facet_covers(newer: dict[str, Description]) -> None:
    guide = (ROOT / "docs" / "inferred-facts.md").read_text("utf-8")
    read_paths = {identifier: {fact.path for fact in infer(each)} for identifier, each in newer.items()}
    for _, label, paths in KINDS:
        stated = sum(any(is_stated(each, path) for path in paths) for each in newer.values())
        known = sum(
            any(is_stated(each, path) or path in read_paths[identifier] for path in paths)
            for identifier, each in newer.items()
        )
        assert f"| {label} | {stated} | {known} |" in guide, f"| {label} | {stated} | {known} |"
