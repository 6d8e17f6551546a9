"""Facets on the page of results: narrower values below their wider ones, ranges, and the page of all values."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalogue.search.backend import FacetCount
from catalogue.web.values_page import by_datasets, by_label
from schemas.metadata import Coverage, DatasetType, Description, Origin, Provenance, Summary, Temporal
from tests.application import Published
from tests.publishing import publish

COUNT = 36


def fill(session: Session) -> None:
    for number in range(COUNT):
        kinds = (
            DatasetType("Omics", ("Genomics",) if number % 2 else ("Proteomics",)),
            *((DatasetType("Imaging types", ("MRI", "Others")),) if number % 3 == 0 else ()),
        )
        publish(
            session,
            Description(
                summary=Summary(
                    title=f"Dataset {number:02}",
                    keywords=(f"Key & {number:02}", "café study" if number < 5 else "shared"),
                    population_size=10 ** (number % 8) if number % 4 else None,
                ),
                coverage=Coverage(spatial=("England", "London") if number % 5 == 0 else ("Wales",)),
                provenance=Provenance(
                    origin=Origin(dataset_type=kinds), temporal=Temporal(start_date=f"{1960 + number}", end_date="2020")
                ),
            ),
        )


@pytest.fixture(scope="module")
def app(published: Published) -> Flask:
    return published(fill)


def get(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def total(page: str) -> int:
    found = re.search(r"<h1[^>]*>(\d+|No) dataset", page)
    assert found
    return 0 if found[1] == "No" else int(found[1])


def facet(page: str, title: str) -> str:
    parts = page.split('<details class="catalogue-facet"')
    return next((part for part in parts if f'catalogue-facet__title">{title}<' in part), "")


LINK = re.compile(
    r'<a class="catalogue-facet__value[^"]*" href="([^"]*)"[^>]*>.*?'
    r'__label">(.*?)</span> <span class="catalogue-facet__count">(\d+)</span>',
    re.DOTALL,
)


def links(part: str) -> dict[str, tuple[str, int]]:
    return {unescape(label): (unescape(href), int(count)) for href, label, count in LINK.findall(part)}


@pytest.mark.parametrize("address", ["/search", "/search?data_type=Omics&data_subtype=Genomics", "/search?q=dataset"])
def test_every_value_leads_to_as_many_results_as_it_counts(client: FlaskClient, address: str) -> None:
    page = get(client, address)
    # Another value beside a chosen one adds its results.
    titles = (
        "Place",
        "People",
        "Years covered",
        *(("Data type", "Data sub-type") if "data_type" not in address else ()),
    )
    found = [link for title in titles for link in links(facet(page, title)).values()]
    assert len(found) > 5
    for href, count in found:
        assert total(get(client, href)) == count, href
    assert len(re.findall(r'__value--chosen" href', page)) == address.count("data_")


def test_narrower_values_stand_below_wider_ones(client: FlaskClient) -> None:
    page = get(client, "/search")
    types = facet(page, "Data type")
    assert list(links(types)) == ["Omics", "Genomics", "Proteomics", "Imaging types", "MRI"]
    assert re.search(
        r"<details[^>]*><summary>2 sub-types<span[^>]*> of Omics</span>", " ".join(types.split()).replace("> <", "><")
    )
    assert list(links(facet(page, "Place")))[:3] == ["Wales", "England", "London"]
    # What could stand below several, or says nothing, is listed by itself.
    assert list(links(facet(page, "Data sub-type"))) == ["Others"]


def test_a_narrower_value_that_is_chosen_is_in_sight(client: FlaskClient) -> None:
    page = get(client, "/search?data_subtype=Genomics")
    assert '<details class="catalogue-facet__inner" open>' in facet(page, "Data type")
    assert "Data sub-type:</span> Genomics" in page


def test_ranges_have_a_drawing_that_is_not_read_out(client: FlaskClient) -> None:
    page = get(client, "/search")
    for title in ("People", "Years covered"):
        assert '<div class="catalogue-histogram" aria-hidden="true">' in facet(page, title)
    assert re.search(r'<svg class="catalogue-map"[^>]*aria-hidden="true"', facet(page, "Place"))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (
            "people_from=1000",
            "population=1000-9999&population=10000-99999&population=100000-999999&population=1000000-and-over",
        ),
        ("people_to=10000", "population=under-1000&population=1000-9999"),
        ("people_from=10000&people_to=1000&population=under-1000", "population=1000-9999"),
        ("people_to=1000&people_unstated=yes", "population=under-1000&population=not-stated"),
        ("people_from=&people_to=&population=under-1000", "population=under-1000"),
        ("people_unstated=yes", "population=not-stated"),
    ],
)
def test_a_range_of_people_is_its_bands(client: FlaskClient, asked: str, expected: str) -> None:
    page = get(client, f"/search?{asked}")
    assert total(page) == total(get(client, f"/search?{expected}"))
    assert f'href="/search?{expected}&page=2'.replace("&", "&amp;") in page or total(page) <= 25


def test_what_is_no_number_of_people_is_said(client: FlaskClient) -> None:
    assert "“lots” is not a number of people, so it was left out." in unescape(get(client, "/search?people_from=lots"))


class TestAllValues:
    def test_a_long_facet_leads_to_all_its_values(self, client: FlaskClient) -> None:
        part = facet(get(client, "/search?q=dataset"), "Keyword")
        (href,) = re.findall(r'href="(/search/values/keyword[^"]*)"', part)
        page = get(client, unescape(href))
        assert f"{COUNT + 2} values" in page
        assert len(links(page)) == COUNT + 2
        assert "36 datasets for dataset" in " ".join(re.sub(r"<[^>]+>", "", page).split())
        for href, count in list(links(page).values())[::10]:
            assert total(get(client, href)) == count

    @pytest.mark.parametrize(("find", "found"), [("STUD caf", ["café study"]), ("35 & k", ["Key & 35"]), ("zzz", [])])
    def test_values_are_found_by_parts_of_words(self, client: FlaskClient, find: str, found: list[str]) -> None:
        page = get(client, "/search/values/keyword?by=name&find=" + find.replace("&", "%26"))
        assert list(links(page)) == found
        assert ("Nothing in this list holds that." in page) == (not found)
        assert f'value="{find.replace("&", "&amp;")}"' in page

    def test_the_alphabet_knows_no_capitals(self) -> None:
        counts = [FacetCount("not-stated", "Not stated", 9)]
        counts += [FacetCount(label, label, count) for label, count in (("X-ray", 1), ("asthma", 1), ("zoo", 2))]
        assert [each.label for each in sorted(counts, key=by_datasets)] == ["zoo", "asthma", "X-ray", "Not stated"]
        assert [each.label for each in sorted(counts, key=by_label)] == ["asthma", "X-ray", "zoo", "Not stated"]

    def test_the_form_keeps_the_question(self, client: FlaskClient) -> None:
        page = get(client, "/search/values/keyword?q=dataset&coverage=Wales&by=name&view=table")
        hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
        assert hidden == [("q", "dataset"), ("coverage", "Wales"), ("view", "table"), ("by", "name")]

    def test_a_facet_that_does_not_exist_is_no_page(self, client: FlaskClient) -> None:
        assert client.get("/search/values/colour").status_code == 404

    def test_pages_of_values_end(self, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("catalogue.web.values_page.SHOWN", 20)
        assert len(links(get(client, "/search/values/keyword?by=name&page=2"))) == COUNT + 2 - 20
        assert len(links(get(client, "/search/values/keyword?by=name&page=99"))) == COUNT + 2 - 20
