"""How well results are ordered: against judgements, beside stock Whoosh, and without each boost and rule.

python -m bench.relevance [samples | reference] [--json] [--questions]
"""

import argparse
import json
import math
import statistics
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from unittest.mock import patch

from bench.judged import Judged, collection, judgements
from bench.stock_whoosh import StockWhoosh
from catalogue.search import indexing, lexicon
from catalogue.search.backend import SearchDocument, SearchQuery
from catalogue.search.fields import TEXT_FIELDS, TextField
from catalogue.search.ranking import RANKING, Ranking
from catalogue.search.whoosh_backend import WhooshBackend

FIRST = 10
"""Results that are looked at for the order."""
DEPTH = 50
"""Results that are looked at for what is missing."""
USEFUL = 2
"""The least grade of a description that somebody is glad to have found."""

Search = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Quality:
    """Means over questions, from 0 to 1.

    `ndcg` is the discounted cumulative gain of the first ten (gain two to the grade, less one) by what the best order
    would have; `mrr` is one by the place of the first useful result; `recall` is the share of the useful ones among
    the first fifty.
    """

    ndcg: float
    mrr: float
    recall: float


def ndcg(found: Sequence[str], grades: Mapping[str, int]) -> float:
    """Of one question; what was not judged counts as of no use."""
    best = _gain(sorted(grades.values(), reverse=True)[:FIRST])
    return _gain([grades.get(each, 0) for each in found[:FIRST]]) / best if best else 0.0


def _gain(grades: Sequence[int]) -> float:
    return math.fsum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def measured(search: Search, asked: Sequence[Judged]) -> Quality:
    """Ask all questions."""
    order, first, recall = [], [], []
    for each in asked:
        found = list(search(each.text))[:DEPTH]
        useful = {identifier for identifier, grade in each.grades.items() if grade >= USEFUL}
        order.append(ndcg(found, each.grades))
        first.append(next((1 / place for place, identifier in enumerate(found, 1) if identifier in useful), 0.0))
        if useful:
            recall.append(len(useful.intersection(found)) / len(useful))
    return Quality(statistics.fmean(order), statistics.fmean(first), statistics.fmean(recall))


@contextmanager
def backend(
    found: Sequence[SearchDocument],
    *,
    ranking: Ranking = RANKING,
    fields: Sequence[TextField] = TEXT_FIELDS,
    synonyms: Path | None = None,
) -> Iterator[WhooshBackend]:
    """The catalogue's own engine with an index of these descriptions."""
    with tempfile.TemporaryDirectory(prefix="relevance-") as folder, patch.object(indexing, "TEXT_FIELDS", fields):
        made = WhooshBackend(Path(folder), ranking=ranking, synonyms=synonyms)
        made.rebuild(found)
        yield made


def asking(engine: WhooshBackend) -> Search:
    """Identifiers of the first results as a page shows them."""

    def search(text: str) -> list[str]:
        answer = engine.search(SearchQuery(text, per_page=DEPTH))
        return [hit.identifier for hit in (*answer.hits, *answer.more)]

    return search


def rankings() -> dict[str, Ranking]:
    """The ranking without each of its rules."""
    return {
        "synonyms count as much as what was typed": replace(RANKING, synonyms=1.0),
        "without preferring more of the words": replace(RANKING, coordination=0.0),
        "without nearness of words": replace(RANKING, proximity=0.0),
        "without the share of the title": replace(RANKING, title_share=0.0),
        "without exact titles first": replace(RANKING, exact_title=0.0),
        "without quality": replace(RANKING, quality=0.0),
        "without recency": replace(RANKING, recency=0.0),
        "idle words must be there": replace(RANKING, idle_words=False),
        "nothing after the few that have all words": replace(RANKING, hardly_any=0),
        "without any of these": Ranking(RANKING.saturation, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0, idle_words=False),
    }


