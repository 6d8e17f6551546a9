"""RDF from outside, in any of its forms, read so that no input can crash, hang or reach for another address."""

import codecs
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse, serialize

from harvesters.errors import FileError
from harvesters.jsonld_contexts import with_contexts
from schemas.crosswalks.rdf_graph import NotTriples, Statements, statements, statements_as_written
from schemas.metadata import Problem, Severity
from schemas.validation import Unreadable, read_json
from schemas.validation.encodings import Undecodable, decode

LARGEST: Final = 100 * 1024 * 1024
"""Bytes of one document. Larger catalogues are paged, or split into files."""
LARGEST_READ: Final = 600 * 1024 * 1024
"""Bytes of its statements written out: short names can stand for addresses of any length."""
MOST_BAD_ADDRESSES: Final = 20

SUFFIXES: Final = {
    ".ttl": RdfFormat.TURTLE,
    ".n3": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
    ".rdf": RdfFormat.RDF_XML,
    ".xml": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
    ".json": RdfFormat.JSON_LD,
}
WITHOUT_GRAPHS: Final = frozenset({RdfFormat.TURTLE, RdfFormat.N_TRIPLES, RdfFormat.RDF_XML})
"""Forms whose statements have no graphs; unless they are about statements, each is three terms."""
MEDIA_TYPES: Final = {
    "text/turtle": RdfFormat.TURTLE,
    "application/x-turtle": RdfFormat.TURTLE,
    "text/n3": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/n-quads": RdfFormat.N_QUADS,
    "application/trig": RdfFormat.TRIG,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/xml": RdfFormat.RDF_XML,
    "text/xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/json": RdfFormat.JSON_LD,
}
ACCEPT: Final = (
    "text/turtle, application/n-triples;q=0.9, application/rdf+xml;q=0.8, application/ld+json;q=0.7, "
    "application/trig;q=0.6, application/n-quads;q=0.6, */*;q=0.1"
)

_XML_ENCODING = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,300}\?>")
_XML_ENCODINGS: Final = frozenset(
    {"utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252", "utf-16", "utf-16-le", "utf-16-be"}
)
_CHARACTER_DATA = re.compile(r"<!\[CDATA\[.*?\]\]>|<!--.*?-->", re.DOTALL)
_FIRST_ELEMENT = re.compile(r"<([A-Za-z_][^\s/>]{0,200})")
_LAST_ELEMENT = re.compile(r"</([^\s/>]{1,200})\s{0,100}>\s*\Z")
MAXIMUM_TAG: Final = 1_000
_TURTLE = re.compile(r"@(?:prefix|base)\s|(?:prefix|base)\s[^<]{0,100}<|<[a-z][a-z0-9+.-]{0,30}:[^<>\s]{0,2000}>|_:")
_UNSAFE = re.compile('[\\x00-\\x20<>"{}|^`\\\\]')
_IN_PLACE = re.compile(r"Parser error (at line|between line)")


@dataclass(frozen=True, slots=True)
class RdfDocument:
    """The statements of one document, of all its graphs together, and what had to be left out."""

    statements: Statements
    problems: tuple[Problem, ...] = ()


def read_rdf(data: bytes, *, media_type: str = "", url: str = "", base: str | None = None) -> RdfDocument:
    """Read one document; `base` is what relative addresses in it are relative to.

    The form is the one its first characters show, else the declared one, else that of the suffix of `url`.
    Raises `FileError`.
    """
    if len(data) > LARGEST:
        message = f"The document has {len(data):,} bytes; at most {LARGEST:,} are read."
        raise FileError(message, "Publish it in pages, or split it into several files.", url)
    text = _decoded(data, url)
    if not text.strip():
        raise FileError("The document is empty.", "Check that the address or the file is the right one.", url)
    chosen = _format_of(text, media_type, url)
    if chosen is None:
        raise FileError("This is an HTML page, perhaps a sign-in page, and not RDF.", "Check the address.", url)
    if chosen is RdfFormat.RDF_XML:
        text = _checked_xml(text, url)
    if chosen is RdfFormat.JSON_LD:
        return _read_json_ld(data, url, base)
    return _parsed(text, chosen, url, base)


