"""`catalogue facts`, as it is typed."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from catalogue.cli.root import root
from tests.databases import ONCE
from tests.integration.feeds import document, name_of

Command = Callable[..., Result]
POPULATION = "summary.populationSize"


@pytest.fixture
def catalogue(database_url: str, tmp_path: Path) -> Command:
    settings = {"CATALOGUE_DATA_DIR": str(tmp_path / "data"), "CATALOGUE_DATABASE_URL": database_url}

    def run(*words: str) -> Result:
        return CliRunner().invoke(root, words, env={**settings, "CATALOGUE_SECRET_KEY": ""})

    return run


@pytest.fixture
def verdicts(tmp_path: Path) -> Callable[[object], str]:
    def write(kept: object) -> str:
        path = tmp_path / "verdicts.json"
        path.write_text(json.dumps(kept))
        return str(path)

    return write


# What the commands ask of a database is tried elsewhere on both.
@ONCE
def test_what_was_read_is_counted_and_checked(
    catalogue: Command, verdicts: Callable[[object], str], tmp_path: Path
) -> None:
    feed = tmp_path / "harbour.json"
    said = {"summary__abstract": "Visits of 4,200 patients.", "summary__populationSize": None}
    feed.write_text(json.dumps([document(1, **said), document(2)]))
    catalogue("organisations", "add", "Harbour Trust")
    assert catalogue("harvest", "file", str(feed), "--kind", "hdruk", "--organisation", "harbour-trust").exit_code == 0

    counted = json.loads(catalogue("facts", "report", "--json").stdout)
    people = next(each for each in counted["items"] if each["name"] == "population")
    assert counted["datasets"] == 2
    assert (people["stated"], people["known"], people["waiting"], people["refused"]) == (1, 2, 1, 0)

    found = json.loads(catalogue("search", "", "--filter", "read=population", "--json").stdout)
    assert found["total"] == 1
    assert found["items"][0]["read"] == ["population_size"]
    assert {"value": "population", "label": "People", "count": 1} in found["facets"]["read"]

    right = {"records": [name_of(1)], "facts": {name_of(1): {POPULATION: ["4200"]}}}
    good = catalogue("facts", "check", verdicts(right), "--json")
    assert good.exit_code == 0, good.stderr
    assert json.loads(good.stdout)["total"] == {"label": "All", "inferred": 1, "right": 1, "precision": 1.0}
    unjudged = catalogue("facts", "check", verdicts({"records": [name_of(1)], "facts": {}}))
    assert unjudged.exit_code == 1
    assert f"No verdict: {name_of(1)} {POPULATION}" in unjudged.stdout
    assert catalogue("facts", "check", verdicts({"records": [], "facts": {"a": ["b"]}})).exit_code == 2
