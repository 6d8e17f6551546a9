"""Who answers a question about which datasets: one custodian a thread, and whose desk it comes to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from catalogue.domain.enquiries import Desk, State
from catalogue.domain.enquiry_timers import answer_due
from catalogue.domain.errors import NotFound
from catalogue.models import CURRENT_VERSION, Dataset, DatasetState, DatasetVersion, Organisation, OrganisationKind
from catalogue.services import organisations
from catalogue.services.enquiry_mail import desk_of
from schemas.metadata import AccessBody, from_json


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a part of a question goes: the custodian, the desk that reads it, the datasets, when an answer is due.

    `apply_elsewhere` are addresses at which the custodian takes requests outside the catalogue.
    """

    custodian: Organisation
    desk: Desk
    datasets: tuple[Dataset, ...]
    due_at: datetime | None
    apply_elsewhere: tuple[str, ...] = ()


def published(session: Session, identifiers: Sequence[str]) -> Mapping[str, Dataset]:
    """Those of the datasets that anybody can see, by public identifier, in the order asked for."""
    rows = session.scalars(
        select(Dataset)
        .where(Dataset.identifier.in_(identifiers), Dataset.state == DatasetState.PUBLISHED)
        .options(joinedload(Dataset.organisation))
    )
    found = {each.identifier: each for each in rows}
    return {identifier: found[identifier] for identifier in identifiers if identifier in found}


def destinations(
    session: Session, datasets: Iterable[Dataset], *, researcher_id: int | None, at: datetime
) -> tuple[Destination, ...]:
    """Where a question about these datasets goes, by the custodians' names."""
    chosen = {each.id: each for each in datasets}
    routes = _routes(session, chosen)
    custodians = {custodian.id: custodian for custodian, _ in routes.values()}
    found = []
    for custodian in sorted(custodians.values(), key=lambda each: each.name.casefold()):
        own = [identifier for identifier, (answers, _) in routes.items() if answers.id == custodian.id]
        addresses = dict.fromkeys(address for each in own if (address := routes[each][1]))
        found.append(
            Destination(
                custodian=custodian,
                desk=desk_for(session, custodian, researcher_id=researcher_id),
                datasets=tuple(sorted((chosen[each] for each in own), key=lambda each: each.title.casefold())),
                due_at=answer_due(State.AWAITING_CUSTODIAN, at),
                apply_elsewhere=tuple(addresses),
            )
        )
    return tuple(found)


def desk_for(session: Session, custodian: Organisation, *, researcher_id: int | None) -> Desk:
    """The custodian's own desk when somebody answers there, who is not the one who asks; else the alliance's."""
    if custodian.kind is OrganisationKind.ALLIANCE:
        return Desk.ALLIANCE
    return Desk.CUSTODIAN if desk_of(session, custodian.id, without=researcher_id) else Desk.ALLIANCE


def _routes(session: Session, datasets: Mapping[int, Dataset]) -> dict[int, tuple[Organisation, str | None]]:
    """For each dataset, who takes requests for it, and the address outside the catalogue if there is one."""
    rows = session.execute(
        select(Dataset, DatasetVersion.description)
        .join(DatasetVersion, CURRENT_VERSION)
        .where(Dataset.id.in_(datasets))
        .options(joinedload(Dataset.organisation))
    )
    found = {}
    for dataset, description in rows:
        access = from_json(description).accessibility.access
        custodian = _named(session, access.alternative_custodian) or dataset.organisation
        found[dataset.id] = (custodian, access.apply_elsewhere)
    return found


def _named(session: Session, body: AccessBody | None) -> Organisation | None:
    """The organisation that a description names for requests, if the catalogue knows it."""
    if body is None:
        return None
    if body.identifier:
        known = session.scalars(select(Organisation).where(Organisation.identifier == body.identifier)).one_or_none()
        if known is not None:
            return known
    try:
        return organisations.find_named(session, body.name or "")
    except NotFound:
        return None
