"""Searches that people keep, from the results page to the list that says what is new."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalogue import clock
from catalogue.models import SavedSearch
from catalogue.runtime import Runtime
from catalogue.services import indexing, news
from schemas.metadata import Description
from tests.asking import TARN, Cast
from tests.people import token_in
from tests.publishing import described, publish, withdraw
from tests.web.conversations import as_, text_of


@pytest.fixture
def cast(cast: Cast, indexed: None, runtime: Runtime) -> Cast:
    with runtime.sessions() as session:
        news.notice(session, [cast.tarn_dataset, cast.beck_dataset, cast.unclaimed_dataset], at=clock.now())
    return cast


@pytest.fixture
def arrive(runtime: Runtime) -> Callable[[Description], str]:
    """Publishes a description as a harvest would, with the search index and the news brought up to date."""

    def arrive(description: Description) -> str:
        with runtime.sessions() as session:
            identifier = publish(session, description, by=TARN)
            session.commit()
            indexing.refresh(session, runtime.backend, [identifier])
            news.notice(session, [identifier], at=clock.now())
        return identifier

    return arrive


def save(client: FlaskClient, *, name: str = "Asthma", often: str = "daily", query: str = "q=records") -> str:
    """Save a search, and its identifier."""
    page = text_of(client, f"/searches/new?{query}")
    form = {"csrf_token": token_in(page), "name": name, "often": often}
    assert client.post(f"/searches/new?{query}", data=form).location == "/searches?saved=yes"
    return text_of(client, "/searches").split('id="search-')[1][:36]


def send(client: FlaskClient, address: str, **data: str):
    return client.post(address, data={"csrf_token": token_in(text_of(client, "/searches")), **data})


def test_a_visitor_signs_in_and_comes_back_with_the_question(client: FlaskClient, app: Flask, cast: Cast) -> None:
    page = text_of(client, "/search?q=records&custodian=tarn-hospital&sort=title&page=1")
    assert 'href="/searches/new?q=records&amp;custodian=tarn-hospital"' in page
    answer = client.get("/searches/new?q=records&custodian=tarn-hospital")
    assert answer.location == "/sign-in?next=/searches/new?q%3Drecords%26custodian%3Dtarn-hospital"
    page = text_of(as_(app, cast.researcher), "/searches/new?q=records&custodian=tarn-hospital")
    assert 'value="records from Tarn Hospital"' in page
    assert "It finds 1 dataset now." in page


def test_a_search_is_saved_run_and_named_anew(ada: FlaskClient, cast: Cast) -> None:
    identifier = save(ada, query="q=records&custodian=tarn-hospital&from=2010&exact=yes")
    page = text_of(ada, "/searches")
    assert "Asthma</a></h2>" in page
    assert "records from Tarn Hospital, with data from 2010 on" in page
    assert "mail: once a day" in page
    answer = ada.get(f"/searches/{identifier}")
    assert answer.location == "/search?q=records&custodian=tarn-hospital&from=2010&exact=yes"
    assert "You have saved it already as" in text_of(ada, f"/searches/new?{answer.location.partition('?')[2]}")
    send(ada, f"/searches/{identifier}", name="Children\r\n and <asthma>", often="weekly")
    page = text_of(ada, "/searches")
    assert "Children and &lt;asthma&gt;</a></h2>" in page
    assert "mail: once a week" in page


def test_a_search_without_a_name_is_shown_again(ada: FlaskClient, cast: Cast) -> None:
    identifier = save(ada)
    for name, said in (("  ", "A name is missing"), ("x" * 201, "more than 200 characters")):
        token = token_in(text_of(ada, "/searches"))
        for address in ("/searches/new?q=records", f"/searches/{identifier}"):
            answer = ada.post(address, data={"csrf_token": token, "name": name, "often": "daily"})
            assert answer.status_code == 422
            assert said in answer.get_data(as_text=True)


def test_the_list_says_what_came_and_what_changed_since_the_last_look(
    ada: FlaskClient, cast: Cast, arrive: Callable[[Description], str]
) -> None:
    identifier = save(ada)
    assert "3 results now" in text_of(ada, "/searches")
    assert "nothing new" in text_of(ada, "/searches")
    arrive(described("Records of asthma <b>"))
    arrive(described(f"Records of {TARN}", abstract="Changed."))
    arrive(described("Something else"))
    page = text_of(ada, "/searches")
    assert "4 results now" in page
    assert "2 new or changed" in page
    shown = text_of(ada, ada.get(f"/searches/{identifier}/new").location)
    assert "2 datasets came or changed" in shown
    assert "Records of asthma &lt;b&gt;" in shown
    assert "nothing new" in text_of(ada, "/searches")


def test_without_news_the_results_are_counted_and_not_gathered(
    ada: FlaskClient, cast: Cast, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(ada)
    monkeypatch.setattr(runtime.backend, "identifiers", lambda _query: pytest.fail("all of it was gathered"))
    assert "3 results now" in text_of(ada, "/searches")


def test_running_it_is_looking_at_it(ada: FlaskClient, cast: Cast, arrive: Callable[[Description], str]) -> None:
    identifier = save(ada)
    arrive(described("More records"))
    assert "1 new or changed" in text_of(ada, "/searches")
    ada.get(f"/searches/{identifier}")
    assert "nothing new" in text_of(ada, "/searches")


def test_what_is_withdrawn_is_not_new(
    ada: FlaskClient, cast: Cast, runtime: Runtime, arrive: Callable[[Description], str]
) -> None:
    save(ada)
    more = arrive(described("More records"))
    with runtime.sessions() as session:
        withdraw(session, more)
        session.commit()
    assert "nothing new" in text_of(ada, "/searches")


def test_results_with_only_some_of_the_words_do_not_count(ada: FlaskClient, cast: Cast) -> None:
    assert "It finds nothing now." in text_of(ada, "/searches/new?q=records+haemochromatosis")


def test_a_deleted_search_can_be_put_back(ada: FlaskClient, cast: Cast) -> None:
    identifier = save(ada)
    answer = send(ada, f"/searches/{identifier}/delete")
    page = text_of(ada, answer.location)
    assert "“Asthma” is deleted." in page
    assert f'id="search-{identifier}"' not in page
    assert ada.get(f"/searches/{identifier}").status_code == 404
    send(ada, f"/searches/{identifier}/put-back")
    assert f'id="search-{identifier}"' in text_of(ada, "/searches")
    assert send(ada, f"/searches/{identifier}/put-back").status_code == 404
    assert text_of(ada, "/searches?removed=%00")


def test_a_search_that_can_no_longer_be_asked_breaks_nothing(ada: FlaskClient, cast: Cast, runtime: Runtime) -> None:
    identifier = save(ada)
    save(ada, name="Another")
    with runtime.sessions() as session:
        saved = session.query(SavedSearch).filter_by(identifier=identifier).one()
        saved.question = {"text": "x", "filters": {"gone": ["y"]}, "years": [None, None], "exact": False}
        session.commit()
    page = text_of(ada, "/searches")
    assert "Cannot be run any more" in page
    assert "3 results now" in page
    assert ada.get(f"/searches/{identifier}").status_code == 404
    assert ada.get(f"/searches/{identifier}/new?since=2025-01-01T00:00:00Z").status_code == 404


@pytest.mark.parametrize(
    "since", ["", "yesterday", "2026-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59-14:00"]
)
def test_moments_that_are_none_are_taken_for_the_last_look(ada: FlaskClient, cast: Cast, since: str) -> None:
    identifier = save(ada)
    answer = ada.get(f"/searches/{identifier}/new", query_string={"since": since})
    assert answer.status_code == 303
    assert ada.get(answer.location).status_code == 200


def test_nobody_gets_at_the_searches_of_another(app: Flask, ada: FlaskClient, cast: Cast) -> None:
    identifier = save(ada)
    eve = as_(app, cast.other_researcher)
    assert eve.get(f"/searches/{identifier}").status_code == 404
    assert send(eve, f"/searches/{identifier}", name="Mine", often="off").status_code == 404
    send(eve, f"/searches/{identifier}/delete")
    assert "Asthma" in text_of(ada, "/searches")
    assert "Asthma" not in text_of(eve, "/searches")


def test_there_is_room_for_so_many(ada: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalogue.services.saved_searches.MOST_SEARCHES", 1)
    save(ada)
    token = token_in(text_of(ada, "/searches"))
    answer = ada.post("/searches/new?q=x", data={"csrf_token": token, "name": "x", "often": "daily"})
    assert answer.status_code == 409
    assert ada.post("/searches/new?q=x", data={"csrf_token": token, "name": "", "often": "odd"}).status_code == 422


def test_a_search_deleted_long_ago_is_forgotten(ada: FlaskClient, cast: Cast, runtime: Runtime) -> None:
    identifier = save(ada)
    send(ada, f"/searches/{identifier}/delete")
    with runtime.sessions() as session:
        saved = session.query(SavedSearch).one()
        saved.removed_at = clock.now() - timedelta(days=31)
        session.commit()
    send(ada, f"/searches/{identifier}/delete")
    with runtime.reading_sessions() as session:
        assert session.query(SavedSearch).count() == 0
