"""Sources: adding, finding, listing, and the file entries that make themselves (DECISIONS 9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalogue.domain.errors import Invalid, NotFound
from catalogue.models import HarvestRun, HarvestSource, Organisation
from catalogue.services import organisations
from harvesters.base import Origin, UnusableSettings, kinds
from schemas.metadata import Problem, Severity


@dataclass(frozen=True, slots=True)
class ListedSource:
    """A source with its organisation and its last run, if it ever ran."""

    source: HarvestSource
    organisation: Organisation
    last_run: HarvestRun | None


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
    """Add an approved source that is fetched from an address. Raises `Invalid` with every problem, `NotFound`."""
    publisher = organisations.get(session, organisation)
    harvester = kinds().get(kind)
    if harvester is None:
        raise Invalid(_unknown_kind(kind))
    try:
        harvester.from_source(Origin(url=url), options or {})
    except UnusableSettings as error:
        raise Invalid(*error.problems) from error
    return _ensure(
        session,
        publisher,
        kind,
        name or url,
        url=url,
        is_aggregator=is_aggregator,
        options=options or {},
        at=at,
    )


def for_file(
    session: Session, *, organisation: str, kind: str, name: str, is_aggregator: bool, at: datetime
) -> HarvestSource:
    """The source that files of this name belong to: (organisation, kind, name)."""
    publisher = organisations.get(session, organisation)
    if kind not in kinds():
        raise Invalid(_unknown_kind(kind))
    return _ensure(session, publisher, kind, name, url="", is_aggregator=is_aggregator, options={}, at=at)


def get(session: Session, source_id: int) -> HarvestSource:
    """The source by its number. Raises `NotFound`."""
    found = session.get(HarvestSource, source_id)
    if found is None:
        raise NotFound(f"There is no source {source_id}.")
    return found


def list_all(session: Session) -> Sequence[ListedSource]:
    """Every source with its last run, by organisation and name."""
    last = (
        select(HarvestRun.source_id, func.max(HarvestRun.id).label("run_id")).group_by(HarvestRun.source_id).subquery()
    )
    rows = session.execute(
        select(HarvestSource, Organisation, HarvestRun)
        .join(Organisation, Organisation.id == HarvestSource.organisation_id)
        .outerjoin(last, last.c.source_id == HarvestSource.id)
        .outerjoin(HarvestRun, HarvestRun.id == last.c.run_id)
        .order_by(func.lower(Organisation.name), HarvestSource.name)
    )
    return [ListedSource(source, organisation, run) for source, organisation, run in rows]


def _ensure(
    session: Session,
    publisher: Organisation,
    kind: str,
    name: str,
    *,
    url: str,
    is_aggregator: bool,
    options: dict[str, Any],
    at: datetime,
) -> HarvestSource:
    source = session.scalars(
        select(HarvestSource).where(
            HarvestSource.organisation_id == publisher.id, HarvestSource.kind == kind, HarvestSource.name == name
        )
    ).one_or_none()
    if source is None:
        source = HarvestSource(organisation_id=publisher.id, kind=kind, name=name, created_at=at)
        session.add(source)
    source.url, source.options = url, options
    # Whoever runs the command line is the operator, and may make a source an aggregator (DECISIONS 10).
    source.is_aggregator = is_aggregator
    session.commit()
    return source


def _unknown_kind(kind: str) -> Problem:
    message = f"There is no kind of source called {kind!r}."
    return Problem("kind", message, Severity.ERROR, f"Choose one of: {', '.join(sorted(kinds()))}.")
