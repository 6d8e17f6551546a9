"""The part of the table about access, use, standards and law."""

import re
from typing import Final

from schemas.crosswalks.dcat_agents import BODY, Attributed
from schemas.crosswalks.dcat_authorities import ACCESS_LEVELS, CODING_SYSTEMS, LANGUAGES, STANDARDS
from schemas.crosswalks.dcat_composites import Part
from schemas.crosswalks.dcat_nodes import Authority, Coded, Link, Named
from schemas.crosswalks.dcat_parts import Edge, Jurisdictions
from schemas.crosswalks.dcat_rights import HEADINGS, Rights
from schemas.crosswalks.dcat_sheet import Row
from schemas.crosswalks.dcat_values import Texts
from schemas.crosswalks.rdf_terms import DCATAP, DCT, DPV, ELI, FOAF, HEALTH, PROV
from schemas.crosswalks.reading import Notebook, Reader
from schemas.crosswalks.text import JsonValue
from schemas.crosswalks.values import code, codes, text, texts

_JURISDICTION = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")
_BY_STRICTNESS: Final = ("NON_PUBLIC", "RESTRICTED", "PUBLIC")


def _level(notes: Notebook, value: JsonValue, path: str) -> str | None:
    """The access right; of several the strictest. What is none of the EU list is read as words about access."""
    found = [level for level in _BY_STRICTNESS if level in (value if isinstance(value, list) else [value])]
    if len(found) > 1:
        notes.warn(path, f"Several access rights are given; {found[0]} was taken.", "Give one.")
    return found[0] if found else None


def _rights(heading: str, reader: Reader, *, is_list: bool = False, takes_others: bool = False) -> Rights:
    return Rights(
        heading,
        fragment=HEADINGS[heading],
        reader=reader,
        is_list=is_list,
        takes_others=takes_others,
        how=f"dct:RightsStatement with the rdfs:label “{heading}”, in dct:description",
    )


def _standards(predicate: str, fragment: str, authority: Authority, of: str) -> Named:
    return Named(
        predicate,
        kind=DCT.Standard,
        fragment=fragment,
        label=DCT.title,
        authority=authority,
        takes_addresses=of == "conforms-to",
        reader=codes(of),
        how="dct:Standard with dct:title, and the HealthDCAT-AP address where there is one",
    )


def _agent(predicate: str, fragment: str) -> Named:
    how = "foaf:Agent with foaf:name"
    return Named(predicate, kind=FOAF.Agent, fragment=fragment, label=FOAF.name, is_list=False, reader=text(), how=how)


ACCESS: Final = (
    Row(
        "accessibility.access.accessLevel",
        "dct:accessRights",
        Coded(
            DCT.accessRights,
            kind=DCT.RightsStatement,
            authority=ACCESS_LEVELS,
            reader=_level,
            how="the address in the EU list; where it is not stated, what the conditions amount to, "
            "which is not read as stated",
        ),
    ),
    Row(
        "accessibility.access.accessRights",
        "dct:rights",
        _rights("Access rights", text("in progress", joined=True), takes_others=True),
    ),
    Row(
        "accessibility.access.accessServiceCategory",
        "dct:rights",
        _rights("Way of access", code("access-service-category")),
    ),
    Row("accessibility.access.accessService", "dct:rights", _rights("Access service", text())),
    Row("accessibility.access.accessRequestCost", "dct:rights", _rights("Cost of access", text(joined=True))),
    Row("accessibility.access.deliveryLeadTime", "dct:rights", _rights("Time to access", code("delivery-lead-time"))),
    Row("accessibility.access.applyElsewhere", "dct:rights", _rights("Apply elsewhere", text())),
    Row(
        "accessibility.access.jurisdiction",
        "dpv:hasJurisdiction",
        Jurisdictions(DPV.hasJurisdiction, reader=codes("jurisdiction", shape=_JURISDICTION)),
    ),
    Row(
        "accessibility.access.dataController",
        "dpv:hasDataController",
        _agent(DPV.hasDataController, "controller"),
    ),
    Row(
        "accessibility.access.dataProcessor",
        "dpv:hasDataProcessor",
        _agent(DPV.hasDataProcessor, "processor"),
    ),
    Row(
        "accessibility.access.accessBody",
        "healthdcatap:hdab",
        Part(HEALTH.hdab, kind=FOAF.Agent, fragment="access-body", rows=BODY),
    ),
    Row(
        "accessibility.access.alternativeCustodian",
        "prov:qualifiedAttribution (distributor) / prov:agent",
        Attributed(PROV.agent, kind=FOAF.Agent, fragment="alternative-custodian", rows=BODY),
    ),
)

