"""Addresses that are remembered are those that Flask writes."""

from typing import Any
from unittest.mock import patch

import pytest
from flask import Flask, url_for

from catalogue.web import application
from catalogue.web.application import Application

QUESTIONS: list[tuple[str, dict[str, Any]]] = [
    ("home", {}),
    ("dataset", {"identifier": "a b/c"}),
    ("dataset", {"identifier": "a", "q": "asthma & more", "page": None}),
    ("dataset", {"identifier": "a", "page": 1}),
    ("dataset", {"identifier": "a", "page": True}),
    ("dataset", {"identifier": "a", "place": ["Wales", "England"]}),
    ("dataset", {"identifier": "a", "_external": True}),
    ("dataset", {"identifier": "a", "_anchor": "cite"}),
    ("dataset", {"identifier": "a", "_external": False}),
    ("dataset", {"identifier": "long" * 100}),
    ("form", {}),
]


def made(kind: type[Flask]) -> Flask:
    app = kind("catalogue")
    app.add_url_rule("/", "home")
    app.add_url_rule("/datasets/<identifier>", "dataset")
    app.add_url_rule("/new", "form", methods=["GET"])
    app.add_url_rule("/save", "form", methods=["POST"])
    return app


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("root", ["", "/catalogue"])
def test_they_are_the_same(root: str, method: str) -> None:
    flask, ours = made(Flask), made(Application)
    for _ in range(2):
        for endpoint, values in QUESTIONS:
            found = []
            for app in (flask, ours):
                with app.test_request_context("/", method=method, base_url=f"http://catalogue.example{root}"):
                    found.append(url_for(endpoint, **values))
            assert found[0] == found[1], (endpoint, values)


def test_one_application_tells_places_and_methods_apart() -> None:
    app = made(Application)
    found = []
    for root, method in (("", "GET"), ("/catalogue", "GET"), ("", "POST")):
        with app.test_request_context("/", method=method, base_url=f"http://catalogue.example{root}"):
            found.append(url_for("form"))
    assert found == ["/new", "/catalogue/new", "/save"]


def test_an_address_is_written_once() -> None:
    app = made(Application)
    with app.test_request_context("/"), patch.object(Flask, "url_for", autospec=True, return_value="/x") as written:
        assert {url_for("dataset", identifier="a") for _ in range(3)} == {"/x"}
        assert written.call_count == 1


def test_no_more_are_remembered_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "MOST_REMEMBERED", 3)
    app = made(Application)
    assert isinstance(app, Application)
    with app.test_request_context("/"):
        for number in range(10):
            assert url_for("dataset", identifier=str(number)) == f"/datasets/{number}"
            assert len(app._addresses) <= 3
