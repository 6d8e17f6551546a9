"""Generated descriptions that HDR UK 4.0.0 can say in full."""

from datetime import date
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from schemas.crosswalks.text import clean
from schemas.metadata import (
    CONTINUOUS,
    Access,
    Accessibility,
    AgeCount,
    Column,
    ColumnValue,
    Coverage,
    DatasetReference,
    DatasetType,
    DemographicFrequency,
    Description,
    DiseaseCount,
    Documentation,
    EnrichmentAndLinkage,
    EthnicityCount,
    FormatAndStandards,
    Observation,
    Omics,
    Organisation,
    Origin,
    Provenance,
    Revision,
    StructuralMetadata,
    Summary,
    Table,
    Temporal,
    Usage,
)
from schemas.vocabularies import is_not_stated, vocabulary

# Mostly plain letters with what lists and sentences are cut at, so that every rule of splitting is met.
letters = st.characters(exclude_categories=("Cc", "Cs", "Cf", "Cn", "Co"))
texts = (
    st.text(st.sampled_from("abcDEF ,;.()-é\n") | letters, min_size=1, max_size=30)
    .map(clean)
    .filter(lambda text: bool(text) and not is_not_stated(text) and text.casefold() not in {"no", "nothing"})
)
lists = st.lists(texts, unique=True, max_size=3).map(tuple)
counts = st.integers(0, 10**9)
dates = st.dates(min_value=date(1800, 1, 1)).map(lambda day: day.isoformat())
dated = dates | dates.map(lambda day: f"{day}T09:30:00.123Z")


def code(name: str) -> SearchStrategy[Any]:
    return st.sampled_from(vocabulary(name).values)


def codes(name: str) -> SearchStrategy[Any]:
    return st.lists(code(name), unique=True, max_size=3).map(tuple)


def some(inner: SearchStrategy[Any], **fixed: Any) -> SearchStrategy[Any]:
    return st.lists(inner, max_size=2, unique=True, **fixed).map(tuple)


def built(kind: type, **fields: SearchStrategy[Any]) -> SearchStrategy[Any]:
    """Instances of `kind` in which any field may be left out."""
    return st.fixed_dictionaries({}, optional=fields).map(lambda values: kind(**values))


def filled(kind: type, **fields: SearchStrategy[Any]) -> SearchStrategy[Any]:
    """Instances of `kind` that state something, as entries of lists do."""
    return built(kind, **fields).filter(lambda value: value != kind())


references = some(filled(DatasetReference, pid=texts, title=texts, url=texts))
values = some(filled(ColumnValue, name=texts | counts | st.booleans(), description=texts, frequency=counts))
columns = some(
    filled(Column, name=texts | counts, data_type=texts, description=texts, sensitive=st.booleans(), values=values)
)
custodians = st.builds(
    Organisation,
    name=texts,
    identifier=st.none() | texts | counts,
    logo=st.none() | texts,
    contact_point=st.just(()) | lists,
    member_of=st.none() | code("membership"),
)
summaries = st.builds(
    Summary,
    title=texts,
    data_custodian=custodians,
    abstract=st.none() | texts,
    population_size=st.none() | counts,
    keywords=lists,
    doi_name=st.none() | st.just("10.1234/abc(1)"),
    contact_point=st.none() | texts,
    dataset_aliases=lists,
)
provenances = built(
    Provenance,
    origin=built(
        Origin,
        purpose=codes("purpose"),
        dataset_type=some(filled(DatasetType, name=code("dataset-type"), sub_types=codes("dataset-sub-type"))),
        source=codes("source"),
        collection_source=codes("collection-source"),
        image_contrast=code("image-contrast"),
    ),
    temporal=built(
        Temporal,
        publishing_frequency=code("publishing-frequency"),
        distribution_release_date=dated,
        start_date=dated,
        end_date=dated | st.just(CONTINUOUS),
        time_lag=code("time-lag"),
    ),
)
accessibilities = built(
    Accessibility,
    usage=built(
        Usage,
        data_use_limitation=codes("data-use-limitation"),
        data_use_requirements=codes("data-use-requirements"),
        resource_creator=lists,
    ),
    access=built(
        Access,
        access_rights=texts,
        access_service_category=code("access-service-category"),
        access_service=texts,
        access_request_cost=texts,
        delivery_lead_time=code("delivery-lead-time"),
        jurisdiction=codes("jurisdiction"),
        data_controller=texts,
        data_processor=texts,
    ),
    format_and_standards=built(
        FormatAndStandards,
        vocabulary_encoding_scheme=codes("vocabulary-encoding-scheme"),
        conforms_to=codes("conforms-to"),
        language=codes("language"),
        format=lists,
    ),
)
demographics = built(
    DemographicFrequency,
    age=some(filled(AgeCount, bin=code("age-group"), count=counts)),
    ethnicity=some(filled(EthnicityCount, bin=code("ethnic-group"), count=counts)),
    disease=some(
        filled(
            DiseaseCount,
            disease_code=texts | counts,
            disease_code_vocabulary=code("disease-code-vocabulary"),
            count=counts,
        )
    ),
)
observations = some(
    filled(
        Observation,
        observed_node=code("observed-node"),
        measured_value=counts | st.floats(0, 10**6).filter(lambda value: not value.is_integer()),
        disambiguating_description=texts,
        observation_date=dated,
        measured_property=texts | counts,
    )
)


def descriptions() -> SearchStrategy[Description]:
    """Descriptions whose every field has a place in HDR UK 4.0.0."""
    return st.builds(
        Description,
        identifier=texts,
        version=st.none() | texts,
        revisions=some(filled(Revision, version=texts, url=texts)),
        issued=st.none() | dated,
        modified=st.none(),
        summary=summaries,
        documentation=built(Documentation, description=texts, associated_media=lists, in_pipeline=code("pipeline")),
        coverage=built(
            Coverage,
            spatial=lists,
            typical_age_range_min=st.integers(0, 150),
            typical_age_range_max=st.integers(0, 150),
            dataset_completeness=texts,
            material_type=codes("material-type"),
            follow_up=code("follow-up"),
            pathway=texts,
        ),
        provenance=provenances,
        accessibility=accessibilities,
        enrichment_and_linkage=built(
            EnrichmentAndLinkage,
            derived_from=references,
            is_part_of=references,
            linkable_datasets=references,
            similar_to_datasets=references,
            investigations=lists,
            tools=lists,
            publication_about_dataset=lists,
            publication_using_dataset=lists,
        ),
        observations=observations,
        structural_metadata=built(
            StructuralMetadata,
            tables=some(filled(Table, name=texts, description=texts, columns=columns)),
            synthetic_data_web_link=lists,
        ),
        demographic_frequency=demographics,
        omics=built(Omics, assay=code("assay"), platform=code("platform")),
    )
