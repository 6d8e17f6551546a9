"""One record: which dataset it is about, and what becomes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from catalogue.models import (
    Dataset,
    HarvestRecord,
    HarvestSource,
    Organisation,
    Outcome,
    RecordState,
)
from catalogue.reading import Claim, Read, Spooled, Terms, enter
from catalogue.services.harvesting import custodians, identity, saving
from catalogue.services.harvesting.arrivals import ADD_RECORD, KEEP_RAW, Arrival, Arrivals, Row
from harvesters.base import Harvester
from schemas.metadata import Organisation as StatedOrganisation
from schemas.metadata import Problem, Severity


@dataclass(frozen=True, slots=True)
class RunContext:
    """What is the same for every record of a run.

    `present` are the identifiers that the source sent this time, `known` all it ever sent. `custodians` keeps
    who was resolved already, by what was stated of them, `aliases` what other names of custodians stand for.
    """

    harvester: Harvester
    source: HarvestSource
    publisher: Organisation
    run_id: int | None
    at: datetime
    terms: Terms
    present: set[str]
    known: set[str]
    custodians: dict[StatedOrganisation, Organisation]
    aliases: Mapping[str, str]

    def fingerprint(self, spooled: Spooled) -> str:
        """The same as long as the bytes and the way of reading them are the same."""
        return f"{spooled.digest[:48]}{self.harvester.revision}{self.terms.date_order or ''}"[:64]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a record, and everything found wrong with it."""

    outcome: Outcome
    problems: tuple[Problem, ...]
    custodian: Organisation | None = None
    stated: StatedOrganisation | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of a description, and the number of the dataset that it is about, if it is about one."""

    outcome: Outcome
    dataset_id: int | None
    problems: tuple[Problem, ...] = ()


def take(
    session: Session,
    run: RunContext,
    spooled: Spooled,
    done: Read,
    record: HarvestRecord | None,
    arrivals: Arrivals,
) -> Taken:
    """Save one record that was read, or add it to what arrived; the caller writes that, and commits."""
    found = custodians.with_custodian(session, run.source, run.publisher, done.unnamed)
    problems = done.problems + found.problems
    entry = done.entry
    if found.description is not None and spooled.raw.identifier is not None:
        entry = enter(found.description, spooled.raw.identifier, problems, run.terms)
    if entry is None:
        arrivals.write()
        _refuse(session, run, spooled, done, record)
        return Taken(Outcome.INVALID, problems)
    problems += entry.problems
    custodian, objection = custodians.resolve(
        session, run.source, run.publisher, entry.custodian, run.custodians, aliases=run.aliases, at=run.at
    )
    problems += (objection,) if objection else ()
    received = saving.Received(
        source=run.source,
        run_id=run.run_id,
        at=run.at,
        rated=entry.rated,
        problems=problems,
        schema_name=done.schema_name,
        schema_version=done.schema_version,
        raw_digest=spooled.digest,
    )
    is_refused = objection is not None and objection.severity is Severity.ERROR
    if record is None and not is_refused:
        if arrivals.have(entry.claim.uuid):
            arrivals.write()
        taken = identity.look_up(session, entry.claim)
        if not taken.is_mentioned:
            arrivals.add(_arrival(run, spooled, done, received, custodian, entry.claim, taken))
            return Taken(Outcome.NEW, problems, custodian, entry.custodian, entry.rated.title)
    arrivals.write()
    _keep_raw(session, run, spooled, done)
    if is_refused:
        saved = Saved(Outcome.CONFLICT, None)
    else:
        saved = _save(session, run, received, custodian, record, entry.claim)
        problems += saved.problems
    _write_record(session, run, spooled, record, saved, received)
    if saved.outcome is Outcome.CONFLICT and saved.dataset_id is not None:
        session.flush()
        saving.refill(session, session.get_one(Dataset, saved.dataset_id), received)
    return Taken(saved.outcome, problems, custodian, entry.custodian, entry.rated.title)


def _save(
    session: Session,
    run: RunContext,
    received: saving.Received,
    custodian: Organisation,
    record: HarvestRecord | None,
    claim: Claim,
) -> Saved:
    dataset = session.get(Dataset, record.dataset_id) if record is not None and record.dataset_id else None
    earlier = None
    if dataset is None or (record is not None and record.state is RecordState.SUPERSEDED):
        earlier = identity.continued(session, run.source, claim, run.present, run.known)
        dataset = session.get(Dataset, earlier.dataset_id) if earlier is not None else dataset
    if record is not None and record.state is RecordState.SUPERSEDED and earlier is None and dataset is not None:
        return Saved(Outcome.CONFLICT, None, (_superseded(claim.identifier),))
    if dataset is None:
        taken = identity.look_up(session, claim)
        dataset = identity.known_elsewhere(session, run.source, custodian, claim) if taken.is_mentioned else None
        if dataset is None:
            public = identity.public_identifier(run.source, run.publisher.slug, claim, taken)
            dataset_id = saving.create(session, received, custodian, public)
            identity.remember_first(session, dataset_id, claim)
            return Saved(Outcome.NEW, dataset_id)
    identity.remember(session, dataset, claim)
    if dataset.source_id != run.source.id and not identity.speaks_first(session, run.source, dataset):
        return Saved(Outcome.CONFLICT, dataset.id, (_owned(session, dataset),))
    return _update(session, received, dataset, custodian, earlier)


def _update(
    session: Session,
    received: saving.Received,
    dataset: Dataset,
    custodian: Organisation,
    earlier: HarvestRecord | None,
) -> Saved:
    if dataset.source_id != received.source.id:
        _step_back(session, dataset)
        saving.update(session, dataset, received, custodian, f"Taken over by {received.source.name}.")
        return Saved(Outcome.CHANGED, dataset.id)
    if earlier is None:
        changed = saving.update(session, dataset, received, custodian, "Changed at the source.")
        return Saved(Outcome.CHANGED if changed else Outcome.UNCHANGED, dataset.id)
    earlier.state = RecordState.SUPERSEDED
    saving.update(session, dataset, received, custodian, f"Continues {earlier.remote_identifier}.")
    return Saved(Outcome.CONTINUED, dataset.id)


def _step_back(session: Session, dataset: Dataset) -> None:
    """The record of the source that owned the dataset until now becomes one that may fill."""
    current = saving.current_version(session, dataset)
    for record in session.query(HarvestRecord).filter_by(dataset_id=dataset.id, source_id=dataset.source_id):
        if record.state is not RecordState.SUPERSEDED:
            record.outcome, record.contribution = Outcome.CONFLICT, current.description
    session.flush()


def _refuse(session: Session, run: RunContext, spooled: Spooled, done: Read, record: HarvestRecord | None) -> None:
    """An invalid record changes nothing of what was good; it is only noted that it came."""
    if spooled.raw.identifier is not None:
        _keep_raw(session, run, spooled, done)
        _write_record(session, run, spooled, record, Saved(Outcome.INVALID, None), None)


def _arrival(
    run: RunContext,
    spooled: Spooled,
    done: Read,
    received: saving.Received,
    custodian: Organisation,
    claim: Claim,
    taken: identity.Taken,
) -> Arrival:
    public = identity.public_identifier(run.source, run.publisher.slug, claim, taken)
    return Arrival(
        claim,
        saving.first_row(received, custodian, public),
        saving.first_version(received),
        _new_record(run, spooled, Saved(Outcome.NEW, None), None),
        _raw(run, spooled, done),
    )


def _keep_raw(session: Session, run: RunContext, spooled: Spooled, done: Read) -> None:
    """Once for all that sent the same bytes, whoever was first."""
    connection = session.connection()
    connection.execute(KEEP_RAW[connection.dialect.name], _raw(run, spooled, done))


def _raw(run: RunContext, spooled: Spooled, done: Read) -> Row:
    return {
        "digest": spooled.digest,
        "data": done.compressed,
        "media_type": spooled.raw.media_type[:100],
        "received_at": run.at,
    }


def _write_record(
    session: Session,
    run: RunContext,
    spooled: Spooled,
    record: HarvestRecord | None,
    saved: Saved,
    received: saving.Received | None,
) -> None:
    if record is None:
        session.connection().execute(ADD_RECORD, _new_record(run, spooled, saved, received))
        return
    for name, value in _record(run, spooled, record, saved, received).items():
        setattr(record, name, value)


def _new_record(run: RunContext, spooled: Spooled, saved: Saved, received: saving.Received | None) -> Row:
    values = _record(run, spooled, None, saved, received)
    return {**values, "source_id": run.source.id, "remote_identifier": spooled.raw.identifier}


def _record(
    run: RunContext,
    spooled: Spooled,
    record: HarvestRecord | None,
    saved: Saved,
    received: saving.Received | None,
) -> Row:
    is_contribution = saved.outcome is Outcome.CONFLICT and saved.dataset_id is not None
    return {
        "dataset_id": saved.dataset_id or (record.dataset_id if record is not None else None),
        "state": _state_after(record, saved.outcome),
        "outcome": saved.outcome,
        "raw_digest": spooled.digest,
        "fingerprint": run.fingerprint(spooled),
        "absences": 0,
        "contribution": received.rated.plain if received is not None and is_contribution else None,
        "last_run_id": run.run_id,
        "stamp": spooled.raw.stamp or None,
    }


def _state_after(record: HarvestRecord | None, outcome: Outcome) -> RecordState:
    """A superseded record that comes back without taking its place back stays superseded."""
    is_superseded = record is not None and record.state is RecordState.SUPERSEDED
    if is_superseded and outcome in (Outcome.CONFLICT, Outcome.INVALID):
        return RecordState.SUPERSEDED
    return RecordState.PRESENT


def _superseded(identifier: str) -> Problem:
    message = f"{identifier} was replaced by a newer record, which the source still sends."
    return Problem("identifier", message, Severity.ERROR, "Leave the replaced record out of the feed.")


def _owned(session: Session, dataset: Dataset) -> Problem:
    owner = session.get(HarvestSource, dataset.source_id)
    name = owner.name if owner is not None else "another source"
    message = f"This dataset is published from {name} already; only sections missing there are taken from here."
    return Problem("identifier", message, Severity.WARNING, "Agree with the other source on who publishes it.")
