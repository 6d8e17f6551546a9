"""Where each field of HDR UK 2.0.2 to 4.0.0 belongs in the canonical form.

One table a section for all versions: later versions renamed fields and moved some, but gave no name a second
meaning, so a document may even mix them.
"""

import re
from collections.abc import Mapping

from schemas.crosswalks.ages import OLDEST, YOUNGEST
from schemas.crosswalks.hdruk_content import DEMOGRAPHICS, OBSERVATION, OMICS, structure
from schemas.crosswalks.hdruk_relations import (
    dataset_types,
    doi,
    publications,
    references,
    samples,
    sub_types,
)
from schemas.crosswalks.hdruk_special import age_range, envelope, lead_time, no_place, second_hand
from schemas.crosswalks.hdruk_versions import DECLARING_KEYS
from schemas.crosswalks.reading import items, section, table
from schemas.crosswalks.splitting import Commas
from schemas.crosswalks.values import (
    code,
    code_or_number,
    codes,
    date,
    string,
    text,
    texts,
    whole_number,
)

_JURISDICTION = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")

CUSTODIAN = {
    "identifier": ("summary.dataCustodian.identifier", code_or_number),
    "name": ("summary.dataCustodian.name", string),
    "logo": ("summary.dataCustodian.logo", text()),
    "description": ("summary.dataCustodian.description", text()),
    "contactPoint": ("summary.dataCustodian.contactPoint", texts(Commas.ALWAYS)),
    "memberOf": ("summary.dataCustodian.memberOf", code("membership")),
}
SECOND_HAND_KEYS: Mapping[str, str] = {
    "accessRights": "accessibility.access",
    "accessService": "accessibility.access",
    "accessRequestCost": "accessibility.access",
    "deliveryLeadTime": "accessibility.access",
    "dataUseLimitation": "accessibility.usage",
    "dataUseRequirements": "accessibility.usage",
}
_PUBLISHER = {**CUSTODIAN, **{key: (place, second_hand) for key, place in SECOND_HAND_KEYS.items()}}

