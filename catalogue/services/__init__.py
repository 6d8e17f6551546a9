"""Use cases: functions that own their transaction."""
