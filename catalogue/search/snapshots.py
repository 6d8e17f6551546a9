"""The index as it was after one commit, for as long as a search needs it.

A snapshot is immutable, so that any number of threads use it without locks. The next one takes over every segment
that is still there and only reads new ones.
"""

import os
import re
import threading
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from whoosh.filedb.filestore import RamStorage  # type: ignore[import-untyped]
from whoosh.index import TOC  # type: ignore[import-untyped]

from catalogue.search.backend import IndexUnavailable
from catalogue.search.damage import reading
from catalogue.search.document_store import title_key
from catalogue.search.index_folder import IndexFolder
from catalogue.search.segments import ByteCache, SegmentView
from catalogue.search.value_table import ValueTable
from catalogue.search.vocabulary import Vocabulary
from catalogue.search.whoosh_codec import make_schema

Array: TypeAlias = NDArray[Any]

INDEX_NAME = "MAIN"
"""Whoosh's own name for the only index in a folder."""

SECONDS_A_YEAR = 31_556_952

_COMMIT = re.compile(rf"_{INDEX_NAME}_([0-9]+)\.toc")


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Segments one after the other: a document's number is its number in the segment plus the segment's base."""

    generation: str
    commit: int
    segments: tuple[SegmentView, ...]
    bases: tuple[int, ...]
    live: Array
    vocabulary: Vocabulary

    @cached_property
    def count(self) -> int:
        """Documents, deleted ones included."""
        return len(self.live)

    @cached_property
    def live_count(self) -> int:
        """Documents that can be found."""
        return int(np.count_nonzero(self.live))

    @cached_property
    def has_deletions(self) -> bool:
        """Whether any document is deleted."""
        return self.live_count < self.count

    @cached_property
    def changed(self) -> Array:
        """When each document changed."""
        return self._joined([segment.changed for segment in self.segments], np.int64)

    @cached_property
    def quality(self) -> Array:
        """The completeness of each description, from 0 to 1."""
        return self._joined([segment.quality for segment in self.segments], np.float32)

    @cached_property
    def recency(self) -> Array:
        """1 for the newest change, half of it a year before that, and so on, so that no clock is needed."""
        years = (self.changed.max(initial=0) - self.changed) / SECONDS_A_YEAR
        recent: Array = (1 / (1 + years)).astype(np.float32)
        return recent

    @cached_property
    def first_year(self) -> Array:
        """The first year that each document covers."""
        return self._joined([segment.first_year for segment in self.segments], np.int32)

    @cached_property
    def last_year(self) -> Array:
        """The last year that each document covers."""
        return self._joined([segment.last_year for segment in self.segments], np.int32)

    @cached_property
    def identifiers(self) -> Array:
        """The identifier of each document, as bytes."""
        return self._joined([segment.identifiers for segment in self.segments], np.bytes_)

    @cached_property
    def identifier_ranks(self) -> Array:
        """The place of each document when all are sorted by identifier; segments mostly are already."""
        return _ranks(np.argsort(self.identifiers, kind="stable"))

    @cached_property
    def title_ranks(self) -> Array:
        """The place of each document when all are sorted by title, then identifier."""
        keys = [title_key(title) for segment in self.segments for title in segment.texts("titles")]
        ranks = self.identifier_ranks.tolist()
        return _ranks(np.array(sorted(range(self.count), key=lambda number: (keys[number], ranks[number])), np.int64))

    @cached_property
    def values(self) -> ValueTable:
        """The facet values of all documents."""
        sizes = self._joined([segment.value_counts for segment in self.segments], np.uint32)
        spellings = self._joined([segment.values for segment in self.segments], np.int32)
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)])
        return ValueTable(self.vocabulary, starts, spellings, self.live)

    def place(self, number: int) -> tuple[SegmentView, int]:
        """The segment of a document, and its number there."""
        position = bisect_right(self.bases, number) - 1
        return self.segments[position], number - self.bases[position]

    @staticmethod
    def _joined(parts: list[Array], kind: Any) -> Array:  # noqa: ANN401 - whatever numpy takes as a type
        return np.concatenate(parts) if parts else np.zeros(0, kind)


def _ranks(order: Array) -> Array:
    ranks = np.empty(len(order), np.int32)
    ranks[order] = np.arange(len(order), dtype=np.int32)
    return ranks


EMPTY = Snapshot("", -1, (), (), np.zeros(0, bool), Vocabulary())
"""What there is before anything was indexed."""


class SnapshotReader:
    """Hands out the newest snapshot to any number of threads."""

    def __init__(self, folder: IndexFolder, cache: ByteCache) -> None:
        self._folder = folder
        self._cache = cache
        self._lock = threading.Lock()
        self._newest = EMPTY

    def newest(self) -> Snapshot:
        """The snapshot of the latest commit. Raises `IndexUnavailable`."""
        for attempt in range(_ATTEMPTS):
            generation = self._folder.live()
            if generation is None:
                return EMPTY
            known = self._newest
            if (known.generation, known.commit) == (generation.name, latest_commit(generation)):
                return known
            try:
                with self._lock, reading(self._folder.path):
                    return self._read(generation, latest_commit(generation))
            except IndexUnavailable as error:
                # Files are missing when a writer commits or swaps while they are being opened: look again.
                if attempt == _ATTEMPTS - 1 or not isinstance(error.__cause__, FileNotFoundError):
                    raise
        raise AssertionError("the last attempt answers or raises")

    def _read(self, generation: Path, commit: int) -> Snapshot:
        known = self._newest
        if (known.generation, known.commit) == (generation.name, commit):
            return known
        same = known.generation == generation.name
        vocabulary = known.vocabulary if same else Vocabulary()
        kept = {view.identity: view for view in known.segments} if same else {}
        segments, bases, live, base = [], [], [], 0
        for segment in read_segments(generation, commit):
            view = kept.get(segment.segment_id()) or SegmentView(generation, segment, vocabulary, self._cache)
            alive = np.ones(view.count, bool)
            alive[list(segment.deleted_docs())] = False
            segments.append(view)
            bases.append(base)
            live.append(alive)
            base += view.count
        joined = np.concatenate(live) if live else np.zeros(0, bool)
        snapshot = Snapshot(generation.name, commit, tuple(segments), tuple(bases), joined, vocabulary)
        self._newest = snapshot
        return snapshot


_ATTEMPTS = 10


def latest_commit(generation: Path) -> int:
    """The number of the newest commit, -1 when there is none."""
    try:
        names = os.listdir(generation)  # noqa: PTH208 - asked at every search; paths would cost more than the look
    except FileNotFoundError:
        return -1
    return max((int(found[1]) for found in map(_COMMIT.fullmatch, names) if found), default=-1)


def read_segments(generation: Path, commit: int) -> list[Any]:
    """Whoosh's segments of a commit."""
    if commit < 0:
        raise FileNotFoundError(generation)
    name = f"_{INDEX_NAME}_{commit}.toc"
    # From memory, since Whoosh leaves the file open when it cannot be read.
    storage = RamStorage()
    storage.files[name] = (generation / name).read_bytes()
    return list(TOC.read(storage, INDEX_NAME, gen=commit, schema=make_schema()).segments)
