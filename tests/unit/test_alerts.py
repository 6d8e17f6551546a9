"""When a mail about news is due."""

from datetime import UTC, datetime, timedelta

import pytest

from catalogue.domain.alerts import APART, LONGEST_WAIT, QUIET, Often, Standing, Untold, is_due, last_digest

MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)
AGES = timedelta(days=40)
MINUTE = timedelta(minutes=1)


def at_once(*, first: timedelta, last: timedelta, mailed: timedelta | None = None) -> bool:
    """Whether a mail that is wanted at once is due on Monday, with news and the last mail so long ago."""
    standing = Standing(Often.IMMEDIATELY, MONDAY - AGES, MONDAY - mailed if mailed is not None else None)
    return is_due(standing, Untold(MONDAY - first, MONDAY - last), at=MONDAY)


def test_news_is_told_at_once_when_no_more_of_it_comes() -> None:
    assert at_once(first=QUIET, last=QUIET)
    assert not at_once(first=QUIET, last=QUIET - timedelta(seconds=1))


def test_news_that_keeps_coming_waits_no_longer_than_a_quarter_of_an_hour() -> None:
    assert not at_once(first=LONGEST_WAIT - MINUTE, last=timedelta())
    assert at_once(first=LONGEST_WAIT, last=timedelta())


def test_mails_about_the_same_are_a_quarter_of_an_hour_apart() -> None:
    assert not at_once(first=QUIET, last=QUIET, mailed=APART - MINUTE)
    assert at_once(first=QUIET, last=QUIET, mailed=APART)


@pytest.mark.parametrize(
    ("often", "examined", "due"),
    [
        (Often.DAILY, MONDAY - timedelta(hours=24), True),
        (Often.DAILY, MONDAY - MINUTE, True),
        (Often.DAILY, MONDAY, False),
        (Often.DAILY, MONDAY + MINUTE, False),
        (Often.WEEKLY, MONDAY - MINUTE, True),
        (Often.WEEKLY, MONDAY, False),
        (Often.OFF, MONDAY - AGES, False),
    ],
)
def test_digests_come_once_in_their_time(often: Often, examined: datetime, *, due: bool) -> None:
    untold = Untold(MONDAY - AGES, MONDAY)
    assert is_due(Standing(often, examined), untold, at=MONDAY + timedelta(hours=3)) is due


@pytest.mark.parametrize(
    ("often", "at", "expected"),
    [
        (Often.DAILY, MONDAY, MONDAY),
        (Often.DAILY, MONDAY - timedelta(seconds=1), MONDAY - timedelta(days=1)),
        (Often.DAILY, MONDAY + timedelta(hours=17, minutes=59), MONDAY),
        (Often.WEEKLY, MONDAY, MONDAY),
        (Often.WEEKLY, MONDAY - timedelta(seconds=1), MONDAY - timedelta(days=7)),
        (Often.WEEKLY, MONDAY + timedelta(days=6, hours=23), MONDAY),
    ],
)
def test_digests_have_their_hour(often: Often, at: datetime, expected: datetime) -> None:
    assert last_digest(often, at) == expected


@pytest.mark.parametrize("often", [Often.DAILY, Often.WEEKLY])
def test_what_comes_after_the_moment_of_a_digest_waits_for_the_next(often: Often) -> None:
    later = MONDAY + timedelta(hours=8)
    assert not is_due(Standing(often, MONDAY - AGES), Untold(later, later), at=later)
    assert is_due(Standing(often, MONDAY - AGES), Untold(later, later), at=MONDAY + timedelta(days=7))
