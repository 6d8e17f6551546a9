"""What people want to be told of: searches they saved, datasets and organisations they follow, and the news of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from catalogue.domain.alerts import Often
from catalogue.models.base import Base
from catalogue.models.dataset import Dataset
from catalogue.models.organisation import Organisation
from catalogue.models.user import User


class Watch:
    """What a saved search and a follow have in common. News up to `told_until` was told, or was not to be told."""

    id: Mapped[int] = mapped_column(primary_key=True)
    identifier: Mapped[str] = mapped_column(String(36), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    often: Mapped[Often]
    created_at: Mapped[datetime]
    told_until: Mapped[datetime]
    examined_at: Mapped[datetime]
    mailed_at: Mapped[datetime | None]

    @declared_attr
    @classmethod
    def user(cls) -> Mapped[User]:
        """Whose it is."""
        return relationship(User, lazy="raise")


class SavedSearch(Watch, Base):
    """A search that somebody keeps. `question` is what `services.questions` writes; `looked_at`, the last look at it.

    One that was deleted is kept for a while, to be put back.
    """

    __tablename__ = "saved_search"
    __table_args__ = (Index(None, "often", "told_until"),)

    name: Mapped[str] = mapped_column(String(200))
    question: Mapped[dict[str, Any]]
    looked_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class Follow(Watch, Base):
    """A dataset or an organisation that somebody follows: exactly one of the two."""

    __tablename__ = "follow"
    __table_args__ = (
        UniqueConstraint("user_id", "dataset_id"),
        UniqueConstraint("user_id", "organisation_id"),
        Index(None, "often", "told_until"),
    )

    dataset_id: Mapped[int | None] = mapped_column(ForeignKey("dataset.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)

    dataset: Mapped[Dataset | None] = relationship(lazy="raise")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")

    @property
    def name(self) -> str:
        """The title or the name of what is followed."""
        return self.dataset.title if self.dataset else self.organisation.name if self.organisation else ""


class DatasetNews(Base):
    """What there last was to be told of a dataset, noticed once search had it.

    `noticed_at` never goes back, from one row written to the next; `new_at` is when the dataset came, or came back.
    """

    __tablename__ = "dataset_news"

    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id"), primary_key=True, autoincrement=False)
    version_number: Mapped[int]
    is_withdrawn: Mapped[bool] = mapped_column(default=False)
    new_at: Mapped[datetime]
    noticed_at: Mapped[datetime] = mapped_column(index=True)

    dataset: Mapped[Dataset] = relationship(lazy="raise")
