"""Descriptions on their way out: one dataset in the form that was asked for, or all of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

import catalogue.export
from catalogue.domain.errors import NotFound
from catalogue.export.base import Exportable, Format, formats
from catalogue.models import Dataset, DatasetState, DatasetVersion, Organisation
from catalogue.plugins import find
from catalogue.services.datasets import DatasetView
from schemas.metadata import Description, from_json

BATCH = 200


@dataclass(frozen=True, slots=True)
class Representation:
    """A document to send, with its media type and what it is known by in caches."""

    data: bytes
    media_type: str
    etag: str


@cache
def available() -> Mapping[str, Format]:
    """Every export format by name; looked for once, since pages ask for them at every visit."""
    find(catalogue.export, "catalogue.export_formats")
    return formats()


def get_format(name: str) -> Format:
    """The format by its name. Raises `NotFound`."""
    found = available().get(name)
    if found is None:
        raise NotFound(f"There is no export format {name!r}; there are: {', '.join(available())}.")
    return found


def representation(view: DatasetView, format_name: str, *, base_url: str) -> Representation:
    """One dataset in a format. Raises `NotFound` for a format that does not exist."""
    chosen = get_format(format_name)
    etag = f"{view.dataset.identifier}-{view.version.number}-{chosen.name}"
    return Representation(chosen.one(exportable(view, base_url=base_url)), chosen.media_type, etag)


def exportable(view: DatasetView, *, base_url: str) -> Exportable:
    """A dataset that was read for a page, as it leaves the catalogue."""
    return _exportable(view.dataset, view.organisation.name, view.description, base_url)


def everything(session: Session, *, base_url: str) -> Iterator[Exportable]:
    """All public datasets in a fixed order, read a batch at a time."""
    last = 0
    while True:
        rows = session.execute(
            select(Dataset, Organisation.name, DatasetVersion.description)
            .join(Organisation, Organisation.id == Dataset.organisation_id)
            .join(
                DatasetVersion,
                and_(DatasetVersion.dataset_id == Dataset.id, DatasetVersion.number == Dataset.version_number),
            )
            .where(Dataset.state == DatasetState.PUBLISHED, Dataset.id > last)
            .order_by(Dataset.id)
            .limit(BATCH)
        ).all()
        if not rows:
            return
        for dataset, custodian, description in rows:
            last = dataset.id
            yield _exportable(dataset, custodian, from_json(description), base_url)
        session.expunge_all()


def _exportable(dataset: Dataset, custodian: str, description: Description, base_url: str) -> Exportable:
    return Exportable(
        identifier=dataset.identifier,
        url=f"{base_url}/datasets/{dataset.identifier}",
        custodian=custodian,
        issued_at=dataset.published_at,
        changed_at=dataset.changed_at,
        description=description,
    )
