"""Datasets that are like another, found by a server; the same measure as `related` has for the embedded index."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from catalogue.search.backend import Alike, Related, SearchDocument, Sharing
from catalogue.search.column_names import key_of
from catalogue.search.indexing import prepare
from catalogue.search.opensearch.connection import Connection
from catalogue.search.opensearch.documents import LONGEST_VALUE, SHOWN, document_of_source
from catalogue.search.opensearch.fetched import FetchedExecutor
from catalogue.search.opensearch.queries import Translation
from catalogue.search.opensearch.schema import Names
from catalogue.search.opensearch.words import ServerWords
from catalogue.search.plan import FindTerm
from catalogue.search.ranking import Ranking
from catalogue.search.related import (
    COMMON,
    LEAST_ALIKE,
    LEAST_WORDS,
    SHOWN_WORDS,
    TELLING,
    weighted_terms,
)

Body: TypeAlias = dict[str, Any]

MOST_NAMES = 400
"""Names of columns that are compared; further ones of a dataset play no part."""


class ServerRelated:
    """What is like one dataset."""

    def __init__(self, connection: Connection, names: Names, ranking: Ranking) -> None:
        self._connection, self._names, self._ranking = connection, names, ranking

    def find(self, identifier: str, limit: int) -> Related:
        """So many of each kind; nothing for one that is not indexed."""
        body = {"query": {"term": {"identifier": {"value": identifier}}}, "size": 1, "_source": SHOWN}
        hits = self._connection.search(self._names.datasets, body)["hits"]["hits"]
        if not hits:
            return Related()
        document = document_of_source(hits[0]["_source"])
        return Related(self._alike(document, limit), self._sharing(document, limit))

    def _alike(self, document: SearchDocument, limit: int) -> tuple[Alike, ...]:
        weights, spelt = weighted_terms(document)
        server = ServerWords(self._connection, self._names)
        server.read(weights)
        executor = FetchedExecutor((), server, self._ranking)
        most = max(LEAST_WORDS, COMMON * server.total)
        rated = [term for term in weights if 1 < server.count(term) <= most]
        rated.sort(key=lambda term: (-weights[term] * executor.term(term).rarity, spelt[term]))
        telling = rated[:TELLING]
        translation = Translation(executor, {})
        clauses: list[Body] = []
        for term in telling:
            clause = translation.score(FindTerm(term))
            boost = clause["rank_feature"]["boost"] * weights[term]
            clauses.append({"rank_feature": {**clause["rank_feature"], "boost": boost, "_name": term.decode()}})
        own = {term: weight for term, weight, _ in prepare(document).postings}
        whole = sum(
            weights[term]
            * executor.worth(executor.term(term).rarity)
            * own[term]
            / (own[term] + self._ranking.saturation)
            for term in telling
            if term in own
        )
        hits = self._best(clauses, LEAST_WORDS, document.identifier, limit, LEAST_ALIKE * whole)
        return tuple(
            Alike(hit["_source"]["identifier"], _words_in(telling, hit["matched_queries"], spelt)) for hit in hits
        )

    def _sharing(self, document: SearchDocument, limit: int) -> tuple[Sharing, ...]:
        every = {key_of(name)[:LONGEST_VALUE]: name for name, _ in reversed(document.columns)}
        names = dict([item for item in every.items() if item[0]][-MOST_NAMES:])
        asked = [{"size": 0, "track_total_hits": True, "query": _named(key)} for key in names]
        answers = self._connection.search_many(self._names.datasets, asked)
        counts = {key: answer["hits"]["total"]["value"] for key, answer in zip(names, answers, strict=True)}
        rarest = sorted((key for key in counts if counts[key] > 1), key=lambda key: (counts[key], key))
        # Of equals the one that shares rarer names.
        clauses = [
            {"constant_score": {"filter": _named(key), "boost": 1 + 1 / counts[key] / (len(rarest) + 1)}}
            for key in rarest
        ]
        hits = self._best(clauses, 1, document.identifier, limit, 0.0)
        shared = []
        for hit in hits:
            theirs = {key_of(name)[:LONGEST_VALUE] for name, _ in hit["_source"]["document"]["columns"]}
            having = tuple(names[key] for key in rarest if key in theirs)
            shared.append(Sharing(hit["_source"]["identifier"], having))
        return tuple(shared)

    def _best(self, clauses: Sequence[Body], least: int, identifier: str, limit: int, score: float) -> list[Body]:
        """The best of those that so many clauses find, but one dataset."""
        if len(clauses) < least:
            return []
        itself = [{"term": {"identifier": {"value": identifier}}}]
        body = {
            "query": {"bool": {"should": list(clauses), "minimum_should_match": least, "must_not": itself}},
            "min_score": score,
            "size": limit,
            "sort": [{"_score": "desc"}, {"identifier": "asc"}],
            "_source": ["identifier", "document.columns"],
        }
        found: list[Body] = self._connection.search(self._names.datasets, body)["hits"]["hits"]
        return found


def _words_in(telling: Sequence[bytes], matched: Sequence[str], spelt: dict[bytes, str]) -> tuple[str, ...]:
    having = [spelt[term] for term in telling if term.decode() in set(matched)]
    return tuple(having[:SHOWN_WORDS])


def _named(key: str) -> Body:
    return {"term": {"column_name": {"value": key}}}
