"""Where texts that are lists are cut, and where lists that are texts are joined."""

import pytest

from schemas.crosswalks.splitting import Commas, citations, rejoined, split


@pytest.mark.parametrize(
    ("text", "commas", "is_old", "parts"),
    [
        ("a, b,c", Commas.OLD, True, ["a", "b", "c"]),
        ("a, b,c", Commas.OLD, False, ["a, b,c"]),
        ("a, b,c", Commas.ALWAYS, False, ["a", "b", "c"]),
        ("a, b,c", Commas.NEVER, True, ["a, b,c"]),
        ("a, b;,;c", Commas.NEVER, False, ["a, b", "c"]),
        (" , a,, ", Commas.ALWAYS, False, ["a"]),
        ("a (b, c), d", Commas.ALWAYS, False, ["a (b, c)", "d"]),
        ("a (b, c", Commas.ALWAYS, False, ["a (b", "c"]),
        ("", Commas.NEVER, False, []),
        ("England, Wales", Commas.NAMES, False, ["England", "Wales"]),
        ("Brent CCG; Ealing CCG", Commas.NAMES, True, ["Brent CCG", "Ealing CCG"]),
        ("Brent CCG; Ealing CCG", Commas.NAMES, False, ["Brent CCG; Ealing CCG"]),
        (
            "Wales, where the patient's practice has agreed to share its data",
            Commas.NAMES,
            True,
            ["Wales, where the patient's practice has agreed to share its data"],
        ),
    ],
)
def test_cutting(text: str, commas: Commas, is_old: bool, parts: list[str]) -> None:
    assert split(text, commas, is_old=is_old) == parts


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (
            ["Hospital (emergency", "inpatient", "outpatient)", "deaths"],
            ["Hospital (emergency, inpatient, outpatient)", "deaths"],
        ),
        (["a)", "(b", "c)"], ["a)", "(b, c)"]),
        (["a (b", "c"], ["a (b", "c"]),
        ([], []),
    ],
)
def test_what_was_cut_inside_brackets_is_joined(parts: list[str], whole: list[str]) -> None:
    assert rejoined(parts) == whole


LONG = "A cohort profile of everybody who was born in the county"


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (["Jones", "A.", "(2017)", LONG], [f"Jones, A., (2017), {LONG}"]),
        ([LONG, "10.1000/xyz123"], [LONG, "10.1000/xyz123"]),
        ([LONG, "https://paper.example/1"], [LONG, "https://paper.example/1"]),
        (["Allen et al PMID: 12345678", LONG], ["Allen et al PMID: 12345678", LONG]),
        (["10.1000/xyz123", "10/gdz6kr"], ["10.1000/xyz123", "10/gdz6kr"]),
        (["Jones"], ["Jones"]),
    ],
)
def test_citations_that_were_cut_at_their_commas_are_joined(parts: list[str], whole: list[str]) -> None:
    assert citations(parts) == whole
