"""The real descriptions of November 2020 in RDF: nothing that has a place is lost, and the official shapes hold."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyshacl
import pytest
from rdflib import DCAT, OWL, RDF, SH, Graph, URIRef

from catalogue import samples
from catalogue.export import dcat_ap, serialisations
from catalogue.export.base import InRdf
from schemas.crosswalks import dcat, hdruk
from schemas.metadata import Description, walk
from tests.unit.rdf_descriptions import WITHOUT_A_PLACE, in_rdf

TODAY = date(2026, 11, 22)
AT = datetime(2026, 11, 22, tzinfo=UTC)
PUBLISHER = dcat.Publisher("https://catalogue.example/organisations/x", "An organisation")
ENTRY = dcat.Entry(PUBLISHER, AT, AT)
CATALOGUE = dcat.Catalogue(
    "https://catalogue.example/catalog", "Catalogue", "All of it.", "https://catalogue.example/", PUBLISHER
)
PAGE = dcat.Page(
    address="https://catalogue.example/catalog.ttl?page=2",
    first="https://catalogue.example/catalog.ttl?page=1",
    last="https://catalogue.example/catalog.ttl?page=3",
    previous="https://catalogue.example/catalog.ttl?page=1",
    following="https://catalogue.example/catalog.ttl?page=3",
    total=379,
)
SHAPES = ("shapes.ttl", "range.ttl", "mdr-vocabularies.shape.ttl")


def address(number: int) -> str:
    return f"https://catalogue.example/datasets/{number}"


def documents(path: Path) -> list[Any]:
    return [*json.loads(path.read_text(encoding="utf-8"))["dataModels"]]


@pytest.fixture(scope="module")
def real(reference_data: Path) -> list[Description]:
    found = documents(reference_data / "hdruk/real/gateway-2020-11.hdruk-2.0.json")
    return [description for each in found if (description := hdruk.read(each, today=TODAY).description)]


@pytest.fixture(scope="module")
def made() -> list[Description]:
    feeds = sorted((Path(samples.__file__).parent / "feeds").glob("*.json"))
    found = [document for feed in feeds for document in documents(feed)]
    return [description for each in found if (description := hdruk.read(each, today=TODAY).description)]


def read_back(number: int, description: Description) -> Description | None:
    lines = dcat.write(description, address=address(number), entry=ENTRY).lines
    return dcat.read("\n".join(lines), identifier=address(number), today=TODAY).description


def test_every_field_with_a_place_comes_back(real: list[Description]) -> None:
    assert len(real) == 379
    for number, description in enumerate(real):
        found = read_back(number, description)
        assert found is not None
        assert in_rdf(found) == in_rdf(description)


def test_the_catalogues_own_samples_come_back(made: list[Description]) -> None:
    assert made
    for number, description in enumerate(made):
        found = read_back(number, description)
        assert found is not None
        assert in_rdf(found) == in_rdf(description)


def plain(path: str) -> str:
    """A path without the positions in lists."""
    return "".join(part.partition("]")[2] if "]" in part else part for part in path.split("["))


def whereabouts(descriptions: list[Description]) -> Counter[str]:
    """How many filled values come back from RDF, are listed as having no place there, or are lost."""
    found: Counter[str] = Counter()
    for number, description in enumerate(descriptions):
        back = read_back(number, description)
        assert back is not None
        returned = Counter((plain(path), repr(value)) for path, value in walk(back))
        for path, value in walk(description):
            key = plain(path), repr(value)
            where = "listed" if key[0] in WITHOUT_A_PLACE else "in RDF" if returned[key] > 0 else f"lost: {key}"
            found[where] += 1
            returned[key] -= 1
    return found


def test_every_filled_value_is_in_rdf_or_listed_as_having_no_place(
    real: list[Description], made: list[Description], reference_data: Path
) -> None:
    older = documents(reference_data / "hdruk/real/gateway-2020-08.hdruk-1.1.7.json")
    with_columns = [description for each in older if (description := hdruk.read(each, today=TODAY).description)]
    assert whereabouts(real) == {"in RDF": 12_097, "listed": 1_341}
    assert whereabouts(with_columns) == {"in RDF": 19_857, "listed": 7_250}
    assert whereabouts(made).keys() == {"in RDF", "listed"}


def shapes(folder: Path) -> Graph:
    graph = Graph()
    for name in SHAPES:
        graph.parse(folder / "dcat-ap-3.0.1" / name)
    graph.remove((None, OWL.imports, None))
    return graph


def violations(descriptions: list[Description], folder: Path) -> list[str]:
    """What the official shapes object to in a page of a catalogue that has these descriptions."""
    datasets = [
        InRdf(str(number), address(number), "", "".join(f"{line}\n" for line in lines).encode(), "", ())
        for number, description in enumerate(descriptions)
        if (lines := dcat.write(description, address=address(number), entry=ENTRY).lines)
    ]
    data = Graph().parse(data=dcat_ap.page(CATALOGUE, datasets, PAGE, serialisations.N_TRIPLES), format="nt")
    assert len(set(data.subjects(RDF.type, DCAT.Dataset))) == len(descriptions)
    mine = {term for triple in data for term in triple}
    data.parse(folder / "eu-nal-compact.ttl")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes(folder), do_owl_imports=False, advanced=True)
    return [
        f"{report.value(each, SH.focusNode)} {report.value(each, SH.resultPath)} {report.value(each, SH.resultMessage)}"
        for each in report.objects(None, SH.result)
        if report.value(each, SH.resultSeverity) == SH.Violation
        and (not isinstance(focus := report.value(each, SH.focusNode), URIRef) or focus in mine)
    ]


def test_the_official_shapes_hold_for_real_descriptions(real: list[Description], reference_data: Path) -> None:
    assert violations(real[::3], reference_data / "shacl") == []


def test_the_official_shapes_hold_for_the_catalogues_own_samples(made: list[Description], reference_data: Path) -> None:
    assert violations(made[::3], reference_data / "shacl") == []


def test_the_official_shapes_would_tell(real: list[Description], reference_data: Path) -> None:
    first = replace(real[0], summary=replace(real[0].summary, title=None))
    assert any("title" in each for each in violations([first, *real[1:3]], reference_data / "shacl"))
