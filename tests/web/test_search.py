import re
from html import unescape
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from sqlalchemy import event
from sqlalchemy.orm import Session

from catalogue.domain.permissions import Role
from catalogue.runtime import Runtime
from catalogue.search.fields import ASKED_AS
from catalogue.services import indexing
from schemas.metadata import (
    Column,
    Coverage,
    Description,
    Provenance,
    StructuralMetadata,
    Summary,
    Table,
    Temporal,
)
from tests.application import Published
from tests.integration.test_search_language import TYPED
from tests.people import actor_for, client_of
from tests.publishing import described, identifier_of, publish

COUNT = 60


@pytest.fixture(scope="module")
def library(published: Published) -> Flask:
    """A catalogue that is filled once for the tests here that only read."""
    return published(fill)


def fill(session: Session) -> None:
    """Sixty datasets of two custodians; every fifth about asthma, one of them with columns."""
    for number in range(COUNT):
        about = "asthma clinic letters" if number % 5 == 0 else "birth register"
        description = Description(
            summary=Summary(
                title=f"Dataset {number:02} {about}",
                abstract=f"Every visit for {about} in one place & more.",
                keywords=(f"keyword {number % 30}",),
                population_size=1000 * number if number else None,
            ),
            coverage=Coverage(spatial=("Wales",) if number % 2 else ()),
            provenance=Provenance(temporal=Temporal(start_date=f"{1960 + number}-01-01", end_date="CONTINUOUS")),
        )
        if number == 10:
            columns = (Column(name="asthma_score", description="Asthma control score"), Column(name="nhs_number"))
            tables = StructuralMetadata(tables=(Table(name="visits", columns=columns),))
            description = Description(
                summary=description.summary, provenance=description.provenance, structural_metadata=tables
            )
        publish(session, description, by="Tarn Hospital" if number % 3 == 0 else "Fell and Dale Trust")


def links(page: str) -> list[str]:
    return [unescape(address) for address in re.findall(r'href="([^"]*)"', page)]


