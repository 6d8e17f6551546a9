"""The Atom feed of a search: read back by a parser, paged, and not sent twice."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, fromstring

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalogue.services import feeds, indexing, news
from tests.application import Published
from tests.publishing import described, publish, withdraw

ATOM = "{http://www.w3.org/2005/Atom}"
START = datetime(2026, 11, 1, tzinfo=UTC)
NASTY = [
    "</title><script>alert(1)</script>",
    "Ten & <b>more</b> ]]>",
    "Bell \x07 and \ufffe null",
    "שלום \u202e emoji 🫀",
    "  ",
]


@pytest.fixture(scope="module")
def app(published: Published) -> Flask:
    def fill(session) -> None:
        for number in range(60):
            moment = START + timedelta(hours=number)
            identifier = publish(
                session, described(f"Plain records {number}", abstract="<p>About & more.</p>"), at=START
            )
            news.notice(session, [identifier], at=moment)
        for number, title in enumerate(NASTY):
            publish(session, described(title, keywords=("nasty",)), at=START + timedelta(days=9, hours=number))
        gone = publish(session, described("Plain records withdrawn"))
        withdraw(session, gone)

    return published(fill)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def read(client: FlaskClient, address: str) -> Element:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.mimetype == "application/atom+xml"
    return fromstring(answer.get_data())  # noqa: S314 - written by ourselves


def links(feed: Element) -> dict[str, str]:
    return {each.get("rel", ""): each.get("href", "") for each in feed.findall(f"{ATOM}link")}


def texts(feed: Element, name: str) -> list[str]:
    return [entry.findtext(ATOM + name) or "" for entry in feed.findall(f"{ATOM}entry")]


def test_the_feed_is_valid_and_says_where_it_is(client: FlaskClient) -> None:
    feed = read(client, "/search.atom?q=plain+records&sort=title&page=1")
    base = "http://catalogue.example"
    assert feed.findtext(f"{ATOM}id") == f"{base}/search.atom?q=plain+records"
    assert feed.findtext(f"{ATOM}title") == "plain records - Health Dataset Catalogue"
    assert feed.findtext(f"{ATOM}updated") == "2026-11-03T11:00:00Z"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Health Dataset Catalogue"
    assert links(feed) == {
        "alternate": f"{base}/search?q=plain+records",
        "self": f"{base}/search.atom?q=plain+records",
        "first": f"{base}/search.atom?q=plain+records",
        "next": f"{base}/search.atom?q=plain+records&page=2",
        "last": f"{base}/search.atom?q=plain+records&page=2",
    }
    (entry, *_) = feed.findall(f"{ATOM}entry")
    assert (entry.findtext(f"{ATOM}title"), entry.findtext(f"{ATOM}updated")) == (
        "Plain records 59",
        "2026-11-03T11:00:00Z",
    )
    assert entry.findtext(f"{ATOM}summary") == "<p>About & more.</p>"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Fell and Dale Trust"
    assert (entry.findtext(f"{ATOM}id") or "").startswith(f"{base}/datasets/")


def test_its_pages_have_everything_once_the_latest_first(client: FlaskClient) -> None:
    first = read(client, "/search.atom?q=plain+records")
    path = urlsplit(links(first)["next"])
    second = read(client, f"{path.path}?{path.query}")
    assert "next" not in links(second)
    assert links(second)["previous"] == links(first)["self"]
    titles = texts(first, "title") + texts(second, "title")
    assert titles == [f"Plain records {number}" for number in reversed(range(60))]
    assert len(set(texts(first, "id") + texts(second, "id"))) == 60
    assert second.findtext(f"{ATOM}updated") == first.findtext(f"{ATOM}updated")
    assert client.get("/search.atom?q=plain+records&page=3").status_code == 404


def test_many_results_come_in_the_same_order(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = client.get("/search.atom").get_data()
    monkeypatch.setattr(feeds, "FEW", 1)
    assert client.get("/search.atom").get_data() == expected


def test_titles_of_any_kind_survive(client: FlaskClient) -> None:
    feed = read(client, "/search.atom?keyword=nasty")
    allowed = [each.replace("\x07", "").replace("\ufffe", "").strip() or "Untitled" for each in NASTY]
    assert texts(feed, "title") == list(reversed(allowed))


def test_nothing_found_is_a_feed_too(client: FlaskClient) -> None:
    for address in ("/search.atom?q=haemochromatosis", "/search.atom?q=records+haemochromatosis", "/search.atom?q=%00"):
        assert read(client, address).findtext(f"{ATOM}updated")
    assert texts(read(client, "/search.atom?q=records+haemochromatosis"), "id") == []


def test_what_a_reader_has_is_not_sent_again(client: FlaskClient) -> None:
    answer = client.get("/search.atom?q=plain")
    again = client.get("/search.atom?q=plain", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    since = client.get("/search.atom?q=plain", headers={"If-Modified-Since": answer.headers["Last-Modified"]})
    assert since.status_code == 304
    assert "Set-Cookie" not in answer.headers


def test_a_change_is_at_the_top_however_old_it_is_said_to_be(app: Flask, client: FlaskClient) -> None:
    runtime = app.extensions["catalogue"]
    with runtime.sessions() as session:
        late = publish(session, described("Lately harvested ledgers"), at=datetime(2012, 5, 1, tzinfo=UTC))
        session.commit()
        indexing.refresh(session, runtime.backend, [late])
        news.notice(session, [late], at=START + timedelta(days=20))
    feed = read(client, "/search.atom")
    assert texts(feed, "title")[0] == "Lately harvested ledgers"
    assert texts(feed, "published")[0] == "2012-05-01T00:00:00Z"


def test_the_results_page_says_where_the_feed_is(client: FlaskClient) -> None:
    page = client.get("/search?q=plain&page=2&sort=title").get_data(as_text=True)
    assert 'type="application/atom+xml" title="These results as an Atom feed" href="/search.atom?q=plain"' in page
