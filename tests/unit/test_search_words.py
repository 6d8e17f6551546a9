import pytest

from catalogue.search.backend import FacetCount, SearchQuery
from catalogue.search.fields import FACETS
from catalogue.web import search_words

FACET_COUNTS = {
    "custodian": (FacetCount("sail", "SAIL Databank", 38), FacetCount("cprd", "CPRD", 2)),
    "read": (FacetCount("population", "People", 5),),
    "population": (FacetCount("under-1000", "Fewer than 1,000", 3),),
}


def said(query: SearchQuery, total: int = 38, *, most: int | None = None) -> str:
    return "".join(each.text for each in search_words.heading(query, total, FACET_COUNTS, most=most))


@pytest.mark.parametrize(
    ("query", "heading"),
    [
        (SearchQuery(), "38 datasets"),
        (SearchQuery(text="asthma"), "38 datasets for asthma"),
        (
            SearchQuery(text="asthma", filters={"custodian": ("sail",), "structure": ("yes",)}),
            "38 datasets for asthma from SAIL Databank, with column-level metadata",
        ),
        (SearchQuery(filters={"custodian": ("sail", "cprd")}), "38 datasets from SAIL Databank or CPRD"),
        (SearchQuery(filters={"custodian": ("not-stated",)}), "38 datasets with custodian not stated"),
        (
            SearchQuery(filters={"coverage": ("Wales", "not-stated")}),
            "38 datasets covering Wales or with place not stated",
        ),
        (SearchQuery(filters={"population": ("under-1000",)}), "38 datasets with fewer than 1,000 people"),
        (SearchQuery(filters={"read": ("population",)}), "38 datasets with people read from the text"),
        (SearchQuery(filters={"read": ("not-stated",)}), "38 datasets with nothing read from the text"),
        (SearchQuery(first_year=1990, last_year=2015), "38 datasets with data from 1990 to 2015"),
        (SearchQuery(first_year=1990), "38 datasets with data from 1990 on"),
        (SearchQuery(last_year=2015), "38 datasets with data up to 2015"),
        (SearchQuery(filters={"structure": ("maybe",)}), "38 datasets with tables and columns “maybe”"),
    ],
)
def test_a_question_is_said_in_words(query: SearchQuery, heading: str) -> None:
    assert said(query) == heading


def test_none_and_one_are_said_right() -> None:
    assert said(SearchQuery(), 0) == "No datasets"
    assert said(SearchQuery(), 1) == "1 dataset"


def test_what_was_typed_is_strong_and_not_too_long() -> None:
    typed = search_words.heading(SearchQuery(text="x" * 10_000), 1, {})[2]
    assert typed.is_strong
    assert len(typed.text) == search_words.SHOWN_TEXT


@pytest.mark.parametrize("facet", [facet.name for facet in FACETS])
def test_every_facet_can_be_said(facet: str) -> None:
    assert "anything" in said(SearchQuery(filters={facet: ("anything",)})).lower()


def test_many_filters_are_counted_where_they_stand_beside_the_heading() -> None:
    query = SearchQuery("asthma", filters={"coverage": ("Wales", "England"), "structure": ("yes",)}, first_year=2010)
    assert said(query, most=4).endswith("covering Wales or England, with column-level metadata, with data from 2010 on")
    assert said(query, most=3) == "38 datasets for asthma, with 4 filters"
    assert said(SearchQuery(filters=query.filters), most=2) == "38 datasets with 3 filters"
