import json
import logging
import socket

import pytest
from gunicorn.config import Config
from gunicorn.http.errors import InvalidRequestLine, LimitRequestLine
from gunicorn.http.message import Request
from gunicorn.http.unreader import IterUnreader

from catalogue.cli.serving import LONGEST_REQUEST_LINE, Worker


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
    head, body = refusal(LimitRequestLine(200_000, LONGEST_REQUEST_LINE))
    assert head.startswith("HTTP/1.1 414 ")
    assert "Content-Type: application/problem+json" in head
    assert json.loads(body)["status"] == 414


def test_a_search_of_ten_thousand_characters_is_read() -> None:
    config = Config()
    config.set("limit_request_line", LONGEST_REQUEST_LINE)
    address = f"/search?q={'%F0%9F%A7%AC' * 10_000}"
    request = Request(config, IterUnreader([f"GET {address} HTTP/1.1\r\nHost: x\r\n\r\n".encode()]), ("192.0.2.1", 1))
    assert request.uri == address
    with pytest.raises(LimitRequestLine):
        Request(config, IterUnreader([f"GET {address * 2} HTTP/1.1\r\n\r\n".encode()]), ("192.0.2.1", 1))


def test_what_is_no_request_is_refused_as_ever() -> None:
    head, _ = refusal(InvalidRequestLine("nonsense"))
    assert head.startswith("HTTP/1.1 400 ")
