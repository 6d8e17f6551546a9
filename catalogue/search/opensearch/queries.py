"""A plan in the language of OpenSearch.

Every clause scores by what documents carry themselves (`rank_feature`) or by a constant, never by the statistics of a
shard. `rank_feature` with saturation is BM25's own curve: boost times weight over weight and pivot.
"""

from collections.abc import Mapping, Sequence
from itertools import islice, product
from typing import Any, TypeAlias

from catalogue.search.executor import Executor
from catalogue.search.fields import FIELD_BITS
from catalogue.search.opensearch.schema import PARTS, STOP, TEXT, VALUES, WEIGHTS
from catalogue.search.plan import (
    ANY_FIELD,
    FindAll,
    FindAny,
    FindBest,
    FindLabel,
    FindPhrase,
    FindSame,
    FindSome,
    FindTerm,
    Node,
    loosened,
)
from catalogue.search.snapshots import SECONDS_A_YEAR

Clause: TypeAlias = dict[str, Any]
Labels: TypeAlias = Mapping[FindLabel, Mapping[str, Sequence[str]]]
"""For each node that looks for labels: the values of each facet that have such a label."""

NOTHING: Clause = {"match_none": {}}
EVERYTHING: Clause = {"match_all": {"boost": 0.0}}

MOST_SCORED = 20
"""Words that stand for one and are scored one by one; more of them, as a beginning has, count the same."""
MOST_WORDINGS = 32
"""Ways to say a phrase that are looked for."""
MOST_CLAUSES = 900
"""Clauses of a question; the server refuses more than 1,024."""

_LEAVES = frozenset({"rank_feature", "term", "terms", "match_phrase", "match_all", "match_none"})


class Translation:
    """Turns nodes into clauses. `executor` knows how rare terms are."""

    def __init__(self, executor: Executor, labels: Labels) -> None:
        self._executor = executor
        self._labels = labels
        self._is_short = False

    def question(self, required: Sequence[Node], welcome: Sequence[Node], excluded: Sequence[Node]) -> Clause:
        """Documents that all required nodes find and no excluded one, scored by required and welcome ones.

        One that would be too long for the server is asked without synonyms.
        """
        for self._is_short in (False, True):
            clause = self._question(required, welcome, excluded)
            if count_clauses(clause) <= MOST_CLAUSES:
                break
        return clause

    def _question(self, required: Sequence[Node], welcome: Sequence[Node], excluded: Sequence[Node]) -> Clause:
        parts: Clause = {"must": [self.score(node) for node in required] or [EVERYTHING]}
        if welcome:
            parts["should"] = [self.score(node) for node in welcome]
        if excluded:
            parts["must_not"] = [self.filter(node) for node in excluded]
        return {"bool": parts}

    def score(self, node: Node) -> Clause:
        """What finds and scores the documents of a node."""
        match node:
            case FindTerm():
                found = self._term(node)
            case FindPhrase():
                found = {"bool": {"must": [self.score(loosened(node))], "filter": [self.filter(node)]}}
            case FindLabel():
                found = {"constant_score": {"filter": self.filter(node), "boost": 1.0}}
            case FindAll(nodes):
                found = {"bool": {"must": list(map(self.score, nodes)) or [EVERYTHING]}}
            case FindAny(nodes):
                found = _either(list(map(self.score, nodes)))
            case FindBest(nodes):
                found = (
                    self._best(node)
                    if len(nodes) > MOST_SCORED
                    else {"dis_max": {"queries": list(map(self.score, nodes))}}
                )
            case FindSome():
                found = self._some(node)
            case FindSame():
                found = self._same(node)
        return found

    def filter(self, node: Node) -> Clause:
        """What finds the documents of a node."""
        match node:
            case FindTerm(term, fields):
                found = _either([{"term": {field: {"value": term.decode()}}} for field in _in(fields)])
            case FindPhrase():
                found = self._phrase(node)
            case FindLabel():
                values = self._labels.get(node, {}).items()
                found = _either([{"terms": {f"{VALUES}.{facet}": list(keys)}} for facet, keys in values if keys])
            case FindAll(nodes):
                found = {"bool": {"filter": list(map(self.filter, nodes))}}
            case FindAny(nodes) | FindBest(nodes) | FindSome(nodes):
                found = _either(list(map(self.filter, nodes)))
            case FindSame(typed, synonyms):
                found = _either(list(map(self.filter, (typed, *([] if self._is_short else synonyms)))))
        return found

    def _term(self, node: FindTerm) -> Clause:
        worth = self._executor.worth(self._executor.rarity(node))
        pivot = self._executor.ranking.saturation
        feature = {"field": f"{WEIGHTS}.{node.term.decode()}", "saturation": {"pivot": pivot}, "boost": worth}
        if node.fields == ANY_FIELD:
            return {"rank_feature": feature}
        return {"bool": {"must": [{"rank_feature": feature}], "filter": [self.filter(node)]}}

    def _phrase(self, node: FindPhrase) -> Clause:
        places = dict(node.places)
        ways = [places.get(place, (STOP.encode(),)) for place in range(max(places) + 1)]
        wordings = islice(product(*ways), 1 if self._is_short else MOST_WORDINGS)
        said = [b" ".join(wording).decode() for wording in wordings]
        return _either([{"match_phrase": {field: {"query": each}}} for each in said for field in _in(node.fields)])

    def _best(self, node: FindBest) -> Clause:
        """Many words that stand for one: too many to be worth a clause each."""
        by_fields: dict[int, list[str]] = {}
        for inner in node.nodes:
            if isinstance(inner, FindTerm):
                by_fields.setdefault(inner.fields, []).append(inner.term.decode())
        found = [{"terms": {field: terms}} for fields, terms in by_fields.items() for field in _in(fields)]
        worth = self._executor.worth(self._executor.rarity(node)) / 2
        return {"constant_score": {"filter": _either(found), "boost": worth}}

    def _some(self, node: FindSome) -> Clause:
        """The sum of the scores times what share of the words was found, by rarity; see `_straight`."""
        worth = [self._executor.rarity(inner) for inner in node.nodes]
        least, slope = _straight(self._executor.ranking.coordination)
        shares = [
            {"filter": self.filter(inner), "weight": slope * rarity / sum(worth)}
            for inner, rarity in zip(node.nodes, worth, strict=True)
        ]
        return {
            "function_score": {
                "query": _either(list(map(self.score, node.nodes))),
                "functions": [{"filter": EVERYTHING, "weight": least}, *shares],
                "score_mode": "sum",
                "boost_mode": "multiply",
            }
        }

    def _same(self, node: FindSame) -> Clause:
        typed = self.score(node.typed)
        if self._is_short:
            return typed
        rarity, ways = self._executor.rarity(node.typed), [typed]
        for synonym in node.synonyms:
            worth = self._executor.ranking.synonyms * min(1.0, rarity / self._executor.rarity(synonym))
            ways.append({"bool": {"must": [self.score(synonym)], "boost": worth}})
        return {"dis_max": {"queries": ways}}


