"""Writing what a record says: dataset, version, identifiers and what is to be done, in the record's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from catalogue.domain.filling import fill, without_filled
from catalogue.models import (
    Dataset,
    DatasetState,
    DatasetVersion,
    HarvestRecord,
    HarvestSource,
    Organisation,
    Outcome,
    table_of,
)
from catalogue.reading import Rated
from catalogue.services.outbox import dataset_changed
from schemas.metadata import Description, Problem, from_json

COPIED = (
    "description",
    "problems",
    "content_hash",
    "created_at",
    "actor",
    "run_id",
    "schema_name",
    "schema_version",
    "raw_digest",
)
"""What a version keeps when it becomes one of another dataset."""
ADD_DATASET = insert(table_of(Dataset)).returning(table_of(Dataset).c.id, sort_by_parameter_order=True)
ADD_VERSION = insert(table_of(DatasetVersion))


@dataclass(frozen=True, slots=True)
class Received:
    """A record that was read and checked, with where it came from."""

    source: HarvestSource
    run_id: int | None
    at: datetime
    rated: Rated
    problems: tuple[Problem, ...]
    schema_name: str
    schema_version: str
    raw_digest: str | None

    def filled(self, contributions: Sequence[tuple[str, Description]]) -> Rated:
        """What the record says with the sections it lacks taken from what other sources say."""
        if not contributions:
            return self.rated
        return Rated.of(fill(from_json(self.rated.plain), contributions), self.problems)


def create(session: Session, received: Received, custodian: Organisation, identifier: str) -> int:
    """Add a dataset that was not known; its number."""
    row = first_row(received, custodian, identifier)
    dataset_id: int = session.connection().execute(ADD_DATASET, row).scalar_one()
    session.connection().execute(ADD_VERSION, {**first_version(received), "dataset_id": dataset_id})
    dataset_changed(session, identifier, at=received.at)
    return dataset_id


def first_row(received: Received, custodian: Organisation, identifier: str) -> dict[str, Any]:
    """The row of a dataset that was not known: it is published, or held for review where its source is set so."""
    return {
        "identifier": identifier,
        "organisation_id": custodian.id,
        "source_id": received.source.id,
        "state": DatasetState.IN_REVIEW if received.source.holds_new else DatasetState.PUBLISHED,
        "version_number": 1,
        "published_at": received.at,
        "changed_at": _stated_moment(received.rated, received.at) or received.at,
        **_columns(received.rated),
    }


def first_version(received: Received) -> dict[str, Any]:
    """The row of its version, without the number of the dataset."""
    return _version(1, received, received.rated, "First harvested.")


def update(session: Session, dataset: Dataset, received: Received, custodian: Organisation, reason: str) -> bool:
    """Say the new things of a known dataset; whether anything was different from what was said before."""
    filled = received.filled(contributions(session, dataset))
    current = current_version(session, dataset)
    returned = dataset.state is DatasetState.WITHDRAWN
    moved = dataset.organisation_id != custodian.id or dataset.source_id != received.source.id
    is_different = current.content_hash != filled.content_hash
    if not (is_different or returned or moved):
        return False
    dataset.organisation_id, dataset.source_id = custodian.id, received.source.id
    if returned:
        dataset.state, dataset.withdrawn_at = DatasetState.PUBLISHED, None
    _next_version(session, dataset, received, filled, "Sent again after it had been withdrawn." if returned else reason)
    return True


def refill(session: Session, dataset: Dataset, received: Received) -> bool:
    """Fill the owner's description again, now that a contribution changed; whether that made a difference."""
    current = current_version(session, dataset)
    stated = without_filled(from_json(current.description))
    filled = Rated.of(fill(stated, contributions(session, dataset)), received.problems)
    if filled.content_hash == current.content_hash:
        return False
    _next_version(session, dataset, received, filled, f"Sections filled from {received.source.name}.")
    return True


