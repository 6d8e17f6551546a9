"""Datasets, their versions, and every identifier they are or were known by."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.models.base import Base, Identifier
from catalogue.models.organisation import Organisation


class DatasetState(StrEnum):
    """Where a dataset stands. A joined one was found to be another, which has its versions and its address now."""

    PUBLISHED = "published"
    IN_REVIEW = "in_review"
    WITHDRAWN = "withdrawn"
    JOINED = "joined"


class Dataset(Base):
    """A dataset that the catalogue describes; what is said of it is in its versions."""

    __tablename__ = "dataset"

    id: Mapped[int] = mapped_column(primary_key=True)
    identifier: Mapped[str] = mapped_column(String(36), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("harvest_source.id"), index=True)
    state: Mapped[DatasetState] = mapped_column(default=DatasetState.PUBLISHED, index=True)
    title: Mapped[str]
    version_number: Mapped[int]
    quality_score: Mapped[int] = mapped_column(default=0)
    quality_band: Mapped[str] = mapped_column(String(20), default="")
    population_size: Mapped[int | None]
    published_at: Mapped[datetime]
    changed_at: Mapped[datetime] = mapped_column(index=True)
    withdrawn_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(lazy="raise")


class DatasetVersion(Base):
    """What was said of a dataset from a moment on; never changed once written."""

    __tablename__ = "dataset_version"
    __table_args__ = (UniqueConstraint("dataset_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id"))
    number: Mapped[int]
    description: Mapped[dict[str, Any]]
    problems: Mapped[list[dict[str, Any]]]
    content_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(320))
    reason: Mapped[str]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("harvest_run.id"))
    schema_name: Mapped[str] = mapped_column(String(40), default="")
    schema_version: Mapped[str] = mapped_column(String(20), default="")
    raw_digest: Mapped[str | None] = mapped_column(ForeignKey("raw_document.digest"))


CURRENT_VERSION = and_(DatasetVersion.dataset_id == Dataset.id, DatasetVersion.number == Dataset.version_number)
"""Joins a dataset with what is said of it now."""


class IdentifierKind(StrEnum):
    """How an identifier belongs to a dataset."""

    REMOTE = "remote"
    REVISION = "revision"
    DOI = "doi"


class DatasetIdentifier(Base):
    """An identifier that a dataset is or was known by somewhere; addresses with it lead to the dataset."""

    __tablename__ = "dataset_identifier"
    __table_args__ = (UniqueConstraint("dataset_id", "value"), Index(None, "value"))

    id: Mapped[int] = mapped_column(primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id"))
    value: Mapped[str] = mapped_column(Identifier)
    kind: Mapped[IdentifierKind]
