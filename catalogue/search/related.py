"""Datasets that are like another: by the words that tell it from the rest, and by the columns that both have.

The work is bounded: so many words are looked up, so many places of names are counted, whatever a description holds.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from catalogue.search.analysis import compose, term_of, words
from catalogue.search.backend import Alike, Related, SearchDocument, Sharing
from catalogue.search.column_names import key_of
from catalogue.search.executor import Executor, TermDocuments
from catalogue.search.snapshots import Snapshot

Array: TypeAlias = NDArray[Any]

TITLE_WEIGHT, KEYWORD_WEIGHT, ABSTRACT_WEIGHT = 3.0, 2.0, 1.0
LOOKED_AT = 60
"""Different words of a dataset that are looked up."""
TELLING = 20
"""Of these, the words that others are compared by."""
COMMON = 0.2
"""A word that a larger share of all datasets has tells nothing."""
LEAST_WORDS = 2
LEAST_ALIKE = 0.15
"""Of the score that the dataset itself would have; less is chance."""
SHOWN_WORDS = 5
LONGEST_TEXT = 4_000
"""Characters of a title, keyword or abstract that are read for words."""
MOST_PLACES = 500_000
"""Documents of names that are counted, the rarest names first."""


def find(executor: Executor, identifier: str, limit: int) -> Related:
    """What is like the dataset of that identifier; nothing for one that is not indexed."""
    number = _number(executor.snapshot, identifier)
    if number is None:
        return Related()
    segment, local = executor.snapshot.place(number)
    document = segment.document(local)
    return Related(_alike(executor, number, document, limit), _sharing(executor.snapshot, number, document, limit))


def _number(snapshot: Snapshot, identifier: str) -> int | None:
    for segment, base in zip(snapshot.segments, snapshot.bases, strict=True):
        local = segment.numbers.get(identifier)
        if local is not None and snapshot.live[base + local]:
            return base + local
    return None


def _alike(executor: Executor, number: int, document: SearchDocument, limit: int) -> tuple[Alike, ...]:
    snapshot = executor.snapshot
    telling = _telling(executor, document)
    scores, shared = np.zeros(snapshot.count, np.float64), np.zeros(snapshot.count, np.int64)
    for _, weight, found in telling:
        scores[found.documents] += weight * found.scores
        shared[found.documents] += 1
    near = np.flatnonzero((scores >= LEAST_ALIKE * scores[number]) & (shared >= LEAST_WORDS))
    best = _best(snapshot, near[near != number], -scores, limit)
    return tuple(Alike(_identifier(snapshot, each), _words_in(telling, each)) for each in best)


def _telling(executor: Executor, document: SearchDocument) -> list[tuple[str, float, TermDocuments]]:
    """The words that tell a dataset from others, the most telling first, with their weight and their documents."""
    weights, spelt = weighted_terms(document)
    most = max(LEAST_WORDS, COMMON * executor.snapshot.live_count)
    found = ((spelt[term], weight, executor.term(term)) for term, weight in weights.items())
    rated = [(word, weight, each) for word, weight, each in found if 1 < len(each.documents) <= most]
    return sorted(rated, key=lambda item: (-item[1] * item[2].rarity, item[0]))[:TELLING]


def weighted_terms(document: SearchDocument) -> tuple[dict[bytes, float], dict[bytes, str]]:
    """The words of a dataset that are looked up: what each term counts, and how it is written."""
    weights: dict[bytes, float] = {}
    spelt: dict[bytes, str] = {}
    parts = (
        (TITLE_WEIGHT, (document.title,)),
        (KEYWORD_WEIGHT, document.keywords),
        (ABSTRACT_WEIGHT, (document.abstract,)),
    )
    for weight, texts in parts:
        for text in texts:
            for word in words(compose(text[:LONGEST_TEXT])):
                term = term_of(word)
                if term and not word.isdigit() and (term in weights or len(weights) < LOOKED_AT):
                    weights.setdefault(term, weight)
                    spelt.setdefault(term, word)
    return weights, spelt


def _words_in(telling: Sequence[tuple[str, float, TermDocuments]], number: int) -> tuple[str, ...]:
    having = (word for word, _, found in telling if _has(found.documents, number))
    return tuple(word for word, _ in zip(having, range(SHOWN_WORDS), strict=False))


def _sharing(snapshot: Snapshot, number: int, document: SearchDocument, limit: int) -> tuple[Sharing, ...]:
    names = {key_of(name): name for name, _ in reversed(document.columns)}
    places = {key: _documents_of_name(snapshot, key) for key in names if key}
    rarest = sorted((key for key in places if len(places[key]) > 1), key=lambda key: (len(places[key]), key))
    if not rarest:
        return ()
    within = np.cumsum([len(places[key]) for key in rarest]) <= MOST_PLACES
    counted = [key for key, fits in zip(rarest, within, strict=True) if fits] or rarest[:1]
    every = np.concatenate([places[key] for key in counted])
    rarity = np.concatenate([np.full(len(places[key]), 1 / len(places[key])) for key in counted])
    counts = np.bincount(every, minlength=snapshot.count)
    # Of equals the one that shares rarer names.
    order = -(counts + np.bincount(every, rarity, minlength=snapshot.count) / (len(rarest) + 1))
    near = np.flatnonzero(counts)
    best = _best(snapshot, near[near != number], order, limit)
    return tuple(
        Sharing(_identifier(snapshot, each), tuple(names[key] for key in rarest if _has(places[key], each)))
        for each in best
    )


def _documents_of_name(snapshot: Snapshot, key: str) -> Array:
    parts = [
        segment.column_names.documents(key) + base
        for segment, base in zip(snapshot.segments, snapshot.bases, strict=True)
    ]
    documents = np.concatenate(parts)
    return documents[snapshot.live[documents]] if snapshot.has_deletions else documents


def _best(snapshot: Snapshot, numbers: Array, order: Array, limit: int) -> list[int]:
    """The first of some documents in an order, least first; equals by identifier."""
    if len(numbers) > limit:
        numbers = numbers[order[numbers] <= np.partition(order[numbers], limit - 1)[limit - 1]]
    identifiers = [_identifier(snapshot, each) for each in numbers.tolist()]
    ranked = sorted(zip(order[numbers].tolist(), identifiers, numbers.tolist(), strict=True))
    return [each for _, _, each in ranked[:limit]]


def _has(documents: Array, number: int) -> bool:
    place = int(np.searchsorted(documents, number))
    return place < len(documents) and int(documents[place]) == number


def _identifier(snapshot: Snapshot, number: int) -> str:
    segment, local = snapshot.place(number)
    return segment.text("identifiers", local)
