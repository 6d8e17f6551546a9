"""A description as it is searched."""

from collections.abc import Iterable

from catalogue.search.backend import SearchDocument
from catalogue.search.facet_values import IndexFacts, spaced, years
from catalogue.search.fields import FACETS
from schemas.metadata import Description


def document_of(description: Description, facts: IndexFacts) -> SearchDocument:
    """Everything of a description that is worth finding it by."""
    summary, stated = description.summary, description.accessibility.format_and_standards
    return SearchDocument(
        identifier=facts.identifier,
        revision=facts.revision,
        title=spaced(summary.title or ""),
        custodian=spaced(facts.custodian_name),
        abstract=(summary.abstract or summary.lay_summary or "").strip(),
        description=_joined((description.documentation.description, summary.lay_summary)),
        keywords=_texts(summary.keywords),
        columns=tuple(_columns(description)),
        codes=_texts(_codes(description)),
        other=_texts((*_other(description), *stated.vocabulary_encoding_scheme, *stated.conforms_to)),
        facets={facet.name: tuple(facet.values(description, facts)) for facet in FACETS},
        years=years(description, facts),
        changed_at=facts.changed_at,
        quality=facts.quality,
    )


def _texts(values: Iterable[object]) -> tuple[str, ...]:
    texts = (spaced(str(value)) for value in values if value is not None)
    return tuple(dict.fromkeys(text for text in texts if text))


def _joined(texts: Iterable[str | None]) -> str:
    return "\n".join(text.strip() for text in texts if text and text.strip())


def _columns(description: Description) -> Iterable[tuple[str, str]]:
    """Tables and columns by name; what has no name is found by its description."""
    for table in description.structural_metadata.tables:
        yield spaced(table.name or ""), spaced(table.description or "")
        for column in table.columns:
            name = "" if column.name is None else spaced(str(column.name))
            yield name, spaced(column.description or "")


def _codes(description: Description) -> Iterable[object]:
    """Codes that the data are recorded with: of diseases, of values, of permitted values."""
    for disease in description.demographic_frequency.disease:
        yield disease.disease_code
    yield from description.accessibility.format_and_standards.coding_systems
    for table in description.structural_metadata.tables:
        for column in table.columns:
            yield from (value.name for value in column.values)


def _other(description: Description) -> Iterable[str | None]:
    """Other names, places, kinds, relations and identifiers of the dataset."""
    summary, origin, links = description.summary, description.provenance.origin, description.enrichment_and_linkage
    yield from summary.dataset_aliases
    yield summary.doi_name
    yield from description.coverage.spatial
    yield from description.coverage.material_type
    for kind in origin.dataset_type:
        yield kind.name
        yield from kind.sub_types
    yield from origin.purpose
    yield from origin.collection_source
    yield from description.health.category
    yield from description.health.theme
    yield description.omics.assay
    yield description.omics.platform
    for reference in (*links.derived_from, *links.is_part_of, *links.linkable_datasets, *links.similar_to_datasets):
        yield reference.title
    yield from links.tools
