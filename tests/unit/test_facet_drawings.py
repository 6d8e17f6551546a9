"""What is drawn beside facets, and which values stand below others."""

import re

from catalogue.search.backend import FacetCount
from catalogue.web import uk_map
from catalogue.web.facet_nesting import nest
from catalogue.web.histograms import HEIGHT, WIDTH, histogram


def counts(**numbers: int) -> tuple[FacetCount, ...]:
    return tuple(FacetCount(name, name, count) for name, count in numbers.items())


def named(pairs: dict[str, int]) -> tuple[FacetCount, ...]:
    return tuple(FacetCount(name, name, count) for name, count in pairs.items())


def test_sub_types_stand_below_the_one_type_that_holds_them() -> None:
    facets = {
        "data_type": named({"Omics": 5, "Imaging types": 3, "Something else": 1}),
        "data_subtype": named({"Genomics": 4, "MRI": 2, "Others": 2, "Cancer": 1, "Free text": 1, "not-stated": 9}),
    }
    nesting = nest(facets)
    below = {key: [each.value for each in item.counts] for key, item in nesting.below.items()}
    assert below == {("data_type", "Omics"): ["Genomics"], ("data_type", "Imaging types"): ["MRI"]}
    # "Others" is a sub-type of both, and no type that is listed holds "Cancer": they stay in a facet of their own.
    assert nesting.placed["data_subtype"] == {"Genomics", "MRI"}
    assert {item.facet for item in nesting.below.values()} == {"data_subtype"}


def test_regions_stand_below_england_when_it_is_listed() -> None:
    places = named({"England": 5, "London": 2, "Wales": 1, "United Kingdom": 4})
    assert nest({"coverage": places}).placed["coverage"] == {"London"}
    assert nest({"coverage": places[1:]}).placed["coverage"] == frozenset()


def test_a_histogram_has_every_part_of_the_range() -> None:
    decades = counts(**{"1980s": 1, "2010s": 4, "not-stated": 7})
    drawn = histogram("decade", decades, ["2010s"])
    assert drawn is not None
    assert (drawn.first, drawn.last) == ("1980s", "2010s")
    assert [each.height > 0 for each in drawn.columns] == [True, False, False, True]
    assert [each.is_chosen for each in drawn.columns] == [False, False, False, True]
    assert max(each.height for each in drawn.columns) == HEIGHT
    assert all(each.x + each.width <= WIDTH and each.y + each.height == HEIGHT for each in drawn.columns)


def test_bands_of_people_are_all_drawn_in_their_order() -> None:
    drawn = histogram("population", counts(**{"1000000-and-over": 1, "under-1000": 1000}), [])
    assert drawn is not None
    assert [each.height for each in drawn.columns] == [HEIGHT, 0, 0, 0, 2]


def test_nothing_is_drawn_of_nothing() -> None:
    assert histogram("decade", counts(**{"not-stated": 3}), []) is None
    assert histogram("decade", counts(**{"1990s": 3}), []) is None
    assert histogram("keyword", counts(asthma=3, copd=2), []) is None
    assert uk_map.areas({"France": 4}) == ()


def test_a_thousand_decades_stay_a_small_drawing() -> None:
    drawn = histogram("decade", counts(**{f"{year}s": 1 for year in range(0, 10_000, 10)}), [])
    assert drawn is not None
    assert len(drawn.columns) == 40


def test_areas_are_darker_where_more_datasets_say_that_they_cover_them() -> None:
    names = list(uk_map._CORNERS)
    levels = dict(zip(names, (each.level for each in uk_map.areas({"Wales": 8, "London": 1})), strict=True))
    assert (levels["Wales"], levels["London"], levels["Scotland"]) == (4, 1, 0)
    levels = dict(zip(names, (each.level for each in uk_map.areas({"United Kingdom": 1, "England": 3})), strict=True))
    assert (levels["London"], levels["Scotland"], levels["Northern Ireland"]) == (4, 1, 1)


def test_the_map_stays_inside_its_frame() -> None:
    for area in uk_map.areas({"United Kingdom": 1}):
        assert re.fullmatch(r"(?:M\d+ \d+(?:L\d+ \d+)+Z)+", area.path)
        for x, y in re.findall(r"(\d+) (\d+)", area.path):
            assert int(x) <= uk_map.WIDTH
            assert int(y) <= uk_map.HEIGHT