def _decoded(data: bytes, url: str) -> str:
    try:
        return decode(data, lambda unmarked: _declared_encoding(unmarked, url)).text
    except Undecodable as error:
        raise FileError(error.message, error.fix, url) from error


def _declared_encoding(data: bytes, url: str) -> str:
    found = _XML_ENCODING.match(data[:500])
    if found is None:
        return "utf-8"
    declared = found[1].decode("ascii")
    try:
        encoding = codecs.lookup(declared).name
    except LookupError:
        encoding = ""
    if encoding not in _XML_ENCODINGS:
        raise FileError(f"The encoding {declared} is not read.", "Save the file in UTF-8.", url)
    return encoding


def _format_of(text: str, media_type: str, url: str) -> RdfFormat | None:
    """The form of the document; None for an HTML page."""
    start = text[:2000].lstrip().casefold()
    if start.startswith(("<!doctype html", "<html")) or ("<html" in start and start.startswith("<")):
        return None
    if start.startswith(("<?xml", "<rdf:", "<!doctype")):
        return RdfFormat.RDF_XML
    name = url.lower().partition("?")[0].removesuffix(".gz")
    by_suffix = next((each for suffix, each in SUFFIXES.items() if name.endswith(suffix)), None)
    found = MEDIA_TYPES.get(media_type) or by_suffix
    # A graph in TriG begins like an object in JSON, but no name in it stands in quotes.
    if re.match(r'[\[{]\s*(?:["{]|[}\]]\s*$)', start):
        return RdfFormat.JSON_LD
    if found in (RdfFormat.JSON_LD, RdfFormat.RDF_XML) and _TURTLE.match(start):
        return RdfFormat.TURTLE
    if found in (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS) and start.startswith(("@prefix", "prefix", "@base", "base")):
        return RdfFormat.TURTLE
    return found or RdfFormat.TURTLE


def _checked_xml(text: str, url: str) -> str:
    """XML without its declaration, whose encoding no longer holds. A DOCTYPE is refused before any parser sees it."""
    markup = _CHARACTER_DATA.sub("", text) if "<!" in text else text
    if re.search(r"<!\s*(?:DOCTYPE|ENTITY)", markup, re.IGNORECASE):
        message = "The document has a DOCTYPE, which can make a parser fetch files or work for ever."
        raise FileError(message, "Leave the DOCTYPE out, and write entities as characters.", url)
    _refuse_cut_xml(markup, url)
    return _XML_DECLARATION.sub("", text, count=1)


def _refuse_cut_xml(markup: str, url: str) -> None:
    """Refuse XML that ends before its first element does, which the parser would take for the whole."""
    first = _FIRST_ELEMENT.search(markup)
    if first is not None and not markup.rstrip().endswith("/>"):
        end = _LAST_ELEMENT.search(markup[-MAXIMUM_TAG:])
        if end is None or end[1] != first[1]:
            message = "The text ends in the middle of the document."
            raise FileError(message, "Fetch it again: it is not complete.", url)


def _read_json_ld(data: bytes, url: str, base: str | None) -> RdfDocument:
    try:
        read = read_json(data, limit=LARGEST)
        document = with_contexts(read.value)
    except Unreadable as error:
        raise FileError(error.problem.message, error.problem.fix, url) from error
    except FileError as error:
        raise FileError(error.problem.message, error.problem.fix, url) from error
    found = _parsed(json.dumps(document, ensure_ascii=False), RdfFormat.JSON_LD, url, base)
    return RdfDocument(found.statements, (*read.problems, *found.problems))


