"""What a search finds, in the order in which there was news of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalogue.models import CURRENT_VERSION, Dataset, DatasetNews, DatasetState, DatasetVersion, Organisation
from catalogue.search.backend import SearchBackend, SearchQuery
from catalogue.services import questions

PER_PAGE = 50
FEW = 500
"""So few datasets are asked for by name."""
LONGEST_SUMMARY = 1_000
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
NOTICED = func.coalesce(DatasetNews.noticed_at, Dataset.published_at)


@dataclass(frozen=True, slots=True)
class FeedItem:
    """A public dataset; `noticed_at` is when there last was news of it."""

    identifier: str
    title: str
    custodian: str
    summary: str
    published_at: datetime
    noticed_at: datetime


@dataclass(frozen=True, slots=True)
class FeedPage:
    """A page of what is found, newest first; `updated_at` is when there last was news of any of it."""

    items: tuple[FeedItem, ...]
    updated_at: datetime
    number: int
    last: int


def page(session: Session, backend: SearchBackend, query: SearchQuery) -> FeedPage:
    """The page of the query's number, with the public datasets that have all of its words."""
    ordered = _in_order(session, questions.answers(backend, query))
    first = (query.page - 1) * PER_PAGE
    items = _items(session, ordered[first : first + PER_PAGE])
    newest = items[0] if items and query.page == 1 else next(iter(_items(session, ordered[:1])), None)
    return FeedPage(items, newest.noticed_at if newest else NEVER, query.page, max(1, -(-len(ordered) // PER_PAGE)))


def _in_order(session: Session, found: frozenset[str]) -> list[str]:
    wanted = (
        select(Dataset.identifier)
        .outerjoin(DatasetNews, DatasetNews.dataset_id == Dataset.id)
        .where(Dataset.state == DatasetState.PUBLISHED)
        .order_by(NOTICED.desc(), Dataset.id)
    )
    if len(found) <= FEW:
        return list(session.scalars(wanted.where(Dataset.identifier.in_(found))))
    return [each for each in session.scalars(wanted) if each in found]


def _items(session: Session, identifiers: Sequence[str]) -> tuple[FeedItem, ...]:
    abstract = DatasetVersion.description["summary"]["abstract"].as_string()
    rows = session.execute(
        select(Dataset, Organisation.name, abstract, DatasetNews.noticed_at)
        .join(Organisation, Organisation.id == Dataset.organisation_id)
        .join(DatasetVersion, CURRENT_VERSION)
        .outerjoin(DatasetNews, DatasetNews.dataset_id == Dataset.id)
        .where(Dataset.identifier.in_(identifiers))
    )
    found = {
        dataset.identifier: FeedItem(
            identifier=dataset.identifier,
            title=dataset.title,
            custodian=custodian,
            summary=(summary or "")[:LONGEST_SUMMARY],
            published_at=dataset.published_at,
            noticed_at=noticed_at or dataset.published_at,
        )
        for dataset, custodian, summary, noticed_at in rows
    }
    return tuple(found[each] for each in identifiers if each in found)
