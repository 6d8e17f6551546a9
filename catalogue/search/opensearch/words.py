"""The words of all datasets on a server: how many have each, which are near to a mistyped one, which begin so."""

from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np

from catalogue.search.analysis import term_of
from catalogue.search.lexicon import commonest_terms
from catalogue.search.opensearch.connection import Connection
from catalogue.search.opensearch.schema import TEXT, Names
from catalogue.search.planning import make_plan
from catalogue.search.query import Question
from catalogue.search.spelling import WordList, commoner, forgiven, suggestions
from catalogue.search.synonyms import Synonyms

Body: TypeAlias = dict[str, Any]

MOST_NEAR = 500
"""Words like a mistyped one that are looked at."""
MOST_COUNTED = 100
"""The nearest of them, whose datasets are counted."""
MOST_WORDS = 1_000
"""Words that begin so which are looked at, those that most datasets have."""
_EXPANSIONS = 1_000


class ServerWords:
    """What one question needs to know of words; each is asked for once."""

    def __init__(self, connection: Connection, names: Names) -> None:
        self._connection = connection
        self._names = names
        self._counts: dict[bytes, int] = {}
        self._near: dict[str, WordList] = {}
        self._is_read = False
        self.total = self.newest = 0

    def read(self, terms: Iterable[bytes]) -> None:
        """Ask for the number of all datasets, their newest change, and how many have each of some terms."""
        wanted = [term for term in dict.fromkeys(terms) if term and term not in self._counts]
        if self._is_read and not wanted:
            return
        whole: Body = {"size": 0, "track_total_hits": True, "aggs": {"newest": {"max": {"field": "changed_at"}}}}
        asked = [_having(TEXT, term.decode()) for term in wanted]
        first, *answers = self._connection.search_many(self._names.datasets, [whole, *asked])
        self.total, self.newest = _total(first), int(first["aggregations"]["newest"]["value"] or 0)
        self._counts.update(zip(wanted, map(_total, answers), strict=True))
        self._is_read = True

    def read_for(self, question: Question, synonyms: Synonyms, *, exact: bool) -> None:
        """Ask at once for every term that planning may ask for."""
        asking = _Asking()
        make_plan(question, asking, synonyms, exact=exact)
        self.read(asking.terms)

    def count(self, term: bytes) -> int:
        """Datasets that have a term."""
        if term not in self._counts:
            (answer,) = self._connection.search_many(self._names.datasets, [_having(TEXT, term.decode())])
            self._counts[term] = _total(answer)
        return self._counts[term]

    def has(self, term: bytes) -> bool:
        return self.count(term) > 0

    def near(self, word: str) -> tuple[str, ...]:
        return tuple(other for other in suggestions(word, [self._like(word)]) if self.has(term_of(other)))

    def commoner(self, word: str) -> tuple[str, ...]:
        """What a word that hardly any document has may have been meant to be."""
        return tuple(other for other in commoner(word, [self._like(word)]) if term_of(other) != term_of(word))

    def beginning(self, prefix: str) -> tuple[bytes, ...]:
        body = {
            "size": MOST_WORDS,
            "query": {"prefix": {"word": {"value": prefix}}},
            "sort": [{"count": "desc"}, {"word": "asc"}],
        }
        found = (hit["_source"] for hit in self._connection.search(self._names.words, body)["hits"]["hits"])
        return commonest_terms((each["word"], each["count"]) for each in found)

    def _like(self, word: str) -> WordList:
        """The words that may have been meant, and the word itself, with the number of their datasets."""
        known = self._near.get(word)
        if known is None:
            known = self._near[word] = self._read_like(word)
        return known

    def _read_like(self, word: str) -> WordList:
        errors = forgiven(word)
        if not errors:
            return WordList([], np.zeros(0, np.uint32))
        fuzzy = {"value": word, "fuzziness": errors, "prefix_length": 0, "max_expansions": _EXPANSIONS}
        body = {"size": MOST_NEAR, "query": {"fuzzy": {"word": fuzzy}}, "sort": ["_score", {"word": "asc"}]}
        hits = self._connection.search(self._names.words, body)["hits"]["hits"]
        found = sorted({word, *(hit["_source"]["word"] for hit in hits)})
        apart = WordList(found, np.zeros(len(found), np.uint32)).near(word, errors)
        nearest = sorted(sorted(apart, key=lambda other: (apart[other], other[0] != word[0], other))[:MOST_COUNTED])
        answers = self._connection.search_many(self._names.datasets, [_having("word", other) for other in nearest])
        counted = [(other, count) for other, count in zip(nearest, map(_total, answers), strict=True) if count]
        return WordList([other for other, _ in counted], np.array([count for _, count in counted], np.uint32))


class _Asking:
    """Takes down which terms planning asks for. All seem to be there, so that it asks for all of them."""

    def __init__(self) -> None:
        self.terms: dict[bytes, None] = {}

    def has(self, term: bytes) -> bool:
        self.terms[term] = None
        return True

    def near(self, _word: str) -> tuple[str, ...]:
        return ()

    def beginning(self, _prefix: str) -> tuple[bytes, ...]:
        return ()


def _having(field: str, value: str) -> Body:
    return {"size": 0, "track_total_hits": True, "query": {"term": {field: {"value": value}}}}


def _total(answer: Body) -> int:
    return int(answer["hits"]["total"]["value"])
