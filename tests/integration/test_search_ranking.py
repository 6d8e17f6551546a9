"""What comes before what, and why."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from catalogue.search.backend import SearchDocument, SearchQuery
from catalogue.search.ranking import RANKING, Ranking
from catalogue.search.whoosh_backend import WhooshBackend

Make = Callable[..., WhooshBackend]


def document(identifier: str, title: str = "Register", **values: object) -> SearchDocument:
    return SearchDocument(identifier=identifier, revision="1", title=title, custodian="Trust", **values)


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def made(documents: Iterable[SearchDocument], ranking: Ranking = RANKING) -> WhooshBackend:
        backend = WhooshBackend(tmp_path / "index", ranking=ranking)
        backend.rebuild(documents)
        return backend

    return made


def order(backend: WhooshBackend, text: str, **query: object) -> list[str]:
    return [hit.identifier for hit in backend.search(SearchQuery(text, **query)).hits]


def test_words_that_stand_together_come_before_words_that_do_not(make: Make) -> None:
    far = " of the many kinds that there are "
    backend = make(
        [
            document("a", abstract=f"A blood{far}with some pressure."),
            document("b", abstract=f"The pressure blood{far}has here."),
            document("c", abstract=f"The blood pressure{far}is here."),
        ]
    )
    assert order(backend, "blood pressure") == ["c", "b", "a"]
    assert order(backend, "pressure blood") == ["b", "c", "a"]


def test_nearness_in_a_title_counts_for_more(make: Make) -> None:
    backend = make([document("a", "Heart", abstract="heart failure"), document("b", "Heart failure", abstract="heart")])
    assert order(backend, "heart failure") == ["b", "a"]


def test_the_title_that_was_typed_comes_first(make: Make) -> None:
    loud = "National diabetes audit: the diabetes audit of national diabetes"
    backend = make(
        [document("a", loud, keywords=("national", "diabetes", "audit")), document("b", "The National Diabetes Audit")]
    )
    assert order(backend, "national diabetes audit") == ["b", "a"]


def test_a_title_that_says_little_else_comes_before_a_long_one(make: Make) -> None:
    backend = make([document("a", "Stroke care in all of the hospitals of the county"), document("b", "Stroke care 2")])
    assert order(backend, "stroke") == ["b", "a"]


def test_a_complete_description_and_a_fresh_one_come_first_among_equals(make: Make) -> None:
    year = 31_556_952
    backend = make(
        [
            document("a", changed_at=40 * year),
            document("b", changed_at=50 * year),
            document("c", changed_at=40 * year, quality=0.9),
            document("d", keywords=("register",), changed_at=0),
        ]
    )
    assert order(backend, "register") == ["d", "b", "c", "a"]


def test_among_some_words_more_of_them_come_first(make: Make) -> None:
    backend = make(
        [document("a", "Zebra zebra", keywords=("zebra",)), document("b", abstract="zebra and lion"), document("c")]
    )
    result = backend.search(SearchQuery("zebra lion tiger gnu register"))
    assert result.relaxed
    assert result.hits[0].identifier == "b"


class TestHardlyAny:
    @pytest.fixture
    def backend(self, make: Make) -> WhooshBackend:
        others = [document(f"o{number:02}", "Asthma cohort") for number in range(20)]
        return make([document("all", "Asthma", abstract="Admissions in Fife."), document("one", "Fife"), *others])

    def test_those_with_some_of_the_words_follow_and_are_not_counted(self, backend: WhooshBackend) -> None:
        result = backend.search(SearchQuery("asthma admissions fife"))
        assert ([hit.identifier for hit in result.hits], result.total, result.relaxed) == (["all"], 1, False)
        assert len(result.more) == 9
        assert result.more[0].identifier == "one"
        assert "all" not in {hit.identifier for hit in result.more}
        assert sum(each.count for each in result.facets["custodian"]) == 1

    def test_filters_hold_for_them_too(self, backend: WhooshBackend) -> None:
        query = SearchQuery("asthma admissions fife", filters={"custodian": ("nobody",)})
        assert backend.search(query).more == ()

    @pytest.mark.parametrize(
        "query",
        [
            SearchQuery("asthma admissions fife", exact=True),
            SearchQuery("asthma admissions fife", sort="title"),
            SearchQuery("asthma admissions fife", page=2),
            SearchQuery("asthma cohort"),
            SearchQuery("admissions"),
            SearchQuery("asthma zebra"),
            SearchQuery(""),
        ],
    )
    def test_otherwise_there_are_none(self, backend: WhooshBackend, query: SearchQuery) -> None:
        assert backend.search(query).more == ()


def test_idle_words_need_not_be_there_but_count(make: Make) -> None:
    found = [document("a", "Stroke"), document("b", "Stroke", abstract="A dataset."), document("c", "Dataset")]
    backend = make(found)
    assert order(backend, "dataset on stroke") == ["b", "a"]
    assert order(backend, "dataset") == ["c", "b"]
    assert order(backend, '"dataset" stroke') == order(backend, "title:stroke dataset") == ["b", "a"]
    assert order(backend, "dataset stroke", exact=True) == ["b"]
    assert order(make(found, replace(RANKING, idle_words=False)), "dataset stroke") == ["b"]


def test_pages_agree_however_far_the_best_are_looked_at(make: Make) -> None:
    backend = make(
        document(f"{number:03}", "Blood pressure" if number % 3 else "Pressure of blood", quality=number % 7 / 7)
        for number in range(130)
    )
    pages = [order(backend, "blood pressure", page=page, per_page=20) for page in range(1, 8)]
    assert sorted(each for page in pages for each in page) == [f"{number:03}" for number in range(130)]
    assert pages[0] == order(backend, "blood pressure", per_page=20)
    scores = [hit.score for hit in backend.search(SearchQuery("blood pressure", per_page=200)).hits]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    "text",
    [
        "T2DM",
        '"heart attack" register',
        "heart attak data",
        "standard:icd heart",
        "hear* OR stroke",
        "MI zebra",
        "stroke diabetes",
        "-heart",
        "",
    ],
)
def test_reasons_add_up_to_the_score(make: Make, text: str) -> None:
    backend = make(
        [
            document("a", "Heart attack register", abstract="heart attacks", quality=0.5, codes=("heart",)),
            document("b", "Stroke, diabetes type 2", columns=(("heart", "stroke"),), changed_at=10**9),
            document("c", "Type 2 diabetes mellitus", keywords=("heart", "attack"), quality=1.0),
        ]
    )
    result = backend.search(SearchQuery(text, explain=True))
    for hit in (*result.hits, *result.more):
        assert sum(each.points for each in hit.reasons) == pytest.approx(hit.score, abs=0.02)
    assert all(not hit.reasons for hit in backend.search(SearchQuery(text)).hits)


def test_reasons_name_fields_synonyms_and_rules(make: Make) -> None:
    backend = make([document("a", "Heart attack", abstract="Heart attack.", quality=1.0)])
    (hit,) = backend.search(SearchQuery("heart attack", explain=True)).hits
    said = " | ".join(each.what for each in hit.reasons)
    for part in (
        "“heart” in title",
        "“attack” in abstract",
        "completeness",
        "near each other",
        "title is what was typed",
    ):
        assert part in said
    (hit,) = backend.search(SearchQuery("MI", explain=True)).hits
    assert hit.reasons[0].what == "synonym (80%): “heart attack” together"
