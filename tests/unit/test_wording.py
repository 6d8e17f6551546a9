from datetime import UTC, date, datetime

import pytest

from catalogue.web import wording


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (date(2026, 11, 22), "22 November 2026"),
        (datetime(2026, 1, 2, 23, 59, tzinfo=UTC), "2 January 2026"),
        ("2020-11-04T17:23:14Z", "4 November 2020"),
        ("2020-11-04", "4 November 2020"),
        ("2020-11-04 to 2021-01-01", "2020-11-04 to 2021-01-01"),
        ("2020-11", "November 2020"),
        ("2020", "2020"),
        ("2020-13", "2020-13"),
        ("2020-02-31", "2020-02-31"),
        ("in spring", "in spring"),
        ("", ""),
        (None, ""),
    ],
)
def test_dates_are_spelled(value: object, said: str) -> None:
    assert wording.day(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "0"), (1234567, "1,234,567"), (12.0, "12"), (1234.5, "1,234.5"), (0.333, "0.33"), (None, "")],
)
def test_numbers_have_separators(value: float | None, said: str) -> None:
    assert wording.number(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (999_999, "999,999"),
        (1_000_000, "1 million"),
        (68_449_000, "68.4 million"),
        (999_999_999, "999.9 million"),
        (2_000_000_000, "2 billion"),
    ],
)
def test_large_numbers_are_said_as_people_say_them(value: int, said: str) -> None:
    assert wording.rounded(value) == said


def test_counts_agree_with_their_noun() -> None:
    assert wording.counted(1, "dataset") == "1 dataset"
    assert wording.counted(0, "dataset") == "0 datasets"
    assert wording.counted(1204, "person") == "1,204 people"


def test_lists_end_with_a_conjunction() -> None:
    assert [wording.listed("abc"[:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert wording.listed(["a", "b"], "or") == "a or b"


@pytest.mark.parametrize(
    ("first", "last", "end", "said"),
    [
        (2004, 2019, "stated", "2004 to 2019"),
        (2004, 2026, "ongoing", "2004 to now"),
        (2004, 2004, "stated", "2004"),
        (2004, 2004, "unknown", "from 2004"),
    ],
)
def test_years_are_a_range(first: int, last: int, end: str, said: str) -> None:
    assert wording.years(first, last, end=end) == said


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2004-04-01", "2019-03-31", "1 April 2004 to 31 March 2019"),
        ("2004-04-01", "CONTINUOUS", "From 1 April 2004, still collected"),
        (None, "CONTINUOUS", "Still collected"),
        ("2004-04-01", None, "From 1 April 2004"),
        (None, "2019-03-31", "Until 31 March 2019"),
        (None, None, ""),
    ],
)
def test_periods_are_said_with_their_dates(start: str | None, end: str | None, said: str) -> None:
    assert wording.period(start, end, ongoing="CONTINUOUS") == said


@pytest.mark.parametrize(
    ("least", "greatest", "said"),
    [
        (None, None, ""),
        (0, 150, "All ages"),
        (0, 17, "Up to 17 years"),
        (18, 150, "18 years and over"),
        (18, None, "18 years and over"),
        (None, 18, "Up to 18 years"),
        (40, 69, "40 to 69 years"),
        (5, 5, "5 years"),
    ],
)
def test_ages_are_a_range(least: int | None, greatest: int | None, said: str) -> None:
    assert wording.ages(least, greatest) == said


def test_long_text_is_cut_at_a_word() -> None:
    assert wording.shortened("a  short\ntext", 20) == "a short text"
    assert wording.shortened("Hospital episodes, admitted patients", 25) == "Hospital episodes…"
    assert len(wording.shortened("x" * 300, 50)) == 50


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("NOT YET AVAILABLE", "Not yet available"),
        ("DICOM", "DICOM"),
        ("NHS England", "NHS England"),
        ("SNOMED CT", "SNOMED CT"),
    ],
)
def test_shouting_becomes_a_sentence(text: str, said: str) -> None:
    assert wording.sentence(text) == said


def test_shares_are_whole_percentages() -> None:
    assert [wording.share(*each) for each in ((1, 8), (1, 1000), (0, 5), (3, 0), (5, 5))] == [
        "12%",
        "<1%",
        "0%",
        "0%",
        "100%",
    ]


def test_of_many_values_the_first_are_shown() -> None:
    assert wording.several(["a", "b", "c"], 2) == "a, b and 1 more"
    assert wording.several(["a", "b"], 2) == "a, b"


@pytest.mark.parametrize(
    ("code_list", "value", "said"),
    [
        ("publishing-frequency", "Quarterly", "Every three months"),
        ("vocabulary-encoding-scheme", "OPCS4", "OPCS-4"),
        ("delivery-lead-time", "PLEASE ASK THE OFFICE", "Please ask the office"),
        ("delivery-lead-time", "", ""),
    ],
)
def test_codes_are_said_in_words(code_list: str, value: str, said: str) -> None:
    assert wording.coded(code_list, value) == said