def _fields() -> dict[str, Sequence[TextField]]:
    """The fields with each boost at one."""
    return {
        f"{field.name} not boosted ({field.boost:g})": [
            replace(each, boost=1.0) if each is field else each for each in TEXT_FIELDS
        ]
        for field in TEXT_FIELDS
        if field.boost != 1.0
    } | {"no field boosted": [replace(field, boost=1.0) for field in TEXT_FIELDS]}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the report: all questions, the half that numbers were chosen by, and the half they were not."""

    what: str
    overall: Quality
    chosen_by: Quality
    held_out: Quality


def _row(what: str, search: Search, asked: Sequence[Judged]) -> Row:
    return Row(what, *(measured(search, part) for part in (asked, asked[::2], asked[1::2])))


def report(name: str) -> Iterator[Row]:
    """This engine, stock Whoosh, then this engine without each thing."""
    found, asked = collection(name), judgements(name)
    with backend(found) as ours:
        yield _row("catalogue", asking(ours), asked)
    with tempfile.TemporaryDirectory(prefix="relevance-") as folder:
        stock = StockWhoosh(Path(folder), found)
        yield _row("stock Whoosh, all words", lambda text: stock.search(text, DEPTH), asked)
        yield _row("stock Whoosh, any word", lambda text: stock.search(text, DEPTH, any_word=True), asked)
    for what, ranking in rankings().items():
        with backend(found, ranking=ranking) as other:
            yield _row(what, asking(other), asked)
    with patch.object(lexicon, "suggestions", lambda *_: ()), backend(found) as other:
        yield _row("without mending typing errors", asking(other), asked)
    with (
        tempfile.NamedTemporaryFile("w", suffix=".txt") as nothing,
        backend(found, synonyms=Path(nothing.name)) as other,
    ):
        yield _row("without synonyms", asking(other), asked)
    for what, fields in _fields().items():
        with backend(found, fields=fields) as other:
            yield _row(what, asking(other), asked)


def show(name: str) -> None:
    """Print the report of one set of judgements."""
    asked = judgements(name)
    print(f"{name}: {len(asked)} questions, {sum(len(each.grades) for each in asked)} judgements")
    print(f"{'':<44}{'nDCG@10':>9}{'change':>9}{'MRR':>7}{'rec@50':>8}{'chosen':>9}{'held out':>10}")
    first: Row | None = None
    for row in report(name):
        first = first or row
        change = row.overall.ndcg - first.overall.ndcg
        print(
            f"{row.what:<44}{row.overall.ndcg:>9.3f}{change:>+9.3f}{row.overall.mrr:>7.3f}{row.overall.recall:>8.3f}"
            f"{row.chosen_by.ndcg:>9.3f}{row.held_out.ndcg:>10.3f}",
            flush=True,
        )


def show_questions(name: str) -> None:
    """Print each question with its nDCG@10 here and in stock Whoosh, and how many of the first ten were judged."""
    found, asked = collection(name), judgements(name)
    with tempfile.TemporaryDirectory(prefix="relevance-") as folder, backend(found) as ours:
        stock, search = StockWhoosh(Path(folder), found), asking(ours)
        for each in sorted(asked, key=lambda each: ndcg(search(each.text), each.grades)):
            mine, theirs = search(each.text), stock.search(each.text, DEPTH)
            judged = len(set(mine[:FIRST]) & set(each.grades))
            scores = f"{ndcg(mine, each.grades):.3f}  {ndcg(theirs, each.grades):.3f}"
            print(f"{scores}  {judged}/{len(mine[:FIRST])} judged  {each.text}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", nargs="*", default=["samples", "reference"], help="samples, reference")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--questions", action="store_true", help="each question for itself")
    chosen = parser.parse_args(arguments)
    for name in chosen.name:
        if chosen.json:
            print(json.dumps({"judgements": name, "rows": list(map(asdict, report(name)))}))
        elif chosen.questions:
            show_questions(name)
        else:
            show(name)


if __name__ == "__main__":
    main()
