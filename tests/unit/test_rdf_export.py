"""Lines of N-Triples in every serialisation: the same statements, in memory that does not grow."""

import io
from collections.abc import Iterator

import pytest
import rdflib
from pyoxigraph import RdfFormat, parse

from catalogue.export import rdf, serialisations
from catalogue.export.base import InRdf, Serialisation
from catalogue.export.dcat_ap import blocks, page
from schemas.crosswalks import dcat
from schemas.crosswalks.rdf_terms import HYDRA

READERS = {
    "turtle": RdfFormat.TURTLE,
    "json-ld": RdfFormat.JSON_LD,
    "rdf-xml": RdfFormat.RDF_XML,
    "n-triples": RdfFormat.N_TRIPLES,
}
NAMES = {"turtle": "turtle", "json-ld": "json-ld", "rdf-xml": "xml", "n-triples": "nt"}
CATALOGUE = dcat.Catalogue(
    "https://c.example/catalog",
    "Catalogue & more",
    "Descriptions <all>.",
    "https://c.example/",
    dcat.Publisher("https://c.example/organisations/a", "Alliance"),
)


def dataset(number: int) -> InRdf:
    address = f"https://c.example/datasets/{number}"
    lines = (
        f"<{address}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset> .\n"
        f'<{address}> <http://purl.org/dc/terms/title> "Title {number} \\"quoted\\" é\\nline" .\n'
        f'<{address}> <http://purl.org/dc/terms/description> "Beschreibung"@de .\n'
        f'<{address}> <http://purl.org/dc/terms/issued> "2020"^^<http://www.w3.org/2001/XMLSchema#gYear> .\n'
        f"<{address}> <http://purl.org/dc/terms/publisher> <https://c.example/organisations/a> .\n"
        "<https://c.example/organisations/a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
        "<http://xmlns.com/foaf/0.1/Agent> .\n"
    )
    return InRdf(str(number), address, f"Title {number}", lines.encode(), "x", ())


def document(serialisation: Serialisation, count: int = 3) -> bytes:
    out = io.BytesIO()
    rdf.write(blocks(CATALOGUE, map(dataset, range(count))), serialisation, out)
    return out.getvalue()


def triples(data: bytes, serialisation: Serialisation) -> set[str]:
    return {str(quad.triple) for quad in parse(data, READERS[serialisation.name])}


# rdflib reads JSON-LD by way of a class that it calls deprecated itself
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
@pytest.mark.parametrize("serialisation", serialisations.SERIALISATIONS, ids=lambda each: each.name)
def test_every_serialisation_says_the_same(serialisation: Serialisation) -> None:
    expected = triples(document(serialisations.N_TRIPLES), serialisations.N_TRIPLES)
    data = document(serialisation)
    assert triples(data, serialisation) == expected
    assert len(rdflib.Graph().parse(data=data, format=NAMES[serialisation.name])) == len(expected)


@pytest.mark.parametrize("serialisation", serialisations.SERIALISATIONS, ids=lambda each: each.name)
def test_the_same_datasets_make_the_same_bytes(serialisation: Serialisation) -> None:
    assert len({document(serialisation) for _ in range(5)}) == 1


@pytest.mark.parametrize("serialisation", serialisations.SERIALISATIONS, ids=lambda each: each.name)
def test_an_empty_catalogue_is_a_document(serialisation: Serialisation) -> None:
    assert "https://c.example/catalog" in str(triples(document(serialisation, 0), serialisation))


def test_what_datasets_share_is_said_once() -> None:
    data = document(serialisations.N_TRIPLES, 50)
    lines = data.splitlines()
    assert len(lines) == len(set(lines))


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalogue.export.rdf.MOST_REMEMBERED", 1)
    repeated = [(b"<a:1", b"<a:1> <a:p> <a:x> .\n<a:x> <a:p> <a:y> .\n<a:z> <a:p> <a:y> .\n")] * 3
    assert len(list(rdf.said_once(repeated))) == 3


@pytest.mark.parametrize("serialisation", serialisations.SERIALISATIONS, ids=lambda each: each.name)
def test_datasets_are_written_while_they_are_read(serialisation: Serialisation) -> None:
    """Whoever writes a hundred thousand of them cannot hold them all."""
    out = io.BytesIO()
    written: list[int] = []

    def counted() -> Iterator[InRdf]:
        for number in range(2_000):
            written.append(out.tell())
            yield dataset(number)

    rdf.write(blocks(CATALOGUE, counted()), serialisation, out)
    assert written[1_000] > 0
    assert out.tell() - written[-1] < out.tell() / 4


@pytest.mark.parametrize("serialisation", serialisations.SERIALISATIONS, ids=lambda each: each.name)
def test_a_page_says_which_it_is(serialisation: Serialisation) -> None:
    part = dcat.Page(
        address="https://c.example/catalog?page=2",
        first="https://c.example/catalog?page=1",
        last="https://c.example/catalog?page=2",
        previous="https://c.example/catalog?page=1",
        following=None,
        total=7,
    )
    said = " ".join(triples(page(CATALOGUE, [dataset(1)], part, serialisation), serialisation))
    assert f"<{HYDRA.previous}> <https://c.example/catalog?page=1>" in said
    assert f'<{HYDRA.totalItems}> "7"' in said
    assert HYDRA.next not in said
