"""`catalogue facts`, as it is typed."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.integration.feeds import document, name_of

Command = Callable[..., CompletedProcess[str]]
POPULATION = "summary.populationSize"


@pytest.fixture
def catalogue(database_url: str, tmp_path: Path) -> Command:
    settings = {"CATALOGUE_DATA_DIR": str(tmp_path / "data"), "CATALOGUE_DATABASE_URL": database_url}
    environment = {**os.environ, **settings, "CATALOGUE_SECRET_KEY": ""}

    def run(*words: str) -> CompletedProcess[str]:
        command = [sys.executable, "-m", "catalogue", *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    return run


@pytest.fixture
def verdicts(tmp_path: Path) -> Callable[[object], str]:
    def write(kept: object) -> str:
        path = tmp_path / "verdicts.json"
        path.write_text(json.dumps(kept))
        return str(path)

    return write


# A command is a process of its own, and what it asks of a database is tried elsewhere.
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_what_was_read_is_counted_and_checked(
    catalogue: Command, verdicts: Callable[[object], str], tmp_path: Path
) -> None:
    feed = tmp_path / "harbour.json"
    said = {"summary__abstract": "Visits of 4,200 patients.", "summary__populationSize": None}
    feed.write_text(json.dumps([document(1, **said), document(2)]))
    catalogue("organisations", "add", "Harbour Trust")
    assert catalogue("harvest", "file", str(feed), "--kind", "hdruk", "--organisation", "harbour-trust").returncode == 0

    counted = json.loads(catalogue("facts", "report", "--json").stdout)
    people = next(each for each in counted["items"] if each["name"] == "population")
    assert counted["datasets"] == 2
    assert (people["stated"], people["known"], people["waiting"], people["refused"]) == (1, 2, 1, 0)

    found = json.loads(catalogue("search", "", "--filter", "read=population", "--json").stdout)
    assert found["total"] == 1

    right = {"records": [name_of(1)], "facts": {name_of(1): {POPULATION: ["4200"]}}}
    good = catalogue("facts", "check", verdicts(right), "--json")
    assert good.returncode == 0, good.stderr
    assert json.loads(good.stdout)["total"] == {"label": "All", "inferred": 1, "right": 1, "precision": 1.0}
    unjudged = catalogue("facts", "check", verdicts({"records": [name_of(1)], "facts": {}}))
    assert unjudged.returncode == 1
    assert f"No verdict: {name_of(1)} {POPULATION}" in unjudged.stdout
    assert catalogue("facts", "check", verdicts({"records": [], "facts": {"a": ["b"]}})).returncode == 2
