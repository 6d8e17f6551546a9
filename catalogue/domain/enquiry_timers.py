"""What happens to an enquiry by itself: who is reminded when, and when a thread that nobody touches ends."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from catalogue.domain.enquiries import State
from catalogue.domain.working_days import after_working_days

ANSWER_WORKING_DAYS = 5
"""Working days within which an answer is promised."""
LINK_DAYS = 30
"""How long somebody without an account can answer by the link that was sent."""


@dataclass(frozen=True, slots=True)
class TimerRule:
    """A command that the system gives so long after a thread came into a state, if it still stands there."""

    state: State
    command: str
    days: int
    counts_working_days: bool = False
    needs_link: bool = False

    def due(self, since: datetime) -> datetime:
        """When that is."""
        if self.counts_working_days:
            return after_working_days(since, self.days)
        return since + timedelta(days=self.days)


RULES = (
    TimerRule(State.AWAITING_CUSTODIAN, "report_late", ANSWER_WORKING_DAYS, counts_working_days=True),
    TimerRule(State.AWAITING_CUSTODIAN, "report_late", 2 * ANSWER_WORKING_DAYS, counts_working_days=True),
    TimerRule(State.AWAITING_CUSTODIAN, "route_failed", LINK_DAYS, needs_link=True),
    TimerRule(State.UNROUTABLE, "report_late", ANSWER_WORKING_DAYS, counts_working_days=True),
    TimerRule(State.UNROUTABLE, "report_late", 2 * ANSWER_WORKING_DAYS, counts_working_days=True),
    TimerRule(State.UNROUTABLE, "lapse", 60),
    TimerRule(State.AWAITING_APPLICANT, "remind", 14),
    TimerRule(State.AWAITING_APPLICANT, "lapse", 30),
    TimerRule(State.RESOLVED, "close", 14),
)


@dataclass(frozen=True, slots=True)
class Timer:
    """A command of the system and when it is due."""

    command: str
    due_at: datetime


def answer_due(state: State, since: datetime) -> datetime | None:
    """When an answer is due, or None when none is owed."""
    if state in {State.AWAITING_CUSTODIAN, State.UNROUTABLE}:
        return after_working_days(since, ANSWER_WORKING_DAYS)
    return None


def timers(state: State, since: datetime, *, is_forwarded: bool = False) -> tuple[Timer, ...]:
    """What is to happen by itself to a thread that came into this state at that moment, earliest first."""
    rules = (rule for rule in RULES if rule.state is state and (is_forwarded or not rule.needs_link))
    return tuple(sorted((Timer(rule.command, rule.due(since)) for rule in rules), key=lambda each: each.due_at))
