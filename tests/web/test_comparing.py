"""Datasets side by side, and results as a table."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from schemas.metadata import Column, Coverage, Description, StructuralMetadata, Summary, Table
from tests.databases import Databases
from tests.publishing import identifier_of, publish, published_catalogue, withdraw

FORMER = "0a7bb0a3-94a8-4d4c-8a20-65df9d8b3c77"
LONG = "Every visit to the clinic. " * 40


def described(title: str, *columns: str, people: int | None = None, places: tuple[str, ...] = ()) -> Description:
    tables = (Table("visits", "", tuple(Column(name, "text") for name in columns)),) if columns else ()
    return Description(
        summary=Summary(title=title, abstract="Clinics of the fells.", population_size=people),
        coverage=Coverage(spatial=places),
        structural_metadata=StructuralMetadata(tables=tables),
    )


def fill(session: Session) -> None:
    publish(session, described("Alpha", "NHS_Number", "sex", people=1200, places=("Wales", "England")))
    publish(session, described("Beta <b>", "nhs_number", "height", places=("England", "Wales")), formerly=(FORMER,))
    publish(session, described("Gamma", people=1200))
    publish(session, Description(summary=Summary(title="Delta", abstract=LONG)))
    publish(session, described("Epsilon"))
    withdraw(session, publish(session, described("Gone")), at=datetime(2026, 3, 3, tzinfo=UTC))


@pytest.fixture(scope="module")
def app(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with databases.copy() as url, published_catalogue(url, tmp_path_factory.mktemp("compared"), fill) as made:
        yield made


def compared(client: FlaskClient, *identifiers: str) -> str:
    answer = client.get("/compare?" + urlencode([("dataset", each) for each in identifiers]))
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def of(*titles: str) -> list[str]:
    return [identifier_of(title) for title in titles]


def text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def section(page: str, name: str) -> str:
    found = re.search(rf'<section[^>]*aria-labelledby="{name}">.*?</section>', page, re.DOTALL)
    return text(found[0]) if found else ""


def rows(page: str, name: str) -> dict[str, list[str]]:
    found = re.search(rf'<section[^>]*aria-labelledby="{name}">.*?</section>', page, re.DOTALL)
    pattern = r'<th scope="row"[^>]*>(.*?)</th>(.*?)</tr>'
    cells = re.findall(pattern, found[0], re.DOTALL) if found else []
    return {
        text(label): [text(each) for each in re.findall(r"<td>(.*?)</td>", rest, re.DOTALL)] for label, rest in cells
    }


def test_fields_that_differ_come_before_those_that_agree(client: FlaskClient) -> None:
    page = compared(client, *of("Alpha", "Beta <b>", "Gamma"))
    assert "<h1" in page
    assert "Compare 3 datasets" in page
    differing, agreeing = rows(page, "differing"), rows(page, "agreeing")
    assert differing["Number of people"] == ["1,200", "Not stated", "1,200"]
    assert differing["Tables and columns"] == ["1 table with 2 columns", "1 table with 2 columns", "Not stated"]
    assert differing["Places"] == ["Wales, England", "England, Wales", "Not stated"]
    assert agreeing["Abstract"] == ["Clinics of the fells."] * 3
    assert not differing.keys() & agreeing.keys()
    assert page.index('id="differing"') < page.index('id="agreeing"')


def test_the_order_of_a_list_is_no_difference_and_columns_in_common_are_named(client: FlaskClient) -> None:
    page = compared(client, *of("Alpha", "Beta <b>"))
    assert "Places" in rows(page, "agreeing")
    assert "1 column name in both: NHS_Number" in section(page, "columns")


def test_a_fifth_is_refused_and_each_can_be_taken_out(client: FlaskClient) -> None:
    page = compared(client, *of("Alpha", "Beta <b>", "Gamma", "Delta", "Epsilon"))
    assert "No more than 4 datasets can be compared at a time, so the last one was left out." in page
    assert "Compare 4 datasets" in page
    assert "Epsilon" not in page
    without = unescape(re.findall(r'class="catalogue-chip" href="([^"]*)"', page)[1])
    assert "Compare 3 datasets" in client.get(without).get_data(as_text=True)
    assert "Beta" not in client.get(without).get_data(as_text=True)


def test_what_is_withdrawn_moved_or_unknown_is_said(client: FlaskClient) -> None:
    page = compared(client, *of("Alpha", "Gone"), FORMER, "\x00never <i>")
    assert "Gone was withdrawn from the catalogue on 3 March 2026, so it is not compared." in text(page)
    assert "There is no dataset “never <i>” here." in unescape(page)
    assert "Compare 2 datasets" in page


def test_the_same_dataset_twice_is_one(client: FlaskClient) -> None:
    page = compared(client, *of("Beta <b>", "Beta <b>"), FORMER)
    assert "One dataset alone has nothing to be compared with." in page


def test_nothing_chosen_says_how(client: FlaskClient) -> None:
    assert "Tick “Compare” beside two to four results" in text(compared(client))


def test_long_texts_lead_to_the_page_that_has_all_of_them(client: FlaskClient) -> None:
    page = compared(client, *of("Alpha", "Delta"))
    assert LONG.strip() not in page
    assert f'href="/datasets/{identifier_of("Delta")}#overview"' in page


def test_results_offer_to_be_compared_without_script(client: FlaskClient) -> None:
    page = client.get("/search").get_data(as_text=True)
    assert re.search(r'<form[^>]*id="compare"[^>]*action="/compare" method="get"', page)
    boxes = re.findall(r'type="checkbox" form="compare" name="dataset" value="([^"]*)"', page)
    assert sorted(boxes) == sorted(of("Alpha", "Beta <b>", "Gamma", "Delta", "Epsilon"))


def test_results_are_a_table_that_can_be_sorted(client: FlaskClient) -> None:
    page = client.get("/search?view=table&structure=yes").get_data(as_text=True)
    assert re.search(r'<th scope="col" aria-sort="descending">Changed', page)
    assert len(re.findall(r'<th scope="row"', page)) == 2
    (by_title,) = re.findall(r'<th scope="col"><a class="govuk-link" href="([^"]*)"', page)
    (by_quality,) = re.findall(
        r'<th scope="col" class="catalogue-table__number"><a class="govuk-link" href="([^"]*)"', page
    )
    assert '__number" aria-sort="descending">Quality' in client.get(unescape(by_quality)).get_data(as_text=True)
    sorted_page = client.get(unescape(by_title)).get_data(as_text=True)
    assert re.search(r'<th scope="col" aria-sort="ascending">Dataset', sorted_page)
    assert [text(each) for each in re.findall(r'__title"><a[^>]*>(.*?)</a>', sorted_page)] == ["Alpha", "Beta <b>"]


def test_every_link_of_a_table_stays_a_table_and_the_list_is_one_click_away(client: FlaskClient) -> None:
    page = client.get("/search?view=table&structure=yes").get_data(as_text=True)
    kept = [unescape(each) for each in re.findall(r'href="(/search\?[^"]*)"', page)]
    assert [each for each in kept if "view=table" not in each and each != "/search?structure=yes"] == []
    assert '<input type="hidden" name="view" value="table">' in page
