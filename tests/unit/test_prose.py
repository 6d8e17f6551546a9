import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from catalogue.web.prose import linked, opening, prose


def link(address: str) -> str:
    return str(Markup('<a class="govuk-link" href="{0}" rel="nofollow noopener">{0}</a>').format(address))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("see https://a.example/b.", f"see {link('https://a.example/b')}."),
        ("(https://a.example/b_(c))", f"({link('https://a.example/b_(c)')})"),
        ("http://a.example/?x=1&y=2, then", f"{link('http://a.example/?x=1&y=2')}, then"),
        ('https://a.example/"onclick="x', f"{link('https://a.example/')}&#34;onclick=&#34;x"),
        ("https://", "https://"),
        ("two https://a.example https://b.example", f"two {link('https://a.example')} {link('https://b.example')}"),
    ],
)
def test_addresses_become_links_and_nothing_else_is_html(text: str, html: str) -> None:
    assert linked(text) == html


def test_lines_and_lists_are_kept() -> None:
    text = "One\ntwo\n\nCovers:\n•\tAge\n- Sex\nand more\n\n\n"
    assert prose(text) == (
        '<p class="govuk-body">One<br>two</p>'
        '<p class="govuk-body">Covers:</p>'
        '<ul class="govuk-list govuk-list--bullet"><li>Age</li><li>Sex</li></ul>'
        '<p class="govuk-body">and more</p>'
    )


def test_no_text_is_no_paragraph() -> None:
    assert prose(" \n\n") == ""


@given(st.text())
def test_nothing_is_lost_and_no_tag_gets_through(text: str) -> None:
    html = str(prose(text))
    for tag in ('<p class="govuk-body">', "</p>", "<br>", "<ul ", "</ul>", "<li>", "</li>", "<a ", "</a>"):
        html = html.replace(tag, "")
    assert "<" not in html


@pytest.mark.parametrize("text", ["https://" + ")" * 50_000, "- " * 50_000, "\n" * 50_000, "http://" * 20_000])
def test_hostile_text_is_only_long(text: str) -> None:
    assert len(prose(text)) >= 0


def test_a_long_text_opens_at_a_paragraph() -> None:
    text = "a " * 400 + "\n\n" + "b " * 2000
    shown, rest = opening(text, 1000)
    assert shown == ("a " * 400).strip()
    assert rest == ("b " * 2000).strip()


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_an_opening_and_its_rest_are_the_text(text: str, characters: int) -> None:
    shown, rest = opening(text, characters)
    assert "".join((shown + rest).split()) == "".join(text.split())
