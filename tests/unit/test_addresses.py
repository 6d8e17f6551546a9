import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.web import addresses
from catalogue.web.addresses import PageQuery

ANY_PARAMETERS = st.dictionaries(
    st.sampled_from(["q", "custodian", "keyword", "decade", "from", "to", "sort", "exact", "view", "page", "colour"])
    | st.text(max_size=5),
    st.lists(st.text(max_size=12), max_size=3),
    max_size=6,
)


def test_every_parameter_is_read() -> None:
    asked = addresses.read(
        {
            "q": ["  severe   asthma "],
            "custodian": ["airways", "fenbridge", "airways"],
            "structure": ["yes"],
            "from": ["1990"],
            "to": ["2015"],
            "sort": ["title"],
            "exact": ["yes"],
            "view": ["table"],
            "page": ["3"],
        }
    )
    assert asked.notices == ()
    assert asked.query == PageQuery(
        text="severe asthma",
        filters={"custodian": ("airways", "fenbridge"), "structure": ("yes",)},
        first_year=1990,
        last_year=2015,
        sort="title",
        page=3,
        per_page=25,
        exact=True,
        view="table",
    )


@pytest.mark.parametrize(
    ("parameters", "notice"),
    [
        ({"colour": ["red"]}, "“colour” is not a filter here, so it was left out."),
        ({"from": ["soon"]}, "“soon” is not a year, so it was left out."),
        ({"to": ["20155"]}, "“20155” is not a year, so it was left out."),
        ({"from": ["٢٠١٥"]}, "“٢٠١٥” is not a year, so it was left out."),
        ({"from": ["2015"], "to": ["1990"]}, "The years 2015 to 1990 were turned round."),
        ({"sort": ["colour"]}, "Results cannot be sorted by “colour”."),
        ({"page": ["last"]}, "“last” is not a page, so this is the first."),
        ({"page": ["-1"]}, "“-1” is not a page, so this is the first."),
        ({"keyword": [f"k{number}" for number in range(1000)]}, "Only the first 50 filters were used."),
        ({"page": ["9" * 5000]}, "“999999999999999999999999999999999999999…” is not a page, so this is the first."),
        ({"q": ["x" * 2_001]}, "Your search was longer than 2,000 characters; the rest was left out."),
    ],
)
def test_what_is_not_understood_is_said(parameters: dict[str, list[str]], notice: str) -> None:
    assert addresses.read(parameters).notices == (notice,)


def test_a_page_that_cannot_be_is_asked_for_as_it_was() -> None:
    assert addresses.read({"page": ["1000000000"]}) == addresses.Asked(PageQuery(page=10**9, per_page=25))


def test_empty_parameters_say_nothing() -> None:
    empty = {"q": [""], "from": [""], "to": [" "], "custodian": ["", " "], "sort": [""], "page": [""]}
    assert addresses.read(empty) == addresses.read({})
    assert addresses.pairs(addresses.read(empty).query) == []


@given(ANY_PARAMETERS)
def test_every_address_is_a_question_and_every_question_has_an_address(parameters: dict[str, list[str]]) -> None:
    query = addresses.read(parameters).query
    again: dict[str, list[str]] = {}
    for name, value in addresses.pairs(query):
        again.setdefault(name, []).append(value)
    assert addresses.read(again) == addresses.Asked(query)


def test_a_value_is_chosen_and_taken_back() -> None:
    start = PageQuery(text="asthma", page=4)
    chosen = addresses.toggled(start, "custodian", "airways")
    assert chosen == PageQuery(text="asthma", filters={"custodian": ("airways",)})
    assert addresses.toggled(chosen, "custodian", "airways") == PageQuery(text="asthma")
