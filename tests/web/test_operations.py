import re

import pytest
from flask.testing import FlaskClient

from catalogue.runtime import Runtime
from catalogue.web import operations
from schemas.metadata import Description
from tests.publishing import described, identifier_of, publish, withdraw

pytestmark = pytest.mark.parametrize("databases", ["sqlite", "postgresql"], indirect=True)


def addresses(client: FlaskClient, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.mimetype == "application/xml"
    return re.findall(r"<loc>([^<]+)</loc>", answer.get_data(as_text=True))


def fill(runtime: Runtime) -> None:
    with runtime.sessions() as session:
        for number in range(5):
            publish(session, described(f"Dataset {number}"))
        withdraw(session, identifier_of("Dataset 4"))
        session.commit()


def test_the_process_lives_and_is_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").json == {"status": "ok", "database": "ok", "index": "ok"}


def test_the_sitemap_lists_what_is_public(client: FlaskClient, runtime: Runtime) -> None:
    fill(runtime)
    listed = addresses(client, "/sitemap.xml")
    assert "http://catalogue.example/" in listed
    datasets = [each for each in listed if "/datasets/" in each]
    assert datasets == [
        f"http://catalogue.example/datasets/{identifier_of(f'Dataset {number}')}" for number in range(4)
    ]


def test_a_long_sitemap_has_parts(client: FlaskClient, runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "SITEMAP_ENTRIES", 3)
    fill(runtime)
    parts = addresses(client, "/sitemap.xml")
    assert parts == [f"http://catalogue.example/sitemap-{number}.xml" for number in (1, 2)]
    listed = [each for number in (1, 2) for each in addresses(client, f"/sitemap-{number}.xml")]
    assert len([each for each in listed if "/datasets/" in each]) == 4
    assert client.get("/sitemap-3.xml").status_code == 404
    assert client.get("/sitemap-0.xml").status_code == 404


def test_crawlers_are_told_where_to_go(client: FlaskClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    lines = answer.get_data(as_text=True).splitlines()
    assert "Sitemap: http://catalogue.example/sitemap.xml" in lines
    assert {"Disallow: /search?", "Disallow: /sign-in"} <= set(lines)


def test_an_address_that_is_not_there_has_a_page(client: FlaskClient) -> None:
    answer = client.get("/nothing/here?q=<script>")
    assert answer.status_code == 404
    assert "Page not found" in answer.get_data(as_text=True)


def test_a_method_that_is_not_taken_has_a_page(client: FlaskClient) -> None:
    answer = client.post("/search")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_a_mistake_of_ours_has_a_page(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object) -> Description:
        raise ValueError

    monkeypatch.setattr(client.application, "testing", False)
    monkeypatch.setattr("catalogue.web.home.discovery.overview", fail)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.get_data(as_text=True)
