"""Records are read by two processes, ahead of who keeps them (ADR 18)."""

import logging
import os
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Final, NamedTuple, Self

from catalogue.reading.records import Read, Terms, read
from catalogue.reading.second_process import SecondProcess
from catalogue.reading.spool import Spool, Spooled
from harvesters.base import Harvester

log = logging.getLogger(__name__)

WORTH_IT: Final = 150
"""Records to be read from which on a process is started: that takes about as long as reading these."""
MOST_AHEAD: Final = 64
MOST_BYTES_AHEAD: Final = 8 * 1024 * 1024
"""How many records, and how many bytes of them, are read at most before they are kept."""
MOST_ASKED: Final = 16
"""How many of these the other process is asked for at once: it has work while some are kept, and leaves some to us."""


class Ahead(NamedTuple):
    """A record, whether it needs to be read, and what was read of it."""

    spooled: Spooled
    is_needed: bool
    read: Read | None


@dataclass(slots=True)
class _Waiting:
    """A record, whether it needs to be read, whether the other process was asked to, and what was read here."""

    spooled: Spooled
    is_needed: bool
    is_asked: bool = False
    read: Read | None = None


class Reader:
    """Reads the records of a spool ahead of who keeps them; a second process helps, once there are enough to be read.

    Of a source that had records `already`, only as many more are known to be new before they are compared. Whatever
    happens to the process, nothing is lost: it is all read here then.
    """

    def __init__(self, spool: Spool, kind: type[Harvester], already: int = 0) -> None:
        self._spool, self._kind = spool, kind
        self._expected, self._worth_it = 0, already + WORTH_IT
        self._second: SecondProcess | None = None
        self._wanted: deque[_Waiting] = deque()
        self._asked = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._second is not None:
            self._second.stop()

    def expect(self) -> None:
        """One more record may have to be read."""
        self._expected += 1
        if self._expected == self._worth_it and _processors() > 1:
            self._second = SecondProcess(self._spool, self._kind)

    def ahead(self, needs: Callable[[Spooled], bool], terms: Terms) -> Iterator[Ahead]:
        """Every record in its order; those of which `needs` says so were read, unless that failed.

        A record whose bytes are elsewhere is left to who keeps it, and knows where they are.
        """
        waiting: deque[_Waiting] = deque()
        size = 0
        for spooled in self._spool:
            waiting.append(_Waiting(spooled, needs(spooled)))
            size += len(spooled.raw.data)
            if waiting[-1].is_needed and not spooled.raw.digest:
                self._want(waiting[-1])
            is_helped = self._ask(terms)
            while waiting and (not is_helped or len(waiting) > MOST_AHEAD or size > MOST_BYTES_AHEAD):
                first = waiting.popleft()
                size -= len(first.spooled.raw.data)
                yield self._done(first, terms)
        for each in waiting:
            yield self._done(each, terms)

    def _want(self, waiting: _Waiting) -> None:
        self._wanted.append(waiting)
        if self._second is None:
            self.expect()

    def _ask(self, terms: Terms) -> bool:
        """Have the other process read what is wanted next; whether it can."""
        if self._second is None or not self._second.is_ready(terms):
            return False
        while self._wanted and self._asked < MOST_ASKED and self._second.ask(self._wanted[0].spooled.place):
            self._wanted.popleft().is_asked = True
            self._asked += 1
        return True

    def _done(self, waiting: _Waiting, terms: Terms) -> Ahead:
        """The record as read; while the other process is at it, those are read that it was not asked for."""
        if waiting.is_asked and self._second is not None:
            while self._wanted and not self._second.has_answered():
                self._read_next(terms)
            waiting.read = self._second.answer()
            self._asked -= 1
            self._ask(terms)
        elif self._wanted and self._wanted[0] is waiting:
            self._read_next(terms)
        if waiting.is_asked and waiting.read is None:
            self._read(waiting, terms)
        return Ahead(waiting.spooled, waiting.is_needed, waiting.read)

    def _read_next(self, terms: Terms) -> None:
        self._read(self._wanted.popleft(), terms)

    def _read(self, waiting: _Waiting, terms: Terms) -> None:
        try:
            waiting.read = read(self._kind, waiting.spooled.raw, terms)
        except Exception:  # isolates one record; it fails again where it is reported
            log.debug("a record could not be read", exc_info=True)


def _processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
