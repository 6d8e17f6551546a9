"""What DCAT-AP 3, HealthDCAT-AP Release 8 and feasibility work need and HDR UK 4.0.0 lacks."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DataService:
    """A service that gives access to the data (dcat:DataService)."""

    title: str | None = None
    endpoint_url: str | None = None
    endpoint_description: str | None = None


@dataclass(frozen=True, slots=True)
class Distribution:
    """A form in which the data are given out (dcat:Distribution); `byte_size` in bytes."""

    title: str | None = None
    description: str | None = None
    access_url: str | None = None
    download_url: str | None = None
    format: str | None = None
    media_type: str | None = None
    licence: str | None = None
    byte_size: int | None = None
    is_sample: bool | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """HealthDCAT-AP: categories, themes, record and person counts, quality annotation and analytics."""

    category: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    number_of_records: int | None = None
    quality_annotation: tuple[str, ...] = ()
    analytics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deidentification:
    """How people are protected in the data, and who did it."""

    technique: tuple[str, ...] = ()
    responsible_party: str | None = None


@dataclass(frozen=True, slots=True)
class Linkability:
    """What the data can be linked by, and who may link them."""

    identifiers_held: tuple[str, ...] = ()
    pseudonymisation_scheme: str | None = None
    permitted_linkers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recontact:
    """Whether people may be contacted again, and what the dataset may be used for around a trial."""

    consent: str | None = None
    feasibility: bool | None = None
    recruitment: bool | None = None
    follow_up: bool | None = None
