"""Datasets and organisations that people follow."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import ColumnElement, Select, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from catalogue.domain.alerts import Often
from catalogue.domain.errors import NotFound, Refused
from catalogue.domain.permissions import Actor, check
from catalogue.models import Dataset, DatasetState, Follow, Organisation
from catalogue.services import news

MOST_FOLLOWED = 1_000


@dataclass(frozen=True, slots=True)
class Subject:
    """What can be followed: a dataset by its public identifier, or an organisation by its slug."""

    dataset: str = ""
    organisation: str = ""

    @property
    def is_searchable(self) -> bool:
        """Whether it can be looked for: PostgreSQL refuses some characters that a form can hold."""
        return bool(self.dataset or self.organisation) and (self.dataset + self.organisation).isprintable()


def name_of(session: Session, subject: Subject) -> str:
    """The title or the name. Raises `NotFound`."""
    found = _found(session, subject)
    return found.title if isinstance(found, Dataset) else found.name


def follow(session: Session, actor: Actor, subject: Subject, *, often: Often, at: datetime) -> None:
    """Follow it; again changes nothing. Raises `NotFound`, `NotAllowed`, and `Refused` when there is no room."""
    check(actor, "news:follow")
    target = _found(session, subject)
    if find(session, actor, subject) is not None:
        return
    if (session.scalar(select(func.count()).where(Follow.user_id == actor.user_id)) or 0) >= MOST_FOLLOWED:
        raise Refused(f"You can follow {MOST_FOLLOWED:,} datasets and organisations. Stop following one first.")
    try:
        with session.begin_nested():
            session.add(
                Follow(
                    identifier=str(uuid4()),
                    user_id=actor.user_id,
                    dataset_id=target.id if isinstance(target, Dataset) else None,
                    organisation_id=target.id if isinstance(target, Organisation) else None,
                    often=often,
                    created_at=at,
                    told_until=news.told_from(session, at),
                    examined_at=at,
                )
            )
    except IntegrityError:
        # The button was pressed twice, and the other one came first.
        session.expire_all()
    session.commit()


def stop(session: Session, actor: Actor, subject: Subject) -> None:
    """Follow it no longer. Something that is not followed is no mistake."""
    check(actor, "news:follow")
    found = find(session, actor, subject)
    if found is not None:
        session.delete(found)
    session.commit()


def find(session: Session, actor: Actor, subject: Subject) -> Follow | None:
    """How the person follows it, if they do."""
    if not subject.is_searchable:
        return None
    return session.scalars(_own(actor).where(_is(subject))).one_or_none()


def list_own(session: Session, actor: Actor) -> tuple[Follow, ...]:
    """Everything that the person follows, the last one first."""
    check(actor, "news:follow")
    return tuple(session.scalars(_own(actor)))


def change(session: Session, actor: Actor, identifier: str, *, often: Often, at: datetime) -> None:
    """Take other times for mail. Raises `NotFound`."""
    check(actor, "news:follow")
    wanted = _own(actor).where(Follow.identifier == identifier)
    found = session.scalars(wanted).one_or_none() if identifier.isprintable() else None
    if found is None:
        raise NotFound(identifier)
    if found.often is Often.OFF:
        # What came while no mail was wanted is old news.
        found.told_until = news.told_from(session, at)
    found.often = often
    session.commit()


def erase(session: Session, user_id: int) -> None:
    """Forget what somebody follows who leaves. Does not commit."""
    session.execute(delete(Follow).where(Follow.user_id == user_id))


def _found(session: Session, subject: Subject) -> Dataset | Organisation:
    if not subject.is_searchable:
        raise NotFound
    if subject.dataset:
        public = Dataset.state == DatasetState.PUBLISHED
        dataset = session.scalars(select(Dataset).where(Dataset.identifier == subject.dataset, public)).one_or_none()
        if dataset is None:
            raise NotFound(subject.dataset)
        return dataset
    organisation = session.scalars(select(Organisation).where(Organisation.slug == subject.organisation)).one_or_none()
    if organisation is None:
        raise NotFound(subject.organisation)
    return organisation


def _is(subject: Subject) -> ColumnElement[bool]:
    if subject.dataset:
        return Follow.dataset.has(Dataset.identifier == subject.dataset)
    return Follow.organisation.has(Organisation.slug == subject.organisation)


def _own(actor: Actor) -> Select[Follow]:
    return (
        select(Follow)
        .where(Follow.user_id == actor.user_id)
        .options(joinedload(Follow.dataset).joinedload(Dataset.organisation), joinedload(Follow.organisation))
        .order_by(Follow.id.desc())
    )
