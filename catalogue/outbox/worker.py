"""The worker: takes what is due, does it, and tries again later what failed.

A message is held by one worker at a time. A worker proves that it lives by holding a lock of its own name,
which the system frees when it dies; what a dead worker held is taken over at once.
"""

import logging
import os
import secrets
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import delete, func, or_, select, update

from catalogue import locks
from catalogue.models import OutboxMessage
from catalogue.outbox import handlers as handler_modules
from catalogue.outbox.registry import Unavailable, duties, handlers
from catalogue.plugins import find
from catalogue.runtime import Runtime
from catalogue.services import dataset_rdf

log = logging.getLogger(__name__)

BATCH = 200
HELD_FOR = timedelta(minutes=10)
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=12)
PAUSE_SECONDS = 1.0


def run_once(runtime: Runtime, now: Callable[[], datetime]) -> tuple[int, int]:
    """Do everything that is due; how many messages were done and how many failed."""
    find(handler_modules, "catalogue.outbox_handlers")
    name = f"worker-{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
    done = failed = 0
    with locks.held(runtime.engine, runtime.locks_folder, name):
        _release_dead(runtime, name)
        _look_after(runtime, now)
        # Messages that fail become due later than this, so that one pass ends.
        until = now()
        while batch := _take(runtime, name, until, now()):
            succeeded = _work(runtime, batch, now)
            done, failed = done + succeeded, failed + len(batch) - succeeded
    locks.forget(runtime.locks_folder, name)
    return done, failed


def run_forever(runtime: Runtime, now: Callable[[], datetime], stopping: Callable[[], bool]) -> None:
    """Do what becomes due until told to stop, and between, a batch at a time, what a new release has to be done."""
    renewal = _renewal(runtime)
    while not stopping():
        done, failed = run_once(runtime, now)
        is_renewing = _goes_on(renewal)
        if done or failed:
            log.info("outbox: %d done, %d to be tried again", done, failed)
        elif not is_renewing:
            time.sleep(PAUSE_SECONDS)


def _renewal(runtime: Runtime) -> Iterator[int]:
    """Write in RDF anew what an older release, or one at another address, wrote."""
    with runtime.sessions() as session:
        yield from dataset_rdf.refresh_outdated(session, base_url=runtime.settings.base_url)


def _goes_on(renewal: Iterator[int]) -> bool:
    try:
        return next(renewal, None) is not None
    except Exception:  # isolates the renewal: pages are made on the way, as long as nothing is kept for them
        log.exception("outbox: what is kept in RDF could not be renewed")
        return False


def waiting(runtime: Runtime) -> int:
    """How many messages are in the outbox."""
    with runtime.reading_sessions() as session:
        return session.scalar(select(func.count()).select_from(OutboxMessage)) or 0


def _look_after(runtime: Runtime, now: Callable[[], datetime]) -> None:
    for duty in duties():
        try:
            duty(runtime, now())
        except Exception:  # isolates one duty; messages are done all the same, and it is tried again with the next pass
            log.exception("outbox: %s failed", duty.__module__)


def _release_dead(runtime: Runtime, name: str) -> None:
    with runtime.sessions() as session:
        holders = session.scalars(select(OutboxMessage.held_by).where(OutboxMessage.held_by.is_not(None)).distinct())
        for holder in holders.all():
            if holder is not None and holder != name and not _lives(runtime, holder):
                session.execute(
                    update(OutboxMessage).where(OutboxMessage.held_by == holder).values(held_by=None, held_until=None)
                )
                locks.forget(runtime.locks_folder, holder)
        session.commit()


def _lives(runtime: Runtime, holder: str) -> bool:
    with locks.held(runtime.engine, runtime.locks_folder, holder) as was_free:
        return not was_free


def _take(runtime: Runtime, name: str, until: datetime, at: datetime) -> Sequence[OutboxMessage]:
    """Hold the next messages that are due, in one short transaction."""
    with runtime.sessions() as session:
        free = or_(OutboxMessage.held_by.is_(None), OutboxMessage.held_until < at)
        messages = session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.due_at <= until, free)
            .order_by(OutboxMessage.due_at, OutboxMessage.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        ).all()
        for message in messages:
            message.held_by, message.held_until = name, at + HELD_FOR
        session.commit()
        return messages


def _work(runtime: Runtime, batch: Sequence[OutboxMessage], now: Callable[[], datetime]) -> int:
    done = 0
    for kind, group in groupby(sorted(batch, key=lambda each: each.kind), key=lambda each: each.kind):
        done += _work_kind(runtime, kind, list(group), now)
    return done


def _work_kind(runtime: Runtime, kind: str, messages: Sequence[OutboxMessage], now: Callable[[], datetime]) -> int:
    """Do them together; if that fails, one by one, so that a bad one does not hold up the others."""
    error = _try(runtime, kind, messages)
    if error is None:
        _finish(runtime, messages)
        return len(messages)
    if len(messages) > 1 and not isinstance(error, Unavailable):
        return sum(_work_kind(runtime, kind, [message], now) for message in messages)
    for message in messages:
        _put_back(runtime, message, repr(error), now())
    return 0


def _try(runtime: Runtime, kind: str, messages: Sequence[OutboxMessage]) -> Exception | None:
    handler = handlers().get(kind)
    if handler is None:
        return LookupError(f"nothing handles messages of kind {kind!r}")
    try:
        handler(runtime, messages)
    except Unavailable as error:
        log.warning("outbox: %s waits: %s", kind, error)
        return error
    except Exception as error:  # isolates one message; the error is kept with it
        log.exception("outbox: %s failed for %s", kind, ", ".join(message.key for message in messages[:5]))
        return error
    return None


def _finish(runtime: Runtime, messages: Iterable[OutboxMessage]) -> None:
    with runtime.sessions() as session:
        session.execute(delete(OutboxMessage).where(OutboxMessage.id.in_([message.id for message in messages])))
        session.commit()


def _put_back(runtime: Runtime, message: OutboxMessage, error: str, at: datetime) -> None:
    wait = min(FIRST_WAIT * 2**message.attempts, LONGEST_WAIT)
    with runtime.sessions() as session:
        session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id == message.id)
            .values(
                attempts=message.attempts + 1,
                last_error=error,
                due_at=at + wait,
                held_by=None,
                held_until=None,
            )
        )
        session.commit()
