"""The kind `dcat` over HTTP: pages, limits, and nothing fetched from anywhere but the source."""

import gzip
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from harvesters import dcat
from harvesters.base import GatherOutcome, Origin, Raw, Remembered, Unsent
from harvesters.dcat import DcatHarvester
from harvesters.http import GuardedClient, Limits
from harvesters.rdf_reading import MEDIA_TYPES

PREFIXES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
"""
TODAY = date(2026, 11, 22)


def harvested(url: str, limits: Limits | None = None, **options: object) -> tuple[list[Raw], GatherOutcome]:
    host = urlsplit(url).hostname or ""
    limits = limits or Limits(attempts=1, seconds=20)
    client = GuardedClient(private_hosts=frozenset({host}), limits=limits)
    harvester = DcatHarvester.from_source(Origin(url=url), options, client)
    records = list(harvester.gather())
    return records, harvester.outcome


def page(server: HTTPServer, number: int, *more: str, form: str = "text/turtle") -> str:
    """Serve a page with one dataset, and what else it states."""
    dataset = f'<https://portal.example/{number}> a dcat:Dataset ; dct:title "T{number}" .'
    path = f"/feed/{number}"
    server.expect_request(path).respond_with_data(
        "\n".join((PREFIXES, dataset, *more)), content_type=f"{form}; charset=utf-8"
    )
    return server.url_for(path)


def identifiers(records: list[Raw]) -> list[str | None]:
    return [each.identifier for each in records]


def messages(outcome: GatherOutcome) -> str:
    return " ".join(each.message for each in outcome.problems)


def test_pages_are_followed_to_the_last(httpserver: HTTPServer) -> None:
    first = page(httpserver, 1, "<1> hydra:next <2> ; hydra:totalItems 3 .")
    page(httpserver, 2, f'<2> hydra:next "{httpserver.url_for("/feed/3")}" .')
    page(httpserver, 3)
    records, outcome = harvested(first)
    assert identifiers(records) == [f"https://portal.example/{number}" for number in (1, 2, 3)]
    assert outcome == GatherOutcome(complete=True, declared_total=3)


def test_a_link_header_leads_on_too(httpserver: HTTPServer) -> None:
    body = f'{PREFIXES} <https://portal.example/1> a dcat:Dataset ; dct:title "T" .'
    httpserver.expect_request("/feed").respond_with_data(
        body, content_type="text/turtle", headers={"Link": '</start>; rel="first", </feed/2>; rel="next"'}
    )
    page(httpserver, 2)
    records, outcome = harvested(httpserver.url_for("/feed"))
    assert len(records) == 2
    assert outcome.complete


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("<file:///etc/passwd>", "no http or https address"),
        ("<http://127.0.0.1:9/latest/meta-data/>", "on another server"),
        ("<https://elsewhere.example/feed>", "on another server"),
        ('"javascript:alert(1)"', "no http or https address"),
        ("<1>", "in a circle"),
        ("<1#again>", "in a circle"),
    ],
)
def test_a_next_page_that_must_not_be_fetched_leaves_the_run_incomplete(
    httpserver: HTTPServer, connections: list[object], link: str, words: str
) -> None:
    records, outcome = harvested(page(httpserver, 1, f"<1> hydra:next {link} ."))
    assert identifiers(records) == ["https://portal.example/1"]
    assert not outcome.complete
    assert words in messages(outcome)
    assert set(connections) == {("127.0.0.1", httpserver.port)}


def test_pages_that_lead_back_end(httpserver: HTTPServer) -> None:
    first = page(httpserver, 1, "<1> hydra:next <2> .")
    page(httpserver, 2, "<2> hydra:next <2> .")
    records, outcome = harvested(first)
    assert len(records) == 2
    assert not outcome.complete


def test_the_same_page_under_ever_new_addresses_ends(httpserver: HTTPServer) -> None:
    body = f'{PREFIXES} <https://portal.example/1> a dcat:Dataset ; dct:title "T" .'

    def answer(request: Request) -> Response:
        number = int(request.args.get("page", "1")) + 1
        headers = {"Link": f'</feed?page={number}>; rel="next"', "Content-Type": "text/turtle"}
        return Response(body, headers=headers)

    httpserver.expect_request("/feed").respond_with_handler(answer)
    records, outcome = harvested(httpserver.url_for("/feed"))
    assert len(records) == 1
    assert "the same as one before it" in messages(outcome)


def test_the_number_of_pages_is_bounded(httpserver: HTTPServer) -> None:
    first = page(httpserver, 1, "<1> hydra:next <2> .")
    page(httpserver, 2, "<2> hydra:next <3> .")
    records, outcome = harvested(first, most_pages=2)
    assert len(records) == 2
    assert "more than 2 pages" in messages(outcome)


def test_a_page_that_fails_leaves_the_run_incomplete(httpserver: HTTPServer) -> None:
    first = page(httpserver, 1, "<1> hydra:next <2> .")
    httpserver.expect_request("/feed/2").respond_with_data("Maintenance", status=404)
    records, outcome = harvested(first)
    assert len(records) == 1
    assert not outcome.complete


def test_an_answer_that_is_called_something_else_is_read_and_noted(httpserver: HTTPServer) -> None:
    records, outcome = harvested(page(httpserver, 1, form="text/plain"))
    assert len(records) == 1
    assert outcome.complete
    assert "text/plain" in messages(outcome)


def test_a_source_that_has_not_changed_gives_its_records_again(httpserver: HTTPServer) -> None:
    def answer(request: Request) -> Response:
        if request.headers.get("If-None-Match") == '"v1"':
            return Response(status=304)
        body = f'{PREFIXES} <https://portal.example/1> a dcat:Dataset ; dct:title "T" .'
        return Response(body, headers={"Content-Type": "text/turtle", "ETag": '"v1"'})

    httpserver.expect_request("/feed").respond_with_handler(answer)
    url = httpserver.url_for("/feed")

    class Memory:
        def __init__(self, cursor: dict[str, str], records: list[Raw]) -> None:
            self._cursor, self._records = cursor, records

        def cursor(self) -> dict[str, str]:
            return self._cursor

        def recall(self, stamp: str) -> Remembered | None:
            raise AssertionError(stamp)

        def recall_all(self) -> list[Unsent]:
            return [Unsent(str(each.identifier), f"digest of {each.identifier}") for each in self._records]

    def harvester() -> DcatHarvester:
        client = GuardedClient(private_hosts=frozenset({httpserver.host}))
        return DcatHarvester.from_source(Origin(url=url), {}, client)

    first = harvester()
    records = list(first.gather())
    second = harvester()
    second.memory = Memory(first.cursor, records)  # type: ignore[assignment]
    again = list(second.gather())
    assert [(each.identifier, each.digest) for each in again] == [
        (each.identifier, f"digest of {each.identifier}") for each in records
    ]
    assert second.outcome.complete
    assert second.cursor == first.cursor


BODY = f'{PREFIXES} <https://portal.example/1> a dcat:Dataset ; dct:title "T" .'.encode()
BOMB = gzip.compress(b"# nothing\n" * 2_000_000)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Response(status=304, headers={"ETag": '"x"'}), "answered 304"),
        (Response(BODY[:-20], content_type="text/turtle"), "ends in the middle"),
        (Response(BOMB, headers={"Content-Encoding": "gzip"}), "sends more than 1,000,000 bytes"),
        (Response(BOMB, content_type="application/gzip"), "more than 1,000,000"),
        (Response(BODY, headers={"Content-Encoding": "gzip"}), "broke off"),
        (Response(b"\x1f\x8b\x08broken", content_type="application/gzip"), "packed"),
        (Response(b"%PDF-1.4\n\xe2\xe3\xcf\xd3", content_type="text/turtle"), "not valid UTF-8"),
        (Response(status=204), "answered 204"),
        (Response(b"\0" * 1000, content_type="text/turtle"), ""),
        (Response(status=302, headers={"Location": "http://127.0.0.1:9/feed"}), "private address"),
        (Response(status=302, headers={"Location": "file:///etc/passwd"}), "nothing else is fetched"),
        (Response(BODY, headers={"Link": '<http://127.0.0.1:9/2>; rel="next"'}), "on another server"),
        (Response(BODY, headers={"Link": "<" * 100_000 + '>; rel="next"'}), ""),
    ],
)
def test_a_server_that_lies_leaves_the_run_incomplete(
    httpserver: HTTPServer,
    connections: list[tuple[str, int]],
    monkeypatch: pytest.MonkeyPatch,
    answer: Response,
    words: str,
) -> None:
    monkeypatch.setattr(dcat, "LARGEST", 1_000_000)
    httpserver.expect_request("/feed").respond_with_handler(lambda _: answer)
    records, outcome = harvested(httpserver.url_for("/feed"), Limits(attempts=1, seconds=20, size=1_000_000))
    assert identifiers(records) in ([], ["https://portal.example/1"])
    assert words in messages(outcome)
    assert not outcome.complete or not words
    assert {each[1] for each in connections} == {httpserver.port}


@pytest.mark.parametrize("form", [*MEDIA_TYPES, "text/html", "application/octet-stream", "image/png", "", "x; y=z"])
@pytest.mark.parametrize("suffix", ["ttl", "nt", "rdf", "jsonld"])
def test_whatever_an_answer_is_called_it_is_what_it_shows(httpserver: HTTPServer, form: str, suffix: str) -> None:
    bodies = {
        "ttl": BODY,
        "nt": b'<https://portal.example/1> <http://purl.org/dc/terms/title> "T" .\n'
        b"<https://portal.example/1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
        b"<http://www.w3.org/ns/dcat#Dataset> .\n",
        "rdf": b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<dcat:Dataset xmlns:dcat="http://www.w3.org/ns/dcat#" rdf:about="https://portal.example/1"/></rdf:RDF>',
        "jsonld": b'{"@id": "https://portal.example/1", "@type": "http://www.w3.org/ns/dcat#Dataset"}',
    }
    httpserver.expect_request("/feed").respond_with_handler(
        lambda _: Response(bodies[suffix], headers={"Content-Type": form})
    )
    records, outcome = harvested(httpserver.url_for("/feed"))
    assert identifiers(records) == ["https://portal.example/1"]
    assert outcome.complete


@pytest.mark.parametrize(("totals", "is_complete"), [((2, 2), True), ((2, 3), False), ((3, 2), False), ((1, 1), True)])
def test_a_total_that_changes_on_the_way_is_held_against_what_came(
    httpserver: HTTPServer, totals: tuple[int, int], is_complete: bool
) -> None:
    first = page(httpserver, 1, f"<1> hydra:next <2> ; hydra:totalItems {totals[0]} .")
    page(httpserver, 2, f"<2> hydra:totalItems {totals[1]} .")
    records, outcome = harvested(first)
    assert len(records) == 2
    assert outcome.complete == is_complete


COMPLETE = {
    "bad_dates.ttl",
    "bad_numbers.ttl",
    "blank_node_datasets.ttl",
    "control_chars_in_title.jsonld",
    "duplicate_identifiers.ttl",
    "iri_case_trailing_slash_variants.ttl",
    "iri_with_spaces.ttl",
    "jsonld_schemaorg_context.jsonld",
    "owl_imports_bait.ttl",
    "same_uri_as_other_source.ttl",
    "script_in_fields.jsonld",
    "shapes_injected_in_data.ttl",
    "two_titles_same_lang.ttl",
    "utf16.rdf",
    "utf8_bom.ttl",
}
"""Hostile feeds that are whole, whatever is in them."""


def test_hostile_feeds_are_read_without_harm_or_reaching_out(
    httpserver: HTTPServer, reference_data: Path, connections: list[object]
) -> None:
    folder = reference_data / "feeds/hostile-made"
    files = [each for each in folder.iterdir() if each.suffix in {".ttl", ".rdf", ".jsonld"}]
    here = httpserver.url_for("/").encode()
    for each in files:
        # They link to each other on a port of their own.
        body = each.read_bytes().replace(b"http://127.0.0.1:8000/", here)
        httpserver.expect_request(f"/{each.name}").respond_with_data(body, content_type="application/octet-stream")
    assert files
    for each in files:
        records, outcome = harvested(httpserver.url_for(f"/{each.name}"))
        assert outcome.complete == (each.name in COMPLETE), (each.name, outcome)
        assert outcome.complete or outcome.problems, each.name
        for record in records:
            reading = DcatHarvester.parse(record, date_order=None, today=TODAY)
            assert reading.description or reading.problems
            assert "javascript:" not in str(reading.description and reading.description.documentation.associated_media)
    assert set(connections) == {("127.0.0.1", httpserver.port)}


def test_real_feeds_are_read(reference_data: Path) -> None:
    known_bad = {
        "example-bee-population-dataset-series-api.ttl",
        "example-bee-population-dataset-series-combined.ttl",
        "example-bees_wasps_dataset.ttl",
    }
    read: dict[str, int] = {}
    for folder in ("dcat-rdf", "health", "fdp"):
        for path in sorted((reference_data / "feeds" / folder).rglob("*.ttl")):
            harvester = DcatHarvester.from_source(Origin(path=path), {})
            records = list(harvester.gather())
            read[path.name] = len(records)
            assert ("This is not Turtle" in messages(harvester.outcome)) == (path.name in known_bad), path.name
            for record in records:
                assert DcatHarvester.parse(record, date_order=None, today=TODAY).problems is not None
    assert read["health-catalog.ttl"] == read["health-catalog2.ttl"] == 21
    assert sum(read.values()) > 80
