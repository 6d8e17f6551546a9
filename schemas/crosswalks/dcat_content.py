"""The part of the table about what is measured, files and services, health and protection."""

from typing import Final

from schemas.crosswalks.dcat_composites import Via
from schemas.crosswalks.dcat_files import SYNTHETIC, Distributions, Files, Services
from schemas.crosswalks.dcat_nodes import Link, Named
from schemas.crosswalks.dcat_parts import FileFormat, MediaType
from schemas.crosswalks.dcat_sheet import Implied, Row
from schemas.crosswalks.dcat_tables import TABLES
from schemas.crosswalks.dcat_values import Count, Text, Texts
from schemas.crosswalks.rdf_terms import ADMS, DCAT, DCT, DPV, DQV, FOAF, HEALTH, RDFS, SKOS
from schemas.crosswalks.values import string, text, texts

NO_PLACE: Final = "DCAT-AP and the vocabularies beside it have no property for it."
NOT_EXPORTED: Final = "The catalogue keeps it and exports it nowhere."

_DISTRIBUTION: Final = (
    Row("title", "dct:title", Text(DCT.title, reader=string)),
    Row("description", "dct:description", Text(DCT.description, reader=text())),
    Row("accessUrl", "dcat:accessURL", Link(DCAT.accessURL, fragment="access", is_list=False, reader=text())),
    Row("downloadUrl", "dcat:downloadURL", Link(DCAT.downloadURL, fragment="download", is_list=False, reader=text())),
    Row("format", "dct:format", FileFormat()),
    Row("mediaType", "dcat:mediaType", MediaType()),
    Row(
        "licence",
        "dct:license",
        Link(DCT.license, kind=DCT.LicenseDocument, fragment="licence", is_list=False, reader=text()),
    ),
    Row("byteSize", "dcat:byteSize", Count(DCAT.byteSize)),
    Row("isSample", "adms:sample", Implied("a sample stands under adms:sample instead of dcat:distribution")),
)
_SERVICE: Final = (
    Row("title", "dct:title", Text(DCT.title, reader=string)),
    Row("endpointUrl", "dcat:endpointURL", Link(DCAT.endpointURL, fragment="url", is_list=False, reader=text())),
    Row(
        "endpointDescription",
        "dcat:endpointDescription",
        Link(DCAT.endpointDescription, fragment="description", is_list=False, reader=text()),
    ),
)

FILES: Final = (
    Row("structuralMetadata.tables", "healthdcatap:hasVariables / csvw:table", TABLES),
    Row(
        "structuralMetadata.syntheticDataWebLink",
        "adms:sample / dcat:accessURL",
        Files(
            ADMS.sample,
            fragment="synthetic",
            title=SYNTHETIC,
            how=f"a dcat:Distribution with the title “{SYNTHETIC}” and nothing else",
        ),
    ),
    Row(
        "distributions",
        "dcat:distribution",
        Distributions(
            DCAT.distribution, kind=DCAT.Distribution, fragment="distribution", rows=_DISTRIBUTION, is_list=True
        ),
    ),
    Row(
        "dataServices",
        "dcat:servesDataset (from the service)",
        Services(DCAT.servesDataset, kind=DCAT.DataService, fragment="service", rows=_SERVICE, is_list=True),
    ),
)


def _code(predicate: str, fragment: str) -> Link:
    return Link(
        predicate,
        kind=SKOS.Concept,
        fragment=fragment,
        label=SKOS.prefLabel,
        how="the address; words on a skos:Concept with skos:prefLabel",
    )


HEALTH_ROWS: Final = (
    Row("health.category", "healthdcatap:healthCategory", _code(HEALTH.healthCategory, "category")),
    Row("health.theme", "healthdcatap:healthTheme", _code(HEALTH.healthTheme, "theme")),
    Row("health.numberOfRecords", "healthdcatap:numberOfRecords", Count(HEALTH.numberOfRecords)),
    Row(
        "health.qualityAnnotation",
        "dqv:hasQualityAnnotation",
        Link(DQV.hasQualityAnnotation, kind=DQV.QualityCertificate, fragment="quality"),
    ),
    Row(
        "health.analytics",
        "healthdcatap:analytics / dcat:accessURL",
        Files(HEALTH.analytics, fragment="analytics"),
    ),
)

PROTECTION: Final = (
    Row(
        "deidentification.technique",
        "dpv:hasTechnicalMeasure (dpv:Deidentification) / rdfs:label",
        Via(
            DPV.hasTechnicalMeasure,
            kind=DPV.Deidentification,
            fragment="deidentification",
            is_alone=False,
            inner=Texts(RDFS.label, reader=texts()),
        ),
    ),
    Row(
        "deidentification.responsibleParty",
        "dpv:hasTechnicalMeasure (dpv:Deidentification) / dpv:isImplementedByEntity",
        Via(
            DPV.hasTechnicalMeasure,
            kind=DPV.Deidentification,
            fragment="deidentification",
            is_alone=False,
            inner=Named(
                DPV.isImplementedByEntity,
                kind=FOAF.Agent,
                fragment="by",
                label=FOAF.name,
                is_list=False,
                reader=text(),
                how="foaf:Agent with foaf:name",
            ),
        ),
    ),
    Row(
        "linkability.pseudonymisationScheme",
        "dpv:hasTechnicalMeasure (dpv:Pseudonymisation) / rdfs:label",
        Via(
            DPV.hasTechnicalMeasure,
            kind=DPV.Pseudonymisation,
            fragment="pseudonymisation",
            is_alone=False,
            inner=Text(RDFS.label, reader=text()),
        ),
    ),
)

WITHOUT_A_PLACE: Final = (
    *(
        Row(path, "", why_not=NO_PLACE)
        for path in (
            "coverage.materialType",
            "coverage.followUp",
            "provenance.origin.imageContrast",
            "provenance.temporal.timeLag",
            "observations.observedNode",
            "observations.measuredValue",
            "observations.disambiguatingDescription",
            "observations.observationDate",
            "observations.measuredProperty",
            "demographicFrequency.age.bin",
            "demographicFrequency.age.count",
            "demographicFrequency.ethnicity.bin",
            "demographicFrequency.ethnicity.count",
            "demographicFrequency.disease.diseaseCode",
            "demographicFrequency.disease.diseaseCodeVocabulary",
            "demographicFrequency.disease.count",
            "omics.assay",
            "omics.platform",
            "linkability.identifiersHeld",
            "linkability.permittedLinkers",
            "recontact.consent",
            "recontact.feasibility",
            "recontact.recruitment",
            "recontact.followUp",
        )
    ),
    *(
        Row(path, "", why_not=NOT_EXPORTED)
        for path in (
            "bases.path",
            "bases.kind",
            "bases.evidence",
            "bases.by",
            "bases.source",
            "asSupplied.path",
            "asSupplied.value",
            "asSupplied.reason",
        )
    ),
)
