"""What the search index should hold, read from the database."""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.models import CURRENT_VERSION, Dataset, DatasetReading, DatasetState, DatasetVersion, Organisation
from catalogue.search.backend import IndexDifferences, SearchBackend, SearchDocument
from catalogue.search.documents import document_of
from catalogue.search.facet_values import IndexFacts
from catalogue.services import dataset_facts
from schemas.metadata import from_json

BATCH = 200
"""Descriptions read at a time: enough for one commit of the index, few enough to hold in memory."""


def refresh(session: Session, backend: SearchBackend, identifiers: Iterable[str]) -> None:
    """Bring the index up to date with the current rows of these datasets; doing it again changes nothing."""
    wanted = sorted(set(identifiers))
    documents = {document.identifier: document for document in _documents(session, wanted)}
    backend.index_many(documents.values(), delete=[each for each in wanted if each not in documents])


def rebuild(session: Session, backend: SearchBackend) -> int:
    """Build a fresh index of everything public; the number of datasets in it."""
    return backend.rebuild(_all_documents(session))


def check(session: Session, backend: SearchBackend) -> IndexDifferences:
    """Where the index and the database disagree."""
    rows = session.execute(
        select(Dataset.identifier, Dataset.version_number, Organisation, DatasetReading.stamp)
        .join(Organisation, Organisation.id == Dataset.organisation_id)
        .outerjoin(DatasetReading, DatasetReading.dataset_id == Dataset.id)
        .where(Dataset.state == DatasetState.PUBLISHED)
    )
    return backend.check(
        {identifier: _revision(number, custodian, stamp) for identifier, number, custodian, stamp in rows}
    )


def _revision(number: int, custodian: Organisation, stamp: str | None) -> str:
    return "/".join((str(number), custodian.slug, custodian.name, custodian.member_of or "", stamp or ""))


def _all_documents(session: Session) -> Iterator[SearchDocument]:
    identifiers = session.scalars(
        select(Dataset.identifier).where(Dataset.state == DatasetState.PUBLISHED).order_by(Dataset.id)
    ).all()
    for start in range(0, len(identifiers), BATCH):
        yield from _documents(session, identifiers[start : start + BATCH])


def _documents(session: Session, identifiers: Sequence[str]) -> Iterator[SearchDocument]:
    rows = session.execute(
        select(Dataset, Organisation, DatasetVersion.description, DatasetReading.stamp)
        .join(Organisation, Organisation.id == Dataset.organisation_id)
        .outerjoin(DatasetReading, DatasetReading.dataset_id == Dataset.id)
        .join(DatasetVersion, CURRENT_VERSION)
        .where(Dataset.identifier.in_(identifiers), Dataset.state == DatasetState.PUBLISHED)
        .order_by(Dataset.id)
    )
    found = rows.all()
    read = dataset_facts.used(session, [row[0].id for row in found])
    for dataset, organisation, stored, stamp in found:
        description = from_json(stored)
        known = dataset_facts.unstated(description, read.get(dataset.id, ()))
        facts = IndexFacts(
            identifier=dataset.identifier,
            revision=_revision(dataset.version_number, organisation, stamp),
            custodian_name=organisation.name,
            custodian_slug=organisation.slug,
            membership=(organisation.member_of,) if organisation.member_of else (),
            changed_at=int(dataset.changed_at.timestamp()),
            quality=dataset.quality_score / 100,
            read_paths=frozenset(each.fact.path for each in known if each.is_waiting),
        )
        yield document_of(dataset_facts.filled(description, known), facts)
