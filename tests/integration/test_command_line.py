"""The commands as an operator types them: answers on standard output, messages on standard error, exit statuses."""

import json
import os
import subprocess
import sys
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.commands import Command, typing_in
from tests.databases import ONCE
from tests.integration.feeds import document, name_of

"""What is said does not depend on the database; the whole road is tried on both."""


@pytest.fixture
def catalogue(database_url: str, tmp_path: Path) -> Command:
    return typing_in(
        {
            "CATALOGUE_DATA_DIR": str(tmp_path / "data"),
            "CATALOGUE_DATABASE_URL": database_url,
            "CATALOGUE_SECRET_KEY": "",
        }
    )


@pytest.fixture
def spawn(database_url: str, tmp_path: Path) -> Command:
    """Types the command in a process of its own, which has nothing but what it imports itself."""
    environment = {
        **os.environ,
        "CATALOGUE_DATA_DIR": str(tmp_path / "data"),
        "CATALOGUE_DATABASE_URL": database_url,
        "CATALOGUE_SECRET_KEY": "",
    }

    def run(*words: str, stdin: str = "") -> CompletedProcess[str]:
        command = [sys.executable, "-m", "catalogue", *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, input=stdin, check=False)

    return run


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    path = tmp_path / "harbour.json"
    path.write_text(json.dumps([document(1, "Asthma clinic visits"), document(2, "Stroke register")]))
    return path


def answer(done: CompletedProcess[str], *, status: int = 0) -> dict:
    assert done.returncode == status, done.stderr
    return json.loads(done.stdout)


def test_from_an_empty_database_to_a_found_dataset(catalogue: Command, feed: Path, tmp_path: Path) -> None:
    added = answer(catalogue("organisations", "add", "Harbour Trust", "--json"))
    assert added["slug"] == "harbour-trust"
    harvest = ("harvest", "file", str(feed), "--kind", "hdruk", "--organisation", "harbour-trust", "--json")
    first = answer(catalogue(*harvest))
    assert (first["seen"], first["new"], first["state"]) == (2, 2, "succeeded")
    second = answer(catalogue(*harvest))
    assert (second["seen"], second["unchanged"], second["run"]) == (2, 2, first["run"] + 1)
    found = answer(catalogue("search", "asthma", "--json"))
    assert [item["identifier"] for item in found["items"]] == [name_of(1)]
    assert "<mark>" in found["items"][0]["highlight"] or found["items"][0]["title"] == "Asthma clinic visits"
    (explained,) = answer(catalogue("search", "asthma", "--explain", "--exact", "--json"))["items"]
    assert sum(each["points"] for each in explained["reasons"]) == pytest.approx(explained["score"], abs=0.02)
    narrowed = answer(catalogue("search", "", "--filter", "custodian=harbour-trust", "--json"))
    assert narrowed["total"] == 2
    assert answer(catalogue("harvest", "report", str(first["run"]), "--json"))["seen"] == 2
    assert answer(catalogue("index", "check", "--json"))["agree"] is True
    assert answer(catalogue("index", "rebuild", "--json"))["datasets"] == 2
    listed = answer(catalogue("sources", "list", "--json"))["items"]
    assert [each["last_state"] for each in listed] == ["succeeded"]
    output = tmp_path / "all.json"
    written = catalogue("export", "hdruk", "--output", str(output))
    assert written.returncode == 0, written.stderr
    assert {each["identifier"] for each in json.loads(output.read_text())["dataModels"]} == {name_of(1), name_of(2)}
    one = catalogue("export", "hdruk", "--dataset", name_of(1))
    assert json.loads(one.stdout)["summary"]["title"] == "Asthma clinic visits"


@ONCE
def test_a_process_takes_a_feed_from_standard_input_and_another_writes_it_out(
    catalogue: Command, spawn: Command
) -> None:
    catalogue("organisations", "add", "Harbour Trust")
    words = ("harvest", "file", "-", "--kind", "hdruk", "--organisation", "harbour-trust", "--json")
    report = answer(spawn(*words, stdin=json.dumps([document(1, "Förde")])))
    assert (report["new"], report["source"]) == (1, "standard input")
    assert [each["summary"]["title"] for each in answer(spawn("export", "hdruk"))["dataModels"]] == ["Förde"]


