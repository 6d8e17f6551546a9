"""What can happen to an index on a server: rebuilds while people search, writers that die, servers that fail."""

import gzip
import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from catalogue.app import create_app
from catalogue.config import Settings
from catalogue.search.backend import IndexBusy, IndexUnavailable, SearchDocument, SearchQuery
from catalogue.search.opensearch.address import OpenSearchAddress, parse_address
from catalogue.search.opensearch.backend import OpenSearchBackend
from catalogue.search.opensearch.connection import ATTEMPTS, Connection
from catalogue.search.opensearch.generations import Generations, Lock
from catalogue.search.opensearch.schema import Names
from tests.engines import new_address

DOCUMENTS = tuple(SearchDocument(f"d{number:02}", "1", f"Asthma cohort {number}", "Trust") for number in range(30))


@pytest.fixture
def address(search_server: str) -> OpenSearchAddress:
    return new_address(search_server)


@pytest.fixture
def backend(address: OpenSearchAddress) -> OpenSearchBackend:
    made = OpenSearchBackend(address, grace=0.0, patience=0.0)
    made.index_many(DOCUMENTS)
    return made


def indices(address: OpenSearchAddress) -> set[str]:
    found = Connection(address).indices(f"{address.prefix}-*")
    return {name for name in found if not name.endswith("-lock")}


def test_people_search_on_while_the_index_is_built_again(backend: OpenSearchBackend) -> None:
    answers: list[int] = []
    failures: list[Exception] = []
    ended = threading.Event()

    def search() -> None:
        while not ended.is_set():
            try:
                answers.append(backend.search(SearchQuery("asthma", per_page=5)).total)
            except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
                failures.append(error)

    searchers = [threading.Thread(target=search) for _ in range(2)]
    for searcher in searchers:
        searcher.start()
    try:
        for size in (20, 10, 30):
            assert backend.rebuild(DOCUMENTS[:size]) == size
            assert backend.search(SearchQuery("asthma")).total == size
    finally:
        ended.set()
        for searcher in searchers:
            searcher.join()
    assert not failures
    assert set(answers) <= {10, 20, 30}


def test_a_rebuild_that_fails_changes_nothing(backend: OpenSearchBackend, address: OpenSearchAddress) -> None:
    before = indices(address)

    def failing() -> Iterator[SearchDocument]:
        yield DOCUMENTS[0]
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError, match="went away"):
        backend.rebuild(failing())
    assert indices(address) == before
    assert backend.search(SearchQuery("asthma")).total == len(DOCUMENTS)
    assert backend.rebuild(DOCUMENTS) == len(DOCUMENTS)


def test_a_rebuild_removes_the_index_before_and_what_a_crash_left(
    backend: OpenSearchBackend, address: OpenSearchAddress
) -> None:
    left = Generations(Connection(address), Names(address.prefix)).create()
    backend.rebuild(DOCUMENTS)
    assert indices(address).isdisjoint(left)
    assert len(indices(address)) == 2


def test_writers_wait_for_each_other(backend: OpenSearchBackend, address: OpenSearchAddress) -> None:
    lock = Lock(Connection(address), Names(address.prefix))
    with lock.held(0.0):
        for write in (lambda: backend.index_many(DOCUMENTS), lambda: backend.rebuild(DOCUMENTS), backend.merge):
            with pytest.raises(IndexBusy, match="is being written to"):
                write()
        lock.beat(now=True)
    backend.index_many(DOCUMENTS)


