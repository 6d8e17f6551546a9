"""What a run did, said exactly."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.domain.errors import NotFound
from catalogue.models import HarvestProblem, HarvestRun, HarvestSource, Outcome, RunState
from schemas.metadata import Problem

COUNTS = ("seen", *(outcome.value for outcome in Outcome), "missing", "held", "withdrawn", "custodians")
WORTH_A_LOOK = (Outcome.INVALID, Outcome.CONFLICT)


@dataclass(frozen=True, slots=True)
class RecordProblem:
    """A finding about one record; `record` is its remote identifier, or empty for the feed as a whole."""

    record: str
    problem: Problem


@dataclass(slots=True)
class Report:
    """The counts, times and findings of one run; the six outcomes add up to `seen`."""

    source: str
    run: int | None = None
    state: RunState = RunState.RUNNING
    counts: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    stages: dict[str, float] = field(default_factory=dict)
    problems: list[RecordProblem] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time of the block to the stage."""
        began = perf_counter()
        try:
            yield
        finally:
            self.stages[name] = self.stages.get(name, 0.0) + perf_counter() - began

    def add(self, record: str, *problems: Problem) -> None:
        """Note findings about a record."""
        self.problems.extend(RecordProblem(record, problem) for problem in problems)

    def rounded_stages(self) -> dict[str, float]:
        """The stages' seconds to a tenth of a millisecond."""
        return {name: round(seconds, 4) for name, seconds in self.stages.items()}

    @property
    def needs_a_person(self) -> bool:
        """Whether something waits for a decision or was not taken in."""
        return (
            self.state is not RunState.SUCCEEDED
            or self.counts["held"] > 0
            or any(self.counts[outcome] for outcome in WORTH_A_LOOK)
        )

    def as_json(self) -> dict[str, Any]:
        """The report as the command line prints it."""
        return {
            "run": self.run,
            "source": self.source,
            "state": self.state.value,
            **{name: self.counts[name] for name in COUNTS},
            "seconds": round(self.seconds, 4),
            "stages": self.rounded_stages(),
            "problems": [{"record": each.record, **each.problem.as_json()} for each in self.problems],
        }


def stored(session: Session, run_id: int) -> dict[str, Any]:
    """The report of an earlier run. Raises `NotFound`."""
    row = session.execute(
        select(HarvestRun, HarvestSource.name)
        .join(HarvestSource, HarvestSource.id == HarvestRun.source_id)
        .where(HarvestRun.id == run_id)
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no harvest run {run_id}.")
    run, source = row
    problems = session.scalars(
        select(HarvestProblem).where(HarvestProblem.run_id == run_id).order_by(HarvestProblem.id)
    )
    return {
        "run": run.id,
        "source": source,
        "state": run.state.value,
        **{name: run.counts.get(name, 0) for name in COUNTS},
        "seconds": run.seconds,
        "stages": run.stages,
        "problems": [
            {
                "record": each.record,
                "path": each.path,
                "severity": each.severity,
                "message": each.message,
                "fix": each.fix,
            }
            for each in problems
        ],
    }
