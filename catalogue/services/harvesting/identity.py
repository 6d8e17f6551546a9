"""Which dataset a record is about (ADR 17)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Select, bindparam, exists, func, insert, select
from sqlalchemy.orm import Session

from catalogue.models import (
    Dataset,
    DatasetIdentifier,
    DatasetState,
    HarvestRecord,
    HarvestSource,
    IdentifierKind,
    Organisation,
    RecordState,
    table_of,
)
from catalogue.reading import Claim

NAMESPACE = uuid.UUID("8d0a6f5c-6d5e-5a43-9c0e-4a6a3f0d7b11")
"""Names the catalogue's own identifiers of datasets whose source gives them none that is a UUID."""

# Made once: making a statement takes longer than running it.
REMEMBER = insert(table_of(DatasetIdentifier))


@dataclass(frozen=True, slots=True)
class Taken:
    """Whether any dataset is known by what a record claims, and whether one has its UUID as public identifier."""

    is_mentioned: bool
    is_public: bool


def look_up(session: Session, claim: Claim) -> Taken:
    """Look for everything that a record claims at once."""
    values = (claim.identifier, *claim.revisions, *((claim.doi,) if claim.doi else ()))
    named = {f"value_{number}": value for number, value in enumerate(values)}
    question = _looking_up(tuple(named))
    is_mentioned, is_public = session.connection().execute(question, {**named, "public": claim.uuid}).one()
    return Taken(is_mentioned, is_public)


@lru_cache(maxsize=32)
def _looking_up(names: tuple[str, ...]) -> Select[bool, bool]:
    """The question for so many values: one made for any number is put together anew whenever it is asked."""
    return select(
        exists().where(table_of(DatasetIdentifier).c.value.in_([bindparam(name) for name in names])),
        exists().where(table_of(Dataset).c.identifier == bindparam("public")),
    )


def public_identifier(source: HarvestSource, publisher: str, claim: Claim, taken: Taken) -> str:
    """The UUID of the remote identifier if it has one and it is free, else one made of source and identifier."""
    if claim.uuid and not taken.is_public:
        return claim.uuid
    return str(uuid.uuid5(NAMESPACE, f"{publisher}\n{source.kind}\n{source.name}\n{claim.identifier}"))


def continued(
    session: Session, source: HarvestSource, claim: Claim, present: set[str], known: set[str]
) -> HarvestRecord | None:
    """The source's record that this one continues: named by its revisions, and no longer sent itself.

    `present` are the identifiers of this run, `known` those that the source ever sent.
    """
    if known.isdisjoint(claim.revisions):
        return None
    named = select(HarvestRecord.dataset_id).where(
        HarvestRecord.source_id == source.id,
        HarvestRecord.remote_identifier.in_(claim.revisions),
        HarvestRecord.dataset_id.is_not(None),
    )
    live = session.scalars(
        select(HarvestRecord)
        .join(Dataset, Dataset.id == HarvestRecord.dataset_id)
        .where(
            HarvestRecord.source_id == source.id,
            HarvestRecord.dataset_id.in_(named),
            HarvestRecord.state != RecordState.SUPERSEDED,
            Dataset.source_id == source.id,
        )
        .order_by(HarvestRecord.id.desc())
    )
    return next((record for record in live if record.remote_identifier not in present), None)


def known_elsewhere(session: Session, source: HarvestSource, custodian: Organisation, claim: Claim) -> Dataset | None:
    """The dataset of another source that this record is about too, if there is one."""
    by_identifier = session.scalars(
        _of_others(source)
        .where(
            DatasetIdentifier.value.in_((claim.identifier, *claim.revisions)),
            DatasetIdentifier.kind != IdentifierKind.DOI,
        )
        .order_by(Dataset.id)
        .limit(1)
    ).one_or_none()
    return by_identifier or (_by_doi(session, source, custodian, claim.doi) if claim.doi else None)


def remember_first(session: Session, dataset_id: int, claim: Claim) -> None:
    """Keep everything that a new dataset is known by."""
    session.connection().execute(REMEMBER, rows(dataset_id, claim))


def remember(session: Session, dataset: Dataset, claim: Claim) -> None:
    """Keep what the dataset is known by, where it is not kept yet."""
    kept = select(DatasetIdentifier.value).where(DatasetIdentifier.dataset_id == dataset.id)
    known = set(session.scalars(kept))
    missing = [row for row in rows(dataset.id, claim) if row["value"] not in known]
    if missing:
        session.connection().execute(REMEMBER, missing)


def rows(dataset_id: int, claim: Claim) -> list[dict[str, object]]:
    """Everything that a record lets a dataset be known by."""
    wanted = [(claim.identifier, IdentifierKind.REMOTE)]
    wanted += [(each, IdentifierKind.REVISION) for each in claim.revisions if each != claim.identifier]
    wanted += [(claim.doi, IdentifierKind.DOI)] if claim.doi else []
    kinds = dict(reversed(wanted))
    return [{"dataset_id": dataset_id, "value": value, "kind": kind} for value, kind in kinds.items()]


def hand_over(session: Session, later: Dataset, earlier: Dataset) -> None:
    """Everything the later dataset is known by leads to the earlier one from now on, its own identifier too."""
    known = set(session.scalars(select(DatasetIdentifier.value).where(DatasetIdentifier.dataset_id == earlier.id))) | {
        earlier.identifier
    }
    for each in session.scalars(select(DatasetIdentifier).where(DatasetIdentifier.dataset_id == later.id)).all():
        if each.value in known:
            session.delete(each)
        else:
            each.dataset_id = earlier.id
            known.add(each.value)
    if later.identifier not in known:
        session.add(DatasetIdentifier(dataset_id=earlier.id, value=later.identifier, kind=IdentifierKind.REVISION))
    session.flush()


def speaks_first(session: Session, source: HarvestSource, dataset: Dataset) -> bool:
    """Whether this source takes the dataset over from the one that owns it: the custodian's own does (ADR 17)."""
    if dataset.state is DatasetState.WITHDRAWN or dataset.source_id is None:
        return True
    owner = session.get(HarvestSource, dataset.source_id)
    return _is_own(source, dataset) and not (owner is not None and _is_own(owner, dataset))


def _is_own(source: HarvestSource, dataset: Dataset) -> bool:
    return not source.is_aggregator and source.organisation_id == dataset.organisation_id


def _of_others(source: HarvestSource) -> Select[Dataset]:
    return (
        select(Dataset)
        .join(DatasetIdentifier, DatasetIdentifier.dataset_id == Dataset.id)
        .where(Dataset.source_id != source.id)
    )


def _by_doi(session: Session, source: HarvestSource, custodian: Organisation, doi: str) -> Dataset | None:
    """A DOI tells which dataset only while one dataset has it: articles' DOIs are often given for many."""
    holders: Sequence[int] = session.scalars(
        select(func.distinct(DatasetIdentifier.dataset_id)).where(
            DatasetIdentifier.value == doi, DatasetIdentifier.kind == IdentifierKind.DOI
        )
    ).all()
    if len(holders) != 1:
        return None
    dataset = session.get(Dataset, holders[0])
    if dataset is None or dataset.source_id == source.id or dataset.organisation_id != custodian.id:
        return None
    return dataset
