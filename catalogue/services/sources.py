"""Sources: adding, finding, when they are due, and the file entries that make themselves (ADR 17)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import harvesters
from catalogue.domain.errors import Invalid, NotFound
from catalogue.domain.schedule import is_due
from catalogue.models import HarvestRun, HarvestSource, Organisation, RunState, SourceState
from catalogue.plugins import find
from catalogue.services import organisations
from catalogue.services.freshness import runs, shown
from harvesters.base import Harvester, Origin, UnusableSettings, kinds
from schemas.metadata import Problem, Severity

COLUMNS: Mapping[str, str] = {
    "every": "every_hours",
    "hold_new": "holds_new",
    "absences_before_withdrawal": "absences_before_withdrawal",
    "withdraw_at_most": "withdraw_at_most",
    "withdraw_share": "withdraw_share",
}
"""Options that are the run loop's and not the harvester's, with the columns that keep them."""

LONGEST_NAME, LONGEST_URL = 300, 2000
FINISHED = (RunState.SUCCEEDED, RunState.SUCCEEDED_WITH_PROBLEMS, RunState.FAILED)


@cache
def available() -> Mapping[str, type[Harvester]]:
    """Every kind of harvester by name."""
    find(harvesters, "catalogue.harvesters")
    return kinds()


def add(
    session: Session,
    *,
    organisation: str,
    kind: str,
    url: str,
    at: datetime,
    name: str = "",
    is_aggregator: bool = False,
    options: dict[str, Any] | None = None,
) -> HarvestSource:
    """Add an approved source that is fetched from an address, or change the one of that name.

    Raises `Invalid` with every problem, `NotFound`.
    """
    publisher = organisations.get(session, organisation)
    harvester = available().get(kind)
    if harvester is None:
        raise Invalid(_unknown_kind(kind))
    try:
        settings = harvester.from_source(Origin(url=url), options or {}).settings
    except UnusableSettings as error:
        raise Invalid(*error.problems) from error
    chosen = name or shown(url)[:LONGEST_NAME]
    if problem := _name_problem(_find(session, publisher, kind, chosen), name, url):
        raise Invalid(problem)
    return _ensure(
        session,
        publisher,
        kind,
        chosen,
        url=url,
        is_aggregator=is_aggregator,
        options={key: value for key, value in (options or {}).items() if key not in COLUMNS},
        columns={column: settings[key] for key, column in COLUMNS.items() if key in settings},
        at=at,
    )


def for_file(
    session: Session, *, organisation: str, kind: str, name: str, is_aggregator: bool, at: datetime
) -> HarvestSource:
    """The source that files of this name belong to: (organisation, kind, name)."""
    publisher = organisations.get(session, organisation)
    if kind not in available():
        raise Invalid(_unknown_kind(kind))
    return _ensure(session, publisher, kind, name, url="", is_aggregator=is_aggregator, options={}, columns={}, at=at)


def get(session: Session, source_id: int) -> HarvestSource:
    """The source by its number. Raises `NotFound`."""
    found = session.get(HarvestSource, source_id)
    if found is None:
        raise NotFound(f"There is no source {source_id}.")
    return found


def harvester_of(source: HarvestSource) -> Harvester:
    """What harvests the source. Raises `Invalid` when its kind or its options are of no use (any more)."""
    kind = available().get(source.kind)
    if kind is None:
        raise Invalid(_unknown_kind(source.kind))
    if not source.url:
        message = f"{source.name} is a file that is taken in by hand; it has no address."
        raise Invalid(Problem("url", message, Severity.ERROR, "Use: catalogue harvest file"))
    try:
        return kind.from_source(Origin(url=source.url), source.options)
    except UnusableSettings as error:
        raise Invalid(*error.problems) from error


def runnable(session: Session) -> Sequence[HarvestSource]:
    """Every approved source that has an address, longest ago first."""
    began = runs(func.max(HarvestRun.started_at).label("at"), HarvestRun.state.in_(FINISHED))
    return session.scalars(
        select(HarvestSource)
        .outerjoin(began, began.c.source_id == HarvestSource.id)
        .where(HarvestSource.state == SourceState.APPROVED, HarvestSource.url != "")
        .order_by(began.c.at.is_not(None), began.c.at, HarvestSource.id)
    ).all()


def due(session: Session, *, at: datetime) -> Sequence[HarvestSource]:
    """The runnable sources whose last finished run began longer ago than their interval."""
    rows = session.execute(
        select(HarvestRun.source_id, func.max(HarvestRun.started_at).label("began"))
        .where(HarvestRun.state.in_(FINISHED))
        .group_by(HarvestRun.source_id)
    )
    began = {row.source_id: row.began for row in rows}
    return [each for each in runnable(session) if is_due(began.get(each.id), each.every_hours, at)]


def _find(session: Session, publisher: Organisation, kind: str, name: str) -> HarvestSource | None:
    return session.scalars(
        select(HarvestSource).where(
            HarvestSource.organisation_id == publisher.id, HarvestSource.kind == kind, HarvestSource.name == name
        )
    ).one_or_none()


def _ensure(
    session: Session,
    publisher: Organisation,
    kind: str,
    name: str,
    *,
    url: str,
    is_aggregator: bool,
    options: dict[str, Any],
    columns: Mapping[str, Any],
    at: datetime,
) -> HarvestSource:
    source = _find(session, publisher, kind, name)
    if source is None:
        source = HarvestSource(organisation_id=publisher.id, kind=kind, name=name, created_at=at)
        session.add(source)
    if (source.url, source.options) != (url, options):
        source.cursor = None
    source.url, source.options = url, options
    for column, value in columns.items():
        setattr(source, column, value)
    # Whoever runs the command line is the operator, and may make a source an aggregator.
    source.is_aggregator = is_aggregator
    session.commit()
    return source


def _name_problem(known: HarvestSource | None, name: str, url: str) -> Problem | None:
    if len(name) > LONGEST_NAME or len(url) > LONGEST_URL:
        message = f"A name has at most {LONGEST_NAME} characters, an address {LONGEST_URL:,}."
        return Problem("name", message, Severity.ERROR, "Give a shorter one.")
    if known is not None and not name and known.url != url:
        message = f"There is another source called {known.name}."
        return Problem("name", message, Severity.ERROR, "Give this one a name of its own.")
    return None


def _unknown_kind(kind: str) -> Problem:
    message = f"There is no kind of source called {kind!r}."
    return Problem("kind", message, Severity.ERROR, f"Choose one of: {', '.join(sorted(available()))}.")
