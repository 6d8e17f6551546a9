from datetime import UTC, date, datetime, timedelta

import pytest

from catalogue.domain.working_days import (
    after_working_days,
    bank_holidays,
    easter,
    is_working_day,
)


@pytest.mark.parametrize(
    "sunday",
    [date(1961, 4, 2), date(2000, 4, 23), date(2008, 3, 23), date(2024, 3, 31), date(2026, 4, 5), date(2038, 4, 25)],
)
def test_easter_is_where_the_calendar_has_it(sunday: date) -> None:
    assert easter(sunday.year) == sunday


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2026, {(1, 1), (4, 3), (4, 6), (5, 4), (5, 25), (8, 31), (12, 25), (12, 28)}),
        # Christmas on a Saturday and the new year too: each is taken on the next free day
        (2021, {(1, 1), (4, 2), (4, 5), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28)}),
        (2022, {(1, 3), (4, 15), (4, 18), (5, 2), (5, 30), (8, 29), (12, 26), (12, 27)}),
    ],
)
def test_bank_holidays(year: int, days: set[tuple[int, int]]) -> None:
    assert {(day.month, day.day) for day in bank_holidays(year)} == days


@pytest.mark.parametrize(
    ("start", "count", "reached"),
    [
        (date(2026, 11, 23), 5, date(2026, 11, 30)),
        (date(2026, 11, 22), 1, date(2026, 11, 23)),
        (date(2026, 12, 24), 1, date(2026, 12, 29)),
        (date(2026, 12, 30), 2, date(2027, 1, 4)),
        (date(2026, 4, 2), 2, date(2026, 4, 8)),
        (date(2026, 4, 2), 0, date(2026, 4, 2)),
    ],
)
def test_days_off_are_passed_over(start: date, count: int, reached: date) -> None:
    moment = datetime(start.year, start.month, start.day, 16, 30, tzinfo=UTC)
    assert after_working_days(moment, count) == moment.replace(month=reached.month, day=reached.day, year=reached.year)
    assert sum(is_working_day(start + timedelta(days=n)) for n in range(1, (reached - start).days + 1)) == count
    assert not count or is_working_day(reached)
