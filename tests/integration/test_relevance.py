"""Results are ordered as well as they were, by judged questions (docs/relevance.md)."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bench.judged import Judged, judgements, reference_documents, sample_documents
from bench.relevance import Quality, asking, backend, measured
from bench.stock_whoosh import StockWhoosh
from catalogue.search.backend import SearchDocument

FLOORS = {"samples": Quality(0.94, 0.96, 0.96), "reference": Quality(0.84, 0.92, 0.88)}
"""A little below what `python -m bench.relevance` says."""
AHEAD = 0.10
"""By how much the order is to be better than that of stock Whoosh."""


@pytest.fixture(scope="module", params=["samples", "reference"])
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def documents(name: str, request: pytest.FixtureRequest) -> list[SearchDocument]:
    if name == "samples":
        return sample_documents()
    return reference_documents(request.getfixturevalue("reference_data"))


@pytest.fixture(scope="module")
def asked(name: str) -> list[Judged]:
    return judgements(name)


@pytest.fixture(scope="module")
def quality(documents: list[SearchDocument], asked: list[Judged]) -> Iterator[Quality]:
    with ExitStack() as opened:
        yield measured(asking(opened.enter_context(backend(documents))), asked)


def test_there_are_enough_judgements_of_descriptions_that_are_there(
    name: str, documents: list[SearchDocument], asked: list[Judged]
) -> None:
    assert len(asked) >= {"samples": 60, "reference": 100}[name]
    assert len({each.text.casefold() for each in asked}) == len(asked)
    known = {document.identifier for document in documents}
    for each in asked:
        assert each.grades.keys() <= known, each.text
        assert set(each.grades.values()) <= {0, 1, 2, 3}
        assert max(each.grades.values()) > 0, each.text


def test_the_order_is_as_good_as_it_was(name: str, quality: Quality) -> None:
    floor = FLOORS[name]
    assert quality.ndcg >= floor.ndcg
    assert quality.mrr >= floor.mrr
    assert quality.recall >= floor.recall


def test_the_order_is_better_than_that_of_stock_whoosh(
    documents: list[SearchDocument], asked: list[Judged], quality: Quality, tmp_path: Path
) -> None:
    stock = StockWhoosh(tmp_path, documents)
    assert quality.ndcg >= AHEAD + measured(lambda text: stock.search(text, 50), asked).ndcg