def _straight(power: float) -> tuple[float, float]:
    """The line that a share to that power is near to: what is left at none, and what is gained up to all.

    The server multiplies by sums of weights only. With one half it is at most a tenth away from two tenths on.
    """
    least = (1 - power) * 0.6
    return least, 1 - least


def gently(clause: Clause, executor: Executor, newest: int) -> Clause:
    """A little more for complete descriptions and new changes: the second halves with every year."""
    ranking = executor.ranking
    decay = {"changed_at": {"origin": newest, "scale": SECONDS_A_YEAR, "decay": 0.5}}
    return {
        "function_score": {
            "query": clause,
            "functions": [
                {"filter": EVERYTHING, "weight": 1.0},
                {"field_value_factor": {"field": "quality", "missing": 0.0}, "weight": ranking.quality},
                {"exp": decay, "weight": ranking.recency},
            ],
            "score_mode": "sum",
            "boost_mode": "multiply",
        }
    }


def count_clauses(clause: Any) -> int:  # noqa: ANN401 - any part of a clause
    """How many clauses the server counts."""
    if isinstance(clause, dict):
        return sum(1 if name in _LEAVES else count_clauses(inner) for name, inner in clause.items())
    return sum(map(count_clauses, clause)) if isinstance(clause, list) else 0


def _in(fields: int) -> list[str]:
    if fields == ANY_FIELD:
        return [TEXT]
    return [f"{PARTS}.{name}" for name, bit in FIELD_BITS.items() if bit & fields]


def _either(clauses: list[Clause]) -> Clause:
    if len(clauses) == 1:
        return clauses[0]
    return {"bool": {"should": clauses, "minimum_should_match": 1}} if clauses else NOTHING
