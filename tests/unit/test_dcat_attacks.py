"""Texts and addresses that are made to break RDF, and descriptions that are too large: each comes out whole."""

import io
from xml.etree import ElementTree as ET

import pytest

from catalogue.export import rdf, serialisations
from catalogue.export.base import Serialisation
from harvesters.rdf_reading import read_rdf
from harvesters.rdf_records import Document
from schemas.crosswalks import dcat
from schemas.crosswalks.rdf_terms import link, literal
from schemas.metadata import (
    Column,
    Description,
    Distribution,
    Documentation,
    Organisation,
    Problem,
    StructuralMetadata,
    Summary,
    Table,
)

ADDRESS = "https://catalogue.example/datasets/1"
UNSAYABLE = [*range(9), 11, 12, *range(14, 32), 0xD800, 0xDFFF, 0xFFFE, 0xFFFF]
ADDRESSES = (
    "https://x.example/a b",
    'https://x.example/"q"',
    "https://x.example/<a>",
    "https://x.example/\\",
    "https://x.example/`{}|^",
    "https://x.example/%zz",
    "http://[::1",
    "http://",
    "//x",
    "urn:x",
    "javascript:alert(1)",
    "data:text/html,<script>",
    "https://x.example:99999/",
    "HTTPS://X.EXAMPLE/",
    "https://ex\u0430mple.example/\u00e9",
    "https://x.example/" + "a" * 5_000,
)


def described(title: str = "T", abstract: str | None = None, **parts: object) -> Description:
    summary = Summary(title=title, abstract=abstract, data_custodian=Organisation(name="Harbour Trust"))
    return Description(identifier="x1", summary=summary, **parts)  # type: ignore[arg-type]


def sent(description: Description, serialisation: Serialisation = serialisations.TURTLE) -> bytes:
    lines = "".join(f"{line}\n" for line in dcat.write(description, address=ADDRESS).lines)
    out = io.BytesIO()
    rdf.write([lines.encode()], serialisation, out)
    return out.getvalue()


def returned(data: bytes) -> tuple[Description, tuple[Problem, ...]]:
    (dataset,) = Document(read_rdf(data).statements).datasets()
    assert not dataset.is_cut
    reading = dcat.read(dataset.lines, identifier=ADDRESS)
    assert reading.description is not None
    return reading.description, reading.problems


@pytest.mark.parametrize("serialisation", serialisations.SERIALISATIONS, ids=lambda each: each.name)
def test_characters_that_no_document_can_hold_are_left_out(serialisation: Serialisation) -> None:
    title = "a" + "".join(map(chr, UNSAYABLE)) + "b"
    data = sent(described(title, f"{title}\n\t\u2028\u0085"), serialisation)
    if serialisation is serialisations.RDF_XML:
        ET.fromstring(data)  # noqa: S314 - written by ourselves
    assert returned(data)[0].summary.title == "ab"


def test_every_other_character_stays() -> None:
    text = "\t\n\r\"\\'<>&\u2028\u00a0 ]]> --> {} @en ^^ \u0645\u0631\u062d\u0628\u0627 \U0001f600"
    assert returned(sent(described("T", f"a{text}z")))[0].summary.abstract == f"a{text}z"
    assert literal("\ud800x\0") == '"x"'


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda each: each[:30])
@pytest.mark.parametrize("serialisation", serialisations.SERIALISATIONS, ids=lambda each: each.name)
def test_bad_addresses_are_words_and_come_back(address: str, serialisation: Serialisation) -> None:
    description = described(
        documentation=Documentation(description="D", associated_media=(address,)),
        distributions=(Distribution(title="F", access_url=address, licence=address),),
    )
    found, _ = returned(sent(description, serialisation))
    assert (found.documentation, found.distributions) == (description.documentation, description.distributions)


@pytest.mark.parametrize("mark", "\u200e\u200f\u202a\u202e\u2066\u2069")
def test_an_address_that_turns_the_direction_of_writing_is_no_link(mark: str) -> None:
    assert link(f"https://x.example/{mark}gpj.exe") is None


def test_a_very_long_text_comes_back() -> None:
    abstract = 'word \\ " <b> &\n' * 70_000 + "end"
    assert returned(sent(described("T", abstract)))[0].summary.abstract == abstract


def test_twenty_thousand_columns_come_back() -> None:
    columns = tuple(Column(name=f"c{number}", data_type="text", description="d") for number in range(20_000))
    structure = StructuralMetadata(tables=(Table(name="t", columns=columns),))
    lines = dcat.write(described(structural_metadata=structure), address=ADDRESS).lines
    found = dcat.read("\n".join(lines), identifier=ADDRESS).description
    assert found is not None
    assert found.structural_metadata == structure


def test_values_that_are_left_out_are_told() -> None:
    media = tuple(f"https://x.example/{number}" for number in range(1_001))
    found, problems = returned(sent(described(documentation=Documentation(description="D", associated_media=media))))
    assert len(found.documentation.associated_media) == 1_000
    assert any("There are 1,001 values; the first 1,000 were taken." in each.message for each in problems)
