"""The catalogue itself as DCAT-AP 3: what it is, what is in it, and which page of it this is."""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.crosswalks.dcat_authorities import ENGLISH, THEMES
from schemas.crosswalks.dcat_sheet import Sheet
from schemas.crosswalks.dcat_writing import Publisher, write_publisher
from schemas.crosswalks.rdf_terms import DCAT, DCT, FOAF, HYDRA, SKOS, XSD, iri, literal


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A catalogue, or the part of it that one organisation has; `homepage` is where people find it."""

    address: str
    title: str
    description: str
    homepage: str
    publisher: Publisher


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a catalogue by its address, with those around it, and how many datasets all of them have."""

    address: str
    first: str
    last: str
    previous: str | None
    following: str | None
    total: int


def catalogue_lines(catalogue: Catalogue) -> Sequence[str]:
    """What a catalogue says of itself, as lines of N-Triples."""
    sheet, subject = Sheet(catalogue.address), iri(catalogue.address)
    sheet.type(subject, DCAT.Catalog)
    sheet.say(subject, DCT.title, literal(catalogue.title))
    sheet.say(subject, DCT.description, literal(catalogue.description))
    sheet.say(subject, DCT.publisher, iri(catalogue.publisher.address))
    sheet.say(subject, FOAF.homepage, iri(catalogue.homepage))
    sheet.say(subject, DCT.language, iri(ENGLISH))
    sheet.say(subject, DCAT.themeTaxonomy, iri(THEMES))
    sheet.type(iri(catalogue.homepage), FOAF.Document)
    sheet.type(iri(ENGLISH), DCT.LinguisticSystem)
    sheet.type(iri(THEMES), SKOS.ConceptScheme)
    sheet.say(iri(THEMES), DCT.title, literal("Data theme"))
    write_publisher(sheet, catalogue.publisher)
    return tuple(sheet.lines())


def entry_lines(catalogue: str, dataset: str) -> Sequence[str]:
    """That a dataset is in the catalogue, with the catalogue's record of it; both are addresses."""
    subject, topic = iri(catalogue), iri(dataset)
    return (
        f"{subject} <{DCAT.dataset}> {topic} .",
        f"{subject} <{DCAT.record}> {topic[:-1]}#record> .",
    )


def page_lines(catalogue: str, page: Page) -> Sequence[str]:
    """Which page of the catalogue this is (Hydra Core Vocabulary, `PartialCollectionView`)."""
    sheet, subject, view = Sheet(catalogue), iri(catalogue), iri(page.address)
    sheet.type(subject, HYDRA.Collection)
    sheet.say(subject, HYDRA.totalItems, literal(str(page.total), XSD.integer))
    sheet.say(subject, HYDRA.view, view)
    sheet.type(view, HYDRA.PartialCollectionView)
    # The name it had before: harvesters of CKAN older than October 2024 follow pages under this one only.
    sheet.type(view, HYDRA.PagedCollection)
    around = (
        (HYDRA.first, page.first),
        (HYDRA.previous, page.previous),
        (HYDRA.next, page.following),
        (HYDRA.last, page.last),
    )
    for predicate, address in around:
        if address is not None:
            sheet.say(view, predicate, iri(address))
    return tuple(sheet.lines())
