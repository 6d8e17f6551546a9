"""The interface for programs: results in pages, datasets in full, refusals, and what its description promises."""

import json
import re
import shlex
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator, FormatChecker
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from catalogue.api import refusals
from catalogue.search.backend import IndexUnavailable
from catalogue.search.fields import FACET_NAMES
from catalogue.search.whoosh_backend import WhooshBackend
from catalogue.services import indexing
from docs.samples import ANSWER, DATASET, SAMPLES, SITE
from schemas.api.description import document
from schemas.metadata import Column, Coverage, Description, StructuralMetadata, Summary, Table, from_json
from schemas.validation import load
from tests.application import Published
from tests.publishing import custodian, described, identifier_of, publish, withdraw

ROOT = Path(__file__).resolve().parent.parent.parent
BASE = "http://catalogue.example"
COUNT = 23
JOINED = "0f4f4a6a-4a0e-4b5e-8f5c-6a1f6a9c1a11"


def fill(session: Session) -> None:
    """Datasets of two custodians, four of them about asthma, one withdrawn."""
    custodian(session, "Tarn Hospital", is_claimed=True, identifier="https://ror.org/05abc")
    for number in range(COUNT):
        about = "asthma clinic" if number % 6 == 0 else "birth register"
        description = Description(
            summary=Summary(
                title=f"{about} {number:02}", abstract=f"Visits for {about}.", population_size=500 * number
            ),
            coverage=Coverage(spatial=("Wales",) if number % 2 else ("Scotland",)),
        )
        if number == 6:
            columns = (Column(name="asthma_score", description="Score of control"),)
            tables = StructuralMetadata(tables=(Table(name="visits", columns=columns),))
            description = Description(summary=description.summary, structural_metadata=tables)
        publish(session, description, by="Tarn Hospital" if number < 4 else "Fell and Dale Trust")
    publish(session, described("continued"), formerly=(JOINED,))
    withdraw(session, publish(session, described("withdrawn")))


@pytest.fixture(scope="module")
def filled(published: Published) -> Flask:
    return published(fill)


@pytest.fixture
def client(filled: Flask) -> FlaskClient:
    return filled.test_client()


def ask(client: FlaskClient, **parameters: Any) -> dict[str, Any]:
    answer = client.get(f"/api/v1/datasets?{urlencode(parameters, doseq=True)}")
    assert (answer.status_code, answer.mimetype) == (200, "application/json"), answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    hold("DatasetList", found)
    return found


def hold(schema: str, value: object) -> None:
    """Hold an answer to its schema of the description, and to nothing that is not in it."""
    whole = {"$ref": f"#/components/schemas/{schema}", "components": closed(document()["components"])}
    problems = list(Draft202012Validator(whole, format_checker=FormatChecker()).iter_errors(value))
    assert [f"{each.json_path}: {each.message}" for each in problems] == []


def closed(schema: Any) -> Any:
    """The schema without room for later additions."""
    if isinstance(schema, dict):
        more = {"additionalProperties": False} if "properties" in schema and schema.get("type") == "object" else {}
        return {key: closed(each) for key, each in schema.items()} | more
    return [closed(each) for each in schema] if isinstance(schema, list) else schema


def refused(answer: TestResponse, status: int) -> dict[str, Any]:
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    found: dict[str, Any] = json.loads(answer.data)
    hold("ProblemDocument", found)
    assert found["status"] == status
    return found


