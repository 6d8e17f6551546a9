"""Lines of N-Triples as other serialisations of RDF, one dataset's at a time."""

import io
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import IO, Any, BinaryIO, Final, cast

from pyoxigraph import RdfFormat, Triple, parse, serialize

from catalogue.export.base import Serialisation
from catalogue.export.serialisations import JSON_LD, N_TRIPLES, RDF_XML, TURTLE
from schemas.crosswalks.rdf_graph import datatype_of, is_literal, language_of, statements, value_of
from schemas.crosswalks.rdf_terms import PREFIXES, TYPE, short

MOST_REMEMBERED: Final = 20_000
"""Lines about what several datasets share that are remembered, so that a dump says them once and stays small."""

LONGEST_BEGINNING: Final = 16_384
"""Bytes that hold all prefixes."""

_XML_NAME = re.compile(rb' xmlns:[^=]+="[^"]*"')
_WRITTEN_BY_PYOXIGRAPH: Final = {TURTLE.name: RdfFormat.TURTLE, RDF_XML.name: RdfFormat.RDF_XML}


def write(blocks: Iterable[bytes], serialisation: Serialisation, out: BinaryIO) -> None:
    """Write blocks of lines as one document, in memory that does not grow with their number."""
    if serialisation.name == N_TRIPLES.name:
        out.writelines(blocks)
    elif serialisation.name == JSON_LD.name:
        _write_json_ld(blocks, out)
    else:
        ordered = _Ordered(out)
        serialize(
            _triples(blocks), cast("IO[bytes]", ordered), _WRITTEN_BY_PYOXIGRAPH[serialisation.name], prefixes=PREFIXES
        )
        ordered.finish()


def in_pieces(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """One Turtle document in pieces, one for each block of lines, each made when it is asked for."""
    is_first = True
    for block in blocks:
        out = io.BytesIO()
        write([block], TURTLE, out)
        piece = out.getvalue()
        # Prefixes stand at the beginning of each, and hold to the end of the document.
        yield piece if is_first else _without_prefixes(piece)
        is_first = False


def said_once(blocks: Iterable[tuple[bytes, bytes]]) -> Iterator[bytes]:
    """Blocks without the lines that an earlier one had; each comes with how the lines of its own dataset begin."""
    known: set[bytes] = set()
    for own, block in blocks:
        lines = block.splitlines(keepends=True)
        fresh = [line for line in lines if line.startswith(own) or line not in known]
        if len(known) > MOST_REMEMBERED:
            known.clear()
        known.update(line for line in fresh if not line.startswith(own))
        yield b"".join(fresh)


class _Ordered(io.RawIOBase):
    """Puts the prefixes at the beginning in order, which come in another one each time: equal documents are equal."""

    def __init__(self, out: BinaryIO) -> None:
        self._out, self._begun = out, bytearray()
        self._is_beginning = True

    def write(self, data: bytes) -> int:  # type: ignore[override] # bytes alone are written to it
        if not self._is_beginning:
            return self._out.write(data)
        self._begun += data
        if len(self._begun) > LONGEST_BEGINNING:
            self.finish()
        return len(data)

    def finish(self) -> None:
        """Pass on what was held back; to be called at the end too, for documents that are nothing but a beginning."""
        if self._is_beginning:
            self._is_beginning = False
            self._out.write(_in_order(bytes(self._begun)))


def _in_order(document: bytes) -> bytes:
    if document.startswith(b"<?xml"):
        before, root, rest = document.partition(b"<rdf:RDF")
        names, end, more = rest.partition(b">")
        return before + root + b"".join(sorted(_XML_NAME.findall(names))) + end + more
    lines = document.split(b"\n")
    count = next((number for number, line in enumerate(lines) if not line.startswith(b"@prefix ")), len(lines))
    return b"\n".join([*sorted(lines[:count]), *lines[count:]])


def _without_prefixes(document: bytes) -> bytes:
    place = 0
    while document.startswith(b"@prefix ", place):
        place = document.index(b"\n", place) + 1
    return document[place:]


def _triples(blocks: Iterable[bytes]) -> Iterator[Triple]:
    for block in blocks:
        # Our own lines need no second look at every address.
        for quad in parse(block, RdfFormat.N_TRIPLES, lenient=True):
            yield quad.triple


def _write_json_ld(blocks: Iterable[bytes], out: BinaryIO) -> None:
    context = json.dumps(PREFIXES, indent=1)
    out.write(b'{"@context": ' + context.encode() + b',\n"@graph": [')
    separator = b"\n"
    for block in blocks:
        for node in _nodes(block):
            out.write(separator + json.dumps(node, ensure_ascii=False).encode())
            separator = b",\n"
    out.write(b"\n]}\n")


def _nodes(block: bytes) -> Iterator[dict[str, Any]]:
    for subject, about in statements(block.decode()).items():
        node: dict[str, Any] = {"@id": value_of(subject)}
        for predicate, terms in about.items():
            if predicate == TYPE:
                node["@type"] = [_short(value_of(term)) for term in terms]
            else:
                values = [_value(term) for term in terms]
                node[_short(predicate)] = values if len(values) > 1 else values[0]
        yield node


def _value(term: str) -> Any:  # noqa: ANN401 - a JSON value
    if not is_literal(term):
        return {"@id": value_of(term)}
    if language := language_of(term):
        return {"@value": value_of(term), "@language": language}
    if datatype := datatype_of(term):
        return {"@value": value_of(term), "@type": _short(datatype)}
    return value_of(term)


@cache
def _short(address: str) -> str:
    return short(address)
