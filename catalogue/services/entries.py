"""What the catalogue says of a dataset beside its description, as JSON values, for whatever gives descriptions out."""

from functools import cache
from typing import TYPE_CHECKING, Any

from catalogue.models import Dataset, Organisation
from catalogue.plugins import postponed
from catalogue.services import exchange

if TYPE_CHECKING:
    from schemas.api import datasets as documents
else:
    documents = postponed("schemas.api.datasets")


def entry_of(dataset: Dataset, organisation: Organisation, *, base_url: str) -> dict[str, Any]:
    """The entry of a dataset."""
    links = links_of(dataset.identifier, organisation.slug, base_url=base_url)
    entry: dict[str, Any] = _entry().dump(
        {
            "identifier": dataset.identifier,
            "url": links["page"],
            "custodian": organisation.name,
            "custodian_slug": organisation.slug,
            "published": dataset.published_at,
            "changed": dataset.changed_at,
            "version": dataset.version_number,
            "quality": {"score": dataset.quality_score, "band": dataset.quality_band},
            "links": links,
        }
    )
    return entry


@cache
def _entry() -> "documents.Entry":
    return documents.Entry()


def links_of(identifier: str, custodian_slug: str, *, base_url: str) -> dict[str, Any]:
    """Where more is told about a dataset: the interface for programs, its page, and every form it can be had in."""
    page = f"{base_url}/datasets/{identifier}"
    formats = [
        {
            "label": each.label,
            "media_type": each.serialisation.media_type,
            "href": f"{page}.{each.serialisation.suffix}",
        }
        for each in exchange.offers()
    ]
    return {
        "self": f"{base_url}/api/v1/datasets/{identifier}",
        "page": page,
        "custodian": f"{base_url}/api/v1/organisations/{custodian_slug}",
        "formats": formats,
    }
