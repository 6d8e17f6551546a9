"""Facets, filters and pages compared with an oracle that reads every document."""

import itertools
import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.search.backend import FacetTerm, SearchBackend, SearchDocument, SearchQuery
from catalogue.search.fields import FACET_NAMES
from catalogue.search.whoosh_backend import WhooshBackend
from tests.engines import ENGINES, MakeBackend, engine

WORDS = ["asthma", "kidney", "cohort", "registry", "audit", "linked"]
VALUES = {
    "custodian": ["north", "south", "east"],
    "membership": ["Alliance", "Hub"],
    "data_type": ["Imaging", "Registry", "Omics"],
    "keyword": ["asthma", "kidney", "heart failure", "gp"],
    "coverage": ["England", "Wales"],
    "decade": ["1980s", "1990s", "2000s"],
    "population": ["under-1000", "1000-9999", "1000000-and-over"],
}


def make(number: int, dice: random.Random) -> SearchDocument:
    first = dice.choice([None, *range(1980, 2010)])
    stated = {name: dice.sample(values, dice.randint(0, len(values))) for name, values in VALUES.items()}
    stated["custodian"] = stated["custodian"][:1]
    return SearchDocument(
        identifier=f"{number * 7919 % 10007:05}",
        revision=str(number),
        title=" ".join(dice.sample(WORDS, dice.randint(1, 3))),
        custodian="Trust",
        abstract=" ".join(dice.sample(WORDS, dice.randint(0, 2))),
        facets={name: tuple(FacetTerm(v, v.title()) for v in values) for name, values in stated.items() if values},
        years=None if first is None else (first, first + dice.randint(0, 12)),
        changed_at=dice.randint(1, 40),
    )


def values_of(document: SearchDocument, facet: str) -> set[str]:
    return {term.value for term in document.facets.get(facet, ())} or {"not-stated"}


def has_words(document: SearchDocument, text: str) -> bool:
    return set(text.split()) <= set(f"{document.title} {document.abstract}".split())


def in_years(document: SearchDocument, query: SearchQuery) -> bool:
    if query.first_year is None and query.last_year is None:
        return True
    if document.years is None:
        return False
    first, last = document.years
    return (query.first_year is None or last >= query.first_year) and (
        query.last_year is None or first <= query.last_year
    )


def expected(documents: Iterable[SearchDocument], query: SearchQuery) -> set[str]:
    return {
        document.identifier
        for document in documents
        if has_words(document, query.text)
        and in_years(document, query)
        and all(values_of(document, name) & set(wanted) for name, wanted in query.filters.items())
    }


def only(query: SearchQuery, facet: str, value: str) -> SearchQuery:
    return replace(query, filters={**query.filters, facet: (value,)})


def everything(backend: SearchBackend, query: SearchQuery) -> list[str]:
    """All results, page after page."""
    found: list[str] = []
    for page in itertools.count(1):
        hits = backend.search(replace(query, page=page)).hits
        if not hits:
            return found
        found += [hit.identifier for hit in hits]
    return found


DICE = random.Random(20)  # noqa: S311 - the same documents every time
DOCUMENTS = [make(number, DICE) for number in range(150)]


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> SearchBackend:
    """Several segments, one of them with deleted and one with replaced documents."""
    made = WhooshBackend(tmp_path_factory.mktemp("index"))
    fill(made)
    return made


def fill(made: SearchBackend) -> None:
    made.index_many([*DOCUMENTS[:90], *(replace(document, title="other") for document in DOCUMENTS[90:100])])
    made.index_many([replace(document, identifier=f"gone-{document.identifier}") for document in DOCUMENTS[:30]])
    made.index_many(DOCUMENTS[90:], delete=[f"gone-{document.identifier}" for document in DOCUMENTS[:30]])


YEARS = st.none() | st.integers(1975, 2025)
QUERIES = st.builds(
    SearchQuery,
    text=st.lists(st.sampled_from(WORDS), max_size=2, unique=True).map(" ".join),
    filters=st.dictionaries(st.sampled_from(list(VALUES)), st.none(), max_size=3).flatmap(
        lambda names: st.fixed_dictionaries(
            {
                name: st.lists(st.sampled_from([*VALUES[name], "not-stated"]), min_size=1, max_size=3).map(tuple)
                for name in names
            }
        )
    ),
    first_year=YEARS,
    last_year=YEARS,
    sort=st.sampled_from(["relevance", "changed", "title", "quality"]),
    per_page=st.sampled_from([7, 25, 1000]),
)
HARMLESS = [HealthCheck.function_scoped_fixture]