def test_a_writer_that_died_is_followed_by_another(
    backend: OpenSearchBackend, address: OpenSearchAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead, names = Lock(Connection(address), Names(address.prefix)), Names(address.prefix)
    with dead.held(0.0):
        monkeypatch.setattr("catalogue.search.opensearch.generations.LEASE", 0.0)
        with Lock(Connection(address), names).held(0.0), pytest.raises(IndexBusy):
            dead.beat(now=True)
    backend.index_many(DOCUMENTS)


def test_a_rebuild_that_was_overtaken_does_not_swap(
    backend: OpenSearchBackend, address: OpenSearchAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalogue.search.opensearch.generations.LEASE", 0.0)
    other = OpenSearchBackend(address, grace=0.0)

    def overtaken() -> Iterator[SearchDocument]:
        yield DOCUMENTS[0]
        other.index_many([replace(DOCUMENTS[1], title="Newer")])

    with pytest.raises(IndexBusy):
        backend.rebuild(overtaken())
    assert backend.search(SearchQuery("newer")).total == 1
    assert len(indices(address)) == 2


def test_an_index_of_another_release_is_told_from_none(address: OpenSearchAddress) -> None:
    backend = OpenSearchBackend(address, grace=0.0)
    assert backend.search(SearchQuery()).total == 0
    other = f"{address.prefix}-datasets-0-older-1"
    Connection(address).create_index(other)
    for use in (
        lambda: backend.search(SearchQuery("asthma")),
        lambda: list(backend.identifiers(SearchQuery())),
        lambda: backend.related("d00"),
        lambda: backend.check({}),
        lambda: backend.index_many(DOCUMENTS),
    ):
        with pytest.raises(IndexUnavailable, match=r"another release of the catalogue\. Run: catalogue index rebuild"):
            use()
    assert backend.rebuild(DOCUMENTS) == len(DOCUMENTS)
    assert backend.search(SearchQuery("asthma")).total == len(DOCUMENTS)
    assert other in indices(address)
    assert backend.merge() == len(DOCUMENTS)
    assert other not in indices(address)


def test_templates_say_what_new_indices_are_like(search_server: str) -> None:
    address = new_address(search_server, "shards=3&replicas=0")
    connection = Connection(address)
    OpenSearchBackend(address).index_many(DOCUMENTS)
    (name,) = connection.indices(Names(address.prefix).datasets)
    settings = connection._client.indices.get_settings(index=name)[name]["settings"]["index"]
    assert (settings["number_of_shards"], settings["number_of_replicas"], settings["refresh_interval"]) == (
        "3",
        "0",
        "-1",
    )
    templates = connection._client.indices.get_index_template(name=f"{address.prefix}-*")["index_templates"]
    assert len(templates) == 2


def test_pages_say_that_search_is_away(settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    away = replace(settings, search_url="opensearchs://writer:secret-word@127.0.0.1:9/catalogue")
    app = create_app(away)
    caplog.set_level(logging.DEBUG)
    client = app.test_client()
    for path in ("/search?q=asthma", "/readyz"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert "secret-word" not in answer.text
    assert "cannot be reached" in caplog.text
    assert "secret-word" not in caplog.text
    app.extensions["catalogue"].engine.dispose()


@pytest.fixture
def failing(httpserver: HTTPServer) -> Connection:
    return Connection(parse_address(f"{httpserver.url_for('').replace('http', 'opensearch').rstrip('/')}/x?timeout=1"))


def unable(status: int) -> Response:
    return Response(json.dumps({"error": {"type": "busy", "reason": "wait"}, "status": status}), status, mimetype=JSON)


JSON = "application/json"


def answers(httpserver: HTTPServer, *given: Response) -> list[Request]:
    """Answer requests one after the other; what was asked."""
    asked: list[Request] = []
    left = list(given)

    def handle(request: Request) -> Response:
        request.get_data()
        asked.append(request)
        return left.pop(0)

    httpserver.expect_request("/").respond_with_handler(handle)
    for path in ("/x/_search", "/_bulk"):
        httpserver.expect_request(path).respond_with_handler(handle)
    return asked


def ok(document: object) -> Response:
    return Response(json.dumps(document), 200, mimetype=JSON)


def test_a_server_that_is_too_busy_is_asked_again(httpserver: HTTPServer, failing: Connection) -> None:
    asked = answers(httpserver, unable(503), unable(429), ok({"hits": {"hits": []}}))
    assert failing.search("x", {}) == {"hits": {"hits": []}}
    assert len(asked) == 3
    assert {request.args["allow_partial_search_results"] for request in asked} == {"false"}


@pytest.mark.parametrize(
    ("response", "sentence"),
    [
        (unable(401), "does not accept the user and password"),
        (unable(403), "does not accept the user and password"),
        (unable(400), "refused a request (400, busy: wait)"),
        (Response("<html>welcome</html>", 200, mimetype="text/html"), "answers like no OpenSearch server"),
        (Response("{", 200, mimetype=JSON), "answers like no OpenSearch server"),
        (Response("no", 418, mimetype="text/plain"), "refused a request (418"),
    ],
    ids=["401", "403", "400", "html", "cut", "418"],
)
def test_what_a_server_refuses_is_told_in_one_line(
    httpserver: HTTPServer, failing: Connection, response: Response, sentence: str
) -> None:
    answers(httpserver, response)
    with pytest.raises(IndexUnavailable) as refused:
        failing.search("x", {})["hits"]
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_server_that_never_answers_is_not_asked_again(httpserver: HTTPServer, failing: Connection) -> None:
    waiting = threading.Event()
    asked: list[str] = []

    def handle(request: Request) -> Response:
        asked.append(request.path)
        waiting.wait(10)
        return ok({})

    httpserver.expect_request("/x/_search").respond_with_handler(handle)
    try:
        with pytest.raises(IndexUnavailable, match="does not answer in time"):
            failing.search("x", {})
    finally:
        waiting.set()
    assert asked == ["/x/_search"]


def item(status: int, identifier: str) -> dict[str, object]:
    error = {} if status < 300 else {"error": {"type": "trouble", "reason": f"because {identifier}"}}
    return {"index": {"_id": identifier, "status": status, **error}}


def bulk(*items: dict[str, object]) -> Response:
    return ok({"errors": True, "items": list(items)})


ACTIONS = [({"index": {"_index": "x", "_id": each}}, {"word": each}) for each in "abc"]


def test_changes_that_a_server_is_too_busy_for_are_sent_again_alone(
    httpserver: HTTPServer, failing: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalogue.search.opensearch.connection.LONGEST_WAIT", 0.0)
    asked = answers(httpserver, bulk(item(201, "a"), item(429, "b"), item(201, "c")), bulk(item(201, "b")))
    failing.write(ACTIONS)
    sent = [gzip.decompress(request.get_data()).splitlines() for request in asked]
    assert [[json.loads(line)["word"] for line in lines[1::2]] for lines in sent] == [["a", "b", "c"], ["b"]]


def test_changes_that_a_server_refuses_are_told_and_the_others_done(
    httpserver: HTTPServer, failing: Connection
) -> None:
    answers(httpserver, bulk(item(201, "a"), item(400, "b"), item(409, "c")))
    with pytest.raises(IndexUnavailable, match="refused 2 of 3 changes; the first is b: trouble: because b"):
        failing.write(ACTIONS)


def test_a_server_that_stays_too_busy_for_changes_is_given_up(
    httpserver: HTTPServer, failing: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalogue.search.opensearch.connection.LONGEST_WAIT", 0.0)
    busy = [bulk(item(429, "a")) for _ in range(ATTEMPTS)]
    answers(httpserver, *busy)
    with pytest.raises(IndexUnavailable, match="too busy"):
        failing.write(ACTIONS[:1])


def test_many_changes_are_sent_in_pieces(monkeypatch: pytest.MonkeyPatch, backend: OpenSearchBackend) -> None:
    monkeypatch.setattr("catalogue.search.opensearch.connection.BULK_ACTIONS", 7)
    assert backend.rebuild(DOCUMENTS) == 30
    monkeypatch.setattr("catalogue.search.opensearch.connection.BULK_BYTES", 10)
    backend.index_many(DOCUMENTS[:3], delete=["d29"])
    assert backend.search(SearchQuery()).total == 29
