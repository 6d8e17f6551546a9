"""What dates must not say: of themselves, of today, of each other.

A date whose form is wrong is passed over: that is said elsewhere.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from schemas.metadata import Description, Problem, Severity
from schemas.validation.forms import day_of
from schemas.vocabularies import field_label

OLDEST_YEAR: Final = 1800
YEARS_AHEAD: Final = 10

DatedRule = Callable[[Description, date], Iterator[Problem]]


def dates_believable(description: Description, today: date) -> Iterator[Problem]:
    """No year before 1800, none more than ten ahead."""
    for path, text in _dates(description):
        day = day_of(text)
        if day and not OLDEST_YEAR <= day.year <= today.year + YEARS_AHEAD:
            message = f"“{field_label(path)}” is in the year {day.year}, which cannot be meant."
            yield Problem(path, message, Severity.ERROR, "Check the year.")


def past_not_ahead(description: Description, today: date) -> Iterator[Problem]:
    """What has happened has not happened after today."""
    happened = [("issued", description.issued), ("modified", description.modified)]
    happened += [
        (f"observations[{position}].observationDate", each.observation_date)
        for position, each in enumerate(description.observations)
    ]
    for path, text in happened:
        day = _day(text)
        # A day more, since the source's day may have begun before ours.
        if day and (day - today).days > 1:
            message = f"“{field_label(path)}” is {_in_words(day)}, which is still to come."
            yield Problem(path, message, Severity.WARNING, "Check the date.")


def dates_in_order(description: Description) -> Iterator[Problem]:
    """Begin before end."""
    temporal, legal = description.provenance.temporal, description.accessibility.legal
    for early, first, late, last, severity in (
        (
            "provenance.temporal.startDate",
            temporal.start_date,
            "provenance.temporal.endDate",
            temporal.end_date,
            Severity.ERROR,
        ),
        (
            "provenance.temporal.startDate",
            temporal.start_date,
            "provenance.temporal.distributionReleaseDate",
            temporal.distribution_release_date,
            Severity.WARNING,
        ),
        ("issued", description.issued, "modified", description.modified, Severity.ERROR),
        (
            "accessibility.legal.retentionStart",
            legal.retention_start,
            "accessibility.legal.retentionEnd",
            legal.retention_end,
            Severity.ERROR,
        ),
    ):
        begin, end = _day(first), _day(last)
        if begin and end and begin > end and not _may_overlap(first, last, begin, end):
            yield Problem(
                late,
                f"“{field_label(late)}” ({_in_words(end)}) is before “{field_label(early)}” ({_in_words(begin)}).",
                severity,
                "Check both dates; they may have changed places.",
            )


DATED_RULES: Final[tuple[DatedRule, ...]] = (dates_believable, past_not_ahead)


def _dates(description: Description) -> Iterator[tuple[str, str]]:
    temporal, legal = description.provenance.temporal, description.accessibility.legal
    stated = [
        ("issued", description.issued),
        ("modified", description.modified),
        ("provenance.temporal.startDate", temporal.start_date),
        ("provenance.temporal.endDate", temporal.end_date),
        ("provenance.temporal.distributionReleaseDate", temporal.distribution_release_date),
        ("accessibility.legal.retentionStart", legal.retention_start),
    ]
    stated += [
        (f"observations[{position}].observationDate", each.observation_date)
        for position, each in enumerate(description.observations)
    ]
    yield from ((path, text) for path, text in stated if text)


def _day(text: str | None) -> date | None:
    return day_of(text) if text else None


def _may_overlap(first: str | None, last: str | None, begin: date, end: date) -> bool:
    """Whether a year or month, which `day_of` reads as its first day, may be later than the other date."""
    known = min(len(first or ""), len(last or ""))
    return known < len("2026-11-22") and begin.isoformat()[:known] == end.isoformat()[:known]


def _in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
