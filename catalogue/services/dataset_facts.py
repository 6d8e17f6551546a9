"""Facts read from the words of datasets: read anew when they change, kept beside what is stated."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final

from sqlalchemy import Select, bindparam, delete, or_, select
from sqlalchemy.orm import Session

import schemas.inference
from catalogue.models import (
    CURRENT_VERSION,
    Dataset,
    DatasetReading,
    DatasetState,
    DatasetVersion,
    FactState,
    InferredFact,
    OutboxMessage,
)
from catalogue.services.outbox import enqueue
from harvesters.revision import revision_of
from schemas.inference import Fact, infer, is_stated, with_facts
from schemas.metadata import Basis, BasisKind, Description, from_json

BATCH: Final = 100
"""Datasets read at a time by one pass of the worker, so that it holds up nobody for long."""

RULES: Final = revision_of(schemas.inference)
"""Changes with the rules and their words, so that what an older release read is read anew."""

INDEX: Final = "dataset.index"


@dataclass(frozen=True, slots=True)
class KnownFact:
    """A fact that is used where nothing is stated, with the number by which it is decided on."""

    number: int
    fact: Fact
    state: FactState
    decided_at: datetime | None = None
    is_by_office: bool = False

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has said anything of it."""
        return self.state is FactState.WAITING

    @property
    def decider(self) -> str:
        """Who speaks of it, as a sentence names them."""
        return "the alliance office" if self.is_by_office else "the custodian"


def refresh(session: Session, identifiers: Iterable[str], *, at: datetime, worker: str | None = None) -> int:
    """Read what these datasets say now; how many say something else than before, which search is then told.

    `worker` holds the messages that are being done: search need not be told twice of what it is about to be told. The
    caller commits.
    """
    rows = session.execute(
        select(Dataset.id, Dataset.identifier, Dataset.version_number, DatasetVersion.description)
        .join(DatasetVersion, CURRENT_VERSION)
        .where(Dataset.identifier.in_(set(identifiers)), Dataset.state == DatasetState.PUBLISHED)
        .order_by(Dataset.id)
        .with_for_update(of=Dataset)
    ).all()
    numbers = [row.id for row in rows]
    kept = _kept(session, numbers)
    readings = {each.dataset_id: each for each in session.scalars(_readings(numbers))}
    changed = []
    for row in rows:
        facts = _keep(session, row.id, kept.get(row.id, ()), infer(from_json(row.description)))
        reading = readings.get(row.id)
        if reading is None:
            reading = DatasetReading(dataset_id=row.id, stamp="")
            session.add(reading)
        reading.rules, reading.version_number = RULES, row.version_number
        if _stamp(reading, facts):
            changed.append(row.identifier)
    session.flush()
    _tell_search(session, changed, at=at, worker=worker)
    return len(changed)


def outdated(session: Session) -> Sequence[str]:
    """Some of the datasets that were read by the rules of another release."""
    read = select(Dataset.identifier).join(DatasetReading, DatasetReading.dataset_id == Dataset.id)
    # Two ranges, since an index is of no use for what differs.
    other = or_(DatasetReading.rules < RULES, DatasetReading.rules > RULES)
    return session.scalars(read.where(other, Dataset.state == DatasetState.PUBLISHED).limit(BATCH)).all()


def restamp(session: Session, reading: DatasetReading) -> bool:
    """Stamp what search is told of a dataset; whether that is anything new."""
    rows = session.scalars(select(InferredFact).where(InferredFact.dataset_id == reading.dataset_id, *USED))
    return _stamp(reading, rows.all())


def _stamp(reading: DatasetReading, facts: Sequence[InferredFact]) -> bool:
    parts = sorted(f"{row.path} {row.value} {row.state.value}" for row in facts if row.state is not FactState.REFUSED)
    stamp = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16] if parts else ""
    if stamp == reading.stamp:
        return False
    reading.stamp = stamp
    return True


USED = (InferredFact.is_live, InferredFact.state != FactState.REFUSED)
"""The facts that stand where nothing is stated."""


