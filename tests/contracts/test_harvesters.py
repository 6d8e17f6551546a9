"""What every kind of harvester promises, whoever wrote it."""

import re
from datetime import date

import marshmallow
import pytest

import harvesters
from catalogue.plugins import find
from harvesters.base import Harvester, Origin, Raw, kinds

find(harvesters)
KINDS = kinds()
BAD_BYTES = (b"", b"\0", b"\xff\xfe\xfd", b"null", b"[" * 10_000, b"{" * 10_000, b"<html>Please sign in</html>", b"{}")


@pytest.fixture(params=sorted(KINDS))
def kind(request: pytest.FixtureRequest) -> type[Harvester]:
    return KINDS[request.param]


def test_a_harvester_says_what_it_is(kind: type[Harvester]) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9-]{1,39}", kind.kind)
    assert kind.label
    assert kind.revision


def test_every_option_can_be_drawn_in_a_form(kind: type[Harvester]) -> None:
    for name, field in kind.Config().fields.items():
        assert {"label", "help"} <= field.metadata.keys(), name


def test_options_load_empty_or_say_what_is_missing(kind: type[Harvester]) -> None:
    try:
        settings = kind.Config().load({})
    except marshmallow.ValidationError as error:
        assert error.messages  # noqa: PT017 - either outcome is right
    else:
        assert settings["allow_private"] is False


@pytest.mark.parametrize("data", BAD_BYTES)
def test_bad_bytes_give_a_reading_with_a_problem(kind: type[Harvester], data: bytes) -> None:
    raw = Raw(None, data, "application/octet-stream", "https://example.org/feed")
    reading = kind.parse(raw, date_order=None, today=date(2026, 11, 22))
    assert reading.description is None
    assert reading.problems


def test_a_source_without_an_address_ends_in_a_message(kind: type[Harvester]) -> None:
    harvester = kind.from_source(Origin(), {})
    assert list(harvester.gather()) == []
    assert not harvester.outcome.complete
    assert harvester.outcome.problems
