"""All results of a search as a file: the same datasets in the same order, made while they are sent."""

import csv
import gc
import io
import json
import tracemalloc
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse
from sqlalchemy import event, func, insert, select
from sqlalchemy.orm import Session

from catalogue.export import rdf
from catalogue.models import Dataset, DatasetVersion
from catalogue.search.backend import SearchQuery
from catalogue.search.fields import SORTS
from catalogue.services import downloads, indexing
from catalogue.services.exchange import Site
from schemas.crosswalks.rdf_graph import statements
from schemas.crosswalks.rdf_terms import DCAT, DCT, TYPE, iri
from schemas.metadata import Coverage, Description, Provenance, Summary, Temporal, from_json
from tests.application import Published
from tests.publishing import described, identifier_of, publish, withdraw

BASE = "http://catalogue.example"
SITE = Site("Alliance", BASE)
MANY = 2_000
HOSTILE = ("=1+1", "+44", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", ' "=1"', "a,b\nc")


@pytest.fixture(scope="module")
def filled(published: Published) -> Flask:
    """Two thousand registers, and a few datasets with something to see."""
    return published(fill)


def fill(session: Session) -> None:
    clinic = Description(
        summary=Summary(title="Asthma é clinic", abstract="Two\nlines", keywords=("one", "two"), population_size=-1),
        coverage=Coverage(spatial=("Wales", "Scotland")),
        provenance=Provenance(temporal=Temporal(start_date="1990-01-01", end_date="2001-12-31")),
    )
    publish(session, clinic)
    publish(session, described("Asthma register", keywords=HOSTILE[:1], abstract=HOSTILE[2]))
    publish(session, described("=HYPERLINK(1)", abstract="asthma"))
    withdraw(session, publish(session, described("Asthma withdrawn")))
    publish(session, described("Register 0000", abstract="A list of people. A list" + " of people" * 20))
    copied(session, "Register 0000", MANY - 1)


def copied(session: Session, title: str, number: int) -> None:
    """So many datasets that say the same under other titles."""
    dataset = session.scalars(select(Dataset).where(Dataset.title == title)).one()
    version = session.scalars(select(DatasetVersion).where(DatasetVersion.dataset_id == dataset.id)).one()
    start = session.scalars(select(func.max(Dataset.id))).one() + 1
    kept = {each.name: getattr(dataset, each.name) for each in Dataset.__table__.columns}
    said = {each.name: getattr(version, each.name) for each in DatasetVersion.__table__.columns if each.name != "id"}
    rows = [(start + place, f"Register {place + 1:04}") for place in range(number)]
    session.execute(
        insert(Dataset), [{**kept, "id": key, "title": name, "identifier": identifier_of(name)} for key, name in rows]
    )
    summary = version.description["summary"]
    texts = [(key, {**version.description, "summary": {**summary, "title": name}}) for key, name in rows]
    session.execute(insert(DatasetVersion), [{**said, "dataset_id": key, "description": text} for key, text in texts])


@pytest.fixture
def client(filled: Flask) -> FlaskClient:
    return filled.test_client()


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def order(client: FlaskClient, question: str) -> list[str]:
    """The identifiers of a result, as the pages of the interface have them."""
    found, address = [], f"/api/v1/datasets?{question}&per_page=100&facets=no"
    while address:
        page = client.get(address).get_json()
        found += [each["identifier"] for each in page["items"]]
        address = page["links"].get("next", "").removeprefix(BASE)
    return found


@pytest.mark.parametrize("question", ["sort=title", *(f"q=asthma&sort={sort}" for sort in SORTS), "keyword=one"])
def test_a_table_has_a_row_for_each_result_in_their_order(client: FlaskClient, question: str) -> None:
    rows = table(client.get(f"/search.csv?{question}").data)
    assert [each["identifier"] for each in rows] == order(client, question)
    assert {each["url"] for each in rows} == {f"{BASE}/datasets/{each['identifier']}" for each in rows}


def test_a_row_says_the_main_facts(client: FlaskClient) -> None:
    (row,) = table(client.get("/search.csv?q=asthma&keyword=one").data)
    assert (row["title"], row["abstract"], row["population_size"]) == ("Asthma é clinic", "Two lines", "")
    assert (row["first_year"], row["last_year"], row["period_end"]) == ("1990", "2001", "stated")
    assert (row["places"], row["keywords"]) == ("Wales; Scotland", "one; two")
    assert row["changed"] == "2025-03-01T12:00:00+00:00"


def test_a_table_opens_in_a_spreadsheet_and_runs_nothing(client: FlaskClient) -> None:
    answer = client.get("/search.csv?q=asthma")
    assert answer.data.startswith("\ufeffidentifier,".encode())
    cells = [cell for row in csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert {"'=HYPERLINK(1)", "'-2+3", "'=1+1"} <= set(cells)
    assert len(answer.data.decode().splitlines()) == 4


def test_descriptions_are_the_canonical_form(client: FlaskClient) -> None:
    found = json.loads(client.get("/search.json?q=asthma&sort=title").data)
    assert [each["catalogue"]["identifier"] for each in found] == order(client, "q=asthma&sort=title")
    for each in found:
        whole = client.get(each["catalogue"]["links"]["self"].removeprefix(BASE)).get_json()
        assert each == whole
        assert from_json(each).summary.title == each["summary"]["title"]


def test_rdf_is_one_document(client: FlaskClient) -> None:
    data = client.get("/search.ttl?q=asthma").data
    found = statements("\n".join(f"{quad.triple} ." for quad in parse(data, RdfFormat.TURTLE)))
    datasets = [each for each, about in found.items() if iri(DCAT.Dataset) in about.get(TYPE, ())]
    assert sorted(datasets) == sorted(f"<{BASE}/datasets/{each}>" for each in order(client, "q=asthma"))
    assert found[f"<{BASE}/datasets/{identifier_of('Asthma é clinic')}>"][DCT.title] == ['"Asthma é clinic"']
    assert data.count(b"@prefix dcat:") == 1


@pytest.mark.parametrize(("suffix", "empty"), [("json", b"[\n]\n"), ("csv", None), ("ttl", None)])
def test_nothing_found_is_a_document_too(client: FlaskClient, suffix: str, empty: bytes | None) -> None:
    answer = client.get(f"/search.{suffix}?custodian=nobody")
    assert answer.status_code == 200
    assert empty is None or answer.data == empty
    assert suffix != "csv" or table(answer.data) == []
    assert suffix != "ttl" or b"dcat:Dataset " not in answer.data


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/search.csv?q=Asthma+é+%26+%22copd%22%0d%0a", "datasets-asthma-copd-"),
        ("/search.json?custodian=x", "datasets-2"),
        ("/search.ttl?q=%E5%96%98%E6%81%AF", "datasets-2"),
        ("/search.csv?q=" + "../" * 99, "datasets-2"),
    ],
)
def test_files_have_plain_names(client: FlaskClient, address: str, name: str) -> None:
    stated = client.head(address).headers["Content-Disposition"]
    assert stated.startswith(f'attachment; filename="{name}')
    suffix = address.partition("?")[0].rpartition(".")[2]
    assert stated.endswith(f'.{suffix}"')


