"""Libraries: the datasets that people keep for themselves, with what they wrote about them."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.models.base import Base
from catalogue.models.dataset import Dataset


class LibraryEntry(Base):
    """A dataset in somebody's library. One that was removed is kept for a while with its note, to be put back."""

    __tablename__ = "library_entry"
    __table_args__ = (UniqueConstraint("user_id", "dataset_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id"), index=True)
    note: Mapped[str] = mapped_column(default="")
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    dataset: Mapped[Dataset] = relationship(lazy="raise")