USAGE: Final = (
    Row(
        "accessibility.usage.dataUseLimitation",
        "dct:rights",
        _rights("Limits on use", codes("data-use-limitation"), is_list=True),
    ),
    Row(
        "accessibility.usage.dataUseRequirements",
        "dct:rights",
        _rights("Conditions of use", codes("data-use-requirements"), is_list=True),
    ),
    Row("accessibility.usage.resourceCreator", "dct:bibliographicCitation", Texts(DCT.bibliographicCitation)),
)

STANDARDS_ROWS: Final = (
    Row(
        "accessibility.formatAndStandards.codingSystems",
        "healthdcatap:hasCodingSystem",
        Link(HEALTH.hasCodingSystem, kind=DCT.Standard, fragment="coding", takes_words=False, how="the address"),
    ),
    Row(
        "accessibility.formatAndStandards.vocabularyEncodingScheme",
        "healthdcatap:hasCodingSystem",
        _standards(HEALTH.hasCodingSystem, "vocabulary", CODING_SYSTEMS, "vocabulary-encoding-scheme"),
    ),
    Row(
        "accessibility.formatAndStandards.conformsTo",
        "dct:conformsTo",
        _standards(DCT.conformsTo, "standard", STANDARDS, "conforms-to"),
    ),
    Row(
        "accessibility.formatAndStandards.language",
        "dct:language",
        Coded(
            DCT.language,
            kind=DCT.LinguisticSystem,
            authority=LANGUAGES,
            is_list=True,
            reader=codes("language"),
            how="the address in the EU list",
        ),
    ),
    Row(
        "accessibility.formatAndStandards.format",
        "dct:format",
        Named(
            DCT.format,
            kind=DCT.MediaTypeOrExtent,
            fragment="format",
            reader=texts(),
            how="dct:MediaTypeOrExtent with rdfs:label, on the dataset",
        ),
    ),
)

LAW: Final = (
    Row(
        "accessibility.legal.legalBasis",
        "dpv:hasLegalBasis",
        Link(DPV.hasLegalBasis, kind=DPV.LegalBasis, fragment="legal-basis"),
    ),
    Row(
        "accessibility.legal.applicableLegislation",
        "dcatap:applicableLegislation",
        Link(DCATAP.applicableLegislation, kind=ELI.LegalResource, fragment="legislation"),
    ),
    Row(
        "accessibility.legal.purpose",
        "dpv:hasPurpose",
        Link(DPV.hasPurpose, kind=DPV.Purpose, fragment="purpose"),
    ),
    Row(
        "accessibility.legal.personalData",
        "dpv:hasPersonalData",
        Link(DPV.hasPersonalData, kind=DPV.PersonalData, fragment="personal-data"),
    ),
    Row(
        "accessibility.legal.retentionStart",
        "healthdcatap:retentionPeriod / dcat:startDate",
        Edge(HEALTH.retentionPeriod, fragment="retention", is_end=False),
    ),
    Row(
        "accessibility.legal.retentionEnd",
        "healthdcatap:retentionPeriod / dcat:endDate",
        Edge(HEALTH.retentionPeriod, fragment="retention", is_end=True),
    ),
)
