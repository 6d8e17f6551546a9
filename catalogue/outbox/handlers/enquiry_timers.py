"""What happens to enquiries by itself: reminders, delays, ends."""

from datetime import datetime

from catalogue.outbox.registry import looks_after
from catalogue.runtime import Runtime
from catalogue.services import enquiry_timers


@looks_after
def fire(runtime: Runtime, at: datetime) -> None:
    """Give the command of every timer that is due."""
    enquiry_timers.fire_due(runtime.reading_sessions, runtime.sessions, at=at)
