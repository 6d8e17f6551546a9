"""A server answers every question as the embedded index does, whose answers are compared with an oracle elsewhere."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.search.backend import SearchBackend, SearchDocument, SearchQuery, SearchResult
from catalogue.search.fields import FACET_NAMES
from catalogue.search.opensearch.backend import OpenSearchBackend
from catalogue.search.whoosh_backend import WhooshBackend
from tests.engines import new_address
from tests.integration.test_search_facets import DOCUMENTS, VALUES, everything, fill, only
from tests.integration.test_search_language import TYPED, WORDS

QUESTIONS = (
    SearchQuery(),
    SearchQuery(sort="title", per_page=40, page=2),
    SearchQuery("asthma"),
    SearchQuery("asthma kidney", sort="changed"),
    SearchQuery("asthma kidney cohort registry audit"),
    SearchQuery("astma OR title:kidneys -linked"),
    SearchQuery("regis* audit", first_year=1990, last_year=1999),
    SearchQuery('"asthma cohort"', filters={"keyword": ("gp", "HEART failure")}),
    SearchQuery("cohort", filters={"data_type": ("Imaging", "not-stated"), "coverage": ("Wales",)}, first_year=1985),
    SearchQuery("audit", filters={"custodian": ("north",), "keyword": ("kidney",), "decade": ("1980s",)}),
    SearchQuery("place:wales", last_year=1995),
    SearchQuery(filters={"keyword": ("unheard of",), "colour": ("red",)}),
    SearchQuery(first_year=3000, filters={"custodian": ("north",)}),
    SearchQuery("linked zebra", per_page=3, page=2),
    SearchQuery("linkd", exact=True),
)


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> SearchBackend:
    made = WhooshBackend(tmp_path_factory.mktemp("index"))
    fill(made)
    return made


@pytest.fixture(scope="module")
def server(search_server: str) -> SearchBackend:
    """Two shards, since what a shard knows must not matter."""
    made = OpenSearchBackend(new_address(search_server, "replicas=0&shards=2"))
    fill(made)
    return made


def comparable(result: SearchResult) -> SearchResult:
    """An answer without its order, which is compared by scores: those that are nearly equal may change places."""
    hits = tuple(sorted((replace(hit, score=0.0) for hit in result.hits), key=lambda hit: hit.identifier))
    facets = {name: tuple(counts) for name, counts in result.facets.items()}
    return replace(result, facets=facets, hits=hits, more=())


@pytest.mark.parametrize("query", QUESTIONS, ids=range(len(QUESTIONS)))
def test_both_engines_give_the_same_answer(embedded: SearchBackend, server: SearchBackend, query: SearchQuery) -> None:
    whole = replace(query, page=1, per_page=1000)
    ours, theirs = embedded.search(whole), server.search(whole)
    assert comparable(theirs) == comparable(ours)
    assert len(theirs.more) == len(ours.more)
    scores = {hit.identifier: hit.score for hit in ours.hits}
    first = theirs.hits[:10]
    assert [hit.score for hit in first] == pytest.approx([scores[hit.identifier] for hit in first], rel=0.1)
    if query.sort != "relevance" or not query.text:
        assert [hit.identifier for hit in theirs.hits] == [hit.identifier for hit in ours.hits]


@pytest.mark.parametrize("query", QUESTIONS[7:10], ids=str)
def test_a_value_counts_the_results_behind_it(server: SearchBackend, query: SearchQuery) -> None:
    facets = server.search(query).facets
    for name in FACET_NAMES:
        counts = {count.value: count.count for count in facets[name]}
        for value in VALUES.get(name, ())[:2]:
            assert counts.get(value, 0) == server.search(only(query, name, value)).total


@pytest.mark.parametrize("query", [QUESTIONS[2], QUESTIONS[1], QUESTIONS[8]], ids=["score", "title", "filters"])
def test_everything_is_reached_page_by_page_and_at_once(server: SearchBackend, query: SearchQuery) -> None:
    whole = [hit.identifier for hit in server.search(replace(query, page=1, per_page=1000)).hits]
    assert len(set(whole)) == server.search(query).total
    assert everything(server, replace(query, page=1, per_page=27)) == whole
    assert [identifier for part in server.identifiers(query) for identifier in part] == whole


def test_pages_beyond_what_one_search_reaches(server: SearchBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = {text: everything(server, SearchQuery(text, per_page=1000)) for text in ("", "asthma")}
    monkeypatch.setattr("catalogue.search.opensearch.searching.MOST_RESULTS", 60)
    for text, wanted in whole.items():
        assert everything(server, SearchQuery(text, per_page=20)) == wanted
        assert [identifier for part in server.identifiers(SearchQuery(text)) for identifier in part] == wanted


@pytest.mark.parametrize(
    ("query", "has_more"),
    [(SearchQuery("asthma", filters={"keyword": ("gp",)}), False), (SearchQuery("kidney cohort registry"), True)],
    ids=["enough", "hardly any"],
)
def test_a_facet_with_more_values_than_are_counted_at_once_is_listed_whole(
    server: SearchBackend, monkeypatch: pytest.MonkeyPatch, query: SearchQuery, *, has_more: bool
) -> None:
    result = server.search(query)
    assert bool(result.more) is has_more
    whole = result.facets
    monkeypatch.setattr("catalogue.search.opensearch.facets.MOST_VALUES", 1)
    monkeypatch.setattr("catalogue.search.opensearch.facets.VALUES_A_PAGE", 2)
    monkeypatch.setattr("catalogue.search.opensearch.spellings.VALUES_A_PAGE", 2)
    assert server.search(query).facets == whole


def test_the_samples_are_all_there(server: SearchBackend) -> None:
    assert server.search(SearchQuery()).total == len(DOCUMENTS)


SAID = tuple(
    SearchDocument(f"d{number:02}", "1", f"{word} register", "Trust", abstract=f"About {word} and diabetes.")
    for number, word in enumerate((*WORDS, "heart", "attack", "infarction"))
)


@pytest.fixture(scope="module")
def both(search_server: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[SearchBackend, SearchBackend]:
    made = (WhooshBackend(tmp_path_factory.mktemp("said")), OpenSearchBackend(new_address(search_server), grace=0.0))
    for backend in made:
        backend.rebuild(SAID)
    return made


@given(text=TYPED, exact=st.booleans())
@settings(max_examples=50)
def test_both_engines_understand_whatever_is_typed(
    both: tuple[SearchBackend, SearchBackend], text: str, exact: bool
) -> None:
    ours, theirs = (backend.search(SearchQuery(text, exact=exact, per_page=100)) for backend in both)
    assert comparable(theirs) == comparable(ours)


def test_both_engines_give_the_same_reasons(embedded: SearchBackend, server: SearchBackend) -> None:
    query = SearchQuery("kidney registry place:wales", explain=True)
    ours, theirs = embedded.search(query), server.search(query)
    reasons = {hit.identifier: [reason.what for reason in hit.reasons] for hit in ours.hits}
    assert theirs.hits
    for hit in theirs.hits:
        assert [reason.what for reason in hit.reasons] == reasons[hit.identifier]
        assert sum(reason.points for reason in hit.reasons) == pytest.approx(hit.score, rel=0.01)
