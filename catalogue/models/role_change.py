"""What became of roles: who invited whom, who gave or took what; nothing of it is changed afterwards."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.models.base import Base, JsonValue
from catalogue.models.organisation import Organisation
from catalogue.models.user import User


class RoleChangeKind(StrEnum):
    """What was done. An invitation is open until something else is written about its address."""

    INVITED = "invited"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    ACCEPTED = "accepted"
    CLAIMED = "claimed"
    CHANGED = "changed"
    REMOVED = "removed"


class RoleChange(Base):
    """A row for each change. `roles` are those that are offered, or held from then on.

    What is said about an invitation until it is accepted is about an address: `user_id` is empty, so that nobody sees
    whether it belongs to an account. `by_id` is empty for what an operator did, and for an address that declined.
    """

    __tablename__ = "role_change"
    __table_args__ = (Index(None, "organisation_id", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    identifier: Mapped[str] = mapped_column(String(36), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[RoleChangeKind]
    email: Mapped[str] = mapped_column(String(254))
    roles: Mapped[list[str]] = mapped_column(JsonValue)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    user: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[user_id])
    by: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[by_id])
