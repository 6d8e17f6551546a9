"""Generated descriptions with everything that DCAT-AP has a place for, and how two of them are compared."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from schemas.crosswalks import dcat
from schemas.metadata import (
    Access,
    AccessBody,
    Accessibility,
    Column,
    DataService,
    Deidentification,
    Description,
    Distribution,
    Health,
    LegalContext,
    Linkability,
    StructuralMetadata,
    Table,
    to_json,
)
from schemas.vocabularies import vocabulary
from tests.unit.descriptions import built, counts, dates, descriptions, filled, lists, some, texts

WITHOUT_A_PLACE = frozenset(each.path for each in dcat.mapped() if not each.place)
IN_ORDER = frozenset({"structuralMetadata.tables", "structuralMetadata.tables.columns"})

web = st.from_regex(r"https://[a-z]{1,8}\.example/[a-z0-9/]{0,12}(\?q=[a-z]{1,3})?", fullmatch=True)
emails = st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.example", fullmatch=True)
addresses = some(web)
bodies = filled(AccessBody, name=texts, identifier=texts | web, email=emails, url=web)
columns = some(
    filled(
        Column,
        name=texts | counts | st.booleans() | st.floats(0, 10**6).filter(lambda value: not value.is_integer()),
        data_type=texts,
        description=texts,
        least=texts,
        greatest=texts,
    )
)
distributions = some(
    filled(
        Distribution,
        title=texts,
        description=texts,
        access_url=web,
        download_url=web,
        format=texts | st.sampled_from(("CSV", "csv", "text/csv", "PARQUET")),
        media_type=st.sampled_from(("text/csv", "application/vnd.apache.parquet")),
        licence=texts | web,
        byte_size=counts,
        is_sample=st.just(value=True),
    )
)
legal = built(
    LegalContext,
    legal_basis=lists | addresses,
    applicable_legislation=addresses,
    purpose=lists | addresses,
    personal_data=addresses,
    retention_start=dates,
    retention_end=dates,
)
health = built(
    Health,
    category=st.just(("EHRS",)) | addresses,
    theme=addresses,
    number_of_records=counts,
    quality_annotation=lists | addresses,
    analytics=addresses | lists,
)


def wide_descriptions() -> SearchStrategy[Description]:
    """Descriptions that state what HDR UK 4.0.0 has a place for, and what goes beyond it."""
    return st.builds(
        _widened,
        descriptions(),
        access=built(
            Access,
            access_level=st.sampled_from(("PUBLIC", "RESTRICTED", "NON_PUBLIC")),
            access_body=bodies,
            alternative_custodian=bodies,
            apply_elsewhere=web,
        ),
        legal=legal,
        coding_systems=addresses,
        languages=st.lists(st.sampled_from(vocabulary("language").values), unique=True, max_size=3).map(tuple),
        lay_summary=st.none() | texts,
        tables=some(filled(Table, name=texts, description=texts, columns=columns)),
        distributions=distributions,
        services=some(filled(DataService, title=texts, endpoint_url=web, endpoint_description=web | texts)),
        health=health,
        deidentification=built(Deidentification, technique=lists, responsible_party=texts),
        linkability=built(Linkability, pseudonymisation_scheme=texts),
    )


def _widened(described: Description, **parts: Any) -> Description:
    accessibility = described.accessibility
    access = {
        name: getattr(parts["access"], name)
        for name in ("access_level", "access_body", "alternative_custodian", "apply_elsewhere")
    }
    standards = replace(
        accessibility.format_and_standards, coding_systems=parts["coding_systems"], language=parts["languages"]
    )
    return replace(
        described,
        summary=replace(described.summary, lay_summary=parts["lay_summary"]),
        accessibility=Accessibility(
            usage=accessibility.usage,
            access=replace(accessibility.access, **access),
            format_and_standards=standards,
            legal=parts["legal"],
        ),
        structural_metadata=StructuralMetadata(parts["tables"], described.structural_metadata.synthetic_data_web_link),
        distributions=parts["distributions"],
        data_services=parts["services"],
        health=parts["health"],
        deidentification=parts["deidentification"],
        linkability=parts["linkability"],
    )


def in_rdf(description: Description) -> Any:
    """What of a description has a place in RDF, so that two can be compared: lists without order are sorted."""
    return _part(to_json(description), "")


def _part(value: Any, path: str) -> Any:
    if isinstance(value, Mapping):
        parts = {key: _part(item, f"{path}.{key}" if path else key) for key, item in value.items()}
        return {key: item for key, item in parts.items() if item not in (None, {}, [])}
    if isinstance(value, list):
        items = [item for item in (_part(each, path) for each in value) if item not in (None, {}, [])]
        return items if path in IN_ORDER else sorted(items, key=repr)
    return None if path in WITHOUT_A_PLACE else value
