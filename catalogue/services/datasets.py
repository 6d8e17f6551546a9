"""Reading one dataset: its page, its history, the difference between two versions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import pairwise
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session, defer, joinedload

from catalogue.domain.errors import Gone, Moved, NotFound
from catalogue.domain.versions import Difference, differences
from catalogue.models import (
    CURRENT_VERSION,
    Dataset,
    DatasetIdentifier,
    DatasetState,
    DatasetVersion,
    HarvestRecord,
    HarvestRun,
    HarvestSource,
    IdentifierKind,
    Organisation,
)
from schemas.crosswalks.identifiers import identifier_of
from schemas.metadata import DatasetReference, Description, Problem, Severity, from_json


@dataclass(frozen=True, slots=True)
class DatasetView:
    """A dataset with its current version, as its page needs it.

    `harvested_at` is when its source last sent something that was not the same as before.
    """

    dataset: Dataset
    organisation: Organisation
    version: DatasetVersion
    description: Description
    problems: tuple[Problem, ...]
    source: HarvestSource | None
    harvested_at: datetime | None


@dataclass(frozen=True, slots=True)
class Known:
    """A dataset of this catalogue that another one refers to."""

    identifier: str
    title: str


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version in a history, and what it changed against the one before; `None` when that was not looked at."""

    number: int
    created_at: datetime
    actor: str
    reason: str
    differences: tuple[Difference, ...] | None


def get(session: Session, identifier: str) -> DatasetView:
    """The dataset by its public identifier. Raises `Moved` for an earlier identifier, `Gone`, `NotFound`."""
    # PostgreSQL refuses to look for some characters that an address can hold.
    if not identifier.isprintable():
        raise NotFound(repr(identifier))
    found = session.execute(_whole(), {"identifier": identifier}).one_or_none()
    if found is None:
        raise _elsewhere(session, identifier)
    dataset, version, source, harvested_at = found
    if dataset.state is DatasetState.WITHDRAWN:
        raise Gone(identifier)
    if dataset.state is DatasetState.JOINED:
        raise _elsewhere(session, identifier)
    if dataset.state is not DatasetState.PUBLISHED:
        raise NotFound(identifier)
    return DatasetView(
        dataset=dataset,
        organisation=dataset.organisation,
        version=version,
        description=from_json(version.description),
        problems=problems_of(version.problems),
        source=source,
        harvested_at=harvested_at,
    )


@cache
def _whole() -> Select[*tuple[Any, ...]]:
    """A dataset with all that its page tells of it, put together once: that takes longer than to answer it."""
    received = (
        select(HarvestRun.finished_at)
        .join(HarvestRecord, HarvestRecord.last_run_id == HarvestRun.id)
        .where(HarvestRecord.dataset_id == Dataset.id, HarvestRecord.source_id == Dataset.source_id)
        .order_by(HarvestRun.id.desc())
        .limit(1)
        .correlate(Dataset)
        .scalar_subquery()
    )
    return (
        select(Dataset, DatasetVersion, HarvestSource, received)
        .join(DatasetVersion, CURRENT_VERSION)
        .outerjoin(HarvestSource, HarvestSource.id == Dataset.source_id)
        .options(joinedload(Dataset.organisation))
        .where(Dataset.identifier == bindparam("identifier"))
    )


def tombstone(session: Session, identifier: str) -> Dataset:
    """A withdrawn dataset, of which only the title, custodian and dates are still shown."""
    query = select(Dataset).options(joinedload(Dataset.organisation)).where(Dataset.identifier == identifier)
    return session.scalars(query).one()


