"""How the postings of one term lie in the index: columns of numbers, read with one copy and no loop.

A record is a header (documents, positions, the size of each kind of number), then documents in ascending order,
weights (half precision: three digits are enough to rank by), the fields the word is in (a bit each), the number of
positions in each document, and all positions. A position is the number of the field and the place in the field.
"""

import mmap
import struct
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
Buffer: TypeAlias = bytes | mmap.mmap

FIELD_SHIFT = 24
"""A position in the index: the field's number above, the place in the field below these bits."""
LAST_PLACE = (1 << FIELD_SHIFT) - 1

_HEADER = struct.Struct("<IIBBBB")
_SIZES: dict[int, np.dtype[Any]] = {1: np.dtype("<u1"), 2: np.dtype("<u2"), 4: np.dtype("<u4")}
_GREATEST_WEIGHT = np.float32(np.finfo(np.float16).max)
_SHORT_SHIFT = 13
_SHORT_PLACE = (1 << _SHORT_SHIFT) - 1


class TermPostings:
    """The postings of one term while a segment is written; documents are added in ascending order."""

    __slots__ = ("counts", "documents", "positions", "weights")

    def __init__(self) -> None:
        self.documents = array("I")
        self.weights = array("f")
        self.counts = array("I")
        self.positions = bytearray()

    def add(self, document: int, weight: float, positions: bytes) -> None:
        """Add a document with its positions, four bytes each."""
        self.documents.append(document)
        self.weights.append(weight)
        self.counts.append(len(positions) >> 2)
        self.positions += positions


def encode(terms: Sequence[TermPostings]) -> Iterator[bytes]:
    """The record of each term. Many are worked out together, since most terms are in a few documents only."""
    documents = _joined([term.documents for term in terms])
    counts = _joined([term.counts for term in terms])
    positions = np.frombuffer(b"".join(term.positions for term in terms), np.uint32)
    weights = np.concatenate([np.frombuffer(term.weights, np.float32) for term in terms])
    weights = np.minimum(weights, _GREATEST_WEIGHT).astype("<f2")
    fields, places = positions >> FIELD_SHIFT, positions & LAST_PLACE
    first = np.cumsum(counts, dtype=np.int64) - counts
    masks = np.bitwise_or.reduceat(np.left_shift(np.uint8(1), fields.astype(np.uint8)), first)
    documents_in = {size: documents.astype(kind) for size, kind in _SIZES.items()}
    counts_in = {size: counts.astype(kind) for size, kind in _SIZES.items()}
    positions_in = {2: (fields << _SHORT_SHIFT | places & _SHORT_PLACE).astype("<u2"), 4: positions.astype("<u4")}
    document_ends = np.cumsum([len(term.documents) for term in terms])
    position_ends = np.cumsum([len(term.positions) >> 2 for term in terms])
    most = np.maximum.reduceat(counts, _starts(document_ends))
    furthest = np.maximum.reduceat(places, _starts(position_ends))
    columns = (document_ends.tolist(), position_ends.tolist(), most.tolist(), furthest.tolist())
    document = position = 0
    for term, document_end, position_end, count, place in zip(terms, *columns, strict=True):
        each, every = slice(document, document_end), slice(position, position_end)
        sizes = _size(term.documents[-1]), _size(count), 2 if place <= _SHORT_PLACE else 4
        parts = (
            documents_in[sizes[0]][each],
            weights[each],
            masks[each],
            counts_in[sizes[1]][each],
            positions_in[sizes[2]][every],
        )
        header = _HEADER.pack(document_end - document, position_end - position, *sizes, 0)
        yield header + b"".join(part.tobytes() for part in parts)
        document, position = document_end, position_end


def _starts(ends: Array) -> Array:
    starts: Array = np.concatenate([np.zeros(1, np.int64), ends[:-1]])
    return starts


def _joined(arrays: Sequence["array[int]"]) -> Array:
    return np.frombuffer(b"".join(arrays), np.uint32)


def _size(greatest: int) -> int:
    """Bytes that hold numbers up to this one."""
    return 1 if greatest < 1 << 8 else 2 if greatest < 1 << 16 else 4


@dataclass(frozen=True, slots=True)
class Postings:
    """The documents that a term is in, ascending, with the weight and the fields (a bit each) in every one.

    `start` is where the record is, nothing for a term that is nowhere.
    """

    documents: Array
    weights: Array
    fields: Array
    start: int | None

    @property
    def nbytes(self) -> int:
        """Memory used."""
        return self.documents.nbytes + self.weights.nbytes + self.fields.nbytes


