"""Claims: somebody says that they speak for an organisation that nobody here speaks for yet."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.models.base import Base
from catalogue.models.organisation import Organisation
from catalogue.models.user import User


class ClaimState(StrEnum):
    """Where a claim stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


class Claim(Base):
    """A claim of a person to an organisation. `sent_to` is the published contact that was asked to confirm it.

    `decided_by_id` is empty when that contact did.
    """

    __tablename__ = "claim"

    id: Mapped[int] = mapped_column(primary_key=True)
    identifier: Mapped[str] = mapped_column(String(36), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    state: Mapped[ClaimState] = mapped_column(default=ClaimState.WAITING, index=True)
    reason: Mapped[str]
    sent_to: Mapped[str | None] = mapped_column(String(254))
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    user: Mapped[User] = relationship(lazy="raise", foreign_keys=[user_id])
