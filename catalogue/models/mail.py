"""Mail that was given to a server, or tried to be."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.models.base import Base, Identifier


class MailState(StrEnum):
    """How far a mail came. `SENDING` is written before the server gets it, so that none is ever sent twice."""

    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"


class SentMail(Base):
    """One mail by the key under which it was asked for. Its text is kept nowhere.

    What it was asked for with is kept as `letter` while it did not arrive or may not have, so that it can go again.
    """

    __tablename__ = "sent_mail"

    key: Mapped[str] = mapped_column(Identifier, primary_key=True)
    template: Mapped[str] = mapped_column(String(60))
    recipient: Mapped[str] = mapped_column(String(254))
    state: Mapped[MailState]
    error: Mapped[str | None]
    letter: Mapped[dict[str, Any] | None]
    at: Mapped[datetime] = mapped_column(index=True)
