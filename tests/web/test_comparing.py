"""Datasets side by side, and results as a table."""

import re
from datetime import UTC, datetime
from html import unescape
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from schemas.metadata import Column, Coverage, Description, StructuralMetadata, Summary, Table
from tests.application import Published
from tests.publishing import identifier_of, publish, withdraw

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
def app(published: Published) -> Flask:
    return published(fill)


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
    cell = r'<td role="cell"><span class="catalogue-sides__name">.*?</span>(.*?)</td>'
    return {text(label): [text(each) for each in re.findall(cell, rest, re.DOTALL)] for label, rest in cells}


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
    assert "Choose “Add to comparison” at two to four results of a search" in text(compared(client))


def test_long_texts_lead_to_the_page_that_has_all_of_them(client: FlaskClient) -> None:
    page = compared(client, *of("Alpha", "Delta"))
    assert LONG.strip() not in page
    assert f'href="/datasets/{identifier_of("Delta")}#overview"' in page


def test_where_rows_become_blocks_each_value_has_the_name_of_its_dataset(client: FlaskClient) -> None:
    page = compared(client, *of("Alpha", "Gamma"))
    names = re.findall(r'<td role="cell"><span class="catalogue-sides__name">(.*?)</span>', page)
    assert names == ["Alpha", "Gamma"] * (len(names) // 2) != []
    assert len(re.findall(r"<(?:table|thead|tbody|tr|th|td)\b(?![^>]* role=)", page)) == 0


def links(page: str, text_of_it: str) -> list[str]:
    """Where the links whose words begin so lead to."""
    found = re.findall(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', page, re.DOTALL)
    return [unescape(href) for href, words in found if text(words).replace(" :", ":").startswith(text_of_it)]


def asked(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_what_is_chosen_stays_chosen_wherever_the_results_lead(client: FlaskClient) -> None:
    page = asked(client, "/search?sort=title&view=table")
    assert "Compare them" not in page
    page = asked(client, links(page, "Add to comparison: Alpha")[0])
    assert "1 to compare. Add at least one more." in text(page)
    page = asked(client, links(page, "Add to comparison: Gamma")[0])
    elsewhere = [
        each for each in re.findall(r'href="(/(?:search|values/[a-z_]+)\?[^"]*)"', page) if "Remove" not in each
    ]
    chosen = {f"compare={each}" for each in of("Alpha", "Gamma")}
    assert len(elsewhere) > 10
    assert [each for each in elsewhere if not any(name in each for name in chosen)] == []
    assert len(re.findall(r'<input type="hidden" name="compare" value="', page)) % 2 == 0 < page.count('name="compare"')
    page = asked(client, "/search?" + "&".join(sorted(chosen)) + "&q=beta")
    assert "2 to compare" in text(page)
    assert "Remove Alpha" in text(page)
    (compare,) = links(page, "Compare them")
    assert "Compare 2 datasets" in asked(client, compare)


def test_what_is_chosen_is_taken_out_where_it_is_listed_and_where_it_was_found(client: FlaskClient) -> None:
    page = asked(client, "/search?" + urlencode([("compare", each) for each in of("Alpha", "Beta <b>")]))
    for label in ("Remove Alpha", "Remove from the comparison: Alpha"):
        (without,) = links(page, label)
        rest = asked(client, without)
        assert "1 to compare" in text(rest)
        assert "To be compared. Remove from the comparison: Beta <b>" in text(rest)
        assert len(links(rest, "Add to comparison: Alpha")) == 1


def test_a_fifth_cannot_be_chosen_and_what_is_no_dataset_is_forgotten(client: FlaskClient) -> None:
    four = ("Alpha", "Beta <b>", "Gamma", "Delta")
    page = asked(client, "/search?" + urlencode([("compare", each) for each in of(*four, "Epsilon")]))
    assert "4 to compare" in text(page)
    assert "To compare, as many as fit side by side:" in text(page)
    assert links(page, "Add to comparison") == []
    assert [len(links(page, f"Remove {title}")) for title in (*four, "Epsilon")] == [1, 1, 1, 1, 0]
    strange = [("compare", each) for each in (*of("Gone"), FORMER, "\x00<i>", "x" * 500, "")]
    page = asked(client, "/search?" + urlencode(strange))
    assert "1 to compare." in text(page)
    assert "To be compared. Remove from the comparison: Beta <b>" in text(page)


def test_what_is_chosen_is_no_part_of_the_question(client: FlaskClient) -> None:
    page = asked(client, "/search?q=alpha&" + urlencode({"compare": of("Beta <b>")[0]}))
    for start in ("/search.", "/downloads", "/api/", "/searches/new"):
        kept = [each for each in re.findall(r'href="([^"]*)"', page) if each.startswith(start)]
        assert [each for each in kept if "compare" in each] == []
    assert 'name="robots" content="noindex' in asked(client, "/search?" + urlencode({"compare": of("Alpha")[0]}))


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
