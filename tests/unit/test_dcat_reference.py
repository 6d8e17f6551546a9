"""The real descriptions of November 2020 in RDF: nothing that has a place is lost, and the official shapes hold."""

import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyshacl
import pytest
from rdflib import DCAT, OWL, RDF, SH, Graph, URIRef

from catalogue import samples
from schemas.crosswalks import dcat, hdruk
from schemas.metadata import Description, walk
from tests.unit.rdf_descriptions import WITHOUT_A_PLACE, in_rdf

TODAY = date(2026, 11, 22)
AT = datetime(2026, 11, 22, tzinfo=UTC)
ENTRY = dcat.Entry(dcat.Publisher("https://catalogue.example/organisations/x", "An organisation"), AT, AT)
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


def test_nine_in_ten_filled_values_have_a_place(real: list[Description]) -> None:
    values: Counter[bool] = Counter()
    for description in real:
        for path, _ in walk(description):
            plain = "".join(part.partition("]")[2] if "]" in part else part for part in path.split("["))
            values[plain in WITHOUT_A_PLACE] += 1
    assert values[False] / values.total() > 0.9


def shapes(folder: Path) -> Graph:
    graph = Graph()
    for name in SHAPES:
        graph.parse(folder / "dcat-ap-3.0.1" / name)
    graph.remove((None, OWL.imports, None))
    return graph


def violations(descriptions: list[Description], folder: Path) -> list[str]:
    data = Graph()
    for number, description in enumerate(descriptions):
        data.parse(data="\n".join(dcat.write(description, address=address(number), entry=ENTRY).lines), format="nt")
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
    assert violations(real[::15], reference_data / "shacl") == []


def test_the_official_shapes_hold_for_the_catalogues_own_samples(made: list[Description], reference_data: Path) -> None:
    assert violations(made[::8], reference_data / "shacl") == []


def test_the_official_shapes_would_tell(reference_data: Path) -> None:
    data = Graph().parse(
        data=f"<{address(1)}> <{RDF.type}> <{DCAT.Dataset}> .", format="nt", publicID="https://catalogue.example/"
    )
    conforms, _, _ = pyshacl.validate(data, shacl_graph=shapes(reference_data / "shacl"), do_owl_imports=False)
    assert not conforms
