"""What shares something stays together where several workers run the tests."""

import pytest

from tests.scheduling import group_of


@pytest.mark.parametrize(
    ("test", "group"),
    [
        ("tests/browser/test_pages.py::test_x[chromium]", "tests/browser/"),
        ("tests/browser/test_forms.py::test_x[chromium]", "tests/browser/ by itself"),
        ("tests/contracts/test_wheel.py::test_x", "tests/contracts/test_wheel.py"),
        ("tests/unit/test_clock.py::test_x[a::b]", "tests/unit/test_clock.py::test_x[a::b]"),
    ],
)
def test_a_group_is_what_shares_something(test: str, group: str) -> None:
    assert group_of(test) == group
