"""Writing: one commit at a time, atomic, without ever rewriting much of what is there."""

import itertools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from whoosh.filedb.filestore import FileStorage  # type: ignore[import-untyped]
from whoosh.index import FileIndex  # type: ignore[import-untyped]
from whoosh.writing import SegmentWriter  # type: ignore[import-untyped]

from catalogue.search.backend import SearchDocument
from catalogue.search.indexing import prepare
from catalogue.search.segments import SegmentView
from catalogue.search.snapshots import INDEX_NAME, Snapshot
from catalogue.search.whoosh_codec import CatalogueCodec, PostingsPool, make_schema

Array: TypeAlias = NDArray[Any]

DOCUMENTS_A_SEGMENT = 10_000
"""A rebuild writes segments of this size: what is gathered in memory stays around 100 MB."""

SMALL_SEGMENTS = ((64, 12), (512, 40))
"""Below so many documents, so many segments are put together after the commit that makes them so many: a second after
edits one by one, some more after thousands in batches, and only in the process that writes. Without it every commit
would leave three more files open until the next merge."""


def create(generation: Path) -> None:
    """Make an empty index in an empty folder."""
    FileIndex.create(FileStorage(str(generation)), make_schema(), INDEX_NAME)


class _Writer(SegmentWriter):  # type: ignore[misc]
    """Whoosh's writer, given documents that are analysed already, in the form that this codec writes."""

    def __init__(self, generation: Path) -> None:
        index = FileIndex(FileStorage(str(generation)), schema=make_schema(), indexname=INDEX_NAME)
        super().__init__(index, codec=CatalogueCodec(), compound=False, timeout=_PATIENCE)
        self.pool = PostingsPool()

    def add(self, document: SearchDocument) -> None:
        prepared = prepare(document)
        self.pool.add(self.docnum, prepared.postings)
        self.perdocwriter.add(prepared.stored)
        self.docnum += 1
        self._added = True

    def cancel(self) -> None:
        self.perdocwriter.discard()
        super().cancel()


_PATIENCE = 5.0
"""Seconds to wait for Whoosh's own lock, which the folder's lock has already won."""


@contextmanager
def _committing(generation: Path, keep: frozenset[str] | None = None) -> Iterator[Any]:
    """A writer that commits at the end, or cancels: Whoosh leaves its lock held when neither is done.

    `keep` names the segments that stay; all when not given.
    """
    # Of a process that died before it gave its commit a name. Whoosh takes away files of segments alone.
    for unnamed in generation.glob(f"_{INDEX_NAME}_*.toc.*"):
        unnamed.unlink(missing_ok=True)
    writer = _Writer(generation)
    try:
        yield writer
        writer.commit(mergetype=lambda _, segments: [s for s in segments if keep is None or s.segment_id() in keep])
    except BaseException:
        if not writer.is_closed:
            writer.cancel()
        raise


def write(snapshot: Snapshot, generation: Path, documents: Iterable[SearchDocument], delete: Iterable[str]) -> bool:
    """Add or replace documents and delete identifiers in one commit. Whether anything changed.

    `snapshot` is of the latest commit. The last of several documents with one identifier counts.
    """
    added = {document.identifier: document for document in documents}
    gone = [
        base + number
        for identifier in {*delete, *added}
        for view, base in _placed(snapshot)
        if (number := view.numbers.get(identifier)) is not None and snapshot.live[base + number]
    ]
    if not added and not gone:
        return False
    alive = snapshot.live.copy()
    alive[gone] = False
    keep = frozenset(view.identity for view, base in _placed(snapshot) if alive[base : base + view.count].any())
    with _committing(generation, keep) as writer:
        for number in gone:
            writer.delete_document(number)
        for document in added.values():
            writer.add(document)
    return True


def put_together(snapshot: Snapshot, generation: Path) -> bool:
    """Put small segments together, once there are enough of them. Whether anything changed.

    `snapshot` is of the latest commit. It is a commit of its own, since it may take a second: what was written just
    before is found meanwhile.
    """
    merged = _mergeable(snapshot)
    if not merged:
        return False
    keep = frozenset(view.identity for view in snapshot.segments) - merged
    with _committing(generation, keep) as writer:
        for document in _documents(snapshot, merged, snapshot.live):
            writer.add(document)
    return True


def _placed(snapshot: Snapshot) -> Iterator[tuple[SegmentView, int]]:
    """Each segment with the number of its first document."""
    return zip(snapshot.segments, snapshot.bases, strict=True)


def _mergeable(snapshot: Snapshot) -> frozenset[str]:
    """The segments that are to be put together now."""
    smallest = 0
    for size, enough in SMALL_SEGMENTS:
        found = [view.identity for view in snapshot.segments if smallest <= view.count < size]
        if len(found) >= enough:
            return frozenset(found)
        smallest = size
    return frozenset()


def _documents(snapshot: Snapshot, segments: frozenset[str], alive: Array) -> Iterator[SearchDocument]:
    """The living documents of some segments."""
    for view, base in _placed(snapshot):
        if view.identity in segments:
            yield from (view.document(number) for number in np.flatnonzero(alive[base : base + view.count]).tolist())


def fill(generation: Path, documents: Iterable[SearchDocument]) -> int:
    """Write documents into an empty generation, one commit a segment. The number of documents.

    The first of several documents with one identifier counts.
    """
    create(generation)
    seen: set[str] = set()
    iterator = iter(documents)
    while (first := next(iterator, None)) is not None:
        with _committing(generation) as writer:
            for document in itertools.chain((first,), itertools.islice(iterator, DOCUMENTS_A_SEGMENT - 1)):
                if document.identifier not in seen:
                    seen.add(document.identifier)
                    writer.add(document)
    return len(seen)


def living(snapshot: Snapshot) -> Iterator[SearchDocument]:
    """Every document that can be found, in the order of the segments."""
    return _documents(snapshot, frozenset(view.identity for view in snapshot.segments), snapshot.live)