@given(QUERIES)
@settings(max_examples=40, suppress_health_check=HARMLESS)
def test_results_are_those_that_the_filters_let_through(backend: SearchBackend, query: SearchQuery) -> None:
    result = backend.search(query)
    if result.relaxed:
        return
    found = everything(backend, query)
    assert len(found) == len(set(found)) == result.total
    assert set(found) == expected(DOCUMENTS, query)


@given(QUERIES)
@settings(max_examples=15, suppress_health_check=HARMLESS)
def test_a_value_counts_the_results_behind_it(backend: SearchBackend, query: SearchQuery) -> None:
    result = backend.search(query)
    for name in FACET_NAMES:
        counts = {count.value: count.count for count in result.facets[name]}
        assert len(counts) == len(result.facets[name])
        chosen = set(query.filters.get(name, ()))
        for value in {*VALUES.get(name, []), "not-stated"}:
            behind = backend.search(only(query, name, value)).total
            assert counts.get(value, 0) == behind
            assert (value in counts) == (behind > 0 or value in chosen)


@given(QUERIES)
@settings(max_examples=15, suppress_health_check=HARMLESS)
def test_the_order_is_the_same_whatever_the_page(backend: SearchBackend, query: SearchQuery) -> None:
    found = everything(backend, query)
    assert everything(backend, replace(query, per_page=11)) == found
    if query.sort == "title":
        titles = {document.identifier: document.title for document in DOCUMENTS}
        assert found == sorted(found, key=lambda identifier: (titles[identifier], identifier))
    if query.sort == "changed":
        changed = {document.identifier: document.changed_at for document in DOCUMENTS}
        assert found == sorted(found, key=lambda identifier: (-changed[identifier], identifier))


def labels(backend: SearchBackend, name: str, query: SearchQuery | None = None) -> Sequence[str]:
    return [count.label for count in backend.search(query or SearchQuery()).facets[name]]


def test_values_are_listed_by_count_and_what_is_not_stated_last(backend: SearchBackend) -> None:
    counts = backend.search(SearchQuery()).facets["keyword"]
    assert counts[-1].value == "not-stated"
    assert [count.count for count in counts[:-1]] == sorted((count.count for count in counts[:-1]), reverse=True)


def test_bands_and_decades_are_listed_in_their_order(backend: SearchBackend) -> None:
    assert labels(backend, "population") == ["Under-1000", "1000-9999", "1000000-And-Over", "Not stated"]
    assert labels(backend, "decade") == ["1980S", "1990S", "2000S", "Not stated"]


def test_a_chosen_value_stays_listed_without_results(backend: SearchBackend) -> None:
    query = SearchQuery("asthma", filters={"custodian": ("north",), "keyword": ("GP",)}, first_year=2024)
    counts = backend.search(query).facets["keyword"]
    assert [(count.value, count.count) for count in counts] == [("gp", 0)]


def test_a_value_that_nobody_has_finds_nothing(backend: SearchBackend) -> None:
    result = backend.search(SearchQuery(filters={"keyword": ("unheard of",)}))
    assert result.total == 0
    assert len(result.facets["keyword"]) == 5


def test_a_facet_that_does_not_exist_is_left_out(backend: SearchBackend) -> None:
    assert backend.search(SearchQuery(filters={"colour": ("red",)})).total == len(DOCUMENTS)


@pytest.fixture(params=ENGINES)
def make_backend(request: pytest.FixtureRequest, tmp_path: Path) -> MakeBackend:
    return engine(request, tmp_path)


def test_values_that_differ_in_case_are_one_and_read_as_most_write_it(make_backend: MakeBackend) -> None:
    backend = make_backend()
    spellings = ["COPD", "Copd", "COPD", "copd", "copd", "COPD"]
    for number, spelling in enumerate(spellings):
        facets = {"keyword": (FacetTerm("copd", spelling),), "access": (FacetTerm(spelling, spelling),)}
        backend.index_many([replace(DOCUMENTS[0], identifier=str(number), facets=facets)])
    result = backend.search(SearchQuery(filters={"access": ("cOPD",)}))
    assert [(count.label, count.count) for count in result.facets["keyword"]] == [("COPD", 6)]
    assert [(count.value, count.count) for count in result.facets["access"]] == [("COPD", 6)]
    backend.index_many([], delete=["0", "2"])
    assert labels(backend, "keyword") == ["copd"]
