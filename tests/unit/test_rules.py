"""Rules that wait write the same addresses as those that do not."""

from unittest.mock import patch

import pytest
from werkzeug.routing import Map, MapAdapter, Rule

from catalogue.web.rules import PatientRule

RULES = ("/datasets/<identifier>", "/datasets/<identifier>/versions/<int:number>", "/search")
QUESTIONS = (
    ("/datasets/<identifier>", {"identifier": "a b/c"}),
    ("/datasets/<identifier>", {"identifier": "a", "page": 2}),
    ("/datasets/<identifier>/versions/<int:number>", {"identifier": "a", "number": 3}),
    ("/search", {"q": "asthma & more"}),
)


def bound(kind: type[Rule]) -> MapAdapter:
    return Map([kind(rule, endpoint=rule) for rule in RULES]).bind("catalogue.example")


@pytest.mark.parametrize(("endpoint", "values"), QUESTIONS)
def test_it_writes_the_same_addresses(endpoint: str, values: dict[str, object]) -> None:
    patient = bound(PatientRule)
    for _ in range(2):
        assert patient.build(endpoint, values) == bound(Rule).build(endpoint, values)


def test_nothing_is_compiled_before_an_address_is_written() -> None:
    with patch.object(Rule, "_compile_builder", autospec=True, side_effect=Rule._compile_builder) as compiled:
        addresses = bound(PatientRule)
        assert addresses.match("/search") == ("/search", {})
        assert compiled.call_count == 0
        addresses.build("/search")
        addresses.build("/search")
        assert compiled.call_count == 1
