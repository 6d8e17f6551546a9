"""Every value of every facet has exactly the results that it counts, on the samples and on real descriptions."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from catalogue import samples
from catalogue.config import Settings
from catalogue.runtime import Runtime
from catalogue.search.backend import SearchQuery
from catalogue.search.fields import FACETS
from catalogue.search.opensearch.backend import OpenSearchBackend
from catalogue.services import dataset_facts, indexing
from tests.databases import SqliteDatabases, opened
from tests.engines import new_address
from tests.integration.feeds import Bench, bench
from tests.integration.test_real_descriptions import REAL, harvest

NAMES = {facet.name for facet in FACETS}
NARROWINGS: tuple[SearchQuery, ...] = (
    SearchQuery(),
    SearchQuery(text="asthma"),
    SearchQuery(text="hospital admissions", first_year=2005, last_year=2015),
    SearchQuery(filters={"coverage": ("England",), "structure": ("yes", "no")}),
    SearchQuery(filters={"read": ("data_type", "coverage")}),
    SearchQuery(filters={"population": ("not-stated",), "membership": ("Alliance", "Hub")}),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("facets")


@pytest.fixture(scope="module", params=["samples", "real"])
def runtime(request: pytest.FixtureRequest, folder: Path) -> Iterator[Runtime]:
    """A catalogue of the samples, and one of real descriptions; the index is the same on both databases."""
    place = folder / request.param
    place.mkdir()
    with SqliteDatabases(place).copy() as url, opened(url) as engine:
        catalogue = bench(engine, place)
        if request.param == "samples":
            _harvest_samples(catalogue)
        else:
            _harvest_real(catalogue, request)
        made = Runtime.build(Settings(data_dir=str(place / "data"), database_url=url), engine)
        with made.sessions() as session:
            dataset_facts.refresh(session, catalogue.datasets(), at=catalogue.at)
            session.commit()
        with made.reading_sessions() as session:
            assert indexing.rebuild(session, made.backend) == len(catalogue.datasets())
        yield made


def _harvest_samples(catalogue: Bench) -> None:
    for member in samples.members():
        slug = catalogue.organisation(member.name, member.member_of)
        text = member.generations[-1].read_text(encoding="utf-8")
        catalogue.harvest(text=text, organisation=slug, source=member.slug, aggregator=member.is_aggregator)


def _harvest_real(catalogue: Bench, request: pytest.FixtureRequest) -> None:
    reference_data = request.getfixturevalue("reference_data")
    catalogue.organisation("Health Data Alliance")
    harvest(catalogue, reference_data / REAL, "gateway")


@pytest.mark.parametrize("query", NARROWINGS, ids=["all", "a word", "words and years", "places", "read", "not stated"])
def test_every_value_of_every_facet_has_the_results_it_counts(runtime: Runtime, query: SearchQuery) -> None:
    answer = runtime.backend.search(query)
    assert set(answer.facets) == NAMES
    tried = 0
    for name, counts in answer.facets.items():
        for each in counts:
            alone = {**query.filters, name: (each.value,)}
            narrowed = SearchQuery(
                text=query.text, filters=alone, first_year=query.first_year, last_year=query.last_year, per_page=1
            )
            assert runtime.backend.search(narrowed).total == each.count, (name, each)
            tried += 1
    assert tried >= len(NAMES)


@pytest.fixture(scope="module")
def server(runtime: Runtime, search_server: str) -> OpenSearchBackend:
    """The same catalogue on a search server."""
    made = OpenSearchBackend(new_address(search_server, "shards=2&replicas=0"), grace=0.0)
    with runtime.reading_sessions() as session:
        indexing.rebuild(session, made)
    return made


@pytest.mark.parametrize("query", NARROWINGS, ids=["all", "a word", "words and years", "places", "read", "not stated"])
def test_a_server_finds_and_counts_the_same(runtime: Runtime, server: OpenSearchBackend, query: SearchQuery) -> None:
    ours, theirs = runtime.backend.search(query), server.search(query)
    assert theirs.total == ours.total
    for name in NAMES:
        assert tuple(theirs.facets[name]) == tuple(ours.facets[name]), name
    ours_found, theirs_found = (
        {identifier for part in backend.identifiers(query) for identifier in part}
        for backend in (runtime.backend, server)
    )
    assert theirs_found == ours_found


def test_pages_run_to_the_last_result_without_a_repeat(runtime: Runtime) -> None:
    total = runtime.backend.search(SearchQuery(text="data")).total
    pages = range(1, total // 10 + 2)
    found = [
        hit.identifier
        for page in pages
        for hit in runtime.backend.search(SearchQuery(text="data", page=page, per_page=10)).hits
    ]
    assert len(found) == len(set(found)) == total
