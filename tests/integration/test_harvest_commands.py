"""Sources from the command line, as an operator and cron run them, against a custodian's server."""

import json
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from tests.commands import Command, typing_in
from tests.integration.custodian import Custodian
from tests.integration.feeds import document, name_of

SECRET = "hush-c2VjcmV0"


@pytest.fixture
def catalogue(database_url: str, tmp_path: Path) -> Command:
    """A command that never tells the secret."""
    typed = typing_in(
        {
            "CATALOGUE_DATA_DIR": str(tmp_path / "data"),
            "CATALOGUE_DATABASE_URL": database_url,
            "HARVEST_HARBOUR": SECRET,
        }
    )

    def run(*words: str) -> CompletedProcess[str]:
        done = typed(*words)
        assert SECRET not in done.stdout + done.stderr
        return done

    return run


@pytest.fixture
def custodian(httpserver: HTTPServer) -> Custodian:
    made = Custodian(httpserver, auth="api_key", secret=SECRET, page_size=2)
    made.describe(*(document(number) for number in range(3)))
    return made


def answer(done: CompletedProcess[str], *, status: int = 0) -> dict:
    assert done.returncode == status, done.stderr
    return json.loads(done.stdout)


def add(catalogue: Command, url: str, *options: str) -> CompletedProcess[str]:
    words = ["sources", "add", "--organisation", "harbour-trust", "--kind", "hdruk", "--url", url, "--json"]
    for option in ("allow_private=true", *options):
        words += ["--option", option]
    return catalogue(*words)


def test_a_custodians_server_from_the_first_look_to_the_nightly_run(catalogue: Command, custodian: Custodian) -> None:
    catalogue("organisations", "add", "Harbour Trust")
    options = ("datasets=/datasets", "auth=api_key", "secret_env=HARVEST_HARBOUR", "every=12")
    assert answer(add(catalogue, custodian.url, *options))["id"] == 1
    found = answer(catalogue("sources", "preview", "1", "--json"))
    assert (found["seen"], found["whole"]) == (3, True)
    assert {each["outcome"] for each in found["items"]} == {"new"}
    (report,) = answer(catalogue("harvest", "run", "--due", "--json"))["items"]
    assert (report["seen"], report["new"], report["state"]) == (3, 3, "succeeded")
    assert answer(catalogue("harvest", "run", "--due", "--json")) == {"items": []}
    custodian.asked.clear()
    (again,) = answer(catalogue("harvest", "run", "--all", "--json"))["items"]
    assert (again["seen"], again["unchanged"]) == (3, 3)
    assert not [path for path in custodian.asked if path.startswith("/datasets/")]
    assert answer(catalogue("search", "clinic", "--json"))["total"] == 3
    (listed,) = answer(catalogue("sources", "list", "--json"))["items"]
    assert (listed["every"], listed["last_state"], listed["counts"]["seen"]) == (12, "succeeded", 3)
    assert listed["options"]["secret_env"] == "HARVEST_HARBOUR"
    custodian.broken[name_of(1)] = lambda _: Response(f"no {SECRET}", 404)
    custodian.listed[name_of(1)] = {"version": "2.0.0"}
    report = answer(catalogue("harvest", "run", "1", "--json"), status=1)
    assert (report["state"], report["seen"], report["unchanged"]) == ("succeeded_with_problems", 2, 2)
    assert "answered 404" in report["problems"][0]["message"]


def test_one_source_that_cannot_run_keeps_no_other_from_it(
    catalogue: Command, httpserver: HTTPServer, custodian: Custodian
) -> None:
    catalogue("organisations", "add", "Harbour Trust")
    httpserver.expect_request("/all.json").respond_with_json([document(7)])
    add(catalogue, custodian.url, "datasets=/datasets", "auth=bearer", "secret_env=HARVEST_NOT_SET")
    add(catalogue, httpserver.url_for("/all.json?key=in-the-address"))
    reports = answer(catalogue("harvest", "run", "--all", "--json"), status=1)["items"]
    assert {each["state"] for each in reports} == {"failed", "succeeded"}
    failed = next(each for each in reports if each["state"] == "failed")
    assert "HARVEST_NOT_SET" in failed["problems"][0]["message"]
    for words in (("sources", "list"), ("sources", "list", "--json"), ("harvest", "report", "2")):
        done = catalogue(*words)
        assert (done.returncode, "in-the-address" in done.stdout) == (0, False)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("harvest", "run", "--due", "--all"), "one of --due and --all"),
        (("harvest", "run", "1", "--due"), "one of --due and --all"),
        (("sources", "preview", "9"), "no source 9"),
        (("sources", "preview", "x"), "not a valid integer"),
        (
            ("sources", "add", "--organisation", "a", "--kind", "hdruk", "--url", "https://a.example", "--option", "b"),
            "KEY=VALUE",
        ),
    ],
)
def test_mistakes_are_said(catalogue: Command, words: tuple[str, ...], said: str) -> None:
    done = catalogue(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_what_is_left_for_a_person_is_listed_and_decided(catalogue: Command, tmp_path: Path) -> None:
    catalogue("organisations", "add", "Harbour Trust")
    feed = tmp_path / "feed.json"

    def harvested(*documents: dict, status: int = 0) -> dict:
        feed.write_text(json.dumps(documents))
        words = ("harvest", "file", str(feed), "--kind", "hdruk", "--organisation", "harbour-trust", "--complete")
        return answer(catalogue(*words, "--json"), status=status)

    others = [document(number) for number in range(3, 10)]
    harvested(document(1, "Respiratory audit"), *others)
    assert answer(catalogue("harvest", "questions", "--json")) == {"items": []}
    harvested(document(2, "Respiratory audit"), *others, status=1)
    (question,) = answer(catalogue("harvest", "questions", "--json"))["items"]
    assert (question["earlier"], question["later"]) == (name_of(1), name_of(2))
    assert "Respiratory audit" in catalogue("harvest", "questions").stdout
    said = answer(catalogue("harvest", "answer", "1", "same", "--by", "Ada", "--json"))
    assert said == {"id": 1, "answer": "same", "by": "Ada"}
    found = answer(catalogue("search", "respiratory audit", "--json"))["items"]
    assert [each["identifier"] for each in found] == [name_of(1)]
    assert catalogue("harvest", "answer", "1", "same").returncode == 2
    assert harvested(document(2, "Respiratory audit"))["missing"] == 7
    report = harvested(document(2, "Respiratory audit"), status=1)
    assert report["held"] == 7
    assert "catalogue harvest withdraw 1 --held" in report["problems"][0]["fix"]
    assert catalogue("harvest", "withdraw", "1").returncode == 2
    listed = answer(catalogue("harvest", "withdraw", "1", "--held", "--dry-run", "--json"))["items"]
    assert len(listed) == 7
    assert answer(catalogue("search", "", "--json"))["total"] == 8
    withdrawn = answer(catalogue("harvest", "withdraw", "1", "--held", "--json"))["items"]
    assert withdrawn == listed
    assert answer(catalogue("search", "", "--json"))["total"] == 1
    assert answer(catalogue("harvest", "withdraw", "1", "--held", "--json"))["items"] == []
