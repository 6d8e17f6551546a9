"""Dates as sources write them. ISO 8601 is taken as it is; slash dates are read by evidence, never by guessing."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

EARLIEST_YEAR = 1800
YEARS_AHEAD = 10
LONGEST = 40

_ISO = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})"
    r"(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]{1,9})?)?\s?(?:Z|z|[+-][0-9]{2}:?[0-9]{2})?)?)?)?"
)
_YEAR_FIRST = re.compile(r"([0-9]{4})[/.]([0-9]{1,2})[/.]([0-9]{1,2})")
_COMPACT = re.compile(r"([12][0-9]{3})([01][0-9])([0-3][0-9])")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_MONTHS = 12
_PIVOT = 68  # POSIX: two digits from 69 on are in the last century


class DateOrder(StrEnum):
    """Which of two numbers a source writes first."""

    MONTH_FIRST = "month first"
    DAY_FIRST = "day first"


@dataclass(frozen=True, slots=True)
class DateEvidence:
    """How many slash dates of a source can only be read month first, and how many only day first."""

    month_first: int = 0
    day_first: int = 0

    def __add__(self, other: "DateEvidence") -> "DateEvidence":
        return DateEvidence(self.month_first + other.month_first, self.day_first + other.day_first)

    @property
    def order(self) -> DateOrder | None:
        """The convention that at least nine in ten show, or None."""
        proven = self.month_first + self.day_first
        if proven and self.month_first * 10 >= proven * 9:
            return DateOrder.MONTH_FIRST
        if proven and self.day_first * 10 >= proven * 9:
            return DateOrder.DAY_FIRST
        return None


class DateForm(StrEnum):
    """How a date was read, or why it was not."""

    ISO = "iso"
    TIDIED = "tidied"
    PROVEN = "proven"
    INFERRED = "inferred"
    AMBIGUOUS = "ambiguous"
    IMPOSSIBLE = "impossible"
    OUT_OF_RANGE = "out of range"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class ReadDate:
    """An ISO 8601 date as text, or None, and how it came about."""

    value: str | None
    form: DateForm


def date_evidence(texts: Iterable[object]) -> DateEvidence:
    """What the slash dates among `texts` prove about their source's convention; anything else proves nothing."""
    month_first = day_first = 0
    for text in texts:
        found = _YEAR_LAST.fullmatch(text.strip()) if isinstance(text, str) and len(text) <= LONGEST else None
        if found:
            first, second = int(found[1]), int(found[3])
            month_first += first <= _MONTHS < second
            day_first += second <= _MONTHS < first
    return DateEvidence(month_first, day_first)


def read_date(text: str, order: DateOrder | None, latest_year: int | None) -> ReadDate:
    """The date that `text` is. `latest_year` is the last one that can be believed."""
    if len(text) > LONGEST:
        return ReadDate(None, DateForm.UNREADABLE)
    if found := _ISO.fullmatch(text):
        year, month, day, hour, minute, second = (int(part) if part else None for part in found.groups())
        if (hour or 0) > 24 or (minute or 0) > 59 or (second or 0) > 60:  # noqa: PLR2004 - the clock's own limits
            return ReadDate(None, DateForm.IMPOSSIBLE)
        return _checked(year or 0, month or 1, day or 1, text, DateForm.ISO, latest_year)
    if found := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        return _checked(int(found[1]), int(found[2]), int(found[3]), "", DateForm.TIDIED, latest_year)
    if found := _YEAR_LAST.fullmatch(text):
        return _year_last(int(found[1]), int(found[3]), found[4], order, latest_year)
    return ReadDate(None, DateForm.UNREADABLE)


def _year_last(first: int, second: int, digits: str, order: DateOrder | None, latest_year: int | None) -> ReadDate:
    year = int(digits) if len(digits) > 2 else _century(int(digits), latest_year)  # noqa: PLR2004 - two digits
    if first <= _MONTHS < second:
        return _checked(year, first, second, "", DateForm.PROVEN, latest_year)
    if second <= _MONTHS < first:
        return _checked(year, second, first, "", DateForm.PROVEN, latest_year)
    if first > _MONTHS:
        return ReadDate(None, DateForm.IMPOSSIBLE)
    if order is None:
        return ReadDate(None, DateForm.AMBIGUOUS)
    month, day = (first, second) if order is DateOrder.MONTH_FIRST else (second, first)
    return _checked(year, month, day, "", DateForm.INFERRED, latest_year)


def _century(short: int, latest_year: int | None) -> int:
    """The full year of two digits: the latest that can be believed."""
    if latest_year is None:
        return short + (2000 if short <= _PIVOT else 1900)
    return latest_year - (latest_year - short) % 100


def _checked(year: int, month: int, day: int, text: str, form: DateForm, latest_year: int | None) -> ReadDate:
    if year < EARLIEST_YEAR or (latest_year is not None and year > latest_year):
        return ReadDate(None, DateForm.OUT_OF_RANGE)
    try:
        day_of_year = date(year, month, day)
    except ValueError:
        return ReadDate(None, DateForm.IMPOSSIBLE)
    return ReadDate(text or day_of_year.isoformat(), form)