def heading(page: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert found
    return unescape(re.sub(r"<[^>]+>", "", found[1])).strip()


class TestResults:
    @pytest.fixture
    def client(self, library: Flask) -> FlaskClient:
        return library.test_client()

    def test_the_question_is_said_in_words(self, client: FlaskClient) -> None:
        address = "/search?q=asthma&custodian=fell-and-dale-trust&structure=yes"
        page = client.get(address).get_data(as_text=True)
        assert heading(page) == "1 dataset for asthma from Fell and Dale Trust, with column-level metadata"
        assert "<em" in page

    def test_a_result_says_what_is_needed_to_judge_it(self, client: FlaskClient) -> None:
        page = client.get("/search?q=asthma&structure=yes").get_data(as_text=True)
        assert f'href="/datasets/{identifier_of("Dataset 10 asthma clinic letters")}"' in page
        assert "<mark>" in page
        for fact in ("10,000 people", "1970 to now", "2 columns", "Quality"):
            assert fact in page
        assert "<code>asthma_score</code>" in page
        assert "in one place &amp; more" in page

    def test_chips_take_filters_back(self, client: FlaskClient) -> None:
        page = client.get("/search?q=asthma&custodian=tarn-hospital&coverage=Wales&from=1990").get_data(as_text=True)
        assert "/search?q=asthma&coverage=Wales&from=1990" in links(page)
        assert "/search?q=asthma&custodian=tarn-hospital&from=1990" in links(page)
        assert "/search?q=asthma&custodian=tarn-hospital&coverage=Wales" in links(page)
        assert "/search?q=asthma" in links(page), "all filters cleared"

    def test_every_filter_is_an_address_that_answers_with_its_count(self, client: FlaskClient) -> None:
        page = client.get("/search?q=asthma").get_data(as_text=True)
        filters = re.findall(r'catalogue-facet__value" href="([^"]*)".*?facet__count">([0-9,]+)<', page)
        assert len(filters) > 10
        for address, count in filters[::7]:
            found = heading(client.get(unescape(address)).get_data(as_text=True))
            assert found.split()[0] == count

    def test_ten_values_are_listed_and_not_stated_is_last(self, client: FlaskClient) -> None:
        page = client.get("/search").get_data(as_text=True)
        keywords = page.split(">Keyword</h3>")[1].split("</details>")[0]
        assert keywords.split("<details")[0].count("<li>") == 10
        assert "20 more" in keywords
        places = page.split(">Place</h3>")[1].split("</details>")[0]
        assert places.index("Wales") < places.index("Not stated")

    def test_a_facet_that_few_state_is_folded_away(self, client: FlaskClient) -> None:
        page = client.get("/search").get_data(as_text=True)
        opened = {
            name: bool(is_open) for is_open, name in re.findall(r'facet"( open)?>.*?<h3[^>]*>([^<]*)<', page, re.DOTALL)
        }
        assert opened["Custodian"]
        assert opened["Place"]
        assert not opened["Standard"] if "Standard" in opened else True
        chosen = client.get("/search?structure=yes").get_data(as_text=True)
        assert re.search(r'facet" open>\s*<summary[^>]*><h3[^>]*>Tables and columns<', chosen)

    def test_pages_lead_to_the_last(self, client: FlaskClient) -> None:
        first = client.get("/search?sort=title").get_data(as_text=True)
        assert "1 to 25 of 60" in first
        assert "/search?sort=title&page=3" in links(first)
        last = client.get("/search?sort=title&page=3").get_data(as_text=True)
        assert "51 to 60 of 60" in last
        assert "Dataset 59" in last

    def test_a_page_that_is_not_there_says_so(self, client: FlaskClient) -> None:
        answer = client.get("/search?q=asthma&page=99")
        page = answer.get_data(as_text=True)
        assert answer.status_code == 200
        assert "There is no page 99" in page
        assert "/search?q=asthma" in links(page)

    def test_years_narrow_down_by_overlap(self, client: FlaskClient) -> None:
        page = client.get("/search?to=1962").get_data(as_text=True)
        assert heading(page) == "3 datasets with data up to 1962"

    def test_the_form_of_years_keeps_the_other_filters(self, client: FlaskClient) -> None:
        page = client.get("/search?q=asthma&custodian=tarn-hospital&from=1990&page=1").get_data(as_text=True)
        form = page.split('class="catalogue-years"')[1].split("</form>")[0]
        assert 'name="q" value="asthma"' in form
        assert 'name="custodian" value="tarn-hospital"' in form
        assert form.count('name="from"') == 1

    def test_any_of_the_words_suffice_when_nothing_has_all(self, client: FlaskClient) -> None:
        page = client.get("/search?q=asthma+register").get_data(as_text=True)
        assert "No dataset has all of these words." in page

    def test_nothing_found_says_what_was_searched_and_where_to_go(self, client: FlaskClient) -> None:
        page = client.get("/search?q=zyxwvu&custodian=tarn-hospital&coverage=Wales").get_data(as_text=True)
        assert heading(page) == "No datasets for zyxwvu from Tarn Hospital, covering Wales"
        assert "“zyxwvu”, with 2 filters" in page
        assert "/search?q=zyxwvu" in links(page)
        assert "/organisations" in links(page)

    @pytest.mark.parametrize(
        "parameters",
        [
            {"q": "asthma " * 1500},
            {"q": '"' * 50},
            {"q": "<script>alert(1)</script>"},
            {"q": "title:( AND OR NOT *?~^"},
            {"q": "\x00\ud7ff\u202e"},
            {"custodian": "nobody"},
            {"custodian": "x" * 5000},
            {"decade": "not-stated"},
            {"colour": "red"},
            {"from": "2015", "to": "1990"},
            {"page": "0"},
            {"page": "9" * 400},
            {"page": "1000000000"},
            {"q": "asthma", "exact": "\x00"},
            {"q": "\u202easthma\x00\x1b[31m\ufffe " * 400},
            {"sort": "'; DROP TABLE dataset; --"},
        ],
    )
    def test_any_question_is_answered_by_a_page(self, client: FlaskClient, parameters: dict[str, str]) -> None:
        assert client.get(f"/search?{urlencode(parameters)}").status_code == 200

    @settings(max_examples=20)
    @given(text=TYPED)
    def test_whatever_is_typed_is_a_page(self, library: Flask, text: str) -> None:
        answer = library.test_client().get("/search", query_string={"q": text.encode("utf-8", "replace").decode()})
        assert answer.status_code == 200

    def test_a_page_that_no_catalogue_has_is_said_to_be_missing(self, client: FlaskClient) -> None:
        page = client.get("/search?page=1000000000").get_data(as_text=True)
        assert "There is no page 1,000,000,000" in page

    def test_a_thousand_filters_are_a_page_that_says_so(self, client: FlaskClient) -> None:
        known = [("keyword", f"keyword {number}") for number in range(1000)]
        unknown = [(f"colour{number}", "red") for number in range(1000)]
        page = client.get(f"/search?{urlencode(known + unknown)}").get_data(as_text=True)
        assert "Only the first 50 filters were used." in page
        assert page.count("is not a filter here") == 3
        assert len(page) < 400_000

    def test_ten_thousand_characters_are_a_page_that_says_so(self, client: FlaskClient) -> None:
        page = client.get(f"/search?{urlencode({'q': 'asthma ' * 1429})}").get_data(as_text=True)
        assert "longer than 2,000 characters" in page
        assert len(page) < 700_000

    def test_other_words_are_said_and_can_be_left_out(self, client: FlaskClient) -> None:
        page = client.get("/search?q=asthma+casualty+clinc&custodian=tarn-hospital").get_data(as_text=True)
        exact = next(address for address in links(page) if "exact=yes" in address)
        assert exact == "/search?q=asthma+casualty+clinc&custodian=tarn-hospital&exact=yes"
        assert "“clinic” was searched instead" in page
        page = client.get(exact).get_data(as_text=True)
        assert heading(page).startswith("No datasets")
        assert "asthma casualty clinic</a>" in page.split("Did you mean")[1]
        assert "Searched exactly as typed" in page
        form = page.split('role="search"')[1].split("</form>")[0]
        assert "exact" not in form

    def test_datasets_with_some_of_the_words_follow_the_few_that_have_all(self, client: FlaskClient) -> None:
        page = client.get("/search?q=letters+asthma_score").get_data(as_text=True)
        assert heading(page) == "1 dataset for letters asthma_score"
        listed, more = page.split("Datasets with some of these words")
        assert "Dataset 10" in listed
        assert "Dataset 10" not in more
        assert more.count("asthma clinic letters</a>") == 9

    def test_visitors_are_not_told_why_results_are_in_their_order(self, client: FlaskClient) -> None:
        page = client.get("/search?q=asthma&explain=1").get_data(as_text=True)
        assert "Only the alliance office sees why results are in this order." in page
        assert "in title" not in page
        assert "explain=1" not in client.get("/search?q=asthma").get_data(as_text=True)

    def test_the_office_is_told_why_results_are_in_their_order(self, library: Flask) -> None:
        office = client_of(library, actor_for(library.extensions["catalogue"], Role.OFFICE))
        page = office.get("/search?q=asthma+visits").get_data(as_text=True)
        explained = next(address for address in links(page) if "explain=1" in address)
        page = office.get(explained).get_data(as_text=True)
        shown = page.split("Why results are in this order")[1]
        assert "“asthma” in title" in shown
        assert shown.count("All together") == 12

    def test_the_page_says_how_to_search(self, client: FlaskClient) -> None:
        page = client.get("/search").get_data(as_text=True)
        shown = page.split("How to search")[1].split("</details>")[0]
        assert {f"{name}:" for name in ASKED_AS} <= set(re.findall(r"<code>(\w+:)</code>", shown))

    def test_more_results_are_not_more_queries(self, client: FlaskClient, library: Flask) -> None:
        seen: list[str] = []
        event.listen(
            library.extensions["catalogue"].engine, "before_cursor_execute", lambda *given: seen.append(given[2])
        )
        client.get("/search?structure=yes")
        for_one = len(seen)
        client.get("/search")
        assert len(seen) == 2 * for_one
        assert for_one > 0


def test_an_empty_catalogue_has_an_empty_page(client: FlaskClient) -> None:
    page = client.get("/search").get_data(as_text=True)
    assert heading(page) == "No datasets"
    assert "No dataset is described here yet." in page


def test_a_broken_index_is_a_page_that_says_so(client: FlaskClient, runtime: Runtime) -> None:
    with runtime.sessions() as session:
        publish(session, described("Lone dataset"))
        session.commit()
        indexing.rebuild(session, runtime.backend)
    for path in runtime.settings.index_folder.iterdir():
        if path.is_file():
            path.write_text("nonsense")
    answer = client.get("/search")
    assert answer.status_code == 503
    assert "does not answer" in answer.get_data(as_text=True)
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.json == {"status": "unavailable", "database": "ok", "index": "unavailable"}
