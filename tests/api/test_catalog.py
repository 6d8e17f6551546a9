"""The catalogue in RDF over HTTP: pages, forms, what caches are told, and one dataset's own document."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse
from sqlalchemy.orm import Session

from catalogue.services import exchange
from harvesters.base import Origin
from harvesters.dcat import DcatHarvester
from schemas.crosswalks.rdf_graph import Statements, statements, value_of
from schemas.crosswalks.rdf_terms import DCAT, DCT, FOAF, HYDRA, TYPE, iri
from tests.application import Published
from tests.publishing import custodian, described, identifier_of, publish, withdraw

BASE = "http://catalogue.example"
FORMS = {
    "ttl": ("text/turtle", RdfFormat.TURTLE),
    "jsonld": ("application/ld+json", RdfFormat.JSON_LD),
    "rdf": ("application/rdf+xml", RdfFormat.RDF_XML),
    "nt": ("application/n-triples", RdfFormat.N_TRIPLES),
}
TITLES = [f"Register {number:02d}" for number in range(12)]


def fill(session: Session) -> None:
    custodian(session, "Harbour Trust", is_claimed=True, identifier="https://ror.org/05abc")
    for number, title in enumerate(TITLES):
        publish(session, described(title), by="Harbour Trust" if number < 3 else "Fell and Dale Trust")
    withdraw(session, publish(session, described("Withdrawn register")))


@pytest.fixture(scope="module")
def filled(published: Published) -> Flask:
    return published(fill)


@pytest.fixture
def client(filled: Flask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setattr(exchange, "PER_PAGE", 5)
    return filled.test_client()


def read(data: bytes, suffix: str = "ttl") -> Statements:
    return statements("\n".join(f"{quad.triple} ." for quad in parse(data, FORMS[suffix][1])))


def datasets(found: Statements) -> list[str]:
    return [subject for subject, about in found.items() if iri(DCAT.Dataset) in about.get(TYPE, ())]


def view_of(found: Statements) -> dict[str, list[str]]:
    (view,) = [about for about in found.values() if iri(HYDRA.PartialCollectionView) in about.get(TYPE, ())]
    return view


@pytest.mark.parametrize("suffix", FORMS)
def test_pages_lead_through_the_whole_catalogue(client: FlaskClient, suffix: str) -> None:
    address, seen = f"/catalog.{suffix}", []
    while address:
        answer = client.get(address)
        assert (answer.status_code, answer.mimetype) == (200, FORMS[suffix][0])
        found = read(answer.data, suffix)
        seen += datasets(found)
        assert value_of(found[f"<{BASE}/catalog>"][HYDRA.totalItems][0]) == "12"
        following = view_of(found).get(HYDRA.next, [""])[0]
        assert not following or following.startswith(f"<{BASE}/catalog.{suffix}?page=")
        address = following[1:-1].removeprefix(BASE)
    assert sorted(seen) == sorted(f"<{BASE}/datasets/{identifier_of(title)}>" for title in TITLES)


def test_the_last_page_and_the_first_are_known(client: FlaskClient) -> None:
    view = view_of(read(client.get("/catalog.ttl?page=3").data))
    assert view[HYDRA.first] == [f"<{BASE}/catalog.ttl?page=1>"]
    assert view[HYDRA.previous] == [f"<{BASE}/catalog.ttl?page=2>"]
    assert view[HYDRA.last] == [f"<{BASE}/catalog.ttl?page=3>"]
    assert HYDRA.next not in view


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("text/turtle", "text/turtle"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/ld+json, text/turtle;q=0.5", "application/ld+json"),
        ("application/n-triples", "application/n-triples"),
        ("*/*", "text/turtle"),
        (None, "text/turtle"),
    ],
)
def test_the_form_is_the_one_that_is_preferred(client: FlaskClient, accept: str | None, form: str) -> None:
    answer = client.get("/catalog", headers={"Accept": accept} if accept else {})
    assert (answer.status_code, answer.mimetype) == (200, form)
    assert "Accept" in answer.vary


def test_a_browser_is_sent_to_what_people_read(client: FlaskClient) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    assert client.get("/catalog", headers=browser).location == "/search"
    assert (
        client.get("/organisations/harbour-trust/catalog", headers=browser).location == "/organisations/harbour-trust"
    )


@pytest.mark.parametrize("address", ["/catalog", "/datasets/{}", "/organisations/harbour-trust/catalog"])
def test_what_cannot_be_answered_is_refused(client: FlaskClient, address: str) -> None:
    answer = client.get(address.format(identifier_of(TITLES[0])), headers={"Accept": "image/png"})
    assert answer.status_code == 406
    # A cache must not give the refusal to those who ask for something else.
    assert "Accept" in answer.vary


@pytest.mark.parametrize("suffix", FORMS)
def test_heads_are_those_of_the_documents(client: FlaskClient, suffix: str) -> None:
    for address in ("/catalog", f"/datasets/{identifier_of(TITLES[0])}"):
        head, whole = client.head(f"{address}.{suffix}"), client.get(f"{address}.{suffix}")
        assert (head.status_code, head.data) == (200, b"")
        assert (head.mimetype, head.headers["ETag"]) == (whole.mimetype, whole.headers["ETag"])
        assert head.content_length == len(whole.data)


def test_the_first_page_is_a_view_by_both_of_its_names(client: FlaskClient) -> None:
    """Harvesters of CKAN know the older one, and take the first page for the whole without it."""
    assert sorted(view_of(read(client.get("/catalog.ttl").data))[TYPE]) == [
        iri(HYDRA.PagedCollection),
        iri(HYDRA.PartialCollectionView),
    ]


@pytest.mark.parametrize("suffix", FORMS)
def test_a_page_that_is_known_is_not_sent_again(client: FlaskClient, suffix: str) -> None:
    first = client.get(f"/catalog.{suffix}")
    again = client.get(f"/catalog.{suffix}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    other = client.get(f"/catalog.{suffix}?page=2", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


def test_forms_have_tags_of_their_own(client: FlaskClient) -> None:
    tags = {client.get(f"/catalog.{suffix}").headers["ETag"] for suffix in FORMS}
    assert len(tags) == len(FORMS)


@pytest.mark.parametrize(
    "address", ["/organisations/harbour-trust/catalog.ttl", "/catalog.ttl?custodian=harbour-trust"]
)
def test_one_organisation_has_a_catalogue_of_its_own(client: FlaskClient, address: str) -> None:
    found = read(client.get(address).data)
    assert sorted(datasets(found)) == sorted(f"<{BASE}/datasets/{identifier_of(title)}>" for title in TITLES[:3])
    catalogue = found[f"<{BASE}/organisations/harbour-trust/catalog>"]
    assert catalogue[FOAF.homepage] == [f"<{BASE}/organisations/harbour-trust>"]
    (view,) = [subject for subject, about in found.items() if iri(HYDRA.PartialCollectionView) in about.get(TYPE, ())]
    assert value_of(view).startswith(BASE + address.partition("?")[0])
    assert found[f"<{BASE}/organisations/harbour-trust>"][DCT.identifier] == ['"https://ror.org/05abc"']


@pytest.mark.parametrize(
    "address",
    [
        "/catalog.csv",
        "/catalog.ttl?page=0",
        "/catalog.ttl?page=4",
        "/catalog.ttl?page=-1",
        "/catalog.ttl?page=one",
        "/catalog.ttl?page=" + "9" * 5000,
        "/catalog.ttl?page=%D9%A1",
        "/catalog.ttl?custodian=nobody",
        "/organisations/nobody/catalog.ttl",
        "/organisations/harbour-trust/catalog.csv",
    ],
)
def test_what_is_not_there_is_not_found(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_an_empty_catalogue_has_one_page(client: FlaskClient) -> None:
    answer = client.get("/organisations/harbour-trust/catalog.ttl?page=1")
    assert answer.status_code == 200


@pytest.mark.parametrize("suffix", FORMS)
def test_a_dataset_has_a_document_of_its_own(client: FlaskClient, suffix: str) -> None:
    address = f"/datasets/{identifier_of(TITLES[0])}"
    answer = client.get(f"{address}.{suffix}")
    assert (answer.status_code, answer.mimetype) == (200, FORMS[suffix][0])
    found = read(answer.data, suffix)
    assert found[f"<{BASE}{address}>"][DCT.title] == [f'"{TITLES[0]}"']
    negotiated = client.get(address, headers={"Accept": FORMS[suffix][0]})
    assert negotiated.data == answer.data
    assert "Accept" in negotiated.vary
    again = client.get(f"{address}.{suffix}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_page_of_a_dataset_links_to_its_forms(client: FlaskClient) -> None:
    address = f"/datasets/{identifier_of(TITLES[0])}"
    page = client.get(address).get_data(as_text=True)
    assert all(f"{address}.{suffix}" in page for suffix in FORMS)


def test_other_portals_are_told_where_the_catalogue_is(client: FlaskClient) -> None:
    page = client.get("/about").get_data(as_text=True)
    assert all(f'href="/catalog.{suffix}">{BASE}/catalog.{suffix}</a>' in page for suffix in FORMS)
    assert 'id="portals"' in page
    assert 'href="/about#portals"' in client.get("/").get_data(as_text=True)


def test_a_withdrawn_dataset_is_gone_in_every_form(client: FlaskClient) -> None:
    assert client.get(f"/datasets/{identifier_of('Withdrawn register')}.ttl").status_code == 410


def test_another_catalogue_can_harvest_this_one(client: FlaskClient, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        (tmp_path / f"{number}.ttl").write_bytes(client.get(f"/catalog.ttl?page={number}").data)
    harvester = DcatHarvester.from_source(Origin(path=tmp_path), {})
    records = list(harvester.gather())
    assert harvester.outcome.complete
    assert harvester.outcome.declared_total == 12
    assert {each.identifier for each in records} == {f"{BASE}/datasets/{identifier_of(title)}" for title in TITLES}
