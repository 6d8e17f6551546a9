"""Whose dataset a record is about, and whether its source may say so (ADR 17)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from catalogue.domain.custodians import CustodianName
from catalogue.models import HarvestSource, Organisation
from catalogue.services import organisations
from schemas.metadata import Basis, BasisKind, Description, Problem, Severity
from schemas.metadata import Organisation as StatedOrganisation

PATH = "summary.dataCustodian.name"


@dataclass(frozen=True, slots=True)
class Named:
    """A description that names its custodian, or None with the reason."""

    description: Description | None
    problems: tuple[Problem, ...] = ()


def with_custodian(
    session: Session, source: HarvestSource, publisher: Organisation, description: Description | None
) -> Named:
    """The description with its custodian named: one that names none is of the organisation that its source is for.

    A source that speaks for many must name each, or identify it by an address that is known.
    """
    if description is None or description.summary.data_custodian.name:
        return Named(description)
    stated = description.summary.data_custodian
    known = organisations.identified(session, stated) if source.is_aggregator else publisher
    if known is None:
        message = "The record names no custodian, and its source carries datasets of many."
        return Named(None, (Problem(PATH, message, Severity.ERROR, "Name the organisation that answers for it."),))
    summary = replace(description.summary, data_custodian=replace(stated, name=known.name))
    evidence = str(stated.identifier) if source.is_aggregator else f"The source is of {known.name}."
    basis = Basis(PATH, BasisKind.INFERRED, evidence)
    return Named(replace(description, summary=summary, bases=(*description.bases, basis)))


def resolve(
    session: Session,
    source: HarvestSource,
    publisher: Organisation,
    stated: StatedOrganisation,
    known: Mapping[StatedOrganisation, Organisation],
    *,
    aliases: Mapping[str, str],
    at: datetime,
) -> tuple[Organisation, Problem | None]:
    """The custodian that a description names, and an objection when the source may not speak for them.

    `known` are those of the run so far, `aliases` what other names stand for.
    """
    name = CustodianName.parse(stated.name or "")
    if name.key in aliases:
        name = CustodianName.parse(aliases[name.key])
    if not source.is_aggregator:
        if organisations.is_called(session, publisher, name):
            return publisher, None
        message = f"The description names {name.name} as custodian; this source publishes for {publisher.name} only."
        fix = "Mark the source as an aggregator if it speaks for others, or add the name to the file of other names."
        return publisher, Problem(PATH, message, Severity.WARNING, fix)
    # Forgotten by who keeps the record if that is rolled back, lest it leaves a custodian behind.
    custodian = known.get(stated) or organisations.resolve(session, stated, name, at=at)
    refuses = custodian.is_claimed and not custodian.accepts_aggregators and custodian.id != publisher.id
    if not refuses:
        return custodian, None
    message = f"{custodian.name} publishes its own descriptions and does not let others do so."
    return custodian, Problem(PATH, message, Severity.ERROR, "Leave this record out of the feed.")
