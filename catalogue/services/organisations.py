"""Organisations: adding, finding by whatever name a source uses, listing with their datasets."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CursorResult, bindparam, func, insert, select
from sqlalchemy.orm import Session

from catalogue.domain.custodians import CustodianName, slug_of
from catalogue.domain.errors import Invalid, NotFound
from catalogue.models import Dataset, DatasetState, Organisation, OrganisationKind, OrganisationName, table_of
from catalogue.services.outbox import dataset_changed
from schemas.metadata import Organisation as StatedOrganisation
from schemas.metadata import Problem, Severity

# Made once: a harvest asks these for every custodian, and making a statement takes longer than running it.
# Most custodians that are looked for are not here yet, which the tables alone tell sooner than the mapper.
ORGANISATIONS, NAMES = table_of(Organisation).c, table_of(OrganisationName).c
BY_IDENTIFIER = select(ORGANISATIONS.id).where(ORGANISATIONS.identifier == bindparam("identifier"))
BY_NAME = select(NAMES.organisation_id).where(NAMES.key == bindparam("key"))
SLUGS = select(ORGANISATIONS.slug).where(ORGANISATIONS.slug.startswith(bindparam("beginning")))
ADD_NAME = insert(table_of(OrganisationName))


@dataclass(frozen=True, slots=True)
class Listed:
    """An organisation with the number of its public datasets and the people they state, where they do."""

    organisation: Organisation
    datasets: int
    people: int
    changed_at: datetime | None


def add(
    session: Session,
    name: str,
    *,
    at: datetime,
    identifier: str | None = None,
    kind: OrganisationKind = OrganisationKind.CUSTODIAN,
    member_of: str | None = None,
    contact_point: str | None = None,
    description: str | None = None,
) -> Organisation:
    """Add a member, which is claimed from the start; refuses a name or identifier that is taken."""
    parsed = CustodianName.parse(name)
    if not parsed.name:
        raise Invalid(Problem("name", "An organisation needs a name.", Severity.ERROR, "Give its full name."))
    taken = _by_name(session, parsed) or (_by_identifier(session, identifier) if identifier else None)
    if taken is not None and taken.is_claimed:
        message = f"{taken.name} is here already, as {taken.slug}."
        raise Invalid(Problem("name", message, Severity.ERROR, "Use that one, or another name."))
    organisation = taken or _create(session, parsed, at=at)
    organisation.is_claimed, organisation.kind = True, kind
    organisation.identifier = identifier or organisation.identifier
    _describe(session, organisation, name=organisation.name, member_of=member_of or organisation.member_of, at=at)
    organisation.contact_point = contact_point or organisation.contact_point
    organisation.description = description or organisation.description
    session.commit()
    return organisation


def get(session: Session, slug: str) -> Organisation:
    """The organisation by its slug. Raises `NotFound`."""
    # PostgreSQL refuses to look for some characters that an address can hold.
    if not slug.isprintable():
        raise NotFound(repr(slug))
    found = session.scalars(select(Organisation).where(Organisation.slug == slug)).one_or_none()
    if found is None:
        raise NotFound(f"There is no organisation {slug!r}.")
    return found


def find_named(session: Session, name: str) -> Organisation:
    """The organisation that goes by this name. Raises `NotFound`."""
    found = _by_name(session, CustodianName.parse(name))
    if found is None:
        raise NotFound(f"There is no organisation called {name!r}.")
    return found


def list_with_datasets(session: Session) -> tuple[Listed, ...]:
    """Every organisation, by name."""
    counted = (
        select(
            Dataset.organisation_id,
            func.count().label("datasets"),
            func.coalesce(func.sum(Dataset.population_size), 0).label("people"),
            func.max(Dataset.changed_at).label("changed_at"),
        )
        .where(Dataset.state == DatasetState.PUBLISHED)
        .group_by(Dataset.organisation_id)
        .subquery()
    )
    rows = session.execute(
        select(Organisation, counted.c.datasets, counted.c.people, counted.c.changed_at)
        .outerjoin(counted, counted.c.organisation_id == Organisation.id)
        .order_by(func.lower(Organisation.name))
    )
    return tuple(Listed(each, datasets or 0, int(people or 0), changed) for each, datasets, people, changed in rows)


def resolve(session: Session, stated: StatedOrganisation, name: CustodianName, *, at: datetime) -> Organisation:
    """The custodian that a description names: by identifier, then by name, else created unclaimed (ADR 17).

    `name` is what it is called here. Does not commit: it is part of saving a record.
    """
    identifier = _global_identifier(stated.identifier)
    found = (_by_identifier(session, identifier) if identifier else None) or _by_name(session, name)
    if found is None:
        found = _create(session, name, at=at, identifier=identifier)
    if not found.is_claimed:
        _complete(session, found, stated, name, at=at)
    return found


def identified(session: Session, stated: StatedOrganisation) -> Organisation | None:
    """The organisation with the address that a description identifies its custodian by."""
    identifier = _global_identifier(stated.identifier)
    return _by_identifier(session, identifier) if identifier else None


def is_called(session: Session, organisation: Organisation, name: CustodianName) -> bool:
    """Whether the organisation goes by this name."""
    known = session.get(OrganisationName, name.key)
    return known is not None and known.organisation_id == organisation.id


def _complete(
    session: Session, found: Organisation, stated: StatedOrganisation, parsed: CustodianName, *, at: datetime
) -> None:
    """An unclaimed custodian is known only from what sources say of it; the first word on each fact stays.

    Only a name all in capitals gives way to the same name as people write it.
    """
    is_better = found.name.casefold() == parsed.name.casefold() and _is_shouted(found.name)
    name = parsed.name if is_better else found.name
    _describe(session, found, name=name, member_of=found.member_of or stated.member_of or parsed.member_of, at=at)
    found.contact_point = found.contact_point or next(iter(stated.contact_point), None)
    found.description = found.description or stated.description


def _is_shouted(name: str) -> bool:
    """Whether a name of several words is all capitals, as lists keep them; one word may be an abbreviation."""
    return name.isupper() and " " in name.strip()


def _describe(session: Session, organisation: Organisation, *, name: str, member_of: str | None, at: datetime) -> None:
    """Say its name and what it is a member of; its datasets show both, so what was made of them is made anew."""
    if (name, member_of) == (organisation.name, organisation.member_of):
        return
    organisation.name, organisation.member_of = name, member_of
    held = select(Dataset.identifier).where(Dataset.organisation_id == organisation.id)
    for identifier in session.scalars(held.where(Dataset.state == DatasetState.PUBLISHED)).all():
        dataset_changed(session, identifier, at=at)


def _global_identifier(identifier: str | int | None) -> str | None:
    """Only an address (ROR, ISNI, a web page) identifies an organisation across sources; a bare number does not."""
    text = str(identifier or "").strip()
    return text if text.startswith(("https://", "http://")) else None


def _by_identifier(session: Session, identifier: str) -> Organisation | None:
    return _found(session, session.connection().execute(BY_IDENTIFIER, {"identifier": identifier}))


def _by_name(session: Session, parsed: CustodianName) -> Organisation | None:
    return _found(session, session.connection().execute(BY_NAME, {"key": parsed.key}))


def _found(session: Session, result: CursorResult[int]) -> Organisation | None:
    number = result.scalar_one_or_none()
    return session.get_one(Organisation, number) if number is not None else None


def _create(session: Session, parsed: CustodianName, *, at: datetime, identifier: str | None = None) -> Organisation:
    organisation = Organisation(
        slug=_free_slug(session, slug_of(parsed.name)),
        name=parsed.name,
        identifier=identifier,
        member_of=parsed.member_of,
        created_at=at,
    )
    session.add(organisation)
    session.flush()
    session.connection().execute(ADD_NAME, {"key": parsed.key, "organisation_id": organisation.id})
    return organisation


def _free_slug(session: Session, wanted: str) -> str:
    taken = set(session.connection().execute(SLUGS, {"beginning": wanted}).scalars())
    numbers = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return wanted if wanted not in taken else next(each for each in numbers if each not in taken)
