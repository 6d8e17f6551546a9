"""The canonical description: HDR UK 4.0.0's sections, wider where DCAT-AP and HealthDCAT-AP need more.

Absent, null, empty text and empty list are one thing here: `None` or `()`. Dates are ISO 8601 text as the
source wrote them, so that reading and writing HDR UK 4.0.0 changes nothing. Field names in camel case are
the field's path everywhere outside Python: in JSON, in problems, in differences, in bases.
"""

from dataclasses import dataclass, field

from schemas.metadata.access import Accessibility
from schemas.metadata.basis import Basis, Supplied
from schemas.metadata.content import DemographicFrequency, Observation, Omics, StructuralMetadata
from schemas.metadata.exchange import DataService, Deidentification, Distribution, Health, Linkability, Recontact

CONTINUOUS = "CONTINUOUS"
"""The end date of a dataset that goes on (HDR UK 4.0.0 `EndDateEnum`)."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """The custodian as its own description names it."""

    identifier: str | int | None = None
    name: str | None = None
    logo: str | None = None
    description: str | None = None
    contact_point: tuple[str, ...] = ()
    member_of: str | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """Title, abstract, custodian, size. `lay_summary` is for the public, in plain language."""

    title: str | None = None
    abstract: str | None = None
    data_custodian: Organisation = field(default_factory=Organisation)
    population_size: int | None = None
    keywords: tuple[str, ...] = ()
    doi_name: str | None = None
    contact_point: str | None = None
    dataset_aliases: tuple[str, ...] = ()
    lay_summary: str | None = None


@dataclass(frozen=True, slots=True)
class Documentation:
    """The long description, and media about the dataset."""

    description: str | None = None
    associated_media: tuple[str, ...] = ()
    in_pipeline: str | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Places, ages in years, samples, follow-up."""

    spatial: tuple[str, ...] = ()
    typical_age_range_min: int | None = None
    typical_age_range_max: int | None = None
    dataset_completeness: str | None = None
    material_type: tuple[str, ...] = ()
    follow_up: str | None = None
    pathway: str | None = None


@dataclass(frozen=True, slots=True)
class DatasetType:
    """A type of data, such as `Imaging types`, with its sub-types."""

    name: str | None = None
    sub_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Why, of what kind, from what and in which setting the data were collected."""

    purpose: tuple[str, ...] = ()
    dataset_type: tuple[DatasetType, ...] = ()
    source: tuple[str, ...] = ()
    collection_source: tuple[str, ...] = ()
    image_contrast: str | None = None


@dataclass(frozen=True, slots=True)
class Temporal:
    """When: dates are ISO 8601 text; `end_date` may be `CONTINUOUS`."""

    publishing_frequency: str | None = None
    distribution_release_date: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    time_lag: str | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Origin and time."""

    origin: Origin = field(default_factory=Origin)
    temporal: Temporal = field(default_factory=Temporal)


@dataclass(frozen=True, slots=True)
class DatasetReference:
    """Another dataset: by persistent identifier, title, address, or what of them is known."""

    pid: str | None = None
    title: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class EnrichmentAndLinkage:
    """Relations to other datasets, tools, investigations and publications (DOIs, or the citation as given)."""

    derived_from: tuple[DatasetReference, ...] = ()
    is_part_of: tuple[DatasetReference, ...] = ()
    linkable_datasets: tuple[DatasetReference, ...] = ()
    similar_to_datasets: tuple[DatasetReference, ...] = ()
    investigations: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    publication_about_dataset: tuple[str, ...] = ()
    publication_using_dataset: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Revision:
    """An earlier version of the same description; `url` is or ends in the identifier it had."""

    version: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Description:
    """A dataset description in the canonical form. `identifier` is the one its source gave it."""

    identifier: str | None = None
    version: str | None = None
    revisions: tuple[Revision, ...] = ()
    issued: str | None = None
    modified: str | None = None
    summary: Summary = field(default_factory=Summary)
    documentation: Documentation = field(default_factory=Documentation)
    coverage: Coverage = field(default_factory=Coverage)
    provenance: Provenance = field(default_factory=Provenance)
    accessibility: Accessibility = field(default_factory=Accessibility)
    enrichment_and_linkage: EnrichmentAndLinkage = field(default_factory=EnrichmentAndLinkage)
    observations: tuple[Observation, ...] = ()
    structural_metadata: StructuralMetadata = field(default_factory=StructuralMetadata)
    demographic_frequency: DemographicFrequency = field(default_factory=DemographicFrequency)
    omics: Omics = field(default_factory=Omics)
    distributions: tuple[Distribution, ...] = ()
    data_services: tuple[DataService, ...] = ()
    health: Health = field(default_factory=Health)
    deidentification: Deidentification = field(default_factory=Deidentification)
    linkability: Linkability = field(default_factory=Linkability)
    recontact: Recontact = field(default_factory=Recontact)
    bases: tuple[Basis, ...] = ()
    as_supplied: tuple[Supplied, ...] = ()