@dataclass(frozen=True, slots=True)
class Positions:
    """Where a term is in each of its documents: positions end to end, and the end of each document's."""

    positions: Array
    ends: Array

    @property
    def nbytes(self) -> int:
        """Memory used."""
        return self.positions.nbytes + self.ends.nbytes


class _Record:
    """The parts of a record by where they are."""

    def __init__(self, content: Buffer, start: int) -> None:
        self.content = content
        header = _HEADER.unpack_from(content, start)
        self.documents, self.positions, document_size, count_size, position_size, _ = header
        self.document_kind, self.count_kind = _SIZES[document_size], _SIZES[count_size]
        self.position_kind = _SIZES[position_size]
        self.documents_at = start + _HEADER.size
        self.weights_at = self.documents_at + self.documents * document_size
        self.fields_at = self.weights_at + 2 * self.documents
        self.counts_at = self.fields_at + self.documents
        self.positions_at = self.counts_at + self.documents * count_size

    def all_documents(self) -> Array:
        return self._part(self.document_kind, self.documents_at, self.documents)

    def all_positions(self) -> Array:
        return self._part(self.position_kind, self.positions_at, self.positions)

    def ends(self) -> Array:
        """The end of each document's positions."""
        ends = np.cumsum(self._part(self.count_kind, self.counts_at, self.documents), dtype=np.int64)
        if not len(ends) or ends[-1] != self.positions:
            raise ValueError("a record has not as many positions as it says")
        return ends

    def weights(self) -> Array:
        return self._part("<f2", self.weights_at, self.documents)

    def fields(self) -> Array:
        return self._part(np.uint8, self.fields_at, self.documents)

    def _part(self, kind: Any, offset: int, count: int) -> Array:  # noqa: ANN401 - whatever numpy takes as a type
        return np.frombuffer(self.content, kind, count, offset)


def read_postings(content: Buffer, start: int) -> Postings:
    """The documents of the record that starts there.

    Raises `ValueError` and `struct.error` when it is cut short, `KeyError` when it is no record.
    """
    record = _Record(content, start)
    documents = record.all_documents().astype(np.int32)
    return Postings(documents, record.weights().astype(np.float32), record.fields().copy(), start)


def read_positions(content: Buffer, start: int) -> Positions:
    """The positions of the record that starts there. Raises like `read_postings`."""
    record = _Record(content, start)
    return Positions(_widened(record.all_positions()), record.ends())


def read_places(content: Buffer, start: int, documents: Array) -> list[Array]:
    """The positions in each of some documents, empty where the term is not. Raises like `read_postings`."""
    record = _Record(content, start)
    every, ends, positions = record.all_documents(), record.ends(), record.all_positions()
    places = np.minimum(np.searchsorted(every, documents), len(every) - 1)
    result = []
    for place, has in zip(places.tolist(), (every[places] == documents).tolist(), strict=True):
        first = int(ends[place - 1]) if place else 0
        result.append(_widened(positions[first : int(ends[place])] if has else positions[:0]))
    return result


def read_places_of(content: Buffer, start: int, documents: Array) -> tuple[Array, Array]:
    """The positions in all of some documents, end to end, and before them the place in `documents` of each one's.

    Raises like `read_postings`.
    """
    record = _Record(content, start)
    every, ends = record.all_documents(), record.ends()
    places = np.minimum(np.searchsorted(every, documents), len(every) - 1)
    having = np.flatnonzero(every[places] == documents)
    last = ends[places[having]]
    first = np.where(places[having] > 0, ends[places[having] - 1], 0)
    sizes = last - first
    taken = np.cumsum(sizes)
    numbers = np.arange(taken[-1] if len(taken) else 0) + np.repeat(first - taken + sizes, sizes)
    return np.repeat(having, sizes), _widened(record.all_positions()[numbers])


def _widened(positions: Array) -> Array:
    """Positions with four bytes each."""
    wide = positions.astype(np.int32)
    if positions.itemsize == 2:  # noqa: PLR2004 - the short form
        wide = (wide >> _SHORT_SHIFT << FIELD_SHIFT) | (wide & _SHORT_PLACE)
    return wide
