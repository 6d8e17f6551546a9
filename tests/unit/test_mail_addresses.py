"""Which addresses an account can have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.domain.mail_addresses import folded


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ada.Moss@Example.ORG ", "ada.moss@example.org"),
        ("o'neill+data@uni-hollins.example.ac.uk", "o'neill+data@uni-hollins.example.ac.uk"),
        ("a@b.co", "a@b.co"),
    ],
)
def test_an_address_is_trimmed_and_in_lower_case(typed: str, kept: str) -> None:
    assert folded(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ada",
        "@example.org",
        "ada@",
        "ada@localhost",
        "ada@example..org",
        "ada@-example.org",
        "ada@example-.org",
        "ada@192.168.0.1",
        "ada@[127.0.0.1]",
        ".ada@example.org",
        "ada..moss@example.org",
        "ada moss@example.org",
        '"ada moss"@example.org',
        "ada@moss@example.org",
        "ada@example.org\nBcc: all@example.org",
        "ada@exa\nmple.org",
        "Ada <ada@example.org>",
        "ada@example.org,bob@example.org",
        "ädä@example.org",
        f"{'a' * 65}@example.org",
        f"a@{'b' * 64}.org",
        f"a@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.{'f' * 20}.org",
    ],
)
def test_anything_else_is_none(typed: str) -> None:
    assert folded(typed) is None


@given(st.text(max_size=300))
def test_whatever_is_typed_there_is_an_answer_that_is_stable_and_plain(typed: str) -> None:
    address = folded(typed)
    if address is not None:
        assert folded(address) == address
        assert address.isascii()
        assert address.isprintable()
        assert not set(address) & set(' <>,;:"()[]\\')