def used(session: Session, dataset_ids: Sequence[int]) -> Mapping[int, tuple[KnownFact, ...]]:
    """The facts that stand where these datasets state nothing, in the order in which they were found."""
    rows = session.scalars(_used(), {"dataset_ids": dataset_ids})
    found: dict[int, list[KnownFact]] = {}
    for row in rows:
        found.setdefault(row.dataset_id, []).append(known(row))
    return {number: tuple(facts) for number, facts in found.items()}


@cache
def _used() -> Select[InferredFact]:
    asked_for = InferredFact.dataset_id.in_(bindparam("dataset_ids", expanding=True))
    return select(InferredFact).where(asked_for, *USED).order_by(InferredFact.id)


def of_dataset(session: Session, dataset_id: int, description: Description) -> tuple[KnownFact, ...]:
    """The facts that stand where the description of one dataset states nothing."""
    return unstated(description, used(session, [dataset_id]).get(dataset_id, ()))


def known(row: InferredFact) -> KnownFact:
    """A row as it is used."""
    fact = Fact(row.path, row.value, row.words, row.found_in, row.rule)
    return KnownFact(row.id, fact, row.state, row.decided_at, row.is_by_office)


def unstated(description: Description, facts: Sequence[KnownFact]) -> tuple[KnownFact, ...]:
    """The facts for fields that the description leaves open; others wait to be read anew."""
    return tuple(each for each in facts if not is_stated(description, each.fact.path))


def filled(description: Description, facts: Sequence[KnownFact]) -> Description:
    """The description with its open fields filled, for search and pages; what goes out is never made from it."""
    confirmed = {
        each.fact: Basis(each.fact.path, BasisKind.CONFIRMED, evidence=each.fact.words, by=each.decider)
        for each in facts
        if not each.is_waiting
    }
    return with_facts(description, [each.fact for each in facts], confirmed) if facts else description


def _kept(session: Session, dataset_ids: Sequence[int]) -> Mapping[int, tuple[InferredFact, ...]]:
    found: dict[int, list[InferredFact]] = {}
    for row in session.scalars(select(InferredFact).where(InferredFact.dataset_id.in_(dataset_ids))):
        found.setdefault(row.dataset_id, []).append(row)
    return {number: tuple(rows) for number, rows in found.items()}


def _readings(dataset_ids: Sequence[int]) -> Select[DatasetReading]:
    return select(DatasetReading).where(DatasetReading.dataset_id.in_(dataset_ids))


def _keep(
    session: Session, dataset_id: int, kept: Sequence[InferredFact], facts: Sequence[Fact]
) -> Sequence[InferredFact]:
    """Keep these facts; their rows. What is said no longer goes, unless somebody decided on it: that is remembered."""
    rows = {(row.path, row.value): row for row in kept}
    live = []
    for fact in facts:
        row = rows.pop((fact.path, fact.value), None)
        if row is None:
            row = InferredFact(dataset_id=dataset_id, path=fact.path, value=fact.value, state=FactState.WAITING)
            session.add(row)
        row.words, row.found_in, row.rule, row.is_live = fact.words, fact.found_in, fact.rule, True
        live.append(row)
    gone = [row.id for row in rows.values() if row.state is FactState.WAITING]
    if gone:
        session.execute(delete(InferredFact).where(InferredFact.id.in_(gone)))
    for row in rows.values():
        row.is_live = False
    return live


def _tell_search(session: Session, identifiers: Sequence[str], *, at: datetime, worker: str | None) -> None:
    # What another worker holds may have been read already.
    waits = or_(OutboxMessage.held_by.is_(None), OutboxMessage.held_by == worker)
    told = select(OutboxMessage.key).where(OutboxMessage.kind == INDEX, OutboxMessage.key.in_(identifiers), waits)
    about_to_be = set(session.scalars(told)) if identifiers else set()
    for identifier in identifiers:
        if identifier not in about_to_be:
            enqueue(session, INDEX, identifier, at=at)
