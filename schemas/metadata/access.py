"""How the data may be used and reached (HDR UK 4.0.0 `accessibility`, with what HealthDCAT-AP adds)."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Usage:
    """What the data may be used for; `resource_creator` is the text to cite."""

    data_use_limitation: tuple[str, ...] = ()
    data_use_requirements: tuple[str, ...] = ()
    resource_creator: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AccessBody:
    """A person or body to turn to: an access committee, an alternative custodian, a contact."""

    name: str | None = None
    identifier: str | None = None
    email: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """How access is asked for and given.

    `jurisdiction` holds ISO 3166 codes. `alternative_custodian` takes requests in the custodian's place;
    `apply_elsewhere` is an address where requests are made outside the catalogue; `access_body` decides
    (HealthDCAT-AP `healthdcatap:hdab`); `access_level` is PUBLIC, RESTRICTED or NON_PUBLIC (DCAT-AP).
    """

    access_rights: str | None = None
    access_service_category: str | None = None
    access_service: str | None = None
    access_request_cost: str | None = None
    delivery_lead_time: str | None = None
    jurisdiction: tuple[str, ...] = ()
    data_controller: str | None = None
    data_processor: str | None = None
    access_level: str | None = None
    access_body: AccessBody | None = None
    alternative_custodian: AccessBody | None = None
    apply_elsewhere: str | None = None


@dataclass(frozen=True, slots=True)
class FormatAndStandards:
    """Vocabularies, data models, languages (ISO 639-1) and formats; `coding_systems` are IRIs (HealthDCAT-AP)."""

    vocabulary_encoding_scheme: tuple[str, ...] = ()
    conforms_to: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    format: tuple[str, ...] = ()
    coding_systems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LegalContext:
    """Law and rules: legal bases (DPV IRIs or text), applicable legislation (ELI IRIs), retention as ISO dates."""

    legal_basis: tuple[str, ...] = ()
    applicable_legislation: tuple[str, ...] = ()
    purpose: tuple[str, ...] = ()
    personal_data: tuple[str, ...] = ()
    retention_start: str | None = None
    retention_end: str | None = None


@dataclass(frozen=True, slots=True)
class Accessibility:
    """Use, access, standards and law."""

    usage: Usage = field(default_factory=Usage)
    access: Access = field(default_factory=Access)
    format_and_standards: FormatAndStandards = field(default_factory=FormatAndStandards)
    legal: LegalContext = field(default_factory=LegalContext)
