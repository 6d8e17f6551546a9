"""Broken, hostile and real feeds of RDF in the place of a good one, by way of the whole harvest."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from catalogue.models import DatasetState, RunState
from catalogue.services import sources
from catalogue.services.harvesting import Report, run
from harvesters.base import Origin
from harvesters.dcat import DcatHarvester
from harvesters.http import GuardedClient, Limits
from tests.databases import ONCE
from tests.integration.feeds import Bench, outcomes

pytestmark = ONCE

PREFIXES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
"""
GOOD = f"""{PREFIXES}
<https://portal.example/{{name}}/1> a dcat:Dataset ; dct:title "Good one" .
<https://portal.example/{{name}}/2> a dcat:Dataset ; dct:title "Good two" .
"""
EXPECTED = {
    "bad_dates.ttl": ({"new": 1}, "This is not a date"),
    "bad_numbers.ttl": ({"new": 1}, "A whole number is expected"),
    "billion_laughs.rdf": ({}, "has a DOCTYPE"),
    "blank_node_datasets.ttl": ({"new": 1, "invalid": 1}, "neither an address nor dct:identifier"),
    "ckan_empty_results.json": ({}, "There is no dataset"),
    "ckan_success_false.json": ({}, "There is no dataset"),
    "control_chars_in_title.jsonld": ({"new": 1}, "control characters"),
    "duplicate_identifiers.ttl": ({"new": 2}, "is also that of"),
    "empty_catalog.ttl": ({}, "There is no dataset"),
    "empty_data.json": ({}, "There is no dataset"),
    "half_catalog_truncated.ttl": ({}, "ends in the middle"),
    "html_error_page_as_turtle.ttl": ({}, "HTML page"),
    "html_login_page.json": ({}, "HTML page"),
    "hydra_next_file_scheme.ttl": ({"new": 1}, "no http or https address"),
    "hydra_next_loopback.ttl": ({"new": 1}, "on another server"),
    "hydra_self_loop_p1.ttl": ({"new": 2}, "in a circle"),
    "hydra_self_loop_p2.ttl": ({"new": 1}, "in a circle"),
    "hydra_total_mismatch.ttl": ({"new": 1}, "says that it has 5,000 datasets, and 1 came"),
    "iri_case_trailing_slash_variants.ttl": ({"new": 3}, ""),
    "iri_with_spaces.ttl": ({"new": 1}, "is not an address"),
    "json_deep_nesting.json": ({}, "nested more than"),
    "json_duplicate_keys.json": ({}, "given more than once"),
    "json_nan.json": ({}, "NaN is not a number"),
    "jsonld_context_file.jsonld": ({}, "which is not fetched"),
    "jsonld_remote_context.jsonld": ({}, "which is not fetched"),
    "jsonld_schemaorg_context.jsonld": ({"new": 1}, ""),
    "latin1_declared_utf8.ttl": ({}, "The byte at position"),
    "oai_badResumptionToken.xml": ({}, "not RDF/XML"),
    "oai_doctype_external_dtd.xml": ({}, "has a DOCTYPE"),
    "oai_noRecordsMatch.xml": ({}, "not RDF/XML"),
    "oai_resumption_loop.xml": ({}, "not RDF/XML"),
    "owl_imports_bait.ttl": ({"new": 1}, ""),
    "same_uri_as_other_source.ttl": ({"conflict": 1}, "is published from portal already"),
    "script_in_fields.jsonld": ({"new": 1}, "not an address that may become a link"),
    "shapes_injected_in_data.ttl": ({"new": 1}, ""),
    "two_titles_same_lang.ttl": ({"new": 1}, "Several texts are given in one language"),
    "utf16.rdf": ({"new": 1}, ""),
    "utf8_bom.ttl": ({"new": 1}, ""),
    "xxe.rdf": ({}, "has a DOCTYPE"),
    "zero_bytes.ttl": ({}, "is empty"),
}
"""What becomes of the records in each hostile file, and words of the report; files with words alone change nothing."""
PARTIAL = {
    "hydra_next_file_scheme.ttl",
    "hydra_next_loopback.ttl",
    "hydra_self_loop_p1.ttl",
    "hydra_self_loop_p2.ttl",
    "hydra_total_mismatch.ttl",
}
"""Files of which a part is good: what they have is taken, and nothing is missing for what they lack."""
UNREADABLE = {
    "example-bee-population-dataset-series-api.ttl",
    "example-bee-population-dataset-series-combined.ttl",
    "example-bees_wasps_dataset.ttl",
}
MEDIA_TYPES = {
    ".ttl": "text/turtle",
    ".rdf": "application/rdf+xml",
    ".xml": "text/xml",
    ".jsonld": "application/ld+json",
    ".json": "application/json",
}
Harvest = Callable[..., Report]


