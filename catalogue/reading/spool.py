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
from contextlib import closing
from dataclasses import dataclass, fields
from itertools import islice
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

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
BUFFER: Final = 1 << 15
"""Bytes: several records at a time, and few enough for `pickle` to look ahead in."""


class Spool:
    """A temporary file of records, and what was learnt while they came in."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="harvest-", buffering=BUFFER)  # noqa: SIM115 - closed by __exit__
        self.identifiers: set[str] = set()
        self.evidence = DateEvidence(0, 0)
        self.seen = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def fill(
        self, harvester: Harvester, most: int | None = None, watch: Callable[[], None] = lambda: None
    ) -> GatherOutcome:
        """Take in everything the source sends, or the first `most` records, calling `watch` for each; how it ended."""
        with closing(harvester.gather()) as records:
            self._take(islice(records, most), watch)
        self._file.flush()
        return harvester.outcome

    def fileno(self) -> int:
        """The file, for a process that reads records at their places."""
        return self._file.fileno()

    def _take(self, records: Iterable[Raw], watch: Callable[[], None]) -> None:
        for raw in records:
            # Written and read by this catalogue's processes alone, in a file without a name.
            kept = (
                raw.identifier,
                raw.data,
                raw.media_type,
                raw.url,
                raw.position,
                raw.stamp,
                raw.problems,
                raw.digest,
            )
            pickle.dump(kept, self._file)
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


def _raw(kept: tuple[Any, ...]) -> Raw:
    return Raw(**dict(zip(KEPT, kept, strict=True)))
