"""Whatever is described, RDF says it and nothing else; whatever RDF says, reading it never fails."""

import rdflib
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from schemas.crosswalks import dcat
from schemas.crosswalks.dcat_table import ROWS
from schemas.crosswalks.dcat_writing import standing_in
from schemas.crosswalks.rdf_terms import DCAT, FOAF, PREFIXES, RDF, SKOS, XSD, literal
from schemas.metadata import Description
from tests.unit.rdf_descriptions import in_rdf, wide_descriptions

ADDRESS = "https://catalogue.example/datasets/6d9f6d5e-0000-4000-8000-000000000001"
ROOT = f"<{ADDRESS}>"

predicates = sorted({each for row in ROWS if row.kind for each in row.kind.predicates} | {RDF.first, RDF.rest})
subjects = st.sampled_from((ROOT, f"<{ADDRESS}#a>", "_:b0", "_:b1", "<https://elsewhere.example/x>"))
junk = st.text(st.characters(exclude_categories=("Cs",)), max_size=15)
objects = subjects | st.builds(
    literal, junk, st.sampled_from(("", XSD.date, XSD.integer, XSD.nonNegativeInteger, XSD.boolean, XSD.double))
)
labels = st.sampled_from((FOAF.name, SKOS.prefLabel, DCAT.startDate, RDF.first, RDF.rest, SKOS.exactMatch))
lines = st.builds("{} <{}> {} .".format, subjects, st.sampled_from(predicates) | labels, objects)


@settings(max_examples=40)
@given(wide_descriptions())
def test_a_description_comes_back_from_rdf_as_it_was(described: Description) -> None:
    assume(described.documentation.description != standing_in(described))
    writing = dcat.write(described, address=ADDRESS)
    reading = dcat.read("\n".join(writing.lines), identifier=ADDRESS)
    assert reading.description is not None
    assert in_rdf(reading.description) == in_rdf(described)


@settings(max_examples=10)
@given(wide_descriptions())
def test_every_line_is_one_that_strict_readers_take(described: Description) -> None:
    lines = dcat.write(described, address=ADDRESS).lines
    document = "\n".join(lines) + "\n"
    assert len(list(parse(document.encode(), RdfFormat.N_TRIPLES))) == len(lines)
    assert len(rdflib.Graph().parse(data=document, format="nt")) == len(set(lines))


@settings(max_examples=10)
@given(wide_descriptions())
def test_what_is_written_twice_is_the_same(described: Description) -> None:
    assert dcat.write(described, address=ADDRESS) == dcat.write(described, address=ADDRESS)


@settings(max_examples=200)
@given(st.lists(lines, max_size=12))
def test_no_statements_can_break_the_reading(statements: list[str]) -> None:
    title = f'{ROOT} <{PREFIXES["dct"]}title> "T" .'
    reading = dcat.read("\n".join([f"{ROOT} <{RDF.type}> <{DCAT.Dataset}> .", title, *statements]), identifier=ADDRESS)
    assert reading.description is not None


@given(st.text(max_size=200))
def test_no_text_can_break_the_reading(text: str) -> None:
    reading = dcat.read(text)
    assert reading.description is None
    assert reading.problems
