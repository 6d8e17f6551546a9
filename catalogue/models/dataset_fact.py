"""Facts read from the words of descriptions, and what custodians say of them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.models.base import Base
from catalogue.models.dataset import Dataset


class FactState(StrEnum):
    """What the custodian, or the office in its place, said of a fact, if anything."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class DatasetReading(Base):
    """What the words of a dataset were last read with.

    `rules` stands for the rules, `version_number` is the version that was read. `stamp` is the same as long as search
    is told the same; it is empty when it is told nothing.
    """

    __tablename__ = "dataset_reading"

    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id"), primary_key=True, autoincrement=False)
    rules: Mapped[str] = mapped_column(String(12), index=True)
    version_number: Mapped[int]
    stamp: Mapped[str] = mapped_column(String(16))


class InferredFact(Base):
    """A value that the words of a description give for a field that it leaves open.

    A row is `is_live` while the words still say so and nothing is stated. A decision outlives that: when the same value
    is read again, it holds. `decided_by` is the mail address of whoever decided, `is_by_office` whether that was the
    office for a custodian that nobody had claimed.
    """

    __tablename__ = "inferred_fact"
    __table_args__ = (UniqueConstraint("dataset_id", "path", "value"), Index(None, "is_live", "state"))

    id: Mapped[int] = mapped_column(primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id"))
    path: Mapped[str] = mapped_column(String(120))
    value: Mapped[str] = mapped_column(String(200))
    words: Mapped[str]
    found_in: Mapped[str] = mapped_column(String(120))
    rule: Mapped[str] = mapped_column(String(40))
    is_live: Mapped[bool]
    state: Mapped[FactState] = mapped_column(default=FactState.WAITING)
    decided_by: Mapped[str] = mapped_column(String(320), default="")
    is_by_office: Mapped[bool] = mapped_column(default=False)
    decided_at: Mapped[datetime | None]

    dataset: Mapped[Dataset] = relationship(lazy="raise")