def history(session: Session, identifier: str, *, compared: int = 20) -> tuple[VersionView, ...]:
    """All versions, newest first; the newest so many with their differences from the one before each."""
    dataset = get(session, identifier).dataset
    versions = session.scalars(
        select(DatasetVersion)
        .options(defer(DatasetVersion.description), defer(DatasetVersion.problems))
        .where(DatasetVersion.dataset_id == dataset.id)
        .order_by(DatasetVersion.number.desc())
    ).all()
    rows = session.execute(
        select(DatasetVersion.number, DatasetVersion.description).where(
            DatasetVersion.id.in_([version.id for version in versions[: compared + 1]])
        )
    )
    described = {number: description for number, description in rows}  # noqa: C416 - rows are not typed as pairs
    changed = _changes({number: from_json(described[number]) for number in sorted(described)})
    first = versions[-1].number
    return tuple(
        VersionView(
            version.number,
            version.created_at,
            version.actor,
            version.reason,
            () if version.number == first else changed.get(version.number),
        )
        for version in versions
    )


def compare(session: Session, identifier: str, earlier: int, later: int) -> tuple[Difference, ...]:
    """What changed between two versions by number. Raises `NotFound` if either does not exist."""
    dataset = get(session, identifier).dataset
    chosen = {
        version.number: from_json(version.description)
        for version in session.scalars(
            select(DatasetVersion).where(
                DatasetVersion.dataset_id == dataset.id, DatasetVersion.number.in_((earlier, later))
            )
        )
    }
    if not {earlier, later} <= chosen.keys():
        raise NotFound(f"{identifier} has no such version")
    return differences(chosen[earlier], chosen[later])


def known(session: Session, references: Iterable[DatasetReference]) -> Mapping[DatasetReference, Known]:
    """The references that lead to a public dataset of this catalogue, by identifier, earlier identifier or DOI."""
    keys = {
        reference: {identifier_of(text) for text in (reference.pid, reference.url) if text} for reference in references
    }
    wanted = {key for each in keys.values() for key in each}
    if not wanted:
        return {}
    rows = session.execute(
        select(DatasetIdentifier.value, Dataset.identifier, Dataset.title)
        .join(Dataset, Dataset.id == DatasetIdentifier.dataset_id)
        .where(DatasetIdentifier.value.in_(wanted), Dataset.state == DatasetState.PUBLISHED)
        .order_by(Dataset.id)
    )
    found = {value: Known(identifier, title) for value, identifier, title in rows}
    return {
        reference: found[key] for reference, each in keys.items() if (key := next((k for k in each if k in found), ""))
    }


def count_public(session: Session) -> int:
    """How many datasets anybody can see."""
    return session.scalar(select(func.count()).where(Dataset.state == DatasetState.PUBLISHED)) or 0


def list_public(session: Session, *, offset: int, limit: int) -> Sequence[tuple[str, datetime]]:
    """Identifier and last change of the datasets that anybody can see, in the order in which they came."""
    rows = session.execute(
        select(Dataset.identifier, Dataset.changed_at)
        .where(Dataset.state == DatasetState.PUBLISHED)
        .order_by(Dataset.id)
        .offset(offset)
        .limit(limit)
    )
    return [(identifier, changed) for identifier, changed in rows]


def problems_of(stored: Sequence[dict[str, str]]) -> tuple[Problem, ...]:
    """Problems as they were stored with a version."""
    return tuple(
        Problem(each["path"], each["message"], Severity(each["severity"]), each.get("fix", "")) for each in stored
    )


def _changes(described: Mapping[int, Description]) -> dict[int, tuple[Difference, ...]]:
    """What each version changed against the one before, for all but the first of these, which are in order."""
    return {number: differences(described[before], described[number]) for before, number in pairwise(described)}


def _elsewhere(session: Session, identifier: str) -> NotFound | Moved:
    """An earlier identifier leads to the dataset that continues it, if it leads to one only."""
    found = session.scalars(
        select(Dataset.identifier)
        .join(DatasetIdentifier, DatasetIdentifier.dataset_id == Dataset.id)
        .where(DatasetIdentifier.value == identifier, DatasetIdentifier.kind != IdentifierKind.DOI)
        .distinct()
        .limit(2)
    ).all()
    return Moved(found[0]) if len(found) == 1 else NotFound(identifier)
