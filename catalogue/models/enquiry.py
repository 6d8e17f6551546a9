"""Enquiries: a question, one thread for each custodian that answers it, and what was said and done in each."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.domain.enquiries import Desk, Party, State
from catalogue.models.base import Base
from catalogue.models.dataset import Dataset
from catalogue.models.organisation import Organisation
from catalogue.models.user import User

Uuid = String(36)
Command = String(40)


class Enquiry(Base):
    """A question that a researcher sent. Where it stands follows from its threads."""

    __tablename__ = "enquiry"

    id: Mapped[int] = mapped_column(primary_key=True)
    identifier: Mapped[str] = mapped_column(Uuid, unique=True)
    researcher_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    project_title: Mapped[str] = mapped_column(String(300))
    question: Mapped[str]
    submitted_at: Mapped[datetime]

    researcher: Mapped[User] = relationship(lazy="raise")
    threads: Mapped[list["EnquiryThread"]] = relationship(
        back_populates="enquiry", lazy="raise", order_by="EnquiryThread.id"
    )

    @property
    def reference(self) -> str:
        """What people call it in mails and on the telephone."""
        return self.identifier[:8].upper()


class EnquiryThread(Base):
    """The part of an enquiry that one custodian answers.

    `desk` says who has it: the custodian itself, or the alliance for it. While `forwarded_to` is set, whoever gets
    mail there answers by a link; `forward_number` counts forwards, so that links of an earlier one are dead.
    """

    __tablename__ = "enquiry_thread"
    __table_args__ = (
        UniqueConstraint("enquiry_id", "custodian_id"),
        Index(None, "custodian_id", "desk", "state"),
        Index(None, "desk", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    identifier: Mapped[str] = mapped_column(Uuid, unique=True)
    enquiry_id: Mapped[int] = mapped_column(ForeignKey("enquiry.id"))
    custodian_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    desk: Mapped[Desk]
    state: Mapped[State]
    state_since: Mapped[datetime]
    answer_due_at: Mapped[datetime | None]
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    forwarded_to: Mapped[str | None] = mapped_column(String(254))
    forward_number: Mapped[int] = mapped_column(default=0)
    referred_from_id: Mapped[int | None] = mapped_column(ForeignKey("enquiry_thread.id"))
    event_count: Mapped[int] = mapped_column(default=0)
    last_event_at: Mapped[datetime]

    enquiry: Mapped[Enquiry] = relationship(back_populates="threads", lazy="raise")
    custodian: Mapped[Organisation] = relationship(lazy="raise")
    handler: Mapped[User | None] = relationship(lazy="raise")
    datasets: Mapped[list[Dataset]] = relationship(secondary="thread_dataset", lazy="raise", order_by="Dataset.title")
    messages: Mapped[list["ThreadMessage"]] = relationship(lazy="raise", order_by="ThreadMessage.id")
    events: Mapped[list["ThreadEvent"]] = relationship(lazy="raise", order_by="ThreadEvent.number")

    @property
    def is_forwarded(self) -> bool:
        """Whether somebody outside holds a link to answer it."""
        return self.forwarded_to is not None


class ThreadDataset(Base):
    """A dataset that a thread is about."""

    __tablename__ = "thread_dataset"

    thread_id: Mapped[int] = mapped_column(ForeignKey("enquiry_thread.id"), primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id"), primary_key=True, index=True)


class ThreadMessage(Base):
    """Something that was written in a thread. A note is internal: only the desk of `organisation_id` reads it.

    `author_id` is empty for whoever answered by a link; `author_address` then says where the link was sent.
    """

    __tablename__ = "thread_message"
    __table_args__ = (UniqueConstraint("thread_id", "event_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("enquiry_thread.id"))
    event_number: Mapped[int]
    party: Mapped[Party]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    author_address: Mapped[str | None] = mapped_column(String(254))
    desk: Mapped[Desk | None]
    text: Mapped[str]
    is_internal: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]

    author: Mapped[User | None] = relationship(lazy="raise")


class ThreadEvent(Base):
    """Something that was done in a thread; only ever added. `key` is the form's, so that one sent twice counts once."""

    __tablename__ = "thread_event"
    __table_args__ = (UniqueConstraint("thread_id", "number"), UniqueConstraint("thread_id", "key"))

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("enquiry_thread.id"))
    number: Mapped[int]
    key: Mapped[str | None] = mapped_column(String(60))
    command: Mapped[str] = mapped_column(Command)
    party: Mapped[Party]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    before: Mapped[State]
    after: Mapped[State]
    comment: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]

    actor: Mapped[User | None] = relationship(lazy="raise")


class ThreadTimer(Base):
    """A command that the system is to give a thread when the time has come."""

    __tablename__ = "thread_timer"

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("enquiry_thread.id"), index=True)
    command: Mapped[str] = mapped_column(Command)
    due_at: Mapped[datetime] = mapped_column(index=True)


class EnquiryDraft(Base):
    """A question that is being written: one for a person, or for a browser in which nobody is signed in yet."""

    __tablename__ = "enquiry_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), unique=True)
    browser_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    answers: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime] = mapped_column(index=True)
