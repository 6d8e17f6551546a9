"""What datasets say in RDF, kept so that no page and no dump has to make it."""

from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.models.base import Base


class DatasetRdf(Base):
    """The lines of N-Triples about one dataset, deflated.

    `made_from` stands for everything they were made from; lines of anything else are made anew when they are needed.
    `missing` is what DCAT-AP asks for and the description does not say.
    """

    __tablename__ = "dataset_rdf"

    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id"), primary_key=True, autoincrement=False)
    made_from: Mapped[str] = mapped_column(String(64))
    lines: Mapped[bytes] = mapped_column(LargeBinary)
    missing: Mapped[list[dict[str, Any]]]
