"""Descriptions from a custodian's server: HDR UK's contract, its three kinds of signing in, and servers that lie."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from harvesters.base import GatherOutcome, Origin, Raw, UnusableSettings
from harvesters.hdruk import MOST_FAILURES, HdrukHarvester
from harvesters.http import Limits
from schemas.metadata import Severity
from tests.integration.custodian import Custodian
from tests.integration.feeds import document, name_of

SECRET = "c2VjcmV0-of-the-custodian"


@pytest.fixture
def custodian(httpserver: HTTPServer) -> Custodian:
    made = Custodian(httpserver)
    made.describe(*(document(number) for number in range(5)))
    return made


def gathered(harvester: HdrukHarvester) -> tuple[list[Raw], GatherOutcome]:
    return list(harvester.gather()), harvester.outcome


def names(records: list[Raw]) -> list[str | None]:
    return [raw.identifier for raw in records]


def messages(outcome: GatherOutcome) -> str:
    return "\n".join(problem.message for problem in outcome.problems)


def test_every_listed_description_is_fetched(custodian: Custodian) -> None:
    records, outcome = gathered(custodian.harvester())
    assert outcome == GatherOutcome(complete=True, declared_total=5)
    assert [json.loads(raw.data) for raw in records] == list(custodian.documents.values())
    assert names(records) == [name_of(number) for number in range(5)]
    assert records[2].url == f"{custodian.url}/datasets/{name_of(2)}"
    assert custodian.asked == ["/datasets", *(f"/datasets/{name_of(number)}" for number in range(5))]


@pytest.mark.parametrize("page_size", [1, 2, 3, 5, 50])
def test_a_list_in_pages_is_taken_to_its_end(custodian: Custodian, page_size: int) -> None:
    custodian.page_size = page_size
    records, outcome = gathered(custodian.harvester())
    assert outcome == GatherOutcome(complete=True, declared_total=5)
    assert len(set(names(records))) == 5


def test_a_list_without_a_total_ends_at_a_short_page(custodian: Custodian) -> None:
    custodian.page_size = 2
    custodian.change_list = lambda answer: {**answer, "query": {"limit": 2}}
    records, outcome = gathered(custodian.harvester())
    assert (len(records), outcome.complete) == (5, True)
    custodian.page_size = 5
    custodian.change_list = lambda answer: {**answer, "query": {"limit": 5}}
    records, outcome = gathered(custodian.harvester())
    assert (len(records), outcome.complete) == (5, True)


def test_the_paths_are_the_sources_own(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/list", query_string="format=json").respond_with_json(
        {"items": [{"persistentId": "births 1/2", "version": "1.0.0", "modified": "2025-01-01"}]}
    )
    httpserver.expect_request("/one/births 1/2/full").respond_with_json(document(1, identifier=None))
    options = {"datasets": "/list?format=json", "dataset": "/one/{id}/full", "allow_private": "true"}
    records, outcome = gathered(HdrukHarvester.from_source(Origin(url=httpserver.url_for("/")), options))
    assert outcome.complete
    assert names(records) == ["births 1/2"]


@pytest.mark.parametrize("auth", ["api_key", "bearer"])
def test_the_server_is_asked_with_its_secret(custodian: Custodian, monkeypatch: pytest.MonkeyPatch, auth: str) -> None:
    custodian.auth, custodian.secret = auth, SECRET
    monkeypatch.setenv("HARVEST_HARBOUR_KEY", f"{SECRET}\n")
    records, outcome = gathered(custodian.harvester(auth=auth, secret_env="HARVEST_HARBOUR_KEY"))
    assert (len(records), outcome.complete) == (5, True)


def test_the_secret_can_be_in_a_file(
    custodian: Custodian, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("secrets")
    (folder / "harbour.key").write_text(SECRET)
    monkeypatch.setenv("HARVEST_SECRETS", str(folder))
    custodian.auth, custodian.secret = "api_key", SECRET
    records, _ = gathered(custodian.harvester(auth="api_key", secret_file="harbour.key"))
    assert len(records) == 5


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"secret_env": "HARVEST_NOT_THERE"}, "HARVEST_NOT_THERE, which holds the source's secret, is not set"),
        ({"secret_file": "not-there"}, "not-there, which holds the source's secret, cannot be read"),
        ({"secret_env": "HARVEST_EMPTY"}, "is empty, or holds characters that cannot be sent"),
        ({"secret_env": "HARVEST_TWO_LINES"}, "is empty, or holds characters that cannot be sent"),
    ],
)
def test_a_secret_that_cannot_be_used_ends_the_gather(
    custodian: Custodian, monkeypatch: pytest.MonkeyPatch, options: dict[str, str], words: str
) -> None:
    monkeypatch.setenv("HARVEST_EMPTY", " \n")
    monkeypatch.setenv("HARVEST_TWO_LINES", f"{SECRET}\r\nHost: elsewhere")
    records, outcome = gathered(custodian.harvester(auth="bearer", **options))
    assert (records, outcome.complete, custodian.asked) == ([], False, [])
    assert words in messages(outcome)
    assert SECRET not in messages(outcome)


def test_a_wrong_secret_is_said_to_be_refused_and_never_repeated(
    custodian: Custodian, monkeypatch: pytest.MonkeyPatch
) -> None:
    custodian.auth, custodian.secret = "bearer", "another"
    monkeypatch.setenv("HARVEST_HARBOUR_KEY", SECRET)
    records, outcome = gathered(custodian.harvester(auth="bearer", secret_env="HARVEST_HARBOUR_KEY"))
    assert (records, outcome.complete) == ([], False)
    assert "answered 401" in messages(outcome)
    custodian.secret = SECRET
    custodian.change_list = lambda _: {"error": {"message": f"The key {SECRET} has no list"}}
    _, outcome = gathered(custodian.harvester(auth="bearer", secret_env="HARVEST_HARBOUR_KEY"))
    assert "The key (secret) has no list" in messages(outcome)
    assert SECRET not in repr(custodian.harvester(auth="bearer", secret_env="HARVEST_HARBOUR_KEY").settings)


@pytest.mark.parametrize(
    "options",
    [
        {"auth": "password"},
        {"auth": "bearer"},
        {"auth": "bearer", "secret_env": "HARVEST_A", "secret_file": "a"},
        {"secret_env": "HARVEST_A"},
        {"auth": "bearer", "secret_env": "CATALOGUE_SECRET_KEY"},
        {"auth": "bearer", "secret_env": "PATH"},
        {"auth": "bearer", "secret_env": "HARVEST_A\n"},
        {"auth": "bearer", "secret_file": "/etc/passwd"},
        {"auth": "bearer", "secret_file": "../passwd"},
        {"auth": "bearer", "secret_file": ".."},
        {"auth": "bearer", "secret": SECRET},
        {"datasets": "https://elsewhere.example/datasets"},
        {"datasets": "//elsewhere.example/datasets"},
        {"datasets": "@elsewhere.example/datasets"},
        {"datasets": "/data sets"},
        {"datasets": "/datasets#top"},
        {"datasets": "/datasets/{id}"},
        {"datasets": "/datasets", "dataset": "/dataset"},
        {"datasets": "/datasets", "dataset": "/{id}/{id}"},
        {"dataset": "/datasets/{id}"},
    ],
)
def test_options_that_cannot_be_meant_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(UnusableSettings) as caught:
        HdrukHarvester.from_source(Origin(url="https://custodian.example"), options)
    assert caught.value.problems
    assert SECRET not in str(caught.value)


def test_paths_need_an_address_without_a_query() -> None:
    for url in ("https://custodian.example/?key=x", "https://custodian.example/#x"):
        with pytest.raises(UnusableSettings):
            HdrukHarvester.from_source(Origin(url=url), {"datasets": "/datasets"})


def drip(_request: Request) -> Response:
    def slowly() -> Iterator[bytes]:
        for _ in range(40):
            time.sleep(0.1)
            yield b" "

    return Response(slowly(), content_type="application/json")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda _: Response("gone", 404), "answered 404"),
        (lambda _: Response("oops", 500), "answered 500"),
        (lambda _: Response("later", 503, headers={"Retry-After": "86400"}), "longer than a run waits"),
        (lambda _: Response('{"identifier": ', content_type="application/json"), "ends in the middle"),
        (lambda _: Response("<html>Sign in</html>", content_type="text/html"), "not JSON"),
        (lambda _: Response(b"\x1f\x8bbroken", content_type="application/gzip"), "packed"),
        (lambda _: Response("[]", content_type="application/json"), "It is a list"),
        (lambda _: Response('{"message": "No such key"}', content_type="application/json"), "It says: No such key"),
        (lambda _: Response(b" " * 300_000, content_type="application/json"), "sends more than"),
        (lambda _: Response(status=302, headers={"Location": "http://10.0.0.1/latest"}), "private address"),
        (lambda _: Response(status=302, headers={"Location": "file:///etc/passwd"}), "nothing else is fetched"),
        (lambda request: Response(status=302, headers={"Location": request.url}), "redirects more than"),
        (drip, "takes longer than a run waits"),
    ],
)
def test_a_description_that_fails_is_reported_and_the_others_go_on(
    custodian: Custodian, answer: Any, words: str
) -> None:
    custodian.broken[name_of(2)] = answer
    limits = Limits(size=200_000, seconds=2, attempts=2, longest_wait=30)
    records, outcome = gathered(custodian.harvester(limits))
    assert names(records) == [name_of(number) for number in (0, 1, 3, 4)]
    assert not outcome.complete
    (problem,) = outcome.problems
    assert (problem.path, problem.severity) == ("items[2]", Severity.ERROR)
    assert problem.message.startswith(f"{name_of(2)}: ")
    assert words in problem.message


def test_a_server_that_asks_to_wait_is_waited_for(custodian: Custodian) -> None:
    answers = [Response("busy", 429, headers={"Retry-After": "5"}), Response("busy", 503)]

    def busy(_request: Request) -> Response:
        found = custodian.documents[name_of(2)]
        return answers.pop(0) if answers else Response(json.dumps(found), content_type="application/json")

    custodian.broken[name_of(2)] = busy
    records, outcome = gathered(custodian.harvester())
    assert (len(records), outcome.complete) == (5, True)
    assert custodian.asked.count(f"/datasets/{name_of(2)}") == 3


def test_a_server_that_is_down_is_not_asked_for_everything(custodian: Custodian) -> None:
    custodian.describe(*(document(number) for number in range(5, 40)))
    custodian.broken = {name_of(number): lambda _: Response("down", 404) for number in range(3, 40)}
    records, outcome = gathered(custodian.harvester())
    assert len(records) == 3
    assert not outcome.complete
    assert "in a row could not be fetched" in outcome.problems[-1].message
    assert len(custodian.asked) == 1 + 3 + MOST_FAILURES


@pytest.mark.parametrize(
    ("change", "words", "received"),
    [
        (lambda answer: {**answer, "query": {"total": 9}}, "brings nothing new", 5),
        (lambda answer: {**answer, "query": {"total": 3}}, "says that it has 3 datasets, and 5 came", 5),
        (lambda answer: {**answer, "items": [*answer["items"], answer["items"][0]]}, "more than once", 5),
        (lambda answer: {**answer, "items": [*answer["items"][:4], {"name": "x"}]}, "without a persistentId", 4),
        (lambda answer: {**answer, "items": [*answer["items"][:4], "x"]}, "a text in the place of a dataset", 4),
        (lambda answer: {**answer, "items": [*answer["items"][:4], {"persistentId": ["x"]}]}, "persistentId", 4),
        (lambda answer: {**answer, "items": {"a": 1}}, "no list of descriptions", 0),
        (lambda answer: {**answer, "items": []}, "is empty", 0),
        (lambda _: [], "is empty", 0),
        (lambda _: "x", "This is a text", 0),
        (lambda _: {"success": False, "error": {"message": "Down"}}, "It says: Down", 0),
        (lambda answer: {**answer, "query": {"total": "many", "limit": -4, "offset": None}}, "", 5),
        (lambda answer: {**answer, "query": "x"}, "", 5),
    ],
)
def test_a_list_that_lies(custodian: Custodian, change: Any, words: str, received: int) -> None:
    custodian.change_list = change
    records, outcome = gathered(custodian.harvester())
    assert len(records) == received
    assert words in messages(outcome)
    assert outcome.complete == (not words or "more than once" in words)


def test_a_list_whose_pages_overlap_or_never_end_is_not_complete(custodian: Custodian) -> None:
    custodian.page_size = 2

    def shifted(answer: dict[str, Any]) -> dict[str, Any]:
        if answer["query"]["offset"] == 2:
            answer["items"][0]["persistentId"] = name_of(0)
        return answer

    custodian.change_list = shifted
    records, outcome = gathered(custodian.harvester())
    assert (len(records), outcome.complete) == (4, False)
    custodian.change_list = lambda answer: {
        **answer,
        "query": {"total": 10**9, "limit": 2},
        "items": answer["items"][:0],
    }
    assert not gathered(custodian.harvester())[1].complete


def test_a_page_that_breaks_keeps_what_came_before_it(custodian: Custodian) -> None:
    custodian.page_size = 2
    custodian.change_list = lambda answer: answer if not answer["query"]["offset"] else {"message": "Down"}
    records, outcome = gathered(custodian.harvester())
    assert names(records) == [name_of(0), name_of(1)]
    assert not outcome.complete


def test_list_and_description_that_disagree_are_a_warning(custodian: Custodian) -> None:
    custodian.listed[name_of(1)] = {"version": "3.0.0"}
    custodian.documents["other-name"] = document(7)
    records, outcome = gathered(custodian.harvester())
    assert outcome.complete
    assert {problem.severity for problem in outcome.problems} == {Severity.WARNING}
    assert "has the version 3.0.0 in the list and 1.0.0 itself" in messages(outcome)
    assert f"The list calls it other-name, and it calls itself {name_of(7)}" in messages(outcome)
    assert name_of(7) in names(records)


def test_a_list_without_its_option_is_known_for_what_it_is(custodian: Custodian) -> None:
    harvester = HdrukHarvester.from_source(Origin(url=f"{custodian.url}/datasets"), {"allow_private": "true"})
    records, outcome = gathered(harvester)
    assert (records, outcome.complete) == ([], False)
    assert "lists datasets without describing them" in messages(outcome)


def test_a_gather_that_is_left_early_says_what_was_found(custodian: Custodian) -> None:
    custodian.listed[name_of(0)] = {"version": "3.0.0"}
    harvester = custodian.harvester()
    records = harvester.gather()
    next(records)
    records.close()
    assert not harvester.outcome.complete
    assert len(harvester.outcome.problems) == 1


def test_a_bulk_address_is_asked_with_the_secret_too(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARVEST_HARBOUR_KEY", SECRET)
    httpserver.expect_request("/all.json", headers={"apikey": SECRET}).respond_with_json([document(1)])
    options = {"auth": "api_key", "secret_env": "HARVEST_HARBOUR_KEY", "allow_private": "true"}
    records, outcome = gathered(HdrukHarvester.from_source(Origin(url=httpserver.url_for("/all.json")), options))
    assert (len(records), outcome.complete) == (1, True)