SUMMARY = table(
    {
        "title": ("summary.title", string),
        "abstract": ("summary.abstract", text()),
        "dataCustodian": ("summary.dataCustodian", section(table(_PUBLISHER))),
        "publisher": ("summary.dataCustodian", section(table(_PUBLISHER))),
        "populationSize": ("summary.populationSize", whole_number()),
        "keywords": ("summary.keywords", texts(Commas.WORDS)),
        "doiName": ("summary.doiName", doi),
        "contactPoint": ("summary.contactPoint", text()),
        "datasetAliases": ("summary.datasetAliases", texts(Commas.ALWAYS)),
        "alternateIdentifiers": ("summary.datasetAliases", texts(Commas.ALWAYS)),
        "datasetType": ("provenance.origin.datasetType", dataset_types),
        "datasetSubType": ("provenance.origin.datasetType", sub_types()),
    }
)
DOCUMENTATION = table(
    {
        "description": ("documentation.description", text()),
        "associatedMedia": ("documentation.associatedMedia", texts(Commas.ALWAYS)),
        "inPipeline": ("documentation.inPipeline", code("pipeline")),
        "isPartOf": ("enrichmentAndLinkage.isPartOf", references),
    }
)
_HEALTH = "Health and disease"
COVERAGE = table(
    {
        "spatial": ("coverage.spatial", texts(Commas.NAMES)),
        "typicalAgeRangeMin": ("coverage.typicalAgeRangeMin", whole_number(YOUNGEST, OLDEST)),
        "typicalAgeRangeMax": ("coverage.typicalAgeRangeMax", whole_number(YOUNGEST, OLDEST)),
        "typicalAgeRange": ("coverage", age_range),
        "datasetCompleteness": ("coverage.datasetCompleteness", text()),
        "materialType": ("coverage.materialType", codes("material-type")),
        "physicalSampleAvailability": ("coverage.materialType", codes("material-type")),
        "biologicalsamples": ("coverage.materialType", codes("material-type")),
        "followUp": ("coverage.followUp", code("follow-up")),
        "followup": ("coverage.followUp", code("follow-up")),
        "pathway": ("coverage.pathway", text()),
        "psychological": ("coverage", sub_types(_HEALTH)),
        "physical": ("coverage", sub_types(_HEALTH)),
        "lifestyle": ("coverage", sub_types("Lifestyle")),
        "socioeconomic": ("coverage", sub_types("Socioeconomic")),
        "anthropometric": ("coverage", no_place),
        "gender": ("coverage", no_place),
    }
)
ORIGIN = table(
    {
        "purpose": ("provenance.origin.purpose", codes("purpose")),
        "datasetType": ("provenance.origin.datasetType", dataset_types),
        "datasetSubType": ("provenance.origin.datasetType", sub_types()),
        "source": ("provenance.origin.source", codes("source")),
        "collectionSource": ("provenance.origin.collectionSource", codes("collection-source")),
        "collectionSituation": ("provenance.origin.collectionSource", codes("collection-source")),
        "imageContrast": ("provenance.origin.imageContrast", code("image-contrast")),
    }
)
TEMPORAL = table(
    {
        "publishingFrequency": ("provenance.temporal.publishingFrequency", code("publishing-frequency")),
        "accrualPeriodicity": ("provenance.temporal.publishingFrequency", code("publishing-frequency")),
        "distributionReleaseDate": ("provenance.temporal.distributionReleaseDate", date()),
        "startDate": ("provenance.temporal.startDate", date()),
        "endDate": ("provenance.temporal.endDate", date(may_go_on=True)),
        "timeLag": ("provenance.temporal.timeLag", code("time-lag")),
    }
)
USAGE = table(
    {
        "dataUseLimitation": ("accessibility.usage.dataUseLimitation", codes("data-use-limitation")),
        "dataUseRequirements": ("accessibility.usage.dataUseRequirements", codes("data-use-requirements")),
        "resourceCreator": ("accessibility.usage.resourceCreator", texts(Commas.NEVER)),
        "investigations": ("enrichmentAndLinkage.investigations", texts()),
        "isReferencedBy": ("enrichmentAndLinkage.publicationUsingDataset", publications),
    }
)
ACCESS = table(
    {
        # HDR UK asks for "In Progress" where the way to access is not ready yet: there, the words state something.
        "accessRights": ("accessibility.access.accessRights", text("in progress", joined=True)),
        "accessServiceCategory": ("accessibility.access.accessServiceCategory", code("access-service-category")),
        "accessService": ("accessibility.access.accessService", text()),
        "accessRequestCost": ("accessibility.access.accessRequestCost", text(joined=True)),
        "deliveryLeadTime": ("accessibility.access.deliveryLeadTime", lead_time),
        "jurisdiction": ("accessibility.access.jurisdiction", codes("jurisdiction", shape=_JURISDICTION)),
        "dataController": ("accessibility.access.dataController", text()),
        "dataProcessor": ("accessibility.access.dataProcessor", text()),
    }
)
FORMATS = table(
    {
        "vocabularyEncodingScheme": (
            "accessibility.formatAndStandards.vocabularyEncodingScheme",
            codes("vocabulary-encoding-scheme"),
        ),
        "conformsTo": ("accessibility.formatAndStandards.conformsTo", codes("conforms-to")),
        "language": ("accessibility.formatAndStandards.language", codes("language")),
        "format": ("accessibility.formatAndStandards.format", texts()),
    }
)
LINKAGE = table(
    {
        "derivedFrom": ("enrichmentAndLinkage.derivedFrom", references),
        "derivation": ("enrichmentAndLinkage.derivedFrom", references),
        "isPartOf": ("enrichmentAndLinkage.isPartOf", references),
        "linkableDatasets": ("enrichmentAndLinkage.linkableDatasets", references),
        "qualifiedRelation": ("enrichmentAndLinkage.linkableDatasets", references),
        "similarToDatasets": ("enrichmentAndLinkage.similarToDatasets", references),
        "investigations": ("enrichmentAndLinkage.investigations", texts()),
        "tools": ("enrichmentAndLinkage.tools", texts()),
        "publicationAboutDataset": ("enrichmentAndLinkage.publicationAboutDataset", publications),
        "publicationUsingDataset": ("enrichmentAndLinkage.publicationUsingDataset", publications),
        "syntheticDataWebLink": ("structuralMetadata.syntheticDataWebLink", texts()),
    }
)
REVISION = table({"version": ("version", string), "url": ("url", text())})

ROOT = table(
    {
        "identifier": ("identifier", string),
        "version": ("version", string),
        "revisions": ("revisions", items(REVISION, "revisions")),
        "issued": ("issued", date()),
        "modified": ("modified", date()),
        "summary": ("summary", section(SUMMARY)),
        "documentation": ("documentation", section(DOCUMENTATION)),
        "coverage": ("coverage", section(COVERAGE)),
        "provenance": (
            "provenance",
            section(
                table({"origin": ("provenance.origin", section(ORIGIN)), "temporal": ("provenance", section(TEMPORAL))})
            ),
        ),
        "accessibility": (
            "accessibility",
            section(
                table(
                    {
                        "usage": ("accessibility.usage", section(USAGE)),
                        "access": ("accessibility.access", section(ACCESS)),
                        "formatAndStandards": ("accessibility.formatAndStandards", section(FORMATS)),
                    }
                )
            ),
        ),
        "enrichmentAndLinkage": ("enrichmentAndLinkage", section(LINKAGE)),
        "observations": ("observations", items(OBSERVATION, "observations")),
        "structuralMetadata": ("structuralMetadata", structure),
        "demographicFrequency": ("demographicFrequency", section(DEMOGRAPHICS)),
        "omics": ("omics", section(OMICS)),
        "tissuesSampleCollection": ("coverage", samples),
        **{key: (key, envelope) for key in DECLARING_KEYS},
    }
)
