"""How the postings of one term lie in the index: columns of numbers, read with one copy and no loop.

A record is a header (documents, positions, the size of each kind of number), then documents in ascending order,
weights (half precision: three digits are enough to rank by), the fields the word is in (a bit each), the number of
positions in each document, and all positions. A position is the number of the field and the place in the field.
"""

import mmap
import struct
from array import array
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

    def encode(self) -> bytes:
        """The record as it is written."""
        documents, counts = np.frombuffer(self.documents, np.uint32), np.frombuffer(self.counts, np.uint32)
        positions = np.frombuffer(bytes(self.positions), np.uint32)
        fields, places = positions >> FIELD_SHIFT, positions & LAST_PLACE
        starts = np.cumsum(counts, dtype=np.int64) - counts
        masks = np.bitwise_or.reduceat(np.left_shift(np.uint8(1), fields.astype(np.uint8)), starts)
        packed, short = positions, int(places.max()) <= _SHORT_PLACE
        if short:
            packed = (fields << _SHORT_SHIFT | places).astype(np.uint16)
        document_size, count_size = _size(int(documents[-1])), _size(int(counts.max()))
        header = _HEADER.pack(len(documents), len(positions), document_size, count_size, 2 if short else 4, 0)
        weights = np.minimum(np.frombuffer(self.weights, np.float32), np.finfo(np.float16).max)
        parts = (
            documents.astype(_SIZES[document_size]),
            weights.astype("<f2"),
            masks,
            counts.astype(_SIZES[count_size]),
            packed.astype(packed.dtype.newbyteorder("<")),
        )
        return header + b"".join(part.tobytes() for part in parts)


def _size(greatest: int) -> int:
    return next(size for size, kind in _SIZES.items() if greatest <= np.iinfo(kind).max)


@dataclass(frozen=True, slots=True)
class Postings:
    """The documents that a term is in, ascending, with the weight and the fields (a bit each) in every one."""

    documents: Array
    weights: Array
    fields: Array

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

    def part(self, kind: Any, offset: int, count: int) -> Array:  # noqa: ANN401 - whatever numpy takes as a type
        return np.frombuffer(self.content, kind, count, offset)


def read_postings(content: Buffer, start: int) -> Postings:
    """The documents of the record that starts there.

    Raises `ValueError` and `struct.error` when it is cut short, `KeyError` when it is no record.
    """
    record = _Record(content, start)
    return Postings(
        record.part(record.document_kind, record.documents_at, record.documents).astype(np.int32),
        record.part("<f2", record.weights_at, record.documents).astype(np.float32),
        record.part(np.uint8, record.fields_at, record.documents).copy(),
    )


def read_positions(content: Buffer, start: int) -> Positions:
    """The positions of the record that starts there. Raises like `read_postings`."""
    record = _Record(content, start)
    counts = record.part(record.count_kind, record.counts_at, record.documents)
    positions = record.part(record.position_kind, record.positions_at, record.positions).astype(np.int32)
    if record.position_kind.itemsize == 2:  # noqa: PLR2004 - the short form
        positions = (positions >> _SHORT_SHIFT << FIELD_SHIFT) | (positions & _SHORT_PLACE)
    return Positions(positions, np.cumsum(counts, dtype=np.int64))
