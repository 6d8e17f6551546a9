from datetime import UTC, datetime, timedelta

import pytest

from catalogue.domain.schedule import is_due

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("every_hours", "ago", "due"),
    [
        (24, timedelta(hours=24), True),
        (24, timedelta(hours=23, minutes=59, seconds=50), True),
        (24, timedelta(hours=23, minutes=45), True),
        (24, timedelta(hours=23, minutes=44), False),
        (24, timedelta(hours=1), False),
        (1, timedelta(hours=1), True),
        (1, timedelta(minutes=54), True),
        (1, timedelta(minutes=53), False),
        (168, timedelta(days=7), True),
        (168, timedelta(days=6, hours=23), False),
        (24, timedelta(days=90), True),
        (24, timedelta(days=-1), False),
    ],
)
def test_a_source_is_due_when_its_last_run_began_long_enough_ago(every_hours, ago, due):
    assert is_due(NOON - ago, every_hours, NOON) is due


def test_a_source_that_never_ran_is_due():
    assert is_due(None, 24, NOON)
