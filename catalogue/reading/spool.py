"""What a source sent, kept on disk until it is worked through.

A feed is taken in whole before anything is changed: only then are its end, its identifiers and the way it
writes dates known, and the connection is not held open while records are stored.
"""

import hashlib
import os
import pickle
import struct
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, fields
from itertools import islice
from operator import attrgetter
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

from catalogue.domain.errors import Refused
from harvesters.base import GatherOutcome, Harvester, Raw
from schemas.crosswalks.dates import DateEvidence


class Place(NamedTuple):
    """Where a record lies in the file: its first byte, and how many there are."""

    offset: int
    length: int


PLACE: Final = struct.Struct("<QQ")
"""A place as it is told to another process."""


@dataclass(frozen=True, slots=True)
class Spooled:
    """A record as received, with the digest of its bytes and its place."""

    raw: Raw
    digest: str
    place: Place


KEPT: Final = tuple(each.name for each in fields(Raw) if each.name != "dates")
"""Of a record; its dates are counted as it comes in."""
_kept: Final = attrgetter(*KEPT)
BUFFER: Final = 1 << 15
"""Bytes: several records at a time, and few enough for `pickle` to look ahead in."""


class Spool:
    """A temporary file of records, and what was learnt while they came in. Raises `Refused` when it cannot be kept."""

    def __init__(self) -> None:
        try:
            self._file = tempfile.TemporaryFile(prefix="harvest-", buffering=BUFFER)  # noqa: SIM115 - see __exit__
        except OSError as error:
            raise _no_room(error) from error
        self.identifiers: set[str] = set()
        self.evidence = DateEvidence(0, 0)
        self.seen = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):  # what cannot be written is not wanted any more
            self._file.close()

    def fill(
        self, harvester: Harvester, most: int | None = None, watch: Callable[[], None] = lambda: None
    ) -> GatherOutcome:
        """Take in everything the source sends, or the first `most` records, calling `watch` for each; how it ended."""
        with closing(harvester.gather()) as records:
            self._take(islice(records, most), watch)
        try:
            self._file.flush()
        except OSError as error:
            raise _no_room(error) from error
        return harvester.outcome

    def fileno(self) -> int:
        """The file, for a process that reads records at their places."""
        return self._file.fileno()

    def _take(self, records: Iterable[Raw], watch: Callable[[], None]) -> None:
        for raw in records:
            # Written and read by this catalogue's processes alone, in a file without a name.
            try:
                pickle.dump(_kept(raw), self._file)
            except OSError as error:
                raise _no_room(error) from error
            self.seen += 1
            self.evidence += raw.dates
            if raw.identifier is not None:
                self.identifiers.add(raw.identifier)
            watch()

    def __iter__(self) -> Iterator[Spooled]:
        self._file.seek(0)
        offset = 0
        for _ in range(self.seen):
            raw = _raw(pickle.load(self._file))  # noqa: S301 - see _take
            after = self._file.tell()
            digest = raw.digest or hashlib.sha256(raw.data).hexdigest()
            yield Spooled(raw, digest, Place(offset, after - offset))
            offset = after


def raw_at(file: int, place: Place) -> Raw:
    """The record at a place of a spool's file, which two processes may read at once."""
    return _raw(pickle.loads(os.pread(file, place.length, place.offset)))  # noqa: S301 - see _take


def _no_room(error: OSError) -> Refused:
    return Refused(f"What the source sends cannot be kept in the folder for temporary files: {error.strerror}.")


def _raw(kept: tuple[Any, ...]) -> Raw:
    return Raw(**dict(zip(KEPT, kept, strict=True)))