@ONCE
def test_problems_that_a_person_must_see_end_with_one(catalogue: Command, tmp_path: Path) -> None:
    catalogue("organisations", "add", "Harbour Trust")
    page = tmp_path / "page.json"
    page.write_text("<!doctype html><html><body>Sign in</body></html>")
    words = ("harvest", "file", str(page), "--kind", "hdruk", "--organisation", "harbour-trust", "--json")
    report = answer(catalogue(*words), status=1)
    assert report["state"] == "failed"
    assert "HTML" in report["problems"][0]["message"]


@ONCE
@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("harvest", "file", "nowhere.json", "--kind", "hdruk", "--organisation", "x"), 3, "no file or folder"),
        (("harvest", "file", __file__, "--kind", "hdruk", "--organisation", "nobody"), 2, "nobody"),
        (("harvest", "file", __file__, "--kind", "carrier-pigeon", "--organisation", "harbour-trust"), 2, "hdruk"),
        (("harvest", "report", "99"), 2, "99"),
        (("harvest", "run"), 2, "--all"),
        (("harvest", "run", "99"), 2, "99"),
        (("organisations", "add", " "), 2, "name"),
        (("organisations", "add", "harbour  TRUST"), 2, "already"),
        (
            ("sources", "add", "--organisation", "harbour-trust", "--kind", "hdruk", "--url", "file:///etc/passwd"),
            2,
            "",
        ),
        (("search", "x", "--filter", "nonsense"), 2, "FACET=VALUE"),
        (("search", "x", "--filter", "from=soon"), 2, "year"),
        (("export", "papyrus"), 2, "papyrus"),
        (("export", "hdruk", "--dataset", "nothing"), 2, "nothing"),
        (("serve",), 3, "CATALOGUE_SECRET_KEY"),
        (("no-such-command",), 2, "No such command"),
    ],
)
def test_mistakes_are_said_without_a_traceback(
    catalogue: Command, words: tuple[str, ...], status: int, said: str
) -> None:
    catalogue("organisations", "add", "Harbour Trust")
    done = catalogue(*words)
    assert done.returncode == status, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_database_without_tables_says_what_to_do(tmp_path: Path) -> None:
    environment = {**os.environ, "CATALOGUE_DATA_DIR": str(tmp_path), "CATALOGUE_DATABASE_URL": ""}
    command = [sys.executable, "-m", "catalogue"]
    listed = subprocess.run(
        [*command, "organisations", "list"], env=environment, capture_output=True, text=True, check=False
    )
    assert (listed.returncode, "catalogue db upgrade" in listed.stderr) == (3, True)
    upgraded = subprocess.run([*command, "db", "upgrade"], env=environment, capture_output=True, text=True, check=False)
    assert upgraded.returncode == 0, upgraded.stderr
    checked = subprocess.run(
        [*command, "db", "check", "--json"], env=environment, capture_output=True, text=True, check=False
    )
    assert json.loads(checked.stdout) == {"current": True}


def test_every_mistake_in_the_settings_is_said_and_no_secret_is_shown(tmp_path: Path) -> None:
    environment = {
        "CATALOGUE_DATA_DIR": str(tmp_path),
        "CATALOGUE_DATABASE_URL": "",
        "CATALOGUE_SECRET_KEY": "hush",
        "CATALOGUE_BASE_URL": "catalogue.example",
    }
    refused = typing_in(environment)("config", "show")
    assert refused.returncode == 3
    assert "CATALOGUE_SECRET_KEY" in refused.stderr
    assert "CATALOGUE_BASE_URL" in refused.stderr
    environment |= {"CATALOGUE_SECRET_KEY": "hush" * 8, "CATALOGUE_BASE_URL": "https://catalogue.example"}
    shown = typing_in(environment)("config", "show")
    assert shown.returncode == 0
    assert "CATALOGUE_SECRET_KEY=(set)" in shown.stdout
    assert "hush" not in shown.stdout
