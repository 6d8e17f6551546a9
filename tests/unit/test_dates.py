"""Dates as sources write them: ISO is taken, slash dates follow evidence, anything else is no date."""

import pytest

from schemas.crosswalks.dates import DateEvidence, DateForm, DateOrder, date_evidence, read_date


@pytest.mark.parametrize(
    "text",
    ["2019-12-31", "2019-12-31T23:59:59Z", "2019-12-31 09:30:00.123+01:00", "2019-12-31T09:30Z", "2019-12", "2019"],
)
def test_iso_dates_stay_as_they_are(text: str) -> None:
    assert read_date(text, None, 2030).value == text


@pytest.mark.parametrize(
    ("text", "value", "form"),
    [
        ("2019/12/31", "2019-12-31", DateForm.TIDIED),
        ("20191231", "2019-12-31", DateForm.TIDIED),
        ("3/31/15", "2015-03-31", DateForm.PROVEN),
        ("31/12/2017", "2017-12-31", DateForm.PROVEN),
        ("31.12.2017", "2017-12-31", DateForm.PROVEN),
        ("31-12-2017", "2017-12-31", DateForm.PROVEN),
        ("3/31/85", "1985-03-31", DateForm.PROVEN),
        ("4/1/14", None, DateForm.AMBIGUOUS),
        ("1/1/16", None, DateForm.AMBIGUOUS),
        ("31/31/2017", None, DateForm.IMPOSSIBLE),
        ("30/02/2017", None, DateForm.IMPOSSIBLE),
        ("2019-02-30", None, DateForm.IMPOSSIBLE),
        ("2019-12-31T25:00:00", None, DateForm.IMPOSSIBLE),
        ("1799-12-31", None, DateForm.OUT_OF_RANGE),
        ("0202-10-30T00:00:00Z", None, DateForm.OUT_OF_RANGE),
        ("2031-01-01", None, DateForm.OUT_OF_RANGE),
        ("11998-02-01", None, DateForm.UNREADABLE),
        ("2019-12-31 or so", None, DateForm.UNREADABLE),
        ("\u0662\u0660\u0661\u0669-12-31", None, DateForm.UNREADABLE),
        ("1" * 5000, None, DateForm.UNREADABLE),
        ("", None, DateForm.UNREADABLE),
    ],
)
def test_every_other_form(text: str, value: str | None, form: DateForm) -> None:
    read = read_date(text, None, 2030)
    assert (read.value, read.form) == (value, form)


@pytest.mark.parametrize(
    ("order", "value"), [(DateOrder.MONTH_FIRST, "2014-04-01"), (DateOrder.DAY_FIRST, "2014-01-04")]
)
def test_an_ambiguous_date_follows_the_convention_of_its_source(order: DateOrder, value: str) -> None:
    read = read_date("4/1/14", order, 2030)
    assert (read.value, read.form) == (value, DateForm.INFERRED)


def test_a_proven_date_does_not_care_for_the_convention() -> None:
    assert read_date("31/12/2017", DateOrder.MONTH_FIRST, 2030).value == "2017-12-31"


@pytest.mark.parametrize(("latest", "value"), [(2030, "2015-03-31"), (2010, "1915-03-31"), (None, "2015-03-31")])
def test_two_digits_mean_the_latest_year_that_can_be(latest: int | None, value: str) -> None:
    assert read_date("3/31/15", None, latest).value == value


@pytest.mark.parametrize(
    ("month_first", "day_first", "order"),
    [
        (16, 4, None),
        (9, 1, DateOrder.MONTH_FIRST),
        (89, 11, None),
        (1, 9, DateOrder.DAY_FIRST),
        (1, 0, DateOrder.MONTH_FIRST),
        (0, 0, None),
    ],
)
def test_nine_in_ten_make_a_convention(month_first: int, day_first: int, order: DateOrder | None) -> None:
    assert DateEvidence(month_first, day_first).order is order


def test_only_what_is_certain_is_evidence() -> None:
    evidence = date_evidence(["3/31/15", "31/12/2017", "4/1/14", "31/31/2017", "2019-12-31", None, 12, "prose/13/1"])
    assert evidence + evidence == DateEvidence(month_first=2, day_first=2)
