"""The rules of all pages can fail."""

from uuid import uuid4

import pytest

from tests.page_checks import header_problems, likeness, page_problems

PAGE = """<!DOCTYPE html>
<html lang="en">
<head><title>Find data - Catalogue</title><link rel="stylesheet" href="/static/dist/catalogue.css"></head>
<body><a href="#main">Skip to main content</a>
<main id="main"><h1>Find data</h1>
<form action="/search"><label for="q">Words</label><input id="q" name="q"></form>
%s
</main></body></html>
"""


def test_a_good_page_has_no_problems() -> None:
    assert page_problems(PAGE % '<h2>Newest</h2><script type="application/ld+json">{}</script>') == []


@pytest.mark.parametrize(
    ("fragment", "said"),
    [
        ("<h1>Again</h1>", "2 h1 elements"),
        ("<div id='main'></div>", "id 'main' is used 2 times"),
        ("<input name='title'>", "input 'title' has no label"),
        ("<select name='sort'></select>", "select 'sort' has no label"),
        ("<script>alert(1)</script>", "inline script"),
        ("<style>p { color: red }</style>", "inline style element"),
        ("<p style='color: red'>x</p>", "has style="),
        ("<p onclick='go()'>x</p>", "has onclick="),
        ("<a href='javascript:go()'>x</a>", "javascript:"),
        ("<a href='#nowhere'>x</a>", "names no element"),
        ("<p aria-describedby='hint'>x</p>", "names no element"),
        ("<img src='/a.png'>", "has no alt"),
        ("<a href='/x'></a>", "says nothing"),
        ("<script src='https://cdn.example.org/a.js'></script>", "another host"),
        ("<form method='post'></form>", "no csrf_token"),
        ("<form method='post'><input type='hidden' name='csrf_token' value=''></form>", "no csrf_token"),
        ("<h3>Deep</h3>", "jumps from level 1 to 3"),
        ("<p><div>x</div></p>", "unexpected-end-tag"),
        ("<main><p>x</p></main>", "exactly one main"),
    ],
)
def test_a_broken_rule_is_named(fragment: str, said: str) -> None:
    problems = page_problems(PAGE % fragment)
    assert any(said in problem for problem in problems), problems


def test_the_title_contains_the_heading() -> None:
    problems = page_problems((PAGE % "").replace("<title>Find data", "<title>Something else"))
    assert problems == ["the title 'Something else - Catalogue' does not contain the h1 'Find data'"]


def test_a_page_says_its_language() -> None:
    assert page_problems((PAGE % "").replace(' lang="en"', "")) == ["html has no lang"]


@pytest.mark.parametrize(
    ("policy", "problems"),
    [
        ("default-src 'self'", []),
        ("default-src 'self' 'unsafe-inline'", ["the content security policy allows 'unsafe-inline'"]),
        ("default-src *; img-src 'self'", ["the content security policy allows *;"]),
    ],
)
def test_the_content_security_policy_is_strict(policy: str, problems: list[str]) -> None:
    headers = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
    }
    assert list(header_problems(headers)) == problems


def test_missing_security_headers_are_named() -> None:
    assert len(list(header_problems({}))) == 3


def test_pages_are_alike_that_differ_in_what_things_are_called() -> None:
    one, other = str(uuid4()), str(uuid4())

    def page(*names: str, proof: str = "IjA.x-y_z", more: str = "") -> str:
        field = f'<form method="post"><input type="hidden" name="csrf_token" value="{proof}">{more}</form>'
        return PAGE % (field + "".join(f'<p id="of-{name}">x</p>' for name in names))

    assert likeness(page(one, other)) == likeness(page(other, one, proof="Ijg.a-b_c"))
    differing = {likeness(each) for each in (page(one, other), page(one, one), page(one), page(one, proof=""))}
    assert len(differing) == 4
    assert likeness(page(one, more="<b>")) != likeness(page(one))
    assert page_problems(page(one, other)) == []
    assert page_problems(page(one, one)) == [f"id 'of-{one}' is used 2 times"]
