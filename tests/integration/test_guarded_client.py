"""The guarded client against a server on the loopback, which is a private address like any other."""

import gzip
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from harvesters.base import Origin
from harvesters.errors import FetchError
from harvesters.hdruk import HdrukHarvester
from harvesters.http import GuardedClient, Limits
from schemas.metadata import Severity


class Clock:
    """Counts what a client would have slept."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(clock: Clock) -> Iterator[GuardedClient]:
    limits = Limits(size=100_000, seconds=20, redirects=3, attempts=3, longest_wait=60)
    with GuardedClient(private_hosts=frozenset({"localhost"}), limits=limits, sleep=clock) as made:
        yield made


def refusal(client: GuardedClient, url: str) -> str:
    with pytest.raises(FetchError) as caught:
        client.get(url)
    return caught.value.problem.message


def test_a_document_is_fetched_with_what_tells_whether_it_changed(
    client: GuardedClient, httpserver: HTTPServer
) -> None:
    headers = {"ETag": '"1"', "Last-Modified": "Sun, 22 Nov 2026 10:00:00 GMT"}
    httpserver.expect_request("/feed").respond_with_data(
        "[]", content_type="Application/JSON; charset=utf-8", headers=headers
    )
    fetched = client.get(httpserver.url_for("/feed"))
    assert (fetched.status, fetched.data, fetched.media_type) == (200, b"[]", "application/json")
    assert (fetched.etag, fetched.last_modified) == ('"1"', "Sun, 22 Nov 2026 10:00:00 GMT")
    assert not fetched.not_modified


def test_what_has_not_changed_is_not_sent_again(client: GuardedClient, httpserver: HTTPServer) -> None:
    asked = {"If-None-Match": '"1"', "If-Modified-Since": "Sun, 22 Nov 2026 10:00:00 GMT"}
    httpserver.expect_request("/feed", headers=asked).respond_with_data(status=304)
    fetched = client.get(httpserver.url_for("/feed"), etag='"1"', last_modified="Sun, 22 Nov 2026 10:00:00 GMT")
    assert fetched.not_modified
    assert fetched.data == b""


def test_not_changed_is_no_answer_to_somebody_who_has_nothing(client: GuardedClient, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/feed").respond_with_data(status=304)
    assert "answered 304" in refusal(client, httpserver.url_for("/feed"))


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "0.0.0.0", "[::ffff:127.0.0.1]"],  # noqa: S104 - refused
)
def test_private_addresses_are_refused_unless_the_host_is_allowed(httpserver: HTTPServer, host: str) -> None:
    with GuardedClient(private_hosts=frozenset({"peer.example"})) as client:
        assert "private address" in refusal(client, f"http://{host}:{httpserver.port}/feed")
    assert httpserver.log == []


@pytest.mark.parametrize("address", ["169.254.169.254", "10.0.0.1", "192.168.1.1", "100.64.0.1", "[fd00::1]"])
def test_networks_that_are_not_public_are_refused(address: str) -> None:
    with GuardedClient() as client:
        assert "private address" in refusal(client, f"http://{address}/latest/meta-data")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("file:///etc/passwd", "nothing else is fetched"),
        ("ftp://localhost/feed", "nothing else is fetched"),
        ("/etc/passwd", "nothing else is fetched"),
        ("http:///feed", "nothing else is fetched"),
        ("http://[", "cannot be read"),
        ("http://user:secret@localhost/", "user name or password"),
        ("http://localhost\\@example.org/", "nothing else is fetched"),
        ("", "nothing else is fetched"),
    ],
)
def test_only_plain_web_addresses_are_fetched(client: GuardedClient, url: str, words: str) -> None:
    message = refusal(client, url)
    assert words in message
    assert "secret" not in message


def test_a_redirect_is_followed(client: GuardedClient, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/old").respond_with_data(status=301, headers={"Location": "new?page=1"})
    httpserver.expect_request("/new", query_string="page=1").respond_with_data("[]")
    assert client.get(httpserver.url_for("/old")).url == httpserver.url_for("/new?page=1")


def test_a_redirect_to_another_private_host_is_refused(client: GuardedClient, httpserver: HTTPServer) -> None:
    target = f"http://127.0.0.1:{httpserver.port}/admin"
    httpserver.expect_request("/feed").respond_with_data(status=302, headers={"Location": target})
    assert "private address" in refusal(client, httpserver.url_for("/feed"))
    assert [request.path for request, _ in httpserver.log] == ["/feed"]


@pytest.mark.parametrize("target", ["file:///etc/passwd", "gopher://localhost/", "//user@localhost/"])
def test_a_redirect_out_of_the_web_is_refused(client: GuardedClient, httpserver: HTTPServer, target: str) -> None:
    httpserver.expect_request("/feed").respond_with_data(status=302, headers={"Location": target})
    refusal(client, httpserver.url_for("/feed"))
    assert len(httpserver.log) == 1


def test_redirects_in_a_circle_end(client: GuardedClient, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/feed").respond_with_data(status=302, headers={"Location": "/feed"})
    assert "redirects more than 3 times" in refusal(client, httpserver.url_for("/feed"))
    assert len(httpserver.log) == 4


def test_a_key_is_not_sent_to_where_a_redirect_leads(clock: Clock, httpserver: HTTPServer) -> None:
    target = f"http://127.0.0.1:{httpserver.port}/elsewhere"
    httpserver.expect_request("/feed").respond_with_data(status=302, headers={"Location": target})
    httpserver.expect_request("/elsewhere").respond_with_data("[]")
    with GuardedClient(private_hosts=frozenset({"localhost", "127.0.0.1"}), sleep=clock) as client:
        client.get(httpserver.url_for("/feed"), headers={"apikey": "secret"})
    assert ["apikey" in request.headers for request, _ in httpserver.log] == [True, False]


def test_more_than_the_limit_is_not_taken_in(client: GuardedClient, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/feed").respond_with_data(b"x" * 200_000)
    assert "more than 100,000 bytes" in refusal(client, httpserver.url_for("/feed"))


def test_the_limit_holds_for_what_is_unpacked(client: GuardedClient, httpserver: HTTPServer) -> None:
    packed = gzip.compress(b"x" * 50_000_000)
    httpserver.expect_request("/feed").respond_with_data(packed, headers={"Content-Encoding": "gzip"})
    assert "more than 100,000 bytes" in refusal(client, httpserver.url_for("/feed"))


def test_a_packed_answer_is_unpacked(client: GuardedClient, httpserver: HTTPServer) -> None:
    packed = gzip.compress(b"[]")
    httpserver.expect_request("/feed").respond_with_data(packed, headers={"Content-Encoding": "gzip"})
    assert client.get(httpserver.url_for("/feed")).data == b"[]"


def test_a_busy_server_is_asked_again_when_it_says(client: GuardedClient, clock: Clock, httpserver: HTTPServer) -> None:
    httpserver.expect_ordered_request("/feed").respond_with_data(status=503, headers={"Retry-After": "7"})
    httpserver.expect_ordered_request("/feed").respond_with_data(status=429)
    httpserver.expect_ordered_request("/feed").respond_with_data("[]")
    assert client.get(httpserver.url_for("/feed")).data == b"[]"
    assert clock.slept[0] == 7
    assert 1 <= clock.slept[1] <= 4


def test_a_server_that_stays_busy_is_given_up(client: GuardedClient, clock: Clock, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/feed").respond_with_data("<html>Sorry</html>", status=503)
    assert "answered 503 (service unavailable)" in refusal(client, httpserver.url_for("/feed"))
    assert len(httpserver.log) == 3
    assert len(clock.slept) == 2


@pytest.mark.parametrize("wait", ["86400", "Sat, 22 Nov 2036 10:00:00 GMT", "99999999999999999999"])
def test_nobody_waits_for_a_day(client: GuardedClient, clock: Clock, httpserver: HTTPServer, wait: str) -> None:
    httpserver.expect_request("/feed").respond_with_data(status=503, headers={"Retry-After": wait})
    assert "seconds, longer than a run waits" in refusal(client, httpserver.url_for("/feed"))
    assert clock.slept == []


@pytest.mark.parametrize("wait", ["soon", "-5", "Sat, 22 Nov 2003 10:00:00 GMT", "\u0661"])
def test_a_strange_wait_is_as_good_as_none(
    client: GuardedClient, clock: Clock, httpserver: HTTPServer, wait: str
) -> None:
    httpserver.expect_ordered_request("/feed").respond_with_data(
        status=503, headers={"Retry-After": wait.encode().decode("latin-1")}
    )
    httpserver.expect_ordered_request("/feed").respond_with_data("[]")
    client.get(httpserver.url_for("/feed"))
    assert 0 <= clock.slept[0] <= 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 501, 204, 299])
def test_what_will_not_change_is_not_asked_again(
    client: GuardedClient, clock: Clock, httpserver: HTTPServer, status: int
) -> None:
    httpserver.expect_request("/feed").respond_with_data(status=status)
    with pytest.raises(FetchError) as caught:
        client.get(httpserver.url_for("/feed"))
    assert caught.value.status == status
    assert clock.slept == []


def test_the_message_does_not_repeat_a_key_in_the_address(client: GuardedClient, httpserver: HTTPServer) -> None:
    assert "secret" not in refusal(client, httpserver.url_for("/absent?key=secret"))


def test_the_environment_cannot_lead_past_the_guard(
    client: GuardedClient, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    httpserver.expect_request("/feed").respond_with_data("[]")
    assert client.get(httpserver.url_for("/feed")).data == b"[]"


def test_nobody_there(client: GuardedClient, clock: Clock) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
    assert "cannot be reached" in refusal(client, f"http://localhost:{port}/")
    assert len(clock.slept) == 2


def answer_by_hand(parts: Iterator[bytes]) -> tuple[int, threading.Thread]:
    """Answer one connection with these bytes, as slowly as they come."""
    server = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        with closing(server):
            connection, _ = server.accept()
        with closing(connection):
            try:
                for part in parts:
                    connection.sendall(part)
            except OSError:
                return

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return server.getsockname()[1], thread


def drip(first: bytes, drop: bytes, stop: threading.Event) -> Iterator[bytes]:
    yield first
    while not stop.wait(0.02):
        yield drop


@pytest.mark.parametrize(
    ("first", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ],
)
def test_a_server_that_sends_byte_by_byte_is_left_at_the_deadline(first: bytes, drop: bytes) -> None:
    stop = threading.Event()
    port, thread = answer_by_hand(drip(first, drop, stop))
    with GuardedClient(private_hosts=frozenset({"localhost"}), limits=Limits(seconds=0.3)) as client:
        message = refusal(client, f"http://localhost:{port}/")
    stop.set()
    thread.join(5)
    assert "takes longer than a run waits" in message


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n[",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[1",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_half_an_answer_is_none(clock: Clock, answer: bytes) -> None:
    port, thread = answer_by_hand(iter([answer]))
    limits = Limits(attempts=1)
    with GuardedClient(private_hosts=frozenset({"localhost"}), limits=limits, sleep=clock) as client:
        assert "broke off" in refusal(client, f"http://localhost:{port}/")
    thread.join(5)


@pytest.mark.parametrize(
    "answer", [b"", b"SSH-2.0\r\n", b"HTTP/1.1 302 Found\r\nLocation: http://[\r\n\r\n", b"HTTP/1.1 999 Odd\r\n\r\n"]
)
def test_no_answer_of_the_web(clock: Clock, answer: bytes) -> None:
    port, thread = answer_by_hand(iter([answer]))
    limits = Limits(attempts=1)
    with GuardedClient(private_hosts=frozenset({"localhost"}), limits=limits, sleep=clock) as client:
        assert refusal(client, f"http://localhost:{port}/")
    thread.join(5)


def test_a_source_with_a_private_address_is_harvested_when_that_is_allowed(httpserver: HTTPServer) -> None:
    def answer(request: Request) -> Response:
        assert request.headers["Accept"] == "application/json"
        document = {"identifier": "one", "summary": {"title": "Births", "publisher": {"name": "Example Trust"}}}
        return Response(gzip.compress(json.dumps({"count": 1, "dataModels": [document]}).encode()))

    httpserver.expect_request("/feed.json.gz").respond_with_handler(answer)
    origin = Origin(url=httpserver.url_for("/feed.json.gz"))
    allowed = HdrukHarvester.from_source(origin, {"allow_private": "true"})
    assert [(raw.identifier, raw.url) for raw in allowed.gather()] == [("one", origin.url)]
    assert allowed.outcome.complete
    refused = HdrukHarvester.from_source(origin, {})
    assert list(refused.gather()) == []
    assert not refused.outcome.complete
    assert "private address" in refused.outcome.problems[0].message


def test_a_strange_media_type_is_noted_and_the_feed_read(httpserver: HTTPServer) -> None:
    document = {"identifier": "one", "summary": {"title": "Births", "publisher": {"name": "Example Trust"}}}
    httpserver.expect_request("/feed").respond_with_data(json.dumps([document]), content_type="text/html")
    harvester = HdrukHarvester.from_source(Origin(url=httpserver.url_for("/feed")), {"allow_private": True})
    assert len(list(harvester.gather())) == 1
    assert harvester.outcome.complete
    assert [problem.severity for problem in harvester.outcome.problems] == [Severity.NOTE]
