"""Where each field of the canonical form stands in DCAT-AP 3, and which have no place there.

One table for both directions; `docs/dcat.md` is made from it. What DCAT-AP leaves open is taken from the
vocabularies beside it: HealthDCAT-AP, CSVW for tables and columns, the Data Privacy Vocabulary, PROV, FOAF, vCard.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from schemas.crosswalks.ages import OLDEST, YOUNGEST
from schemas.crosswalks.dcat_access import ACCESS, LAW, STANDARDS_ROWS, USAGE
from schemas.crosswalks.dcat_agents import CUSTODIAN
from schemas.crosswalks.dcat_authorities import FREQUENCIES, PLACES
from schemas.crosswalks.dcat_composites import Part, Via
from schemas.crosswalks.dcat_content import FILES, HEALTH_ROWS, PROTECTION, WITHOUT_A_PLACE
from schemas.crosswalks.dcat_nodes import Coded, Link, Named
from schemas.crosswalks.dcat_parts import Edge, Types
from schemas.crosswalks.dcat_people import Contact, Identifier, doi_address
from schemas.crosswalks.dcat_references import References, Revisions
from schemas.crosswalks.dcat_sheet import Kind, Row
from schemas.crosswalks.dcat_values import Count, Date, Text, Texts
from schemas.crosswalks.hdruk_relations import bare_doi, publications
from schemas.crosswalks.rdf_terms import (
    ADMS,
    DCAT,
    DCT,
    DPV,
    DQV,
    FOAF,
    HEALTH,
    OWL,
    PROV,
    RDFS,
    SCHEMA,
    SCHEMA_HTTP,
    SKOS,
)
from schemas.crosswalks.values import code, codes, string, text, texts, whole_number

_AGE = whole_number(YOUNGEST, OLDEST)


def _schema(name: str) -> tuple[str, str]:
    """A term of schema.org, which is written with either scheme."""
    return f"{SCHEMA.address}{name}", f"{SCHEMA_HTTP.address}{name}"


def _collection(inner: Kind) -> Via:
    return Via(PROV.wasGeneratedBy, kind=PROV.Activity, fragment="collection", inner=inner)


def _publications(predicate: str, fragment: str) -> Link:
    return Link(
        predicate,
        fragment=fragment,
        reader=publications,
        address_of=doi_address,
        value_of=bare_doi,
        how="the address, a DOI as https://doi.org/...; a citation on a node with rdfs:label",
    )


_RECORD: Final = (
    Row(
        "identifier",
        "dct:identifier",
        Text(DCT.identifier, also=_schema("identifier"), reader=string, how="text; without it, the dataset's address"),
    ),
    Row("version", "dcat:version", Text(DCAT.version, also=(OWL.versionInfo, DCT.hasVersion, *_schema("version")))),
    Row("revisions", "dcat:previousVersion", Revisions()),
    Row("issued", "dct:issued", Date(DCT.issued, also=_schema("datePublished"))),
    Row("modified", "dct:modified", Date(DCT.modified, also=_schema("dateModified"))),
)
_SUMMARY: Final = (
    Row("summary.title", "dct:title", Text(DCT.title, also=(*_schema("name"), RDFS.label))),
    Row("summary.abstract", "dct:abstract", Text(DCT.abstract, also=_schema("abstract"), reader=text())),
    Row("summary.laySummary", "rdfs:comment", Text(RDFS.comment, reader=text())),
    Row(
        "documentation.description",
        "dct:description",
        Text(
            DCT.description,
            also=_schema("description"),
            reader=text(),
            how="text; DCAT-AP demands one, so where it is not stated, title and abstract stand here, "
            "which are not read as stated",
        ),
    ),
    Row("summary.dataCustodian", "geodcatap:custodian", CUSTODIAN),
    Row("summary.populationSize", "healthdcatap:numberOfUniqueIndividuals", Count(HEALTH.numberOfUniqueIndividuals)),
    Row("summary.keywords", "dcat:keyword", Texts(DCAT.keyword, also=_schema("keywords"))),
    Row("summary.doiName", "adms:identifier", Identifier()),
    Row("summary.contactPoint", "dcat:contactPoint", Contact()),
    Row("summary.datasetAliases", "dct:alternative", Texts(DCT.alternative, also=_schema("alternateName"))),
    Row(
        "documentation.associatedMedia",
        "foaf:page",
        Link(
            FOAF.page,
            kind=FOAF.Document,
            fragment="media",
            also=(DCAT.landingPage,),
            takes_all=True,
            how="the address; words on a node with rdfs:label. dcat:landingPage is read too",
        ),
    ),
    Row(
        "documentation.inPipeline",
        "adms:status",
        Named(
            ADMS.status,
            kind=SKOS.Concept,
            fragment="status",
            label=SKOS.prefLabel,
            is_list=False,
            reader=code("pipeline"),
            how="skos:Concept with skos:prefLabel",
        ),
    ),
)
_COVERAGE: Final = (
    Row(
        "coverage.spatial",
        "dct:spatial",
        Named(
            DCT.spatial,
            kind=DCT.Location,
            fragment="place",
            label=SKOS.prefLabel,
            authority=PLACES,
            reader=texts(),
            how="dct:Location with skos:prefLabel, and the EU or GeoNames address where there is one",
        ),
    ),
    Row("coverage.typicalAgeRangeMin", "healthdcatap:minTypicalAge", Count(HEALTH.minTypicalAge, reader=_AGE)),
    Row("coverage.typicalAgeRangeMax", "healthdcatap:maxTypicalAge", Count(HEALTH.maxTypicalAge, reader=_AGE)),
    Row(
        "coverage.datasetCompleteness",
        "dqv:hasQualityMetadata",
        Link(DQV.hasQualityMetadata, kind=DQV.QualityMetadata, fragment="completeness", is_list=False, reader=text()),
    ),
    Row("coverage.pathway", "healthdcatap:populationCoverage", Text(HEALTH.populationCoverage, reader=text())),
)
_PROVENANCE: Final = (
    Row("provenance.origin.datasetType", "dct:type", Types()),
    Row(
        "provenance.origin.purpose",
        "prov:wasGeneratedBy / dpv:hasPurpose",
        _collection(
            Named(
                DPV.hasPurpose,
                kind=DPV.Purpose,
                fragment="purpose",
                label=SKOS.prefLabel,
                reader=codes("purpose"),
                how="a prov:Activity with a dpv:Purpose with skos:prefLabel",
            )
        ),
    ),
    Row(
        "provenance.origin.source",
        "prov:wasGeneratedBy / prov:used",
        _collection(
            Named(
                PROV.used,
                kind=PROV.Entity,
                fragment="source",
                reader=codes("source"),
                how="a prov:Activity with a prov:Entity with rdfs:label",
            )
        ),
    ),
    Row(
        "provenance.origin.collectionSource",
        "prov:wasGeneratedBy / prov:atLocation",
        _collection(
            Named(
                PROV.atLocation,
                kind=PROV.Location,
                fragment="setting",
                reader=codes("collection-source"),
                how="a prov:Activity with a prov:Location with rdfs:label",
            )
        ),
    ),
    Row(
        "provenance.temporal.publishingFrequency",
        "dct:accrualPeriodicity",
        Coded(
            DCT.accrualPeriodicity,
            kind=DCT.Frequency,
            authority=FREQUENCIES,
            reader=code("publishing-frequency"),
            how="the address in the EU list",
        ),
    ),
    Row("provenance.temporal.distributionReleaseDate", "dct:available", Date(DCT.available)),
    Row(
        "provenance.temporal.startDate",
        "dct:temporal / dcat:startDate",
        Edge(DCT.temporal, fragment="period", is_end=False),
    ),
    Row(
        "provenance.temporal.endDate", "dct:temporal / dcat:endDate", Edge(DCT.temporal, fragment="period", is_end=True)
    ),
)
_LINKAGE: Final = (
    Row(
        "enrichmentAndLinkage.derivedFrom",
        "prov:wasDerivedFrom",
        References(PROV.wasDerivedFrom, fragment="derived-from", also=(DCT.source,)),
    ),
    Row("enrichmentAndLinkage.isPartOf", "dct:isPartOf", References(DCT.isPartOf, fragment="part-of")),
    Row(
        "enrichmentAndLinkage.linkableDatasets",
        "dct:relation",
        References(DCT.relation, fragment="linkable", also=(DCAT.qualifiedRelation,)),
    ),
    Row("enrichmentAndLinkage.similarToDatasets", "rdfs:seeAlso", References(RDFS.seeAlso, fragment="similar")),
    Row(
        "enrichmentAndLinkage.publicationAboutDataset",
        "schema:subjectOf",
        _publications(SCHEMA.subjectOf, "publication-about"),
    ),
    Row(
        "enrichmentAndLinkage.publicationUsingDataset",
        "dct:isReferencedBy",
        _publications(DCT.isReferencedBy, "publication"),
    ),
    Row(
        "enrichmentAndLinkage.investigations",
        "prov:wasUsedBy",
        Link(PROV.wasUsedBy, kind=PROV.Activity, fragment="investigation"),
    ),
    Row("enrichmentAndLinkage.tools", "dct:isRequiredBy", Link(DCT.isRequiredBy, fragment="tool")),
)

ROWS: Final = (
    *_RECORD,
    *_SUMMARY,
    *_COVERAGE,
    *_PROVENANCE,
    *ACCESS,
    *USAGE,
    *STANDARDS_ROWS,
    *_LINKAGE,
    *LAW,
    *FILES,
    *HEALTH_ROWS,
    *PROTECTION,
    *WITHOUT_A_PLACE,
)


@dataclass(frozen=True, slots=True)
class Mapped:
    """A field of the canonical form with its place in RDF, in words; without a place `how` says why.

    `direction` is "both", or "out" for what is written and not read as stated, or "none".
    """

    path: str
    place: str
    how: str
    direction: str = "both"


ONLY_WRITTEN: Final = (
    Mapped("", "dcat:theme", "Health, from the EU list of data themes", "out"),
    Mapped("", "dct:publisher", "the organisation in this catalogue, a foaf:Agent with name and identifier", "out"),
    Mapped("", "dcat:landingPage", "the page about the dataset, a foaf:Document", "out"),
    Mapped("", "foaf:primaryTopic (from the record)", "a dcat:CatalogRecord with its dates in this catalogue", "out"),
    Mapped("", "healthdcatap:hasStructuredData", "true where tables are described", "out"),
)
"""What the catalogue says of every dataset, and no field states."""


def mapped(rows: Sequence[Row] = ROWS, path: str = "", place: str = "") -> Iterator[Mapped]:
    """Every field of the canonical form, those of parts too."""
    for row in rows:
        here = f"{path}.{row.path}" if path else row.path
        there = f"{place} / {row.place}" if place and row.place else row.place
        if isinstance(row.kind, Part):
            yield from mapped(row.kind.rows, here, there)
        elif row.kind is not None and row.kind.fields:
            yield from (Mapped(f"{here}.{name}", there, row.kind.how) for name in row.kind.fields)
        else:
            yield Mapped(here, there, row.kind.how) if row.kind else Mapped(here, "", row.why_not, "none")
