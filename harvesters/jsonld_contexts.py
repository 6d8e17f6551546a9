"""JSON-LD contexts by their addresses, answered by small ones of our own: none is ever fetched."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from harvesters.errors import FileError
from schemas.crosswalks.rdf_terms import ADMS, DCAT, DCATAP, DCT, FOAF, PREFIXES, PROV, SKOS, VCARD

Json = dict[str, Any]

_SCHEMA_ORG = re.compile(r"https?://(?:www\.)?schema\.org(?:/|/docs/jsonldcontext\.json(?:ld)?)?")
_DCAT_AP = re.compile(r"https?://semiceu\.github\.io/DCAT-AP/releases/[0-9.]{1,20}/(?:html/)?context/dcat-ap\.jsonld")


def _links(properties: Mapping[str, str]) -> Json:
    return {name: {"@id": address, "@type": "@id"} for name, address in properties.items()}


def _terms(start: str, names: Iterable[str]) -> dict[str, str]:
    return {name: f"{start}{name}" for name in names}


SCHEMA_ORG: Final[Json] = {"@vocab": "https://schema.org/", "id": "@id", "type": "@type"}
"""Every term of schema.org is its name after the address."""

DCAT_AP: Final[Json] = {
    **PREFIXES,
    **_terms(DCAT.address, ("Dataset", "DatasetSeries", "DataService", "Distribution", "Relationship")),
    "Catalogue": DCAT.Catalog,
    "CatalogueRecord": DCAT.CatalogRecord,
    "Agent": FOAF.Agent,
    "Kind": VCARD.Kind,
    "Location": DCT.Location,
    "PeriodOfTime": DCT.PeriodOfTime,
    "RightsStatement": DCT.RightsStatement,
    "Concept": SKOS.Concept,
    "Identifier": ADMS.Identifier,
    **_terms(DCT.address, ("title", "description", "identifier")),
    **_terms(DCAT.address, ("keyword", "version", "startDate", "endDate", "byteSize")),
    "name": FOAF.name,
    "notation": SKOS.notation,
    "preferredLabel": SKOS.prefLabel,
    "releaseDate": DCT.issued,
    "listingDate": DCT.issued,
    "modificationDate": DCT.modified,
    "versionNotes": ADMS.versionNotes,
    **_links(
        _terms(DCT.address, ("accessRights", "conformsTo", "creator", "format", "isReferencedBy", "language"))
        | _terms(DCT.address, ("provenance", "publisher", "relation", "rights", "source", "type"))
        | _terms(DCAT.address, ("accessService", "contactPoint", "dataset", "endpointDescription", "hadRole"))
        | _terms(DCAT.address, ("hasVersion", "inSeries", "landingPage", "mediaType", "qualifiedRelation"))
        | _terms(DCAT.address, ("record", "servesDataset", "service", "theme"))
        | {
            "accessUrl": DCAT.accessURL,
            "downloadUrl": DCAT.downloadURL,
            "endpointUrl": DCAT.endpointURL,
            "datasetDistribution": DCAT.distribution,
            "catalogue": DCAT.catalog,
            "themes": DCAT.themeTaxonomy,
            "applicableLegislation": DCATAP.applicableLegislation,
            "frequency": DCT.accrualPeriodicity,
            "geographicalCoverage": DCT.spatial,
            "temporalCoverage": DCT.temporal,
            "licence": DCT.license,
            "relatedResource": DCT.relation,
            "documentation": FOAF.page,
            "homepage": FOAF.homepage,
            "primaryTopic": FOAF.primaryTopic,
            "otherIdentifier": ADMS.identifier,
            "sample": ADMS.sample,
            "qualifiedAttribution": PROV.qualifiedAttribution,
            "wasGeneratedBy": PROV.wasGeneratedBy,
        }
    ),
}
"""The names that DCAT-AP's own context gives the properties of a catalogue."""


def with_contexts(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """The document with every context that it names by address replaced by ours. Raises `FileError` for any other."""
    if isinstance(value, list):
        return [with_contexts(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "@import" in value:
        raise _unknown(value["@import"])
    return {key: _context(each) if key == "@context" else with_contexts(each) for key, each in value.items()}


def _context(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, list):
        return [_context(each) for each in value]
    if not isinstance(value, str):
        return with_contexts(value)
    if _SCHEMA_ORG.fullmatch(value):
        return SCHEMA_ORG
    if _DCAT_AP.fullmatch(value):
        return DCAT_AP
    raise _unknown(value)


def _unknown(address: object) -> FileError:
    return FileError(
        f"The document takes its terms from {address!s:.200}, which is not fetched.",
        "Write the context into the document, or use that of schema.org or DCAT-AP.",
    )