def test_other_forms_are_not_found(client: FlaskClient) -> None:
    assert client.get("/search.xlsx").status_code == 404


def test_the_page_of_results_offers_them(client: FlaskClient) -> None:
    page = client.get("/search?q=asthma&sort=title&page=1").get_data(as_text=True)
    assert "Download these results" in page
    for suffix in ("csv", "json", "ttl"):
        assert f'href="/search.{suffix}?q=asthma&amp;sort=title"' in page
    assert "Download" not in client.get("/search?custodian=nobody").get_data(as_text=True)


@pytest.mark.parametrize("form", downloads.FORMS, ids=lambda each: each.suffix)
def test_memory_does_not_grow_with_the_number(
    filled: Flask, form: downloads.Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    # what is remembered of lines that several datasets share has a limit, which two thousand do not reach
    monkeypatch.setattr(rdf, "MOST_REMEMBERED", 100)
    runtime = filled.extensions["catalogue"]
    pieces = downloads.write(runtime.reading_sessions, runtime.backend, SearchQuery("register"), form, site=SITE)
    datasets = beginning = 0
    tracemalloc.start()
    for piece in pieces:
        datasets += piece.count(b"A list of people. A list")
        if not beginning and datasets > MANY / 4:
            gc.collect()
            _, beginning = tracemalloc.get_traced_memory()
            tracemalloc.reset_peak()
    _, rest = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert datasets >= MANY
    assert rest < beginning * 1.5


@pytest.mark.parametrize("suffix", ["csv", "json", "ttl"])
def test_nothing_is_read_for_somebody_who_went_away(filled: Flask, suffix: str) -> None:
    engine = filled.extensions["catalogue"].engine
    asked: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        answer = filled.test_client().get(f"/search.{suffix}?q=register", buffered=False)
        pieces = answer.iter_encoded()
        assert next(iter(pieces))
        next(iter(pieces))
        answer.close()
        assert 0 < len(asked) < 20
        assert engine.pool.checkedout() == 0
    finally:
        event.remove(engine, "before_cursor_execute", count)


def test_a_file_is_of_one_moment(app: Flask) -> None:
    runtime = app.extensions["catalogue"]
    with runtime.sessions() as session:
        for number in range(205):
            publish(session, described(f"Register {number:03}"))
        session.commit()
        indexing.rebuild(session, runtime.backend)
        query = SearchQuery(sort="title")
        pieces = downloads.write(runtime.reading_sessions, runtime.backend, query, downloads.FORMS[0], site=SITE)
        begun = next(pieces) + next(pieces)
        publish(session, described("A new one"))
        withdraw(session, identifier_of("Register 204"))
        session.commit()
        indexing.rebuild(session, runtime.backend)
    titles = [each["title"] for each in table(begun + b"".join(pieces))]
    assert titles == [f"Register {number:03}" for number in range(204)]
