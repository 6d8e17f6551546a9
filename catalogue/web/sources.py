"""Where descriptions come from, and how fresh they are."""

from dataclasses import dataclass
from datetime import datetime

from flask import render_template

from catalogue.clock import now
from catalogue.models import RunState
from catalogue.services import freshness
from catalogue.services.freshness import Freshness
from catalogue.web import wording
from catalogue.web.blueprints import section
from catalogue.web.sessions import reading

HOURS_A_DAY, DAYS_A_WEEK = 24, 7
SHOWN_COUNTS = ("new", "changed", "continued", "withdrawn", "held", "invalid", "conflict", "missing")
"""What a run did beyond seeing what was there before, in the order of how glad one is of it."""
COUNT_WORDS = {"conflict": "in conflict", "continued": "under a new identifier", "held": "held for a decision"}

STATES = {
    None: ("Not harvested yet", "warn"),
    RunState.RUNNING: ("Being harvested", "good"),
    RunState.SUCCEEDED: ("Up to date", "good"),
    RunState.SUCCEEDED_WITH_PROBLEMS: ("With problems", "warn"),
    RunState.FAILED: ("Last harvest failed", "warn"),
    RunState.INTERRUPTED: ("Last harvest was interrupted", "warn"),
}
"""What the last run's state says of a source, and whether that is good or a warning."""
UNREMARKABLE = (RunState.RUNNING, RunState.SUCCEEDED, RunState.SUCCEEDED_WITH_PROBLEMS)

pages = section("sources", permission="site:read")


@dataclass(frozen=True, slots=True)
class Row:
    """A source as its row shows it; `tone` is good or warn."""

    source: Freshness
    state: str
    tone: str
    interval: str
    facts: tuple[str, ...]


@pages.get("/sources")
def index() -> str:
    """Every source with its last harvest."""
    rows = [_row(each) for each in freshness.of_sources(reading(), at=now())]
    moments = [each.source.succeeded_at for each in rows if each.source.succeeded_at]
    return render_template(
        "sources/index.html",
        rows=rows,
        newest=max(moments, default=None),
        late=sum(each.source.is_late for each in rows),
        failed=sum(each.source.state is RunState.FAILED for each in rows),
        as_minute=_minute,
    )


def _row(source: Freshness) -> Row:
    state, tone = _state(source)
    seen = source.counts.get("seen", 0)
    facts = [f"{wording.counted(seen, 'record')} seen"] if source.state and source.state is not RunState.RUNNING else []
    facts += [
        f"{wording.number(source.counts[name])} {COUNT_WORDS.get(name, name)}"
        for name in SHOWN_COUNTS
        if source.counts.get(name)
    ]
    return Row(source, state, tone, _interval(source), tuple(facts))


def _state(source: Freshness) -> tuple[str, str]:
    if source.is_suspended:
        return "Suspended", "warn"
    if source.is_late and source.state in UNREMARKABLE:
        return "Late", "warn"
    return STATES[source.state]


def _interval(source: Freshness) -> str:
    """How often a source is harvested, in words."""
    hours = source.every_hours
    if hours is None:
        return "Not scheduled" if source.is_suspended else "By hand"
    if hours % HOURS_A_DAY:
        return "Every hour" if hours == 1 else f"Every {hours} hours"
    days = hours // HOURS_A_DAY
    return {1: "Every day", DAYS_A_WEEK: "Every week"}.get(days, f"Every {days} days")


def _minute(moment: datetime) -> str:
    """`22 November 2026, 09:30 UTC`: harvests run several times a day."""
    return f"{wording.day(moment)}, {moment:%H:%M} UTC"