@pytest.fixture
def harvest(harbour: Bench, httpserver: HTTPServer) -> Harvest:
    """Serve a body at a path of its own and harvest it a day later."""

    def once(name: str, body: bytes, media_type: str = "text/turtle", *, aggregator: bool = False) -> Report:
        harbour.at += timedelta(days=1)
        httpserver.expect_request(f"/{name}").respond_with_data(body, content_type=media_type)
        url = httpserver.url_for(f"/{name}")
        with harbour.session() as session:
            source = sources.add(
                session,
                organisation="harbour-trust",
                kind="dcat",
                url=url,
                name=name,
                options={"allow_private": "true"},
                is_aggregator=aggregator,
                at=harbour.at,
            )
        # As generous with private addresses as can be: nothing but the harvester's own rules protects these.
        private = frozenset({httpserver.host, "127.0.0.1", "localhost"})
        client = GuardedClient(private_hosts=private, limits=Limits(attempts=1, seconds=20))
        harvester = DcatHarvester.from_source(Origin(url=url), {"allow_private": "true"}, client)
        report = run(harbour.place, source.id, harvester, now=lambda: harbour.at)
        assert not [each for each in report.problems if "could not be stored" in each.problem.message], name
        return report

    return once


def test_each_hostile_feed_provokes_what_it_should_and_takes_nothing_away(
    harbour: Bench, harvest: Harvest, reference_data: Path, httpserver: HTTPServer, connections: list[object]
) -> None:
    folder = reference_data / "feeds/hostile-made"
    names = sorted(each.name for each in folder.iterdir() if each.suffix in MEDIA_TYPES)
    assert names == sorted(EXPECTED)
    here = httpserver.url_for("/").encode()
    ours = f'{PREFIXES}<https://catalogue.example.org/ds1> a dcat:Dataset ; dct:title "Ours" .'
    assert outcomes(harvest("portal", ours.encode())) == {"new": 1}
    for number, name in enumerate(names):
        good = GOOD.format(name=name).encode()
        httpserver.clear()
        harvest(name, good)
        httpserver.clear()
        # Their datasets have the same addresses, which one catalogue would take for conflicts.
        host = b"://host%d.example" % number
        bodies = {
            each: (folder / each)
            .read_bytes()
            .replace(b"http://127.0.0.1:8000/", here)
            .replace(b"://e.org", host)
            .replace(b"://E.org", host.upper().replace(b"EXAMPLE", b"example"))
            for each in (name, "hydra_self_loop_p1.ttl", "hydra_self_loop_p2.ttl")
        }
        for each, body in bodies.items():
            httpserver.expect_request(f"/{each}").respond_with_data(body, content_type=MEDIA_TYPES[Path(each).suffix])
        expected, words = EXPECTED[name]
        for _ in range(1 if expected and name not in PARTIAL else 3):
            report = harvest(name, bodies[name], MEDIA_TYPES[Path(name).suffix])
            told = " ".join(each.problem.message for each in report.problems)
            assert words in told, (name, told)
            assert report.counts["withdrawn"] == 0
            if not expected:
                assert (report.state, report.counts["seen"]) == (RunState.FAILED, 0), name
            if name in PARTIAL or not expected:
                assert report.counts["missing"] == 0, name
            else:
                assert {key: value for key, value in outcomes(report).items() if key != "missing"} == expected, name
        httpserver.clear()
        again = harvest(name, good)
        assert (again.counts["unchanged"], again.counts["withdrawn"]) == (2, 0), name
    assert set(connections) == {("127.0.0.1", httpserver.port)}
    datasets = harbour.datasets()
    good_ones = [each for each in datasets.values() if each.title.startswith("Good ")]
    assert len(good_ones) == 2 * len(names)
    assert all((each.version_number, each.state) == (1, DatasetState.PUBLISHED) for each in good_ones)
    # The other source may say what this one does not, and no more.
    assert next(iter(datasets.values())).title == "Ours"
    assert not [each.title for each in datasets.values() if any(ord(character) < 32 for character in each.title)]


def test_real_feeds_are_harvested_whole(
    harbour: Bench, harvest: Harvest, reference_data: Path, httpserver: HTTPServer, connections: list[object]
) -> None:
    total: Counter[str] = Counter()
    for folder in ("dcat-rdf", "health", "fdp"):
        for path in sorted((reference_data / "feeds" / folder).rglob("*")):
            if path.suffix not in MEDIA_TYPES:
                continue
            name = str(path.relative_to(reference_data / "feeds"))
            report = harvest(name, path.read_bytes(), MEDIA_TYPES[path.suffix])
            again = harvest(name, path.read_bytes(), MEDIA_TYPES[path.suffix])
            told = " ".join(each.problem.message for each in report.problems)
            assert ("This is not Turtle" in told) == (path.name in UNREADABLE), (name, told)
            assert again.counts["seen"] == report.counts["seen"], name
            assert (again.counts["new"], again.counts["changed"], again.counts["withdrawn"]) == (0, 0, 0), name
            total.update(outcomes(report))
    assert set(connections) == {("127.0.0.1", httpserver.port)}
    # Several files describe the same datasets; seven have none but nameless ones.
    assert total == {"new": 41, "conflict": 54, "invalid": 7}
