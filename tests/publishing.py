"""Puts descriptions into a catalogue without a harvest, for tests of what is shown of them. Callers commit."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.app import create_app
from catalogue.config import Settings
from catalogue.domain.custodians import CustodianName, slug_of
from catalogue.domain.quality import score
from catalogue.domain.versions import content_hash
from catalogue.models import (
    Dataset,
    DatasetIdentifier,
    DatasetState,
    DatasetVersion,
    IdentifierKind,
    Organisation,
    OrganisationName,
)
from catalogue.services import indexing
from schemas.metadata import Description, Problem, Summary, to_json
from tests.page_checks import CheckingClient

CUSTODIAN = "Fell and Dale Trust"
PUBLISHED = datetime(2025, 3, 1, 12, tzinfo=UTC)


@contextmanager
def published_catalogue(url: str, folder: Path, fill: Callable[[Session], None]) -> Iterator[Flask]:
    """An application on a database that is filled once, for many tests that only read."""
    app = create_app(Settings(data_dir=str(folder), database_url=url, base_url="http://catalogue.example"))
    app.testing = True
    app.test_client_class = CheckingClient
    runtime = app.extensions["catalogue"]
    with runtime.sessions() as session:
        fill(session)
        session.commit()
        indexing.rebuild(session, runtime.backend)
    yield app
    runtime.engine.dispose()


def described(title: str, **summary: Any) -> Description:
    """A description with a title, and what else of a summary is given."""
    return Description(summary=Summary(title=title, **summary))


def identifier_of(title: str) -> str:
    """The public identifier that a dataset of this title gets."""
    return str(uuid5(NAMESPACE_URL, title))


def custodian(session: Session, name: str = CUSTODIAN, *, is_claimed: bool = False, **facts: Any) -> Organisation:
    """The organisation of that name, made when it is not there."""
    slug = slug_of(name)
    found = session.scalars(select(Organisation).where(Organisation.slug == slug)).one_or_none()
    if found is None:
        found = Organisation(slug=slug, name=name, is_claimed=is_claimed, created_at=PUBLISHED, **facts)
        session.add(found)
        session.flush()
        session.add(OrganisationName(key=CustodianName.parse(name).key, organisation_id=found.id))
    return found


def publish(
    session: Session,
    description: Description,
    *,
    by: str = CUSTODIAN,
    at: datetime = PUBLISHED,
    problems: tuple[Problem, ...] = (),
    formerly: tuple[str, ...] = (),
) -> str:
    """Publish a description as a dataset of its own, or as the next version of the one of the same title."""
    identifier = identifier_of(description.summary.title or "")
    quality = score(description, problems)
    dataset = session.scalars(select(Dataset).where(Dataset.identifier == identifier)).one_or_none()
    if dataset is None:
        dataset = Dataset(
            identifier=identifier,
            organisation_id=custodian(session, by).id,
            state=DatasetState.PUBLISHED,
            published_at=at,
            version_number=0,
        )
        session.add(dataset)
    dataset.title = description.summary.title or ""
    dataset.version_number += 1
    dataset.quality_score, dataset.quality_band = quality.score, quality.band
    dataset.population_size = description.summary.population_size
    dataset.changed_at = at
    session.flush()
    for kind, values in ((IdentifierKind.REMOTE, [identifier]), (IdentifierKind.REVISION, formerly)):
        for value in values if dataset.version_number == 1 else ():
            session.add(DatasetIdentifier(dataset_id=dataset.id, value=value, kind=kind))
    session.add(
        DatasetVersion(
            dataset_id=dataset.id,
            number=dataset.version_number,
            description=to_json(description),
            problems=[
                {"path": each.path, "message": each.message, "severity": each.severity.value, "fix": each.fix}
                for each in problems
            ],
            content_hash=content_hash(description),
            created_at=at,
            actor="Feed of the tests",
            reason="First harvested" if dataset.version_number == 1 else "Changed at the source",
        )
    )
    session.flush()
    return identifier


def withdraw(session: Session, identifier: str, *, at: datetime = PUBLISHED) -> None:
    """Withdraw a dataset."""
    dataset = session.scalars(select(Dataset).where(Dataset.identifier == identifier)).one()
    dataset.state, dataset.withdrawn_at = DatasetState.WITHDRAWN, at
    session.flush()
