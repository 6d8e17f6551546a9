"""RDF from outside in all its forms, and what must not happen while it is read."""

import gzip
import json

import pytest
from pyoxigraph import RdfFormat, parse, serialize

from harvesters.errors import FileError
from harvesters.files import unpack
from harvesters.rdf_reading import RdfDocument, read_rdf
from schemas.crosswalks.rdf_terms import DCT

TURTLE = '<https://a.example/1> <http://purl.org/dc/terms/title> "Été"@en .'
EXPECTED = {"<https://a.example/1>": {DCT.title: ['"Été"@en']}}
RDF_XML = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dct="http://purl.org/dc/terms/">'
    '<rdf:Description rdf:about="https://a.example/1"><dct:title xml:lang="en">Été</dct:title></rdf:Description>'
    "</rdf:RDF>"
)


def form(name: RdfFormat) -> bytes:
    if name is RdfFormat.RDF_XML:
        return RDF_XML.encode()
    quads = list(parse(TURTLE.encode(), RdfFormat.TURTLE))
    triples = [quad.triple for quad in quads]
    return serialize(quads if name.supports_datasets else triples, format=name)


def refusal(data: bytes, **declared: str) -> str:
    with pytest.raises(FileError) as caught:
        read_rdf(data, **declared)
    return caught.value.problem.message


@pytest.mark.parametrize(
    ("name", "media_type", "suffix"),
    [
        (RdfFormat.TURTLE, "text/turtle", "ttl"),
        (RdfFormat.N_TRIPLES, "application/n-triples", "nt"),
        (RdfFormat.N_QUADS, "application/n-quads", "nq"),
        (RdfFormat.TRIG, "application/trig", "trig"),
        (RdfFormat.RDF_XML, "application/rdf+xml", "rdf"),
        (RdfFormat.JSON_LD, "application/ld+json", "jsonld"),
    ],
    ids=str,
)
def test_every_form_says_the_same(name: RdfFormat, media_type: str, suffix: str) -> None:
    data = form(name)
    assert read_rdf(data, media_type=media_type).statements == EXPECTED
    assert read_rdf(data, url=f"feed.{suffix}").statements == EXPECTED


@pytest.mark.parametrize("name", [RdfFormat.RDF_XML, RdfFormat.JSON_LD], ids=str)
def test_a_form_that_shows_itself_needs_no_declaration_and_overrules_a_wrong_one(name: RdfFormat) -> None:
    assert read_rdf(form(name)).statements == EXPECTED
    assert read_rdf(form(name), media_type="text/turtle").statements == EXPECTED


def test_graphs_of_a_dataset_are_read_together() -> None:
    trig = '<https://g.example/1> { <https://a.example/1> <http://purl.org/dc/terms/title> "Été"@en }'
    assert read_rdf(trig.encode(), url="feed.trig").statements == EXPECTED


def test_a_blank_node_may_begin_a_turtle_document() -> None:
    assert len(read_rdf(b'[] <http://purl.org/dc/terms/title> "a" .').statements) == 1


def test_relative_addresses_are_those_of_the_document() -> None:
    found = read_rdf(b'<1> <http://purl.org/dc/terms/title> "a" .', base="https://a.example/feed")
    assert [*found.statements] == ["<https://a.example/1>"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_tells_the_encoding(encoding: str) -> None:
    assert read_rdf(TURTLE.encode(encoding)).statements == EXPECTED


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "UTF-8"])
def test_xml_may_declare_its_encoding(encoding: str) -> None:
    declared = f'<?xml version="1.0" encoding="{encoding}"?>{RDF_XML}'
    assert read_rdf(declared.encode(encoding)).statements == EXPECTED


def test_an_encoding_that_is_not_read_is_named() -> None:
    assert "EBCDIC" in refusal(b'<?xml version="1.0" encoding="EBCDIC"?><a/>')
    assert "cp037" in refusal(b'<?xml version="1.0" encoding="cp037"?><a/>')


def test_bytes_that_are_no_text_are_named_with_their_place() -> None:
    assert refusal(b'# one\n<a:b> <a:c> "caf\xe9" .') == "The byte at position 22 (line 2) is not valid UTF-8."


