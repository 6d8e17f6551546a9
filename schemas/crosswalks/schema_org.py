"""A description as a schema.org Dataset, for search engines that read pages."""

from typing import Any

from schemas.metadata import CONTINUOUS, Description

Json = dict[str, Any]

SHORTEST_DESCRIPTION, LONGEST_DESCRIPTION = 50, 5000
"""Characters that dataset search engines take."""
MOST_VARIABLES = 200
"""Columns that are named; a page with 900 of them is no lighter for its readers."""
ACCESS = {"PUBLIC": True, "RESTRICTED": False, "NON_PUBLIC": False}


def write(
    description: Description, *, url: str, custodian: str, custodian_url: str, catalogue: str, catalogue_url: str
) -> Json:
    """The description as JSON-LD in the context `https://schema.org/`; what is not stated is left out."""
    summary = description.summary
    document: Json = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": url,
        "url": url,
        "name": summary.title,
        "description": _description(description),
        "alternateName": list(summary.dataset_aliases),
        "identifier": _identifiers(description, url),
        "keywords": list(summary.keywords),
        "version": description.version,
        "dateCreated": _day(description.issued),
        "dateModified": _day(description.modified),
        "creator": {"@type": "Organization", "name": custodian, "url": custodian_url},
        "includedInDataCatalog": {"@type": "DataCatalog", "name": catalogue, "url": catalogue_url},
        "temporalCoverage": _years(description),
        "spatialCoverage": [{"@type": "Place", "name": place} for place in description.coverage.spatial],
        "variableMeasured": _variables(description),
        "measurementTechnique": list(description.provenance.origin.source),
        "conditionsOfAccess": description.accessibility.access.access_rights,
        "isAccessibleForFree": ACCESS.get(description.accessibility.access.access_level or ""),
        "creditText": "; ".join(description.accessibility.usage.resource_creator),
        "inLanguage": list(description.accessibility.format_and_standards.language),
        "distribution": _distributions(description),
    }
    return {key: value for key, value in document.items() if value not in (None, "", [], {})}


def _description(description: Description) -> str | None:
    texts = (description.summary.abstract, description.documentation.description, description.summary.title)
    stated = [text for text in texts if text]
    long_enough = (text for text in stated if len(text) >= SHORTEST_DESCRIPTION)
    chosen = next(long_enough, ": ".join(reversed(stated)))
    return chosen[:LONGEST_DESCRIPTION] or None


def _identifiers(description: Description, url: str) -> list[str]:
    doi = description.summary.doi_name or ""
    return [url, f"https://doi.org/{doi}"] if doi.startswith("10.") else [url]


def _day(moment: str | None) -> str | None:
    return (moment or "")[:10] or None


def _years(description: Description) -> str | None:
    """An ISO 8601 interval; `..` is an open end."""
    temporal = description.provenance.temporal
    start = _day(temporal.start_date) or ".."
    end = ".." if temporal.end_date in (None, "", CONTINUOUS) else _day(temporal.end_date)
    return None if (start, end) == ("..", "..") else f"{start}/{end}"


def _variables(description: Description) -> list[Json]:
    columns = (column for table in description.structural_metadata.tables for column in table.columns)
    named = [column for column in columns if column.name not in (None, "")]
    return [
        {"@type": "PropertyValue", "name": str(column.name)}
        | ({"description": column.description[:500]} if column.description else {})
        for column in named[:MOST_VARIABLES]
    ]


def _distributions(description: Description) -> list[Json]:
    found = (
        {
            "@type": "DataDownload",
            "name": each.title,
            "contentUrl": each.download_url,
            "url": each.access_url,
            "encodingFormat": each.media_type or each.format,
            "license": each.licence,
        }
        for each in description.distributions
    )
    return [{key: value for key, value in each.items() if value} for each in found]
