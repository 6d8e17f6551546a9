"""The clock is aware and moves."""

from datetime import UTC

from catalogue import clock


def test_now_is_aware_and_in_utc() -> None:
    first, second = clock.now(), clock.now()
    assert first.tzinfo is UTC
    assert first <= second
