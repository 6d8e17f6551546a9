"""What every HTML page of the catalogue must be, checked on each page that a test happens to see."""

import re
from collections import Counter
from collections.abc import Iterator
from hashlib import blake2b
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

FIELDS = {"input", "select", "textarea"}
FIELDS_WITHOUT_LABEL = {"hidden", "submit", "button", "image", "reset"}
REFERENCES = ("aria-controls", "aria-describedby", "aria-labelledby", "for")
LOADS = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "form": "action"}
DATA_BLOCKS = {"application/ld+json", "application/json"}
OPEN_FORMS = {"/requests/basket"}
"""Forms on pages that are the same for everybody: the view asks the browser where they come from instead."""
VARYING = re.compile(
    # identifiers, what allows the page its script, and what proves that a form is ours
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r'|(?<=nonce=")[\w-]+'
    r'|(?<=name="csrf_token" value=")[\w.-]+'
)
_in_order: set[bytes] = set()
SECURITY_HEADERS = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy")


class CheckingClient(FlaskClient):
    """A test client that fails the test when a page it was given breaks a rule of all pages."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Answer as the application does, and check the page if it is one."""
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.status_code not in range(300, 400):
            method = response.request.method
            problems = [*header_problems(dict(response.headers))]
            if method != "HEAD":
                problems += _problems_once(response.get_data(as_text=True))
            assert not problems, f"{method} {response.request.path}:\n" + "\n".join(problems)
        return response


def _problems_once(html: str) -> list[str]:
    """What is wrong with a page, unless the same page was in order before; most of them tests see again and again."""
    digest = blake2b(likeness(html).encode()).digest()
    if digest in _in_order:
        return []
    problems = page_problems(html)
    if not problems:
        _in_order.add(digest)
    return problems


def likeness(html: str) -> str:
    """The page with its tokens and identifiers by number: two are alike when only what these are called differs."""
    names: dict[str, str] = {}
    return VARYING.sub(lambda found: names.setdefault(found[0], f"\0{len(names)}\0"), html)


def header_problems(headers: dict[str, str]) -> Iterator[str]:
    """Yield what is wrong with the headers that came with a page."""
    for name in SECURITY_HEADERS:
        if name not in headers:
            yield f"no {name} header"
    policy = headers.get("Content-Security-Policy", "")
    for loose in ("'unsafe-inline'", "'unsafe-eval'", " * ", " *;"):
        if loose in policy:
            yield f"the content security policy allows {loose.strip()}"


def page_problems(html: str) -> list[str]:
    """List what is wrong with a page; empty when nothing is."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    root = parser.parse(html)
    problems = [f"line {position[0]}: {code} {detail or ''}".rstrip() for position, code, detail in parser.errors]
    for rule in (_document, _identifiers, _labels_and_forms, _scripts, _addresses, _headings):
        problems.extend(rule(root))
    return problems


def _elements(root: Element, *names: str) -> Iterator[Element]:
    # comments have a function where elements have a name
    return (element for element in root.iter() if isinstance(element.tag, str) and (not names or element.tag in names))


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _document(root: Element) -> Iterator[str]:
    if not root.get("lang"):
        yield "html has no lang"
    headings = [_text(heading) for heading in _elements(root, "h1")]
    if len(headings) != 1:
        yield f"{len(headings)} h1 elements: {headings}"
    # an icon in the page has a title of its own
    titles = [_text(title) for head in _elements(root, "head") for title in _elements(head, "title")]
    if len(titles) != 1:
        yield f"{len(titles)} titles: {titles}"
    elif headings and headings[0] not in titles[0]:
        yield f"the title {titles[0]!r} does not contain the h1 {headings[0]!r}"
    if len(list(_elements(root, "main"))) != 1:
        yield "there is not exactly one main element"


def _identifiers(root: Element) -> Iterator[str]:
    counts = Counter(element.get("id") for element in _elements(root) if element.get("id") is not None)
    yield from (f"id {name!r} is used {count} times" for name, count in counts.items() if count > 1)
    for element in _elements(root):
        for attribute in REFERENCES:
            for name in element.get(attribute, "").split():
                if name not in counts:
                    yield f"{element.tag} {attribute}={name!r} names no element"
        target = element.get("href", "")
        if target.startswith("#") and target != "#" and target[1:] not in counts:
            yield f"{element.tag} href={target!r} names no element"


def _labels_and_forms(root: Element) -> Iterator[str]:
    labelled = {label.get("for") for label in _elements(root, "label")}
    wrapped = {id(field) for label in _elements(root, "label") for field in _elements(label, *FIELDS)}
    for field in _elements(root, *FIELDS):
        if field.tag == "input" and field.get("type", "text") in FIELDS_WITHOUT_LABEL:
            continue
        named = field.get("aria-label") or field.get("aria-labelledby") or id(field) in wrapped
        if not named and (field.get("id") is None or field.get("id") not in labelled):
            yield f"{field.tag} {field.get('name') or field.get('id')!r} has no label"
    for image in _elements(root, "img"):
        if image.get("alt") is None:
            yield f"img {image.get('src')!r} has no alt"
    for form in _elements(root, "form"):
        fields = {field.get("name") for field in _elements(form, "input") if field.get("value")}
        is_open = urlsplit(form.get("action", "")).path in OPEN_FORMS
        if form.get("method", "get").lower() == "post" and "csrf_token" not in fields and not is_open:
            yield f"form {form.get('action', '')!r} can be sent by another site: it has no csrf_token"
    for action in _elements(root, "a", "button"):
        if not (_text(action) or action.get("aria-label") or any(i.get("alt") for i in _elements(action, "img"))):
            yield f"{action.tag} {action.get('href') or action.get('name')!r} says nothing"


def _scripts(root: Element) -> Iterator[str]:
    for script in _elements(root, "script"):
        if not script.get("src") and script.get("type") not in DATA_BLOCKS:
            yield f"inline script: {_text(script)[:60]!r}"
    for style in _elements(root, "style"):
        yield f"inline style element: {_text(style)[:60]!r}"
    for element in _elements(root):
        for name, value in element.attrib.items():
            if name == "style" or name.lower().startswith("on"):
                yield f"{element.tag} has {name}={value!r}"


def _addresses(root: Element) -> Iterator[str]:
    for element in _elements(root):
        for attribute in ("href", "src", "action"):
            if element.get(attribute, "").strip().lower().startswith("javascript:"):
                yield f"{element.tag} has a javascript: address"
        loaded = element.get(LOADS[element.tag], "") if element.tag in LOADS else ""
        # a canonical or alternate link says an address and loads nothing
        if element.tag == "link" and not {"stylesheet", "icon", "preload"} & set(element.get("rel", "").split()):
            continue
        if urlsplit(loaded).netloc:
            yield f"{element.tag} goes to another host: {loaded!r}"


def _headings(root: Element) -> Iterator[str]:
    levels = [(int(heading.tag[1]), _text(heading)) for heading in _elements(root, "h1", "h2", "h3", "h4", "h5", "h6")]
    for (above, _), (below, text) in pairwise(levels):
        if below > above + 1:
            yield f"heading {text!r} jumps from level {above} to {below}"
    yield from (f"an empty h{level}" for level, text in levels if not text)
