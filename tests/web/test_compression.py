import gzip

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from catalogue.domain.permissions import require


@pytest.fixture
def client(new_app: Flask) -> FlaskClient:
    """A visitor of pages of the test's own, beside the application's."""

    def long() -> Response:
        response = Response("long " * 1000, mimetype="text/plain")
        response.set_etag("a")
        return response

    def personal() -> Response:
        return Response("long " * 1000, mimetype="text/plain", headers={"Cache-Control": "private"})

    def secret() -> Response:
        return Response("long " * 1000, mimetype="text/plain", headers={"Cache-Control": "no-store"})

    for view in (long, personal, secret):
        new_app.add_url_rule(f"/{view.__name__}", view_func=require("site:read")(view))
    return new_app.test_client()


def test_text_is_compressed_for_those_who_take_it(client: FlaskClient) -> None:
    answer = client.get("/long", headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data) == b"long " * 1000
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert answer.headers["ETag"] == 'W/"a"'


@pytest.mark.parametrize("encoding", ["", "identity", "br", "gzip;q=0"])
def test_others_get_it_as_it_is(client: FlaskClient, encoding: str) -> None:
    answer = client.get("/long", headers={"Accept-Encoding": encoding})
    assert "Content-Encoding" not in answer.headers
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_what_is_for_one_person_or_small_is_not_compressed(client: FlaskClient) -> None:
    for path in ("/personal", "/secret", "/healthz"):
        assert "Content-Encoding" not in client.get(path, headers={"Accept-Encoding": "gzip"}).headers


def test_compression_comes_after_everything_that_marks_an_answer(app: Flask) -> None:
    # Flask runs them in reverse.
    assert app.after_request_funcs[None][0].__module__ == "catalogue.web.compression"