@pytest.mark.parametrize(
    "start",
    [
        "<!DOCTYPE rdf:RDF>",
        '<?xml version="1.0"?><!-- a --><!DOCTYPE x [<!ENTITY y "z">]>',
        "<?xml version='1.0'?>\n<! DOCTYPE x>",
        '<?xml version="1.0"?><!doctype x>',
    ],
)
def test_a_doctype_is_refused_before_any_parser_sees_it(start: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harvesters.rdf_reading.parse", None)
    assert "DOCTYPE" in refusal(f"{start}{RDF_XML}".encode(), media_type="application/rdf+xml")


def test_the_word_doctype_in_a_text_is_no_doctype() -> None:
    assert read_rdf(RDF_XML.replace("Été", "<![CDATA[<!DOCTYPE html>]]>").encode()).statements != {}


@pytest.mark.parametrize("page", ["<!DOCTYPE html><html></html>", "<html>", "\n <HTML lang=en>", "<!--x--><html>"])
def test_an_html_page_is_told(page: str) -> None:
    assert "HTML" in refusal(page.encode(), media_type="text/turtle")


@pytest.mark.parametrize(
    "context",
    [
        '"http://127.0.0.1:9/context"',
        '"file:///etc/passwd"',
        '["https://schema.org/", "https://elsewhere.example/"]',
        '{"@import": "http://127.0.0.1:9/context"}',
        '{"a": {"@id": "http://a.example/a", "@context": "http://127.0.0.1:9/context"}}',
    ],
)
def test_a_context_is_never_fetched(context: str) -> None:
    message = refusal(f'{{"@context": {context}, "@id": "https://a.example/1"}}'.encode())
    assert "which is not fetched" in message


@pytest.mark.parametrize(
    "context", ["https://schema.org/", "http://schema.org", "https://schema.org/docs/jsonldcontext.jsonld"]
)
def test_schema_org_needs_no_fetching(context: str) -> None:
    document = {"@context": context, "@id": "https://a.example/1", "@type": "Dataset", "name": "N"}
    found = read_rdf(json.dumps(document).encode()).statements["<https://a.example/1>"]
    assert found["https://schema.org/name"] == ['"N"']


def test_the_names_of_dcat_ap_need_no_fetching() -> None:
    address = "https://semiceu.github.io/DCAT-AP/releases/3.0.0/context/dcat-ap.jsonld"
    document = {
        "@context": address,
        "@id": "https://a.example/1",
        "@type": "Dataset",
        "title": "Été",
        "licence": "https://licence.example/",
    }
    found = read_rdf(json.dumps(document).encode()).statements["<https://a.example/1>"]
    assert found[DCT.title] == ['"Été"']
    assert found[DCT.license] == ["<https://licence.example/>"]


def test_a_bad_address_costs_only_what_says_it() -> None:
    found = read_rdf(f"{TURTLE} <https://a.example/1> <http://a.example/p> <https://a.example/b c> .".encode())
    assert found.statements == EXPECTED
    assert [each.path for each in found.problems] == ["https://a.example/1"]


def test_an_address_cannot_smuggle_in_statements() -> None:
    address = 'https://a.example/x> <http://purl.org/dc/terms/title> "forged" .\n<https://a.example/y'
    document = {"@id": "https://a.example/1", "http://purl.org/dc/terms/relation": {"@id": address}}
    found: RdfDocument | None = None
    try:
        found = read_rdf(json.dumps(document).encode())
    except FileError:
        return
    assert "forged" not in str(found.statements)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b'<https://a.example/1> <https://a.example/p> "a" . <htt', "ends in the middle"),
        (b"<a:b> <a:c> <a:d> .\n<a:b> nonsense .\n<a:b> <a:c> <a:d> .", "line 2, column"),
        (b'{"@id": ', "ends in the middle"),
        (b"<?xml version='1.0'?><a><b></a>", "RDF/XML"),
        (RDF_XML.encode()[:-10], "ends in the middle"),
        (RDF_XML.encode()[:-30], "ends in the middle"),
        (b"\0\0\0\0", "Turtle"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(data: bytes, words: str) -> None:
    assert words in refusal(data)


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"<a:b> <a:c> " + b"[ <a:d> " * 100_000,
        b"<a:b> <a:c> " + b"( " * 100_000,
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' + b'<a xmlns="a:">' * 50_000,
    ],
    ids=["lists", "objects", "blank nodes", "collections", "elements"],
)
def test_depth_does_not_crash(data: bytes) -> None:
    assert refusal(data)


def test_short_names_that_stand_for_long_addresses_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harvesters.rdf_reading.LARGEST_READ", 100_000)
    prefix = f"@prefix p: <https://a.example/{'x' * 5_000}> .\n"
    assert "more than" in refusal((prefix + "p:a p:a p:a .\n" * 50).encode())


def test_a_document_has_a_largest_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harvesters.rdf_reading.LARGEST", 10)
    assert "at most 10" in refusal(TURTLE.encode())


def test_statements_about_statements_are_not_read() -> None:
    assert "not read" in refusal(b"<a:b> <a:c> <<( <a:d> <a:e> <a:f> )>> .")
    triple = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="https://a.example/" '
        'rdf:version="1.2"><rdf:Description rdf:about="https://a.example/1"><a:p rdf:parseType="Triple">'
        '<rdf:Description rdf:about="https://a.example/2"><a:q>v</a:q></rdf:Description></a:p></rdf:Description></rdf:RDF>'
    )
    assert "not read" in refusal(triple.encode())
    assert read_rdf(b'<a:b> <a:c> "<<( a text )>>" .').statements == {"<a:b>": {"a:c": ['"<<( a text )>>"']}}


def test_a_packed_document_is_unpacked() -> None:
    assert read_rdf(unpack(gzip.compress(TURTLE.encode()), limit=1_000), url="a.ttl.gz").statements == EXPECTED
