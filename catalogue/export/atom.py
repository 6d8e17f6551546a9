"""Atom feeds (RFC 4287), in pages (RFC 5005, section 3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

MEDIA_TYPE = "application/atom+xml"
NAMESPACE = "http://www.w3.org/2005/Atom"
LAST_BEFORE_SURROGATES, FIRST_AFTER_SURROGATES, LAST_OF_PLANE = 0xD7FF, 0xE000, 0xFFFD

register_namespace("", NAMESPACE)


@dataclass(frozen=True, slots=True)
class Entry:
    """A dataset in a feed. `iri` is its address and its name for ever; `updated` is when there last was news of it."""

    iri: str
    title: str
    author: str
    published: datetime
    updated: datetime
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A page of a feed. `iri` names the whole feed; `links` are pairs of a relation and an address of a page."""

    iri: str
    title: str
    author: str
    updated: datetime
    page: str
    links: Sequence[tuple[str, str]]
    entries: Sequence[Entry]


def write(feed: Feed) -> bytes:
    """The page as XML; the same page is always the same bytes."""
    root = Element(_name("feed"))
    _text(root, "id", feed.iri)
    _text(root, "title", feed.title)
    _text(root, "updated", _moment(feed.updated))
    _text(SubElement(root, _name("author")), "name", feed.author)
    SubElement(root, _name("link"), {"rel": "alternate", "type": "text/html", "href": feed.page})
    for relation, address in feed.links:
        SubElement(root, _name("link"), {"rel": relation, "type": MEDIA_TYPE, "href": address})
    for entry in feed.entries:
        _entry(root, entry)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _entry(root: Element, entry: Entry) -> None:
    element = SubElement(root, _name("entry"))
    _text(element, "id", entry.iri)
    _text(element, "title", entry.title.strip() or "Untitled")
    _text(element, "published", _moment(entry.published))
    _text(element, "updated", _moment(entry.updated))
    _text(SubElement(element, _name("author")), "name", entry.author)
    SubElement(element, _name("link"), {"rel": "alternate", "type": "text/html", "href": entry.iri})
    if entry.summary:
        _text(element, "summary", entry.summary)


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, _name(name)).text = "".join(each for each in text if _is_allowed(each))


def _is_allowed(character: str) -> bool:
    """Whether XML 1.0 can hold the character (section 2.2)."""
    code = ord(character)
    if code < ord(" "):
        return character in "\t\n\r"
    return code <= LAST_BEFORE_SURROGATES or FIRST_AFTER_SURROGATES <= code <= LAST_OF_PLANE or code > LAST_OF_PLANE + 2


def _name(local: str) -> str:
    return f"{{{NAMESPACE}}}{local}"


def _moment(moment: datetime) -> str:
    """A moment as RFC 3339 writes it, to the microsecond, since news is told apart by it."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
