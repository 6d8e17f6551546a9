"""A person's library: the datasets they keep, and what they wrote about them. What was written is never lost."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, delete, false, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from catalogue.domain.errors import Invalid, NotFound, Refused
from catalogue.domain.permissions import Actor, check
from catalogue.models import Dataset, DatasetState, LibraryEntry
from schemas.metadata import Problem, Severity

MOST_ENTRIES = 1_000
LONGEST_NOTE = 5_000
KEPT_AFTER_REMOVAL = timedelta(days=30)
"""How long something that was removed can be put back with its note."""


class Sort(StrEnum):
    """What a library can be sorted by."""

    ADDED = "added"
    TITLE = "title"
    CUSTODIAN = "custodian"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Kept:
    """A dataset in a library. `is_public` says whether its page can still be read."""

    identifier: str
    title: str
    custodian: str
    custodian_slug: str
    state: DatasetState
    note: str
    added_at: datetime
    changed_at: datetime
    withdrawn_at: datetime | None

    @property
    def is_public(self) -> bool:
        """Whether it is still described here."""
        return self.state is DatasetState.PUBLISHED


ORDERS: Mapping[Sort, Callable[[Kept], tuple[object, ...]]] = {
    Sort.ADDED: lambda kept: (-kept.added_at.timestamp(), kept.identifier),
    Sort.TITLE: lambda kept: (kept.title.casefold(), kept.identifier),
    Sort.CUSTODIAN: lambda kept: (kept.custodian.casefold(), kept.title.casefold(), kept.identifier),
    Sort.CHANGED: lambda kept: (-kept.changed_at.timestamp(), kept.identifier),
}


class Overtaken(Refused):
    """The note was changed elsewhere since it was shown; `saved` is what it says now."""

    def __init__(self, saved: str) -> None:
        super().__init__("You changed this note somewhere else meanwhile.")
        self.saved = saved


def add(session: Session, actor: Actor, identifier: str, *, at: datetime, note: str = "") -> None:
    """Keep a dataset; again changes nothing, and one that was removed comes back with its note.

    Raises `Invalid`, `NotFound`, `NotAllowed`, and `Refused` when there is no room.
    """
    check(actor, "library:keep")
    note = _checked(note)
    dataset = _public(session, identifier)
    entry = _find(session, actor, LibraryEntry.dataset_id == dataset.id)
    if entry is not None and entry.removed_at is not None:
        entry.removed_at, entry.added_at = None, at
        entry.note = note or entry.note
    elif entry is None:
        if _count(session, actor) >= MOST_ENTRIES:
            raise Refused(f"A library has room for {MOST_ENTRIES:,} datasets. Remove some first.")
        try:
            with session.begin_nested():
                session.add(LibraryEntry(user_id=actor.user_id, dataset_id=dataset.id, note=note, added_at=at))
        except IntegrityError:
            # The button was pressed twice, and the other one came first.
            session.expire_all()
    session.commit()


def remove(session: Session, actor: Actor, identifier: str, *, at: datetime) -> None:
    """Keep it no longer; for a while it can be put back. Something that is not there is no mistake."""
    check(actor, "library:keep")
    old = LibraryEntry.removed_at < at - KEPT_AFTER_REMOVAL
    session.execute(delete(LibraryEntry).where(LibraryEntry.user_id == actor.user_id, old))
    entry = _find(session, actor, _is(identifier))
    if entry is not None and entry.removed_at is None:
        entry.removed_at = at
    session.commit()


def write_note(session: Session, actor: Actor, identifier: str, note: str, *, seen: str) -> None:
    """Take a note in place of the one that was `seen`. Raises `Invalid`, `NotFound`, `Overtaken`."""
    check(actor, "library:keep")
    entry = _find(session, actor, and_(_is(identifier), LibraryEntry.removed_at.is_(None)), for_update=True)
    if entry is None:
        raise NotFound(identifier)
    note = _checked(note)
    if entry.note not in {seen.strip(), note}:
        raise Overtaken(entry.note)
    entry.note = note
    session.commit()


def list_own(session: Session, actor: Actor, *, sort: Sort = Sort.ADDED) -> tuple[Kept, ...]:
    """Everything in the library, withdrawn datasets as well."""
    check(actor, "library:keep")
    rows = session.scalars(_own(actor).where(LibraryEntry.removed_at.is_(None)))
    return tuple(sorted(map(_kept, rows), key=ORDERS[sort]))


def removed(session: Session, actor: Actor, identifier: str) -> Kept | None:
    """One that was removed and can be put back."""
    wanted = _own(actor).where(_is(identifier), LibraryEntry.removed_at.is_not(None))
    entry = session.scalars(wanted).one_or_none()
    return _kept(entry) if entry is not None else None


def held(session: Session, actor: Actor) -> frozenset[str]:
    """The public identifiers of what is in the library."""
    wanted = select(Dataset.identifier).join(LibraryEntry, LibraryEntry.dataset_id == Dataset.id)
    own = (LibraryEntry.user_id == actor.user_id, LibraryEntry.removed_at.is_(None))
    return frozenset(session.scalars(wanted.where(*own)))


def public_among(kept: Iterable[Kept], identifiers: Iterable[str]) -> tuple[str, ...]:
    """Which can be asked about: the public ones among those that are named, or all of them when none is."""
    named = set(identifiers)
    return tuple(each.identifier for each in kept if each.is_public and (not named or each.identifier in named))


def title_of(session: Session, identifier: str) -> str:
    """The title of a public dataset. Raises `NotFound`."""
    return _public(session, identifier).title


def erase(session: Session, user_id: int) -> None:
    """Forget the library of somebody who leaves. Does not commit."""
    session.execute(delete(LibraryEntry).where(LibraryEntry.user_id == user_id))


def _is(identifier: str) -> ColumnElement[bool]:
    # PostgreSQL refuses to look for some characters that a form can hold.
    if not identifier.isprintable():
        return false()
    return LibraryEntry.dataset.has(Dataset.identifier == identifier)


def _own(actor: Actor) -> Select[LibraryEntry]:
    return (
        select(LibraryEntry)
        .where(LibraryEntry.user_id == actor.user_id)
        .options(joinedload(LibraryEntry.dataset).joinedload(Dataset.organisation))
    )


def _find(
    session: Session, actor: Actor, condition: ColumnElement[bool], *, for_update: bool = False
) -> LibraryEntry | None:
    wanted = select(LibraryEntry).where(LibraryEntry.user_id == actor.user_id, condition)
    return session.scalars(wanted.with_for_update() if for_update else wanted).one_or_none()


def _count(session: Session, actor: Actor) -> int:
    own = (LibraryEntry.user_id == actor.user_id, LibraryEntry.removed_at.is_(None))
    return session.scalar(select(func.count()).select_from(LibraryEntry).where(*own)) or 0


def _public(session: Session, identifier: str) -> Dataset:
    wanted = select(Dataset).where(Dataset.identifier == identifier, Dataset.state == DatasetState.PUBLISHED)
    found = session.scalars(wanted).one_or_none() if identifier.isprintable() else None
    if found is None:
        raise NotFound(identifier)
    return found


def _checked(note: str) -> str:
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        message = f"The note has {len(note):,} characters, and {LONGEST_NOTE:,} is the most."
        raise Invalid(Problem("note", message, Severity.ERROR, "Shorten it."))
    return note


def _kept(entry: LibraryEntry) -> Kept:
    dataset = entry.dataset
    return Kept(
        identifier=dataset.identifier,
        title=dataset.title,
        custodian=dataset.organisation.name,
        custodian_slug=dataset.organisation.slug,
        state=dataset.state,
        note=entry.note,
        added_at=entry.added_at,
        changed_at=dataset.changed_at,
        withdrawn_at=dataset.withdrawn_at,
    )
