"""What is new among the datasets, noticed once search has it, so that whoever is told of it also finds it.

A source may say that its dataset changed years ago, and transactions end in another order than they began. So news has
a time of its own, which never goes back, and whoever was told of everything up to a moment has missed nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalogue.models import (
    Dataset,
    DatasetIdentifier,
    DatasetNews,
    DatasetState,
    Follow,
    IdentifierKind,
    LibraryEntry,
    Organisation,
)

LOCK = 0x6E657773
"""The name, as a number, under which PostgreSQL lets one worker at a time notice news."""
TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class News:
    """What there is to be told of a dataset. `new_at` is when it came, or came back."""

    identifier: str
    organisation_id: int
    custodian: str
    title: str
    noticed_at: datetime
    new_at: datetime
    is_withdrawn: bool = False


def notice(session: Session, identifiers: Iterable[str], *, at: datetime) -> int:
    """Write down what is new about these datasets since they were last noticed, and commit; how many had news."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    last = latest(session)
    moment = max(at, last + TICK) if last is not None else at
    datasets = session.scalars(
        select(Dataset).where(Dataset.identifier.in_(set(identifiers))).order_by(Dataset.id)
    ).all()
    known = {
        each.dataset_id: each
        for each in session.scalars(
            select(DatasetNews).where(DatasetNews.dataset_id.in_([dataset.id for dataset in datasets]))
        )
    }
    noticed = sum(_notice(session, dataset, known.get(dataset.id), moment) for dataset in datasets)
    session.commit()
    return noticed


def told_from(session: Session, at: datetime) -> datetime:
    """The moment from which somebody who begins to listen now is told."""
    last = latest(session)
    return max(at, last) if last is not None else at


def latest(session: Session, *, until: datetime | None = None) -> datetime | None:
    """When news was last noticed, up to a moment."""
    wanted = select(DatasetNews.noticed_at).order_by(DatasetNews.noticed_at.desc()).limit(1)
    return session.scalar(wanted if until is None else wanted.where(DatasetNews.noticed_at <= until))


def since(session: Session, moment: datetime) -> tuple[News, ...]:
    """What was noticed after a moment, the latest first; withdrawn datasets as well."""
    wanted = (
        select(DatasetNews, Dataset.identifier, Organisation.id, Organisation.name, Dataset.title, Dataset.state)
        .join(Dataset, Dataset.id == DatasetNews.dataset_id)
        .join(Organisation, Organisation.id == Dataset.organisation_id)
        .where(DatasetNews.noticed_at > moment, Dataset.state != DatasetState.IN_REVIEW)
        .order_by(DatasetNews.noticed_at.desc(), DatasetNews.dataset_id)
    )
    return tuple(
        News(
            identifier=identifier,
            organisation_id=organisation_id,
            custodian=custodian,
            title=title,
            noticed_at=row.noticed_at,
            new_at=row.new_at,
            is_withdrawn=state is not DatasetState.PUBLISHED,
        )
        for row, identifier, organisation_id, custodian, title, state in session.execute(wanted)
    )


def _notice(session: Session, dataset: Dataset, row: DatasetNews | None, moment: datetime) -> bool:
    if dataset.state is DatasetState.PUBLISHED:
        if row is None:
            number = dataset.version_number
            session.add(DatasetNews(dataset_id=dataset.id, version_number=number, new_at=moment, noticed_at=moment))
            return True
        if not row.is_withdrawn and row.version_number == dataset.version_number:
            return False
        row.new_at = moment if row.is_withdrawn else row.new_at
        row.version_number, row.is_withdrawn, row.noticed_at = dataset.version_number, False, moment
        return True
    if dataset.state is DatasetState.JOINED:
        _hand_over(session, dataset)
        if row is not None:
            session.delete(row)
        return False
    if row is None or row.is_withdrawn:
        return False
    row.is_withdrawn, row.noticed_at = True, moment
    return True


def _hand_over(session: Session, dataset: Dataset) -> None:
    """Whoever kept or followed a dataset that was found to be another keeps and follows that one."""
    goes_on = session.scalars(
        select(DatasetIdentifier.dataset_id)
        .join(Dataset, Dataset.id == DatasetIdentifier.dataset_id)
        .where(DatasetIdentifier.value == dataset.identifier, DatasetIdentifier.kind != IdentifierKind.DOI)
        .where(Dataset.id != dataset.id, Dataset.state == DatasetState.PUBLISHED)
        .distinct()
    ).all()
    if len(goes_on) != 1:
        return
    _move_entries(session, dataset.id, goes_on[0])
    have = set(session.scalars(select(Follow.user_id).where(Follow.dataset_id == goes_on[0])))
    for follow in session.scalars(select(Follow).where(Follow.dataset_id == dataset.id)).all():
        if follow.user_id in have:
            session.delete(follow)
        else:
            follow.dataset_id = goes_on[0]


def _move_entries(session: Session, joined_id: int, goes_on_id: int) -> None:
    """Move entries of libraries with their notes; where there are two of them now, they become one with both notes."""
    wanted = select(LibraryEntry).where(LibraryEntry.dataset_id == goes_on_id)
    have = {each.user_id: each for each in session.scalars(wanted)}
    for entry in session.scalars(select(LibraryEntry).where(LibraryEntry.dataset_id == joined_id)).all():
        other = have.get(entry.user_id)
        if other is None:
            entry.dataset_id = goes_on_id
            continue
        other.note = "\n\n".join(note for note in (other.note, entry.note) if note)
        other.removed_at = None if entry.removed_at is None else other.removed_at
        session.delete(entry)
