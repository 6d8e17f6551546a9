import pytest

from catalogue.negotiation import best

HTML, JSON = "text/html", "application/json"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, HTML),
        ("", HTML),
        ("*/*", HTML),
        ("application/json", JSON),
        ("application/*", JSON),
        ("APPLICATION/JSON", JSON),
        ("text/html;q=0.5, application/json", JSON),
        ("text/html;q=0.5, application/json;q=0.4", HTML),
        ("application/json;q=0, */*;q=0.1", HTML),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", HTML),
        ("*/*;q=0.1, application/json;q=0.2", JSON),
        ("text/*;q=0.3, application/json;q=0.3", HTML),
        ("image/png", None),
        ("application/json;q=0", None),
        ("application/json;q=nan", None),
        ("application/json;q=2", None),
        ("application/json;profile=other", None),
        ("application/json;q=0.8;ext=1", JSON),
        (";;;,,,", HTML),
        ("html", HTML),
        ("*/json", HTML),
    ],
)
def test_the_preferred_representation_is_chosen(accept: str | None, chosen: str | None) -> None:
    assert best(accept, (HTML, JSON)) == chosen


def test_the_most_specific_range_decides_wherever_it_stands() -> None:
    assert best("text/html;level=1;q=0.2, text/html, text/*;q=0.9", (HTML, "text/html;level=1")) == HTML
    assert best("text/*, text/plain;q=0.1", ("text/plain", HTML)) == HTML


def test_nothing_offered_is_nothing_chosen() -> None:
    assert best("*/*", ()) is None
    assert best(None, ()) is None


def test_a_header_of_any_length_is_read() -> None:
    assert best("text/html;q=0.1," * 100_000, (JSON, HTML)) == HTML
