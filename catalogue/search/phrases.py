"""Finds the documents of a segment in which words stand next to each other."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from catalogue.search.plan import ANY_FIELD, FindPhrase
from catalogue.search.postings import FIELD_SHIFT
from catalogue.search.segments import SegmentView

Array: TypeAlias = NDArray[Any]

_POSITION_BITS = FIELD_SHIFT + 3


def phrase_documents(segment: SegmentView, node: FindPhrase, wanted: Array) -> Array:
    """The wanted documents of a segment that have the phrase, by intersecting where it would have to start."""
    starts: Array | None = None
    for place, terms in node.places:
        parts = [_places(segment, term, node.fields, wanted) for term in terms]
        here = (parts[0] if len(parts) == 1 else np.unique(np.concatenate(parts))) - place
        starts = here if starts is None else starts[_among(starts, here)]
        if not len(starts):
            break
    if starts is None:
        return np.zeros(0, np.int64)
    documents: Array = np.unique(starts >> _POSITION_BITS)
    return documents


def _places(segment: SegmentView, term: bytes, fields: int, wanted: Array) -> Array:
    """Document and position in one number, ascending, wherever a term is in wanted documents and fields."""
    postings = segment.postings(term)
    if not len(postings.documents):
        return np.zeros(0, np.int64)
    positions = segment.positions(term)
    counts = np.diff(positions.ends, prepend=0)
    documents = np.repeat(postings.documents, counts)
    inside = np.repeat(wanted[postings.documents], counts)
    if fields != ANY_FIELD:
        inside &= (fields >> (positions.positions >> FIELD_SHIFT) & 1).astype(bool)
    numbers: Array = (documents[inside].astype(np.int64) << _POSITION_BITS) | positions.positions[inside]
    return numbers


def _among(values: Array, others: Array) -> Array:
    """Which of some values are among others, both ascending."""
    if not len(others):
        return np.zeros(len(values), bool)
    at = np.searchsorted(others, values)
    at[at == len(others)] = 0
    equal: Array = others[at] == values
    return equal
