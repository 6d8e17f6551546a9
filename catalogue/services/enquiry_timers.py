"""Letting happen what is due: each timer gives its command once, in a transaction of its own."""

import logging
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, sessionmaker

from catalogue.domain.errors import Refused
from catalogue.models import EnquiryThread, ThreadTimer
from catalogue.services import threads

log = logging.getLogger(__name__)


def fire_due(sessions: sessionmaker[Session], *, at: datetime) -> int:
    """Give the command of every timer that is due; how many were given.

    A process that is killed leaves the timer it was at as it was. One that cannot be fired is logged, and is tried
    again with the next pass, after the others.
    """
    with sessions() as session:
        due = select(ThreadTimer.id).where(ThreadTimer.due_at <= at).order_by(ThreadTimer.due_at, ThreadTimer.id)
        waiting = list(session.scalars(due))
    fired = 0
    for timer_id in waiting:
        with sessions() as session:
            try:
                fired += _fire(session, timer_id, at=at)
            except Exception:  # isolates one thread; the others have their times as well
                log.exception("the timer %d of an enquiry could not be fired", timer_id)
    return fired


def _fire(session: Session, timer_id: int, *, at: datetime) -> bool:
    identifier = session.scalar(
        select(EnquiryThread.identifier)
        .join(ThreadTimer, ThreadTimer.thread_id == EnquiryThread.id)
        .where(ThreadTimer.id == timer_id)
    )
    thread = threads.locked(session, identifier) if identifier is not None else None
    # Whoever came first, a person or another worker, has made the timers anew or taken this one.
    timer = session.get(ThreadTimer, timer_id, populate_existing=True)
    if thread is None or timer is None or timer.due_at > at:
        return False
    session.execute(delete(ThreadTimer).where(ThreadTimer.id == timer_id))
    try:
        threads.give(session, thread, timer.command, at=at)
    except Refused:
        log.warning("the timer %r came too late for the thread %s", timer.command, identifier)
    session.commit()
    return True
