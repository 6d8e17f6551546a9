"""Puts the best results in their final order, by what takes too long to look at in all of them.

Looked at are where the words stand to each other, and whether the title is what was typed. What that adds is never
negative, so that the results that are looked at stay before the others and every page agrees with the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from catalogue.search.analysis import terms_of, words
from catalogue.search.executor import Executor
from catalogue.search.fields import FIELD_BITS, TEXT_FIELDS
from catalogue.search.plan import FindAll, FindBest, FindPhrase, FindSame, FindTerm, Node
from catalogue.search.postings import FIELD_SHIFT

Array: TypeAlias = NDArray[Any]

LOOKED_AT = 50
"""Results that are looked at: two pages."""
MOST_SLOTS = 8
"""Words of a question whose places are compared."""
FURTHEST = 8
"""Words that far apart are not near."""
BACKWARDS = 0.5
"""What words in the other order count for."""

_NUMBER_SHIFT = FIELD_SHIFT + 3
_TITLE = FIELD_BITS["title"]
_NEARNESS = np.array([item.boost / (item.boost + TEXT_FIELDS[0].boost / 2) for item in TEXT_FIELDS], np.float32)
"""What two words near each other count for in each field."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One word of the question: its terms, and how rare it is."""

    terms: tuple[bytes, ...]
    worth: float


@dataclass(frozen=True, slots=True)
class Additions:
    """What is added to the scores of some documents, by reason."""

    proximity: Array
    title_share: Array
    exact_title: Array

    @property
    def total(self) -> Array:
        """All together."""
        added: Array = self.proximity + self.title_share + self.exact_title
        return added


def slots_of(executor: Executor, nodes: Sequence[Node]) -> tuple[Slot, ...]:
    """The words of a question in the order in which they were typed."""
    found = [terms for node in nodes for terms in _terms(node)][:MOST_SLOTS]
    return tuple(Slot(terms, min(executor.term(term).rarity for term in terms)) for terms in found)


def _terms(node: Node) -> list[tuple[bytes, ...]]:
    match node:
        case FindTerm(term):
            return [(term,)]
        case FindPhrase(places):
            return [terms for _, terms in places]
        case FindBest(nodes):
            return [tuple(inner.term for inner in nodes if isinstance(inner, FindTerm))]
        case FindAll(nodes):
            return [terms for inner in nodes for terms in _terms(inner)]
        case FindSame(typed, synonyms):
            first, *rest = _terms(typed)
            others = () if rest else tuple(other.term for other in synonyms if isinstance(other, FindTerm))
            return [(*first, *others), *rest]
        case _:
            return []


def additions(executor: Executor, text: str, nodes: Sequence[Node], documents: Array) -> Additions:
    """What documents, in ascending order, gain for the question."""
    slots, ranking = slots_of(executor, nodes), executor.ranking
    share, exact = _titles(executor, text, slots, documents)
    return Additions(
        proximity=ranking.proximity * _nearness(executor, slots, documents),
        title_share=ranking.title_share * share,
        exact_title=ranking.exact_title * exact,
    )


def _nearness(executor: Executor, slots: Sequence[Slot], documents: Array) -> Array:
    """For each document how near each two neighbours of the question come to each other, by what they are worth."""
    result = np.zeros(len(documents), np.float32)
    if len(slots) < 2 or not len(documents):  # noqa: PLR2004 - it takes two
        return result
    places = [_places(executor, slot, documents) for slot in slots]
    for (slot, here), (after, there) in pairwise(zip(slots, places, strict=True)):
        best = np.zeros(len(documents), np.float32)
        _take_nearest(best, here, there, 1.0)
        _take_nearest(best, there, here, BACKWARDS)
        result += np.float32((slot.worth + after.worth) / 2) * best
    return result


def _places(executor: Executor, slot: Slot, documents: Array) -> Array:
    """Everywhere that a word is: the document's place among them, field and position in one number, ascending."""
    parts = []
    for term in slot.terms:
        numbers, positions = executor.places_of(term, documents)
        parts.append((numbers.astype(np.int64) << _NUMBER_SHIFT) | positions)
    found: Array = parts[0] if len(parts) == 1 else np.sort(np.concatenate(parts))
    return found


def _take_nearest(best: Array, first: Array, second: Array, share: float) -> None:
    """Note for each document how soon after a place of the first one of the second follows."""
    following = np.searchsorted(second, first, side="right")
    has = following < len(second)
    at = first[has]
    apart = second[following[has]] - at
    near = apart <= FURTHEST
    at, apart = at[near], apart[near]
    worth = share * _NEARNESS[at >> FIELD_SHIFT & (len(_NEARNESS) - 1)] / apart
    np.maximum.at(best, at >> _NUMBER_SHIFT, worth.astype(np.float32))


def _titles(executor: Executor, text: str, slots: Sequence[Slot], documents: Array) -> tuple[Array, Array]:
    """How much of each title was typed, by what those words are worth, and whether all of it was, in order."""
    worth, said = np.zeros(len(documents), np.float32), np.zeros(len(documents), np.float32)
    for slot in slots:
        here = np.zeros(len(documents), bool)
        for term in slot.terms:
            here |= (executor.fields_of(term, documents) & _TITLE) != 0
        worth[here] += np.float32(slot.worth)
        said += here
    exact = np.zeros(len(documents), np.float32)
    typed = tuple(filter(None, terms_of(words(text))))
    for place in np.flatnonzero(said).tolist():
        segment, local = executor.snapshot.place(int(documents[place]))
        title = segment.title_terms(local)
        said[place] /= max(len(title), len(slots))
        exact[place] = title == typed
    return worth * said, exact
