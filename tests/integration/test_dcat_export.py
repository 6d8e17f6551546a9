"""`catalogue export dcat-ap`, as an operator types it, and what comes back from it."""

import json
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from tests.commands import Command
from tests.databases import ONCE
from tests.integration.feeds import document, name_of
from tests.integration.test_command_line import catalogue as run_catalogue

pytestmark = ONCE

catalogue = run_catalogue


@pytest.fixture
def filled(catalogue: Command, tmp_path: Path) -> Command:
    feed = tmp_path / "harbour.json"
    feed.write_text(json.dumps([document(1), document(2, documentation__description=None)]))
    catalogue("organisations", "add", "Harbour Trust")
    catalogue("harvest", "file", str(feed), "--kind", "hdruk", "--organisation", "harbour-trust")
    return catalogue


def test_the_suffix_or_an_option_chooses_the_serialisation(filled: Command, tmp_path: Path) -> None:
    forms = {"ttl": RdfFormat.TURTLE, "jsonld": RdfFormat.JSON_LD, "rdf": RdfFormat.RDF_XML, "nt": RdfFormat.N_TRIPLES}
    said = []
    for suffix, form in forms.items():
        path = tmp_path / f"all.{suffix}"
        done = filled("export", "dcat-ap", "--output", str(path))
        assert done.returncode == 0, done.stderr
        assert "2 datasets written; 1 lack something" in done.stderr
        assert f"{name_of(2)}\tdocumentation.description" in done.stderr
        said.append({str(quad.triple) for quad in parse(path.read_bytes(), form)})
    assert all(each == said[0] for each in said)
    named = filled("export", "dcat-ap", "--serialisation", "n-triples")
    assert {str(quad.triple) for quad in parse(named.stdout.encode(), RdfFormat.N_TRIPLES)} == said[0]
    assert filled("export", "dcat-ap").stdout == (tmp_path / "all.ttl").read_text()


def test_one_dataset_can_be_had_alone(filled: Command) -> None:
    done = filled("export", "dcat-ap", "--dataset", name_of(1))
    assert name_of(1) in done.stdout
    assert name_of(2) not in done.stdout


@pytest.mark.parametrize("words", [("--output", "all.csv"), ("--serialisation", "n3")])
def test_a_serialisation_that_does_not_exist_is_wrong_use(filled: Command, words: tuple[str, ...]) -> None:
    done = filled("export", "dcat-ap", *words)
    assert done.returncode == 2
    assert "turtle (.ttl)" in done.stderr
    assert not Path("all.csv").exists()


def test_what_goes_out_comes_back_and_is_unchanged_in_another_form(filled: Command, tmp_path: Path) -> None:
    for suffix in ("ttl", "rdf"):
        filled("export", "dcat-ap", "--output", str(tmp_path / f"all.{suffix}"))
    # The same datasets again, under addresses that no source has yet: the catalogue knows their UUIDs.
    again = ("--kind", "dcat", "--organisation", "harbour-trust", "--source", "again", "--json")
    first = json.loads(filled("harvest", "file", str(tmp_path / "all.ttl"), *again).stdout)
    assert (first["seen"], first["conflict"]) == (2, 2)
    second = json.loads(filled("harvest", "file", str(tmp_path / "all.rdf"), *again).stdout)
    assert (second["seen"], second["conflict"], second["new"]) == (2, 2, 0)
