"""When a source is due."""

from datetime import datetime, timedelta

SLACK_SHARE = 0.1
LONGEST_SLACK = timedelta(minutes=15)
"""A clock that calls once a day is a few seconds early on some days, and would miss every other one."""


def is_due(began: datetime | None, every_hours: int, at: datetime) -> bool:
    """Whether a source is due at `at` whose last finished run began at `began`; one that never ran always is."""
    interval = timedelta(hours=every_hours)
    slack = min(interval * SLACK_SHARE, LONGEST_SLACK)
    return began is None or at - began >= interval - slack
