"""Letting happen what is due: each timer gives its command once, in a transaction of its own."""

import logging
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, sessionmaker

from catalogue.domain.enquiries import Desk
from catalogue.domain.errors import Refused
from catalogue.models import EnquiryThread, ThreadTimer
from catalogue.services import enquiry_mail, threads

log = logging.getLogger(__name__)


def fire_due(reading: sessionmaker[Session], writing: sessionmaker[Session], *, at: datetime) -> int:
    """Give the command of every timer that is due; how many were given.

    Looking for them holds up nobody who writes. A process that is killed leaves the timer it was at as it was. One that
    cannot be fired is logged, and is tried again with the next pass, after the others.
    """
    with reading() as session:
        due = select(ThreadTimer.id).where(ThreadTimer.due_at <= at).order_by(ThreadTimer.due_at, ThreadTimer.id)
        waiting = list(session.scalars(due))
    fired = 0
    for timer_id in waiting:
        with writing() as session:
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
        _give(session, thread, timer.command, at=at)
    except Refused:
        log.warning("the timer %r came too late for the thread %s", timer.command, identifier)
    session.commit()
    return True


def _give(session: Session, thread: EnquiryThread, command: str, *, at: datetime) -> None:
    is_deserted = thread.desk is Desk.CUSTODIAN and not enquiry_mail.colleagues(session, thread)
    if command == "report_late" and is_deserted:
        # Everybody who could answer has left meanwhile.
        threads.give(session, thread, "route_failed", at=at, effect=threads.to_desk(Desk.ALLIANCE))
    else:
        threads.give(session, thread, command, at=at)
