"""Everything that a question finds, as one document that is made while it is sent.

The index says once what is found; the datasets are then read some at a time, each time in a session of its own, so
that a download over a slow line holds no connection to the database. What is withdrawn meanwhile is left out.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row as Record
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, sessionmaker

from catalogue.export import results
from catalogue.export.base import InRdf
from catalogue.export.serialisations import TURTLE
from catalogue.models import CURRENT_VERSION, Dataset, DatasetState, DatasetVersion
from catalogue.plugins import postponed
from catalogue.search.backend import SearchBackend, SearchQuery
from catalogue.services import dataset_facts, discovery, exchange
from catalogue.services.entries import entry_of
from catalogue.services.exchange import Site

if TYPE_CHECKING:
    from catalogue.export import dcat_ap, rdf
    from catalogue.services import dataset_rdf
else:
    dcat_ap, rdf = postponed("catalogue.export.dcat_ap"), postponed("catalogue.export.rdf")
    dataset_rdf = postponed("catalogue.services.dataset_rdf")

Batches = Iterator[Sequence[str]]
Sessions = sessionmaker[Session]


@dataclass(frozen=True, slots=True)
class Form:
    """A form in which results are downloaded. `about` says in a few words what is in it."""

    label: str
    about: str
    media_type: str
    suffix: str
    write: Callable[[Sessions, Batches, Site], Iterator[bytes]]


def write(sessions: Sessions, backend: SearchBackend, query: SearchQuery, form: Form, *, site: Site) -> Iterator[bytes]:
    """The document in pieces, in the order of the results. The index is asked before this returns."""
    return form.write(sessions, backend.identifiers(query), site)


def get_form(suffix: str) -> Form | None:
    """The form that has this suffix."""
    return next((each for each in FORMS if each.suffix == suffix), None)


def _table(sessions: Sessions, batches: Batches, site: Site) -> Iterator[bytes]:
    return results.table(_rows(sessions, batches, site))


def _rows(sessions: Sessions, batches: Batches, site: Site) -> Iterator[Sequence[results.Row]]:
    for identifiers in batches:
        with sessions() as session:
            records = _read(session, identifiers)
            facts = dataset_facts.used(session, [record.Dataset.id for record in records])
        yield [_row(record, facts.get(record.Dataset.id, ()), site) for record in records]


def _row(record: Record[Any], facts: Sequence[dataset_facts.KnownFact], site: Site) -> results.Row:
    dataset, stored = record.Dataset, record.description
    found = discovery.found_of(dataset, dataset.organisation, stored, facts)
    summary = stored.get("summary", {})
    kinds = stored.get("provenance", {}).get("origin", {}).get("datasetType", ())
    first, last = found.years or (None, None)
    # Old records say minus one where they mean that nobody knows.
    is_known = found.population_size is not None and found.population_size >= 0
    return results.Row(
        identifier=found.identifier,
        url=f"{site.base_url}/datasets/{found.identifier}",
        title=found.title,
        custodian=found.custodian,
        custodian_slug=found.custodian_slug,
        abstract=found.abstract,
        population_size=found.population_size if is_known else None,
        first_year=first,
        last_year=last,
        period_end=found.end if found.years else "",
        places=found.places,
        access=found.access,
        data_types=tuple(each["name"] for each in kinds if "name" in each),
        keywords=tuple(summary.get("keywords", ())),
        doi=summary.get("doiName"),
        contact_point=summary.get("contactPoint"),
        table_count=found.table_count,
        column_count=found.column_count,
        quality_score=found.quality_score,
        published=dataset.published_at,
        changed=found.changed_at,
        read_from_text=tuple(sorted(found.read)),
    )


def _array(sessions: Sessions, batches: Batches, site: Site) -> Iterator[bytes]:
    return results.array(_described(sessions, batches, site))


def _described(sessions: Sessions, batches: Batches, site: Site) -> Iterator[Sequence[Mapping[str, Any]]]:
    for identifiers in batches:
        with sessions() as session:
            records = _read(session, identifiers)
        yield [
            {**each.description, "catalogue": entry_of(each.Dataset, each.Dataset.organisation, base_url=site.base_url)}
            for each in records
        ]


def _turtle(sessions: Sessions, batches: Batches, site: Site) -> Iterator[bytes]:
    with sessions() as session:
        catalogue = exchange.describe(session, site)
    return rdf.in_pieces(dcat_ap.blocks(catalogue, _in_rdf(sessions, batches, site)))


def _in_rdf(sessions: Sessions, batches: Batches, site: Site) -> Iterator[InRdf]:
    for identifiers in batches:
        with sessions() as session:
            found = dataset_rdf.read_these(session, identifiers, base_url=site.base_url)
        yield from found


def _read(session: Session, identifiers: Sequence[str]) -> Sequence[Record[Any]]:
    """The public ones of these datasets with their descriptions as they are stored, in this order."""
    rows = session.execute(
        select(Dataset, DatasetVersion.description)
        .join(DatasetVersion, CURRENT_VERSION)
        .options(joinedload(Dataset.organisation))
        .where(Dataset.identifier.in_(identifiers), Dataset.state == DatasetState.PUBLISHED)
    )
    found = {row.Dataset.identifier: row for row in rows}
    return [found[each] for each in identifiers if each in found]


FORMS = (
    Form("CSV", "a table of the main facts, for a spreadsheet", "text/csv", "csv", _table),
    Form("JSON", "every description in full", "application/json", "json", _array),
    Form("Turtle", "every description as DCAT-AP 3, for other catalogues", TURTLE.media_type, "ttl", _turtle),
)
