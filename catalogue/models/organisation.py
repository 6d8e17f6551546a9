"""Organisations: custodians, hubs and the alliance."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.models.base import Base, Identifier, Slug


class OrganisationKind(StrEnum):
    """What an organisation is in the alliance."""

    CUSTODIAN = "custodian"
    HUB = "hub"
    ALLIANCE = "alliance"


class Organisation(Base):
    """A custodian, a hub or the alliance; one that a source named and nobody has claimed yet is unclaimed."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(Slug, unique=True)
    name: Mapped[str] = mapped_column(String(300))
    identifier: Mapped[str | None] = mapped_column(Identifier, unique=True)
    kind: Mapped[OrganisationKind] = mapped_column(default=OrganisationKind.CUSTODIAN)
    member_of: Mapped[str | None] = mapped_column(String(40))
    is_claimed: Mapped[bool] = mapped_column(default=False)
    accepts_aggregators: Mapped[bool] = mapped_column(default=True)
    contact_point: Mapped[str | None] = mapped_column(String(320))
    description: Mapped[str | None]
    url: Mapped[str | None] = mapped_column(String(2000))
    created_at: Mapped[datetime]


class OrganisationName(Base):
    """A name that an organisation goes by, folded as `CustodianName` says."""

    __tablename__ = "organisation_name"

    key: Mapped[str] = mapped_column(String(300), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
