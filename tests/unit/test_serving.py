import json
import logging
import socket

from gunicorn.http.errors import InvalidRequestLine, LimitRequestLine

from catalogue.cli.serving import Worker


def refusal(error: Exception) -> tuple[str, str]:
    worker = object.__new__(Worker)
    worker.log = logging.getLogger(__name__)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        worker.handle_error(None, ours, ("192.0.2.1", 1), error)
        head, _, body = theirs.recv(10_000).decode().partition("\r\n\r\n")
    assert f"Content-Length: {len(body)}" in head
    return head, body


def test_an_address_that_is_too_long_is_a_problem() -> None:
    head, body = refusal(LimitRequestLine(9000, 8190))
    assert head.startswith("HTTP/1.1 414 ")
    assert "Content-Type: application/problem+json" in head
    assert json.loads(body)["status"] == 414


def test_what_is_no_request_is_refused_as_ever() -> None:
    head, _ = refusal(InvalidRequestLine("nonsense"))
    assert head.startswith("HTTP/1.1 400 ")
