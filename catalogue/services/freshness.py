"""How fresh what each source brings is. Read by pages, so nothing that talks to a source is loaded for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import harvesters
from catalogue.models import (
    Dataset,
    DatasetState,
    HarvestProblem,
    HarvestRun,
    HarvestSource,
    Organisation,
    RunState,
    SourceState,
)
from catalogue.plugins import find

GOOD = (RunState.SUCCEEDED, RunState.SUCCEEDED_WITH_PROBLEMS)
MISSED = 2
"""Intervals without a harvest that took anything in, after which a source is late."""


@dataclass(frozen=True, slots=True)
class ListedSource:
    """A source with its organisation, its last run if it ever ran, and how many problems that one had.

    `succeeded_at` is when its last run ended that took something in.
    """

    source: HarvestSource
    organisation: Organisation
    last_run: HarvestRun | None
    problems: int
    succeeded_at: datetime | None


@dataclass(frozen=True, slots=True)
class Freshness:
    """What everybody may know of a source: how fresh what it brings is. Nothing of its address or options.

    `state` is that of its last run, or None before the first; `datasets` counts what it publishes now. A source
    without `every_hours` is a file that somebody takes in by hand.
    """

    name: str
    kind: str
    organisation: Organisation
    is_suspended: bool
    state: RunState | None
    finished_at: datetime | None
    succeeded_at: datetime | None
    counts: Mapping[str, int]
    problems: int
    datasets: int
    every_hours: int | None
    is_late: bool


@cache
def labels() -> Mapping[str, str]:
    """The kinds of source by name, as people call them."""
    find(harvesters, "catalogue.harvesters")
    return {name: kind.label for name, kind in import_module("harvesters.base").kinds().items()}


def list_all(session: Session) -> Sequence[ListedSource]:
    """Every source with its last run, by organisation and name."""
    last = runs(func.max(HarvestRun.id).label("run_id"))
    good = runs(func.max(HarvestRun.finished_at).label("at"), HarvestRun.state.in_(GOOD))
    problems = (
        select(HarvestProblem.run_id, func.count().label("problems"))
        .where(HarvestProblem.run_id.in_(select(last.c.run_id)))
        .group_by(HarvestProblem.run_id)
        .subquery()
    )
    rows = session.execute(
        select(HarvestSource, Organisation, HarvestRun, problems.c.problems, good.c.at)
        .join(Organisation, Organisation.id == HarvestSource.organisation_id)
        .outerjoin(last, last.c.source_id == HarvestSource.id)
        .outerjoin(HarvestRun, HarvestRun.id == last.c.run_id)
        .outerjoin(problems, problems.c.run_id == last.c.run_id)
        .outerjoin(good, good.c.source_id == HarvestSource.id)
        .order_by(func.lower(Organisation.name), HarvestSource.name, HarvestSource.id)
    )
    return [ListedSource(source, organisation, run, count or 0, at) for source, organisation, run, count, at in rows]


def of_sources(session: Session, *, at: datetime) -> tuple[Freshness, ...]:
    """Every source that was ever approved, by organisation and name."""
    rows = session.execute(
        select(Dataset.source_id, func.count().label("datasets"))
        .where(Dataset.state == DatasetState.PUBLISHED)
        .group_by(Dataset.source_id)
    )
    published = {row.source_id: row.datasets for row in rows}
    return tuple(
        _freshness(each, published.get(each.source.id, 0), at)
        for each in list_all(session)
        if each.source.state is not SourceState.WAITING
    )


def _freshness(each: ListedSource, datasets: int, at: datetime) -> Freshness:
    source, run = each.source, each.last_run
    interval = timedelta(hours=source.every_hours)
    is_scheduled = bool(source.url) and source.state is SourceState.APPROVED
    return Freshness(
        name=shown(source.name),
        kind=labels().get(source.kind, source.kind),
        organisation=each.organisation,
        is_suspended=source.state is SourceState.SUSPENDED,
        state=run.state if run else None,
        finished_at=run.finished_at if run else None,
        succeeded_at=each.succeeded_at,
        counts=run.counts if run else {},
        problems=each.problems,
        datasets=datasets,
        every_hours=source.every_hours if is_scheduled else None,
        is_late=is_scheduled and (each.succeeded_at is None or at - each.succeeded_at > interval * MISSED),
    )


def shown(url: str) -> str:
    """An address as people may see it: without its query, which may hold a key."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url.partition("?")[0]
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if parts.netloc else url


def runs(what: Any, *conditions: Any) -> Any:  # noqa: ANN401 - parts of a statement
    """Something about the runs of each source."""
    return select(HarvestRun.source_id, what).where(*conditions).group_by(HarvestRun.source_id).subquery()
