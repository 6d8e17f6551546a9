"""What somebody at a thread gets to read: what was written and done, without what is not for their eyes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from catalogue.domain.enquiries import Move, Party, State, Turn, allowed, turn
from catalogue.models import Dataset, EnquiryThread, ThreadDataset, ThreadEvent, ThreadMessage, ThreadTimer
from catalogue.services.threads import Acting

OF_THE_DESK = {"assign", "note"}
"""Events that only the desk sees."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that was written or done. `who` is empty for the system and for whoever answered by a link."""

    number: int
    at: datetime
    command: str
    party: Party
    who: str
    text: str
    before: State
    after: State
    is_mine: bool = False
    is_message: bool = False
    is_note: bool = False


@dataclass(frozen=True, slots=True)
class ThreadView:
    """A thread as one reader sees it. `ends_at` is when it ends by itself if nobody does anything."""

    thread: EnquiryThread
    parties: frozenset[Party]
    datasets: tuple[Dataset, ...]
    entries: tuple[Entry, ...]
    moves: tuple[Move, ...]
    ends_at: datetime | None

    @property
    def turn(self) -> Turn:
        """Whose turn it is."""
        return turn(self.thread.state, self.thread.desk, is_forwarded=self.thread.is_forwarded)

    @property
    def messages(self) -> tuple[Entry, ...]:
        """What was written, without what was done."""
        return tuple(entry for entry in self.entries if entry.is_message)

    def may(self, command: str) -> bool:
        """Whether the reader may do this now."""
        return any(move.command == command for move in self.moves)


def view(session: Session, acting: Acting) -> ThreadView:
    """The thread for somebody at it."""
    thread = acting.thread
    datasets = session.scalars(
        select(Dataset)
        .join(ThreadDataset, ThreadDataset.dataset_id == Dataset.id)
        .where(ThreadDataset.thread_id == thread.id)
        .order_by(Dataset.title)
    )
    ends = select(ThreadTimer.due_at).where(
        ThreadTimer.thread_id == thread.id, ThreadTimer.command.in_(("lapse", "close"))
    )
    return ThreadView(
        thread=thread,
        parties=acting.parties,
        datasets=tuple(datasets),
        entries=tuple(_entries(session, acting)),
        moves=tuple(allowed(thread.state, acting.parties)),
        ends_at=session.scalar(ends),
    )


def _entries(session: Session, acting: Acting) -> Iterator[Entry]:
    thread = acting.thread
    events = session.scalars(
        select(ThreadEvent)
        .where(ThreadEvent.thread_id == thread.id)
        .order_by(ThreadEvent.number)
        .options(joinedload(ThreadEvent.actor))
    )
    written = session.scalars(select(ThreadMessage).where(ThreadMessage.thread_id == thread.id, *_readable(acting)))
    messages = {message.event_number: message for message in written}
    for event in events:
        message = messages.get(event.number)
        if event.command in OF_THE_DESK and (not acting.is_desk or (event.command == "note" and message is None)):
            continue
        yield Entry(
            number=event.number,
            at=event.at,
            command=event.command,
            party=event.party,
            who=event.actor.name if event.actor else "",
            text=message.text if message else event.comment,
            before=event.before,
            after=event.after,
            is_mine=acting.user_id is not None and event.actor_id == acting.user_id,
            is_message=message is not None and not message.is_internal,
            is_note=message is not None and message.is_internal,
        )


def _readable(acting: Acting) -> list[ColumnElement[bool]]:
    """Notes are read by the desk that wrote them and by nobody else, in the query itself."""
    if acting.is_desk:
        return [ThreadMessage.is_internal.is_(False) | (ThreadMessage.desk == acting.thread.desk)]
    return [ThreadMessage.is_internal.is_(False)]
