"""Where the words of a question are in the documents that are shown.

Of a phrase only the places count where it is one: nobody who looks for "MI" wants every "infarction" marked.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from catalogue.search.executor import Executor
from catalogue.search.plan import FindPhrase, Node, leaves
from catalogue.search.postings import FIELD_SHIFT, LAST_PLACE

Array: TypeAlias = NDArray[Any]

Mentions: TypeAlias = dict[int, list[tuple[int, bytes]]]
"""For each field that has any: the places of the words in order, each with the term it has."""

_Found: TypeAlias = dict[int, dict[int, bytes]]
"""For each document: the positions of the words, each with its term."""


def mentions(executor: Executor, nodes: Iterable[Node], numbers: Sequence[int]) -> dict[int, Mentions]:
    """Where nodes are found in some documents."""
    documents = np.array(sorted(numbers), np.int32)
    found: _Found = {number: {} for number in numbers}
    for leaf in leaves(nodes):
        places = (
            _phrase_places(executor, leaf, documents)
            if isinstance(leaf, FindPhrase)
            else _places(executor, leaf.term, documents)
        )
        for number, positions in places:
            found[number].update(
                (position, term) for position, term in positions.items() if leaf.fields >> (position >> FIELD_SHIFT) & 1
            )
    return {number: _by_field(positions) for number, positions in found.items()}


def _by_field(positions: dict[int, bytes]) -> Mentions:
    result: Mentions = {}
    for position, term in sorted(positions.items()):
        result.setdefault(position >> FIELD_SHIFT, []).append((position & LAST_PLACE, term))
    return result


def _places(executor: Executor, term: bytes, documents: Array) -> Iterator[tuple[int, dict[int, bytes]]]:
    for number, positions in executor.places(term, documents):
        yield number, dict.fromkeys(positions.tolist(), term)


def _phrase_places(executor: Executor, phrase: FindPhrase, documents: Array) -> Iterator[tuple[int, dict[int, bytes]]]:
    every: list[_Found] = []
    for _, terms in phrase.places:
        here: _Found = {}
        for term in terms:
            for number, positions in _places(executor, term, documents):
                here.setdefault(number, {}).update(positions)
        documents = np.array(sorted(here), np.int32)
        every.append(here)
    for number in documents.tolist():
        starts = set.intersection(
            *(
                {position - place for position in here[number]}
                for (place, _), here in zip(phrase.places, every, strict=True)
            )
        )
        yield (
            number,
            {
                start + place: here[number][start + place]
                for (place, _), here in zip(phrase.places, every, strict=True)
                for start in starts
            },
        )
