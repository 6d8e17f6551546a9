"""What every rule that reads facts from texts promises, whoever wrote it."""

import json
import sys
from importlib.resources import files
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.inference import Fact, Rule, infer, path_label, rules, value_label, with_facts
from schemas.inference.filling import CODE_LISTS, PATHS, POPULATION
from schemas.inference.passages import LONGEST_TEXT
from schemas.metadata import Column, Description, StructuralMetadata, Summary, Table
from schemas.vocabularies import vocabulary

HOSTILE = (
    "9" * 100_000,
    "1," * 50_000,
    "\u0661\u0662\u0663 patients " * 8_000,
    "500 " * 25_000,
    "500 patients and " * 6_000,
    "2001-2002-" * 10_000,
    "from 2001 to " * 8_000,
    "England, " * 10_000,
    "in England " * 9_000,
    "includes cancer " * 6_000,
    "not " * 25_000,
    "aged 18-65 " * 9_000,
    "SNOMED " * 14_000,
    "(" * 100_000,
    "\n" * 100_000,
    "https://" * 12_000,
    "x" * 100_000,
    "\u202e\u0000\ufeff" * 30_000,
    "e\u0301" * 40_000,
)


def described(text: str) -> Description:
    column = Column(name=text[:5000])
    return Description(
        summary=Summary(title=text[:400], abstract=text),
        structural_metadata=StructuralMetadata(tables=(Table(columns=(column,)),)),
    )


@pytest.fixture(params=rules(), ids=lambda rule: rule.name)
def rule(request: pytest.FixtureRequest) -> Rule:
    return request.param


def test_a_rule_says_what_it_is(rule: Rule) -> None:
    assert rule.name
    assert rule.paths
    assert set(rule.paths) <= set(PATHS)
    assert all(path_label(path) != path for path in rule.paths)


def test_every_field_that_can_be_inferred_has_one_rule() -> None:
    assert sorted(path for each in rules() for path in each.paths) == sorted(PATHS)


def test_every_word_list_says_what_it_is() -> None:
    lists = [each for each in files("schemas.inference.rules").iterdir() if each.name.endswith(".json")]
    assert lists
    assert all(json.loads(each.read_text("utf-8"))["title"] for each in lists)


def is_proper(fact: Fact) -> bool:
    label = value_label(fact.path, fact.value)
    known = fact.path not in CODE_LISTS or fact.value in vocabulary(CODE_LISTS[fact.path])
    return bool(label) and known and 0 < len(fact.words) <= 260 and fact.found_in.count(".") >= 1


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:12]))
def test_a_hostile_text_is_read_without_harm(text: str) -> None:
    description = described(text)
    facts = infer(description)
    assert all(is_proper(fact) for fact in facts)
    assert len(facts) == len({(fact.path, fact.value) for fact in facts})
    with_facts(description, facts)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:12]))
def test_reading_takes_steps_in_proportion_to_the_text(text: str) -> None:
    half, whole = (_steps(text[: LONGEST_TEXT // share]) for share in (8, 4))
    assert whole <= 3 * half + 20_000


def _steps(text: str) -> int:
    """How many calls the reading of a text takes, which unlike its time is the same on every machine."""
    steps = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal steps
        steps += event in {"call", "c_call"}

    description = Description(summary=Summary(title="A title", abstract=text))
    infer(description)
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        infer(description)
    finally:
        sys.setprofile(before)
    return steps


@given(st.text(max_size=400), st.text(max_size=60))
def test_any_text_gives_proper_facts_or_none(abstract: str, title: str) -> None:
    description = Description(summary=Summary(title=title, abstract=abstract))
    facts = infer(description)
    assert all(is_proper(fact) for fact in facts)
    assert facts == infer(description)


def test_the_number_of_people_is_one(rule: Rule) -> None:
    text = "Data of 500 patients. Data of 700 participants. Data of 700 adults. Data of 500 people."
    found = [fact for fact in infer(described(text)) if fact.path == POPULATION]
    assert len(found) == 1
