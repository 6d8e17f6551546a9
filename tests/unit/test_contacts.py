import pytest

from catalogue.web.contacts import contact_of


@pytest.mark.parametrize(
    ("stated", "href"),
    [
        ("data@trust.example", "mailto:data@trust.example"),
        (" data@trust.example\u00a0", "mailto:data@trust.example"),
        ("o'neill+data@trust.example", "mailto:o%27neill+data@trust.example"),
        ("https://trust.example/ask", "https://trust.example/ask"),
        ("the front desk", ""),
        ("data@trust", ""),
        ("two@trust.example, three@trust.example", ""),
        ("javascript:alert(1)", ""),
        ('"><script>@trust.example', ""),
        ("a@" + "x" * 300 + ".example", ""),
    ],
)
def test_a_contact_is_followed_only_when_it_can_be(stated: str, href: str) -> None:
    found = contact_of(stated)
    assert found is not None
    assert found.href == href


@pytest.mark.parametrize("stated", [None, "", " \n"])
def test_nothing_stated_is_no_contact(stated: str | None) -> None:
    assert contact_of(stated) is None


def test_subject_and_body_are_filled_in() -> None:
    found = contact_of("data@trust.example", subject="About 50% & more?", body="See:\nhttps://a.example/1")
    assert found is not None
    assert found.is_mail
    assert found.href == (
        "mailto:data@trust.example?subject=About%2050%25%20%26%20more%3F&body=See%3A%0Ahttps%3A//a.example/1"
    )
