"""The sections of a dataset's page and the fields in each, in reading order."""

from catalogue.web.dataset_facts import (
    Row,
    body,
    code_links,
    coded,
    coded_links,
    count,
    data_types,
    distributions,
    doi,
    moment,
    publications,
    services,
    text,
    values,
    word,
    yes_or_no,
)

OVERVIEW = (
    Row("provenance.origin.dataset_type", data_types),
    Row("provenance.origin.purpose", coded("purpose")),
    Row("summary.dataset_aliases", values, is_expected=False),
    Row("summary.doi_name", doi),
    Row("documentation.associated_media", values, is_expected=False),
    Row("documentation.in_pipeline", word, is_expected=False),
    Row("health.category", values, is_expected=False),
    Row("health.theme", values, is_expected=False),
)
PEOPLE = (
    Row("summary.population_size", count),
    Row("health.number_of_records", count, is_expected=False),
    Row("coverage.follow_up", coded("follow-up")),
    Row("coverage.pathway", text),
    Row("coverage.material_type", coded("material-type")),
    Row("coverage.dataset_completeness", values, is_expected=False),
)
MEASURED = (
    Row("omics.assay", word, is_expected=False),
    Row("omics.platform", word, is_expected=False),
    Row("provenance.origin.image_contrast", word, is_expected=False),
    Row("structural_metadata.synthetic_data_web_link", values, is_expected=False),
)
ACCESS = (
    Row("accessibility.access.access_service_category", coded("access-service-category")),
    Row("accessibility.access.access_service", text),
    Row("accessibility.access.access_rights", text),
    Row("accessibility.usage.data_use_limitation", coded("data-use-limitation")),
    Row("accessibility.usage.data_use_requirements", coded("data-use-requirements")),
    Row("accessibility.access.access_request_cost", text),
    Row("accessibility.access.delivery_lead_time", coded("delivery-lead-time")),
    Row("accessibility.access.access_level", word, is_expected=False),
    Row("accessibility.access.jurisdiction", coded("jurisdiction")),
    Row("accessibility.access.data_controller", text),
    Row("accessibility.access.data_processor", text),
    Row("accessibility.access.access_body", body, is_expected=False),
    Row("accessibility.access.alternative_custodian", body, is_expected=False),
    Row("accessibility.access.apply_elsewhere", word, is_expected=False),
    Row("distributions", distributions, is_expected=False),
    Row("data_services", services, is_expected=False),
)
PROTECTION = (
    Row("accessibility.legal.legal_basis", values, is_expected=False),
    Row("accessibility.legal.applicable_legislation", values, is_expected=False),
    Row("accessibility.legal.purpose", values, is_expected=False),
    Row("accessibility.legal.personal_data", values, is_expected=False),
    Row("accessibility.legal.retention_start", moment, is_expected=False),
    Row("accessibility.legal.retention_end", moment, is_expected=False),
    Row("deidentification.technique", values, is_expected=False),
    Row("deidentification.responsible_party", word, is_expected=False),
    Row("recontact.consent", text, is_expected=False),
    Row("recontact.feasibility", yes_or_no, is_expected=False),
    Row("recontact.recruitment", yes_or_no, is_expected=False),
    Row("recontact.follow_up", yes_or_no, is_expected=False),
)
STANDARDS = (
    Row(
        "accessibility.format_and_standards.vocabulary_encoding_scheme",
        coded_links("vocabulary-encoding-scheme", "standard"),
    ),
    Row("accessibility.format_and_standards.conforms_to", coded_links("conforms-to", "standard")),
    Row("accessibility.format_and_standards.coding_systems", code_links, is_expected=False),
    Row("accessibility.format_and_standards.language", coded("language")),
    Row("accessibility.format_and_standards.format", values),
)
LINKAGE = (
    Row("linkability.identifiers_held", values, is_expected=False),
    Row("linkability.pseudonymisation_scheme", text, is_expected=False),
    Row("linkability.permitted_linkers", values, is_expected=False),
    Row("enrichment_and_linkage.tools", values, is_expected=False),
    Row("enrichment_and_linkage.investigations", values, is_expected=False),
    Row("enrichment_and_linkage.publication_about_dataset", publications),
    Row("enrichment_and_linkage.publication_using_dataset", publications, is_expected=False),
)
PROVENANCE = (
    Row("provenance.origin.source", coded("source")),
    Row("provenance.origin.collection_source", coded("collection-source")),
    Row("provenance.temporal.publishing_frequency", coded("publishing-frequency")),
    Row("provenance.temporal.time_lag", coded("time-lag")),
    Row("provenance.temporal.distribution_release_date", moment, is_expected=False),
    Row("health.quality_annotation", values, is_expected=False),
    Row("health.analytics", values, is_expected=False),
)

SECTIONS = {
    "overview": ("Overview", OVERVIEW),
    "people": ("Who and where", PEOPLE),
    "measured": ("What is measured", MEASURED),
    "access": ("How to get it", ACCESS),
    "protection": ("Protection and law", PROTECTION),
    "standards": ("Standards and formats", STANDARDS),
    "linkage": ("Linkage and related datasets", LINKAGE),
    "provenance": ("Where it comes from", PROVENANCE),
}
"""By the identifier of the section in the page."""
REFERENCES = (
    "enrichment_and_linkage.is_part_of",
    "enrichment_and_linkage.derived_from",
    "enrichment_and_linkage.linkable_datasets",
    "enrichment_and_linkage.similar_to_datasets",
)
OTHERS_EXPECTED = (
    ("overview", "summary.abstract"),
    ("overview", "documentation.description"),
    ("overview", "summary.keywords"),
    ("people", "provenance.temporal.start_date"),
    ("people", "coverage.spatial"),
    ("people", "coverage.typical_age_range_min"),
    ("people", "demographic_frequency"),
    ("measured", "structural_metadata.tables"),
    ("linkage", "enrichment_and_linkage.linkable_datasets"),
    ("access", "summary.contact_point"),
)
"""Fields with a place of their own on the page, which are missed all the same."""
