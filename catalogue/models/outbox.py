"""What is to be done elsewhere because of a change, written in the change's own transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.models.base import Base, Identifier


class OutboxMessage(Base):
    """Something to do for `key`. A worker that takes it writes its name and until when it holds it."""

    __tablename__ = "outbox_message"
    __table_args__ = (Index(None, "due_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(Identifier)
    payload: Mapped[dict[str, Any]]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]
    held_by: Mapped[str | None] = mapped_column(String(120))
    held_until: Mapped[datetime | None]