class TestResults:
    def test_items_say_what_a_list_shows(self, client: FlaskClient) -> None:
        found = ask(client, q="asthma", structure="yes")
        (item,) = found["items"]
        identifier = identifier_of("asthma clinic 06")
        assert (item["identifier"], item["url"]) == (identifier, f"{BASE}/datasets/{identifier}")
        assert (item["custodian"], item["custodian_slug"]) == ("Fell and Dale Trust", "fell-and-dale-trust")
        assert (item["population_size"], item["column_count"], item["years"]) == (3000, 1, None)
        assert item["columns"] == ["asthma_score"]
        assert item["changed"] == "2025-03-01T12:00:00+00:00"

    def test_matches_are_places_in_the_text(self, client: FlaskClient) -> None:
        snippet = ask(client, q="asthma")["items"][0]["snippet"]
        assert {snippet["text"][first:last].casefold() for first, last in snippet["matches"]} == {"asthma"}

    def test_every_link_leads_somewhere(self, client: FlaskClient) -> None:
        links = ask(client, q="asthma")["items"][0]["links"]
        forms = {each["media_type"]: each["href"] for each in links["formats"]}
        assert {"application/json", "text/turtle", "application/ld+json"} <= forms.keys()
        for address in (links["self"], links["page"], links["custodian"], *forms.values()):
            assert client.get(address.removeprefix(BASE)).status_code == 200

    def test_facets_count_what_there_would_be(self, client: FlaskClient) -> None:
        found = ask(client, coverage="Wales")
        assert tuple(found["facets"]) == FACET_NAMES
        places = {each["value"]: each["count"] for each in found["facets"]["coverage"]}
        assert places["Wales"] == found["total"] == 11
        assert places["Scotland"] == 11
        assert "facets" not in ask(client, coverage="Wales", facets="no")

    def test_values_of_a_facet_are_alternatives(self, client: FlaskClient) -> None:
        both = ask(client, coverage=["Wales", "Scotland"])["total"]
        assert both == ask(client, coverage="Wales")["total"] + ask(client, coverage="Scotland")["total"]

    def test_what_was_made_of_the_words_is_said(self, client: FlaskClient) -> None:
        found = ask(client, q="asthmma")["interpretation"]
        assert found["corrections"] == {"asthmma": ["asthma"]}
        assert ask(client, q="asthma zebrafish")["interpretation"]["relaxed"] is True
        assert ask(client, q="asthmma", exact="yes")["total"] == 0

    def test_the_closest_of_the_others_come_beside_hardly_any_results(self, client: FlaskClient) -> None:
        found = ask(client, q="asthma asthma_score")
        assert [each["title"] for each in found["items"]] == ["asthma clinic 06"]
        assert "asthma clinic 00" in {each["title"] for each in found["more"]}
        assert found["total"] == 1

    @pytest.mark.parametrize("sort", ["relevance", "changed", "title", "quality"])
    @pytest.mark.parametrize("per_page", [1, 5, 24, 100])
    def test_pages_hold_every_result_once(self, client: FlaskClient, sort: str, per_page: int) -> None:
        address, seen, header = f"/api/v1/datasets?sort={sort}&per_page={per_page}&facets=no", [], None
        while address:
            answer = client.get(address)
            found = answer.get_json()
            assert len(found["items"]) <= per_page
            seen += [each["identifier"] for each in found["items"]]
            address = found["links"].get("next", "").removeprefix(BASE)
            header = answer.headers["Link"]
            assert ('rel="next"' in header) == (found["next"] is not None) == bool(address)
        assert len(seen) == len(set(seen)) == found["total"] == COUNT + 1
        assert header is not None
        if sort == "title":
            titles = [each["title"] for each in ask(client, sort="title", per_page=100)["items"]]
            assert titles == sorted(titles)

    def test_a_cursor_stands_for_the_next_page(self, client: FlaskClient) -> None:
        first = ask(client, per_page=5)
        by_cursor = ask(client, per_page=5, cursor=first["next"])
        by_link = client.get(first["links"]["next"].removeprefix(BASE)).get_json()
        assert by_cursor["items"] == by_link["items"]
        assert by_cursor["links"]["first"] == first["links"]["self"]

    def test_an_answer_that_is_known_is_not_sent_again(self, client: FlaskClient) -> None:
        first = client.get("/api/v1/datasets?q=asthma")
        again = client.get("/api/v1/datasets?q=asthma", headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_pages_go_on_when_the_catalogue_changes(app: Flask) -> None:
    runtime, client = app.extensions["catalogue"], app.test_client()
    with runtime.sessions() as session:
        for number in range(9):
            publish(session, described(f"Register {number}"))
        session.commit()
        indexing.rebuild(session, runtime.backend)
        first = ask(client, per_page=3, sort="title")
        withdraw(session, identifier_of("Register 8"))
        publish(session, described("Register 9"))
        publish(session, described("A new one"))
        session.commit()
        indexing.rebuild(session, runtime.backend)
    second = ask(client, per_page=3, sort="title", cursor=first["next"])
    third = ask(client, per_page=3, sort="title", cursor=second["next"])
    assert [each["title"] for each in second["items"]] == ["Register 2", "Register 3", "Register 4"]
    assert "There were 9 results" in second["interpretation"]["notices"][0]
    assert third["interpretation"]["notices"] == []


class TestOneDataset:
    def test_it_is_the_canonical_form(self, client: FlaskClient) -> None:
        identifier = identifier_of("asthma clinic 06")
        answer = client.get(f"/api/v1/datasets/{identifier}")
        found = answer.get_json()
        hold("Dataset", found)
        entry = found.pop("catalogue")
        assert (entry["identifier"], entry["version"], entry["custodian"]) == (identifier, 1, "Fell and Dale Trust")
        assert from_json(found) == load(found)
        assert found["structuralMetadata"]["tables"][0]["columns"][0]["name"] == "asthma_score"
        assert answer.headers["Link"] == f'<{BASE}/datasets/{identifier}>; rel="canonical"'

    def test_it_is_not_sent_again(self, client: FlaskClient) -> None:
        address = f"/api/v1/datasets/{identifier_of('continued')}"
        tag = client.get(address).headers["ETag"]
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
        assert client.get(address, headers={"If-None-Match": '"another"'}).status_code == 200

    def test_an_earlier_identifier_leads_to_it(self, client: FlaskClient) -> None:
        answer = client.get(f"/api/v1/datasets/{JOINED}")
        refused(answer, 301)
        assert answer.location == f"{BASE}/api/v1/datasets/{identifier_of('continued')}"

    def test_one_that_was_withdrawn_is_gone(self, client: FlaskClient) -> None:
        assert refused(client.get(f"/api/v1/datasets/{identifier_of('withdrawn')}"), 410)["title"] == "Gone"

    @pytest.mark.parametrize("name", ["nothing", "%00", "a%0Ab", "%F0%9F%9A%80", "x" * 3000])
    def test_one_that_is_not_there_is_not_found(self, client: FlaskClient, name: str) -> None:
        refused(client.get(f"/api/v1/datasets/{name}"), 404)


class TestOrganisations:
    def test_they_are_listed(self, client: FlaskClient) -> None:
        found = client.get("/api/v1/organisations").get_json()
        hold("OrganisationList", found)
        said = [(each["name"], each["datasets"], each["is_claimed"]) for each in found["items"]]
        assert said == [("Fell and Dale Trust", 20, False), ("Tarn Hospital", 4, True)]
        for address in found["items"][0]["links"].values():
            assert client.get(address.removeprefix(BASE)).status_code == 200

    def test_one_can_be_read(self, client: FlaskClient) -> None:
        found = client.get("/api/v1/organisations/tarn-hospital").get_json()
        hold("OrganisationItem", found)
        assert found["identifier"] == "https://ror.org/05abc"
        refused(client.get("/api/v1/organisations/nobody"), 404)


class TestRefusals:
    def test_everything_that_is_wrong_is_told_at_once(self, client: FlaskClient) -> None:
        address = (
            "/api/v1/datasets?from=soon&to=99999&per_page=1000000000&sort=size&structure=maybe&custodain=x&cursor=%21"
            "&exact=perhaps&q=a%00b"
        )
        found = refused(client.get(address), 400)
        told = {each["parameter"]: each["detail"] for each in found["errors"]}
        assert told.keys() == {
            *("from", "to", "per_page", "sort", "structure", "custodain", "exact", "q"),
        }
        assert told["custodain"] == "There is no such parameter here."
        assert told["structure"] == "“maybe” is none of: yes, no, not-stated."
        assert told["per_page"] == "“1000000000” is no whole number from 1 to 100."
        assert found["type"] == f"{BASE}/api#wrong-parameters"
        assert 'id="wrong-parameters"' in client.get("/api").get_data(as_text=True)

    @pytest.mark.parametrize(
        ("parameters", "wrong"),
        [
            ("q=" + "a" * 10_000, "q"),
            ("q=%1b%5b31m", "q"),
            ("q=a&q=b", "q"),
            ("from=2020&to=2010", "from"),
            ("from=%D9%A1%D9%A9%D9%A9%D9%A0", "from"),
            ("from=" + "9" * 5000, "from"),
            ("per_page=0", "per_page"),
            ("per_page=-1", "per_page"),
            ("per_page=1e9", "per_page"),
            ("page=2", "page"),
            ("keyword=" + "x" * 501, "keyword"),
            ("keyword=a%0Ab", "keyword"),
            ("population=many", "population"),
            ("&".join(f"keyword=k{number}" for number in range(1000)), "keyword"),
            ("cursor=" + "x" * 5000, "cursor"),
            ("cursor=MS4y", "cursor"),
            ("cursor=%F0%9F%9A%80", "cursor"),
            ("cursor=Mi4yLjI0LmFiYw", "cursor"),
        ],
    )
    def test_a_hostile_request_is_told_why(self, client: FlaskClient, parameters: str, wrong: str) -> None:
        found = refused(client.get(f"/api/v1/datasets?{parameters}"), 400)
        assert [each["parameter"] for each in found["errors"]] == [wrong]
        assert len(json.dumps(found)) < 1_000

    def test_a_thousand_unknown_filters_are_a_short_answer(self, client: FlaskClient) -> None:
        parameters = "&".join(f"unknown{number}=x" for number in range(1000))
        found = refused(client.get(f"/api/v1/datasets?{parameters}"), 400)
        assert len(found["errors"]) == refusals.MOST_ERRORS
        assert "1000 things" in found["detail"]

    def test_a_cursor_of_another_question_is_refused(self, client: FlaskClient) -> None:
        cursor = ask(client, per_page=5)["next"]
        for changed in ("per_page=6", "per_page=5&q=asthma", "per_page=5&sort=title"):
            found = refused(client.get(f"/api/v1/datasets?{changed}&cursor={cursor}"), 400)
            assert found["errors"][0]["parameter"] == "cursor"

    @pytest.mark.parametrize(
        "address", ["/api/v1/nothing", "/api/nothing", "/api/", "/api/v2/datasets", "/api/v1/datasets/", "/api/v1/a/b"]
    )
    def test_an_address_that_leads_nowhere_is_a_problem(self, client: FlaskClient, address: str) -> None:
        refused(client.get(address, headers={"Accept": "text/html"}), 404)

    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
    @pytest.mark.parametrize("address", ["/api/v1/datasets", "/api/v1/datasets/x", "/api/v1/openapi.json"])
    def test_other_methods_are_refused(self, client: FlaskClient, address: str, method: str) -> None:
        answer = client.open(address, method=method)
        refused(answer, 405)
        assert answer.allow is not None
        assert set(answer.allow) == {"GET", "HEAD", "OPTIONS"}

    @pytest.mark.parametrize("address", ["/api/v1", "/api/v1/datasets", "/api/v1/organisations"])
    def test_only_json_is_given(self, client: FlaskClient, address: str) -> None:
        refused(client.get(address, headers={"Accept": "text/html"}), 406)
        for accepted in ("application/json", "*/*", "application/*;q=0.5, text/html"):
            assert client.get(address, headers={"Accept": accepted}).status_code == 200

    def test_extra_parameters_are_refused_everywhere(self, client: FlaskClient) -> None:
        for address in ("/api/v1", "/api/v1/openapi.json", "/api/v1/organisations", f"/api/v1/datasets/{JOINED}"):
            refused(client.get(f"{address}?x=1"), 400)

    def test_an_index_that_is_broken_is_a_problem(self, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*_args: object) -> None:
            raise IndexUnavailable(__file__, "it is broken")  # type: ignore[arg-type]

        monkeypatch.setattr(WhooshBackend, "search", broken)
        answer = client.get("/api/v1/datasets")
        assert __file__ not in refused(answer, 503)["detail"]
        assert answer.headers["Retry-After"] == "30"

    def test_a_mistake_of_the_program_is_a_problem(self, filled: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*_args: object) -> None:
            raise RuntimeError("secret")

        monkeypatch.setattr(WhooshBackend, "search", broken)
        monkeypatch.setattr(filled, "testing", False)
        assert "secret" not in json.dumps(refused(filled.test_client().get("/api/v1/datasets"), 500))


class TestOtherSites:
    def test_answers_can_be_read_from_everywhere_without_credentials(self, client: FlaskClient) -> None:
        answer = client.get("/api/v1/datasets", headers={"Origin": "https://elsewhere.example"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert "Set-Cookie" not in answer.headers

    def test_browsers_may_ask_first(self, client: FlaskClient) -> None:
        answer = client.options("/api/v1/datasets", headers={"Access-Control-Request-Method": "GET"})
        assert (answer.status_code, answer.data) == (204, b"")
        assert set(answer.headers["Access-Control-Allow-Methods"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
        assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]

    def test_pages_are_not_opened_with_it(self, client: FlaskClient) -> None:
        assert "Access-Control-Allow-Origin" not in client.get("/api").headers

    @pytest.mark.parametrize("address", ["/api/v1/datasets?q=asthma", "/api/v1/organisations"])
    def test_head_says_what_get_does(self, client: FlaskClient, address: str) -> None:
        head, got = client.head(address), client.get(address)
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["ETag"] == got.headers["ETag"]


class TestDescription:
    def test_its_example_is_an_answer(self) -> None:
        hold("DatasetList", ANSWER)

    def test_schemas_are_schemas(self) -> None:
        for schema in document()["components"]["schemas"].values():
            Draft202012Validator.check_schema(schema)

    def test_it_names_every_address(self, filled: Flask) -> None:
        rules = [rule for rule in filled.url_map.iter_rules() if rule.rule.startswith("/api/v1/")]
        served = {rule.rule.replace("<", "{").replace(">", "}") for rule in rules}
        assert served - {"/api/v1/openapi.json"} | {"/search.{suffix}"} == document()["paths"].keys()

    def test_it_is_served_with_the_address_of_the_installation(self, client: FlaskClient) -> None:
        found = client.get("/api/v1/openapi.json").get_json()
        assert found["servers"] == [{"url": BASE}]
        assert found["openapi"].startswith("3.1.")
        start = client.get("/api/v1").get_json()
        assert start["links"]["description"] == f"{BASE}/api/v1/openapi.json"

    @pytest.mark.parametrize("sample", SAMPLES, ids=lambda each: each.source)
    def test_a_sample_is_answered_as_the_description_says(self, client: FlaskClient, sample: Any) -> None:
        assert f"```\n{sample.source}\n```" in (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
        program, *words = shlex.split(sample.source)
        assert program == "curl"
        headers = dict(value.split(": ", 1) for flag, value in pairwise(words) if flag == "-H")
        address = urlsplit(words[-1].replace(DATASET, identifier_of("continued")))
        assert f"{address.scheme}://{address.netloc}" == SITE
        answer = client.get(f"{address.path}?{address.query}", headers=headers)
        assert answer.status_code == 200
        operations = {each["get"]["operationId"]: each["get"] for each in document()["paths"].values()}
        operation = operations[sample.operation]
        content = operation["responses"]["200"]["content"]
        assert answer.mimetype in content
        if answer.mimetype == "application/json":
            schema = content[answer.mimetype]["schema"]
            several = answer.get_json() if schema.get("type") == "array" else [answer.get_json()]
            reference = schema.get("items", schema)["$ref"]
            assert several
            for each in several:
                hold(reference.rpartition("/")[2], each)

    def test_the_page_shows_parameters_and_commands(self, client: FlaskClient) -> None:
        page = client.get("/api").get_data(as_text=True)
        assert all(f"<code>{name}</code>" in page for name in ("q", "cursor", *FACET_NAMES))
        assert page.count("<code>curl ") == len(SAMPLES)
        assert SITE not in page
        assert DATASET not in page
        commands = re.findall(r"<code>curl [^<]*?(/api/v1/(?:datasets|organisations)/[^<]*)</code>", page)
        assert [client.get(each).status_code for each in commands] == [200, 200, 200]
