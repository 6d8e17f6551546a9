"""Working days: Monday to Friday, but for the bank holidays of England and Wales."""

from datetime import date, datetime, timedelta
from functools import cache

SATURDAY = 5
ONE_DAY = timedelta(days=1)


def after_working_days(moment: datetime, count: int) -> datetime:
    """The same time of day, `count` working days later; a count that begins on a day off begins on the next day on."""
    reached = moment
    for _ in range(count):
        reached += ONE_DAY
        while not is_working_day(reached.date()):
            reached += ONE_DAY
    return reached


def is_working_day(day: date) -> bool:
    """Whether people are at their desks."""
    return day.weekday() < SATURDAY and day not in bank_holidays(day.year)


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """The days on which banks close (Banking and Financial Dealings Act 1971, schedule 1, and its proclamations).

    A day that falls on a weekend is taken on the next day that is none. Single days that are proclaimed for one year
    are not known.
    """
    sunday = easter(year)
    moving = {
        sunday - timedelta(days=2),
        sunday + ONE_DAY,
        _monday_from(date(year, 5, 1)),
        _monday_from(date(year, 5, 25)),
        _monday_from(date(year, 8, 25)),
    }
    for fixed in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        day = fixed
        while day.weekday() >= SATURDAY or day in moving:
            day += ONE_DAY
        moving.add(day)
    return frozenset(moving)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the rule of Meeus, Astronomical Algorithms, chapter 8)."""
    century, in_century = divmod(year, 100)
    golden = year % 19
    leaps, skipped = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - correction + 15) % 30
    quarter, rest = divmod(in_century, 4)
    weekday = (32 + 2 * skipped + 2 * quarter - epact - rest) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _monday_from(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)
