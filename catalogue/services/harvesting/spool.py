"""What a source sent, kept on disk until it is worked through.

A feed is taken in whole before anything is changed: only then are its end, its identifiers and the way it
writes dates known, and the connection is not held open while records are stored.
"""

import hashlib
import pickle
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from types import TracebackType
from typing import Self

from harvesters.base import GatherOutcome, Harvester, Raw
from schemas.crosswalks.hdruk import DateEvidence


@dataclass(frozen=True, slots=True)
class Spooled:
    """A record as received, with the digest of its bytes."""

    raw: Raw
    digest: str


BUFFER = 1 << 15
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

    def fill(self, harvester: Harvester, most: int | None = None) -> GatherOutcome:
        """Take in everything the source sends, or the first `most` records; how that ended."""
        with closing(harvester.gather()) as records:
            self._take(islice(records, most))
        return harvester.outcome

    def _take(self, records: Iterable[Raw]) -> None:
        for raw in records:
            # Written and read by this process alone, in a file without a name.
            kept = (raw.identifier, raw.data, raw.media_type, raw.url, raw.position, raw.stamp, raw.problems)
            pickle.dump(kept, self._file)
            self.seen += 1
            self.evidence += raw.dates
            if raw.identifier is not None:
                self.identifiers.add(raw.identifier)

    def __iter__(self) -> Iterator[Spooled]:
        self._file.seek(0)
        for _ in range(self.seen):
            identifier, data, media_type, url, position, stamp, problems = pickle.load(self._file)  # noqa: S301 - see fill
            raw = Raw(identifier, data, media_type, url, position, stamp=stamp, problems=problems)
            yield Spooled(raw, hashlib.sha256(raw.data).hexdigest())