def _parsed(text: str, chosen: RdfFormat, url: str, base: str | None) -> RdfDocument:
    encoded = text.encode("utf-8", "replace")
    try:
        return RdfDocument(_statements(parse(encoded, chosen, base_iri=base), url, chosen))
    except SyntaxError as error:
        if "IRI" not in str(error):
            raise _unreadable(error, chosen, encoded, url) from error
    # Only an address is wrong: everything else is read, and what has a bad address is left out.
    left_out = _LeftOut()
    try:
        found = _statements(left_out.good(parse(encoded, chosen, base_iri=base, lenient=True)), url, chosen)
    except SyntaxError as error:
        raise _unreadable(error, chosen, encoded, url) from error
    return RdfDocument(found, tuple(left_out.problems()))


@dataclass(slots=True)
class _LeftOut:
    """Statements with an address that is none."""

    addresses: dict[str, str] = field(default_factory=dict)
    count: int = 0

    def good(self, quads: Iterable[Quad]) -> Iterator[Quad]:
        for quad in quads:
            bad = next((each for each in (quad.subject, quad.predicate, quad.object) if not _is_good(each)), None)
            if bad is None:
                yield quad
                continue
            self.count += 1
            if len(self.addresses) < MOST_BAD_ADDRESSES:
                self.addresses.setdefault(getattr(bad, "value", str(bad)), getattr(quad.subject, "value", ""))

    def problems(self) -> Iterator[Problem]:
        for address, subject in self.addresses.items():
            message = f"“{address:.200}” is not an address, so what {subject:.200} says with it was left out."
            yield Problem(subject[:200], message, Severity.ERROR, "Write spaces and other characters as %20 and so on.")
        if self.count > len(self.addresses):
            yield Problem("", f"{self.count:,} statements with such addresses were left out.", Severity.ERROR)


def _is_good(term: object) -> bool:
    if isinstance(term, NamedNode):
        if _UNSAFE.search(term.value):
            return False
        try:
            NamedNode(term.value)
        except ValueError:
            return False
        return True
    return isinstance(term, BlankNode | Literal)


class _Bounded(io.BytesIO):
    """A buffer that does not grow beyond what is read of one document."""

    def write(self, data: bytes) -> int:  # type: ignore[override] # bytes alone are written to it
        if self.tell() + len(data) > LARGEST_READ:
            raise OverflowError
        return super().write(data)


def _statements(quads: Iterable[Quad], url: str, chosen: RdfFormat) -> Statements:
    """The statements of a parser, by way of N-Quads, which takes a quarter of the time of asking each for its parts."""
    buffer = _Bounded()
    try:
        serialize(quads, buffer, RdfFormat.N_QUADS)
        text = buffer.getvalue().decode()
        is_plain = chosen in WITHOUT_GRAPHS and "<<(" not in text
        return statements_as_written(text) if is_plain else statements(text)
    except (OverflowError, MemoryError) as error:
        message = f"The document says more than {LARGEST_READ:,} bytes of statements."
        raise FileError(message, "Publish it in pages, or split it into several files.", url) from error
    except NotTriples as error:
        raise FileError("The document makes statements about statements, which are not read.", "", url) from error


def _unreadable(error: SyntaxError, chosen: RdfFormat, encoded: bytes, url: str) -> FileError:
    words = str(error)
    if error.lineno is not None:
        lines = encoded.rstrip().split(b"\n")
        place = f"line {error.lineno:,}, column {error.offset or 1:,}"
        if error.lineno > len(lines) or (error.lineno == len(lines) and (error.end_offset or 0) >= len(lines[-1])):
            return FileError(
                f"The text ends in the middle of a statement, at {place}.", "Fetch it again: it is not complete.", url
            )
        return FileError(f"This is not {chosen.name}: at {place}, {_reason(words)}.", "Mend the document.", url)
    return FileError(f"This is not {chosen.name}: {_reason(words)}.", "Mend the document where it is written.", url)


def _reason(words: str) -> str:
    reason = words.partition(": ")[2] if _IN_PLACE.match(words) else words
    return re.sub(r" \(line \d+\)$", "", reason)[:200].rstrip(".")
