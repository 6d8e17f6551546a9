"""Age ranges in one text."""

import pytest

from schemas.crosswalks.ages import AgeRange, read_age_range


@pytest.mark.parametrize(
    ("text", "least", "greatest", "is_exact"),
    [
        ("0-150", 0, 150, True),
        ("12 - 109", 12, 109, True),
        ("18 to 65 years", 18, 65, True),
        ("18\u201365", 18, 65, True),
        ("All Ages", 0, 150, True),
        ("ANY AGE", 0, 150, True),
        ("15-90+", 15, 150, False),
        ("18+", 18, 150, False),
        (">18", 18, 150, False),
        (">= 18 years", 18, 150, False),
        ("65 and over", 65, 150, False),
        ("<5", 0, 4, False),
        ("up to 17", 0, 17, False),
        ("2-59 months", 0, 4, False),
    ],
)
def test_what_is_an_age_range(text: str, least: int, greatest: int, is_exact: bool) -> None:
    assert read_age_range(text) == AgeRange(least, greatest, is_exact)


@pytest.mark.parametrize("text", ["", "A-E", "Working age adults", "18", "-5", "1-2-3", "18-" + " " * 100 + "65x"])
def test_what_is_none(text: str) -> None:
    assert read_age_range(text) is None


@pytest.mark.parametrize(("text", "is_possible"), [("0-0", True), ("50-20", False), ("0-900", False), ("<0", False)])
def test_ages_that_people_cannot_have(text: str, is_possible: bool) -> None:
    found = read_age_range(text)
    assert found is not None
    assert found.is_possible is is_possible