def join(session: Session, earlier: Dataset, later: Dataset, *, reason: str, at: datetime) -> None:
    """Let the earlier dataset go on with the versions of the later one, which keeps its row for what points at it."""
    versions = session.scalars(
        select(DatasetVersion).where(DatasetVersion.dataset_id == later.id).order_by(DatasetVersion.number)
    ).all()
    for position, version in enumerate(versions, earlier.version_number + 1):
        kept = {name: getattr(version, name) for name in COPIED}
        kept["reason"] = reason if version is versions[0] else version.reason
        session.add(DatasetVersion(dataset_id=earlier.id, number=position, **kept))
    earlier.version_number += len(versions)
    earlier.title, earlier.population_size = later.title, later.population_size
    earlier.quality_score, earlier.quality_band = later.quality_score, later.quality_band
    earlier.organisation_id, earlier.source_id = later.organisation_id, later.source_id
    earlier.changed_at = max(earlier.changed_at, later.changed_at)
    earlier.state, earlier.withdrawn_at, later.state = DatasetState.PUBLISHED, None, DatasetState.JOINED
    session.flush()
    for dataset in (earlier, later):
        dataset_changed(session, dataset.identifier, at=at)


def contributions(session: Session, dataset: Dataset) -> Sequence[tuple[str, Description]]:
    """What other sources say of the dataset, oldest record first."""
    rows = session.execute(
        select(HarvestSource.name, HarvestRecord.contribution)
        .join(HarvestSource, HarvestSource.id == HarvestRecord.source_id)
        .where(
            HarvestRecord.dataset_id == dataset.id,
            HarvestRecord.outcome == Outcome.CONFLICT,
            HarvestRecord.contribution.is_not(None),
        )
        .order_by(HarvestRecord.id)
    )
    return [(name, from_json(contribution)) for name, contribution in rows if contribution]


def current_version(session: Session, dataset: Dataset) -> DatasetVersion:
    """The version that is shown."""
    return session.scalars(
        select(DatasetVersion).where(
            DatasetVersion.dataset_id == dataset.id, DatasetVersion.number == dataset.version_number
        )
    ).one()


def withdraw(session: Session, dataset: Dataset, *, at: datetime) -> None:
    """Take a dataset out of sight; its address tells that it was here."""
    dataset.state, dataset.withdrawn_at = DatasetState.WITHDRAWN, at
    dataset_changed(session, dataset.identifier, at=at)


def _next_version(session: Session, dataset: Dataset, received: Received, rated: Rated, reason: str) -> None:
    stated = _stated_moment(rated, received.at)
    dataset.changed_at = stated if stated is not None and stated > dataset.changed_at else received.at
    for name, value in _columns(rated).items():
        setattr(dataset, name, value)
    dataset.version_number += 1
    version = _version(dataset.version_number, received, rated, reason)
    session.connection().execute(ADD_VERSION, {**version, "dataset_id": dataset.id})
    dataset_changed(session, dataset.identifier, at=received.at)


def _columns(rated: Rated) -> dict[str, Any]:
    """What lists and counts need of a description, kept beside the dataset."""
    population = rated.population_size
    return {
        "title": rated.title,
        "quality_score": rated.quality_score,
        "quality_band": rated.quality_band,
        "population_size": population if population is not None and population > 0 else None,
    }


def _version(number: int, received: Received, rated: Rated, reason: str) -> dict[str, Any]:
    return {
        "number": number,
        "description": rated.plain,
        "problems": [problem.as_json() for problem in received.problems],
        "content_hash": rated.content_hash,
        "created_at": received.at,
        "actor": received.source.name,
        "reason": reason,
        "run_id": received.run_id,
        "schema_name": received.schema_name,
        "schema_version": received.schema_version,
        "raw_digest": received.raw_digest,
    }


def _stated_moment(rated: Rated, at: datetime) -> datetime | None:
    """When the source says it last changed the description, if it says so and not from the future."""
    try:
        moment = datetime.fromisoformat(rated.modified or "")
    except ValueError:
        return None
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=at.tzinfo)
    return aware if aware <= at else None
