"""Finding datasets: results with their facts and facets, and what the first page shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session, joinedload

from catalogue.models import CURRENT_VERSION, Dataset, DatasetState, DatasetVersion, HarvestRun, Organisation
from catalogue.search.backend import FacetCount, Fragment, Hit, Reason, SearchBackend, SearchQuery, SearchResult
from catalogue.search.facet_values import years_of
from catalogue.services import dataset_facts
from catalogue.services.dataset_facts import KnownFact
from schemas.inference import filling
from schemas.metadata import CONTINUOUS, Description, from_json

LONGEST_EXAMPLE = 28
KNOWN_SUBJECTS = ("asthma", "birth weight", "icd-10", "dementia", "diabetes", "smoking", "covid-19", "cancer", "stroke")
"""What most people who come here would type, folded as keywords are."""
READ_AS = {
    filling.POPULATION: "population_size",
    filling.FIRST: "years",
    filling.LAST: "years",
    filling.PLACES: "places",
}
LISTED_SECTIONS = ("summary", "coverage", "provenance", "accessibility")
"""What a list of results shows something of. The rest is most of a description: reading it takes ten times as long."""


@dataclass(frozen=True, slots=True)
class Found:
    """A dataset in a list of results. `years` is the first and last year covered, `places` as stated.

    `end` says whether the last year is `stated`, `ongoing` or `unknown`.
    """

    identifier: str
    title: str
    custodian: str
    custodian_slug: str
    population_size: int | None
    years: tuple[int, int] | None
    end: str
    places: tuple[str, ...]
    access: str | None
    table_count: int
    column_count: int
    quality_score: int
    quality_band: str
    changed_at: datetime
    abstract: str
    read: frozenset[str] = frozenset()
    """Which of `population_size`, `years` and `places` were read from the description's words."""
    score: float = 0.0
    snippet: tuple[Fragment, ...] = ()
    columns: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """A page of results: what was asked, what the engine answered, and the datasets read from the database.

    `more` have some of the words, when hardly any has all of them.
    """

    query: SearchQuery
    answer: SearchResult
    items: tuple[Found, ...]
    more: tuple[Found, ...] = ()

    @property
    def total(self) -> int:
        """How many datasets were found."""
        return self.answer.total


@dataclass(frozen=True, slots=True)
class Overview:
    """What the first page tells: `people` sums the populations that are stated, once a dataset.

    `examples` are searches that find something.
    """

    datasets: int
    custodians: int
    people: int
    datasets_with_people: int
    last_harvest: datetime | None
    data_types: tuple[FacetCount, ...]
    top_custodians: tuple[FacetCount, ...]
    places: tuple[FacetCount, ...]
    examples: tuple[str, ...]
    newest: tuple[Found, ...]
    recently_changed: tuple[Found, ...]


def search(session: Session, backend: SearchBackend, query: SearchQuery) -> Results:
    """Ask the index, then read every hit from the database: a stale index never shows what is not public."""
    answer = backend.search(query)
    found = _load(session, [hit.identifier for hit in (*answer.hits, *answer.more)])
    items, more = (
        tuple(_with_hit(found[hit.identifier], hit) for hit in hits if hit.identifier in found)
        for hits in (answer.hits, answer.more)
    )
    return Results(query, answer, items, more)


def overview(session: Session, backend: SearchBackend, *, shown: int = 5) -> Overview:
    """Counts, entries to browse by, and the newest."""
    public = Dataset.state == DatasetState.PUBLISHED
    datasets, custodians, people, with_people = session.execute(
        select(
            func.count(),
            func.count(func.distinct(Dataset.organisation_id)),
            func.coalesce(func.sum(Dataset.population_size), 0),
            func.count(Dataset.population_size),
        ).where(public)
    ).one()
    newest = _identifiers(session, Dataset.published_at.desc(), shown)
    changed = _identifiers(session, Dataset.changed_at.desc(), shown, Dataset.version_number > 1)
    found = _load(session, [*newest, *changed])
    facets = backend.search(SearchQuery(per_page=1)).facets
    return Overview(
        datasets=datasets,
        custodians=custodians,
        people=int(people or 0),
        datasets_with_people=with_people,
        last_harvest=session.scalar(select(func.max(HarvestRun.finished_at))),
        data_types=_stated(facets.get("data_type", ())),
        top_custodians=_stated(facets.get("custodian", ())),
        places=_stated(facets.get("coverage", ())),
        examples=tuple(_examples(_stated(facets.get("keyword", ())))),
        newest=tuple(found[each] for each in newest if each in found),
        recently_changed=tuple(found[each] for each in changed if each in found),
    )


def _examples(keywords: Sequence[FacetCount]) -> list[str]:
    """Three searches that find something: well-known subjects that keywords name, then the commonest keywords."""
    counted = {each.value: each.label for each in keywords if len(each.label) <= LONGEST_EXAMPLE}
    known = [counted[subject] for subject in KNOWN_SUBJECTS if subject in counted]
    return list(dict.fromkeys([*known, *counted.values()]))[:3]


def _stated(counts: Sequence[FacetCount]) -> tuple[FacetCount, ...]:
    return tuple(each for each in counts if each.value != "not-stated" and each.count)


def _identifiers(session: Session, order: object, limit: int, *conditions: object) -> Sequence[str]:
    query = select(Dataset.identifier).where(Dataset.state == DatasetState.PUBLISHED, *conditions)  # type: ignore[arg-type]
    return session.scalars(query.order_by(order, Dataset.id).limit(limit)).all()  # type: ignore[arg-type]


def _load(session: Session, identifiers: Iterable[str]) -> Mapping[str, Found]:
    found = session.execute(_described(), {"identifiers": sorted(set(identifiers))}).all()
    read = dataset_facts.used(session, [dataset.id for dataset, _ in found])
    return {
        dataset.identifier: found_of(dataset, dataset.organisation, held, read.get(dataset.id, ()))
        for dataset, held in found
    }


@cache
def _described() -> Select[Dataset, dict[str, Any]]:
    """Public datasets with what is said of them, put together once."""
    return (
        select(Dataset, DatasetVersion.description)
        .join(DatasetVersion, CURRENT_VERSION)
        .options(joinedload(Dataset.organisation))
        .where(
            Dataset.identifier.in_(bindparam("identifiers", expanding=True)), Dataset.state == DatasetState.PUBLISHED
        )
    )


def found_of(
    dataset: Dataset, organisation: Organisation, stored: Mapping[str, Any], facts: Sequence[KnownFact] = ()
) -> Found:
    """The facts that a list of results shows of a dataset, whose current description is `stored` as JSON.

    `facts` were read from its words and stand where it states nothing.
    """
    description = from_json({name: stored[name] for name in LISTED_SECTIONS if name in stored})
    facts = dataset_facts.unstated(description, facts)
    description = dataset_facts.filled(description, facts)
    read = frozenset(READ_AS[each.fact.path] for each in facts if each.is_waiting and each.fact.path in READ_AS)
    tables = stored.get("structuralMetadata", {}).get("tables", ())
    return Found(
        identifier=dataset.identifier,
        title=dataset.title,
        custodian=organisation.name,
        custodian_slug=organisation.slug,
        population_size=description.summary.population_size if facts else dataset.population_size,
        years=years_of(description, changed_year=dataset.changed_at.year),
        end=end_of(description),
        places=description.coverage.spatial,
        access=description.accessibility.access.access_service_category,
        table_count=len(tables),
        column_count=sum(len(table.get("columns", ())) for table in tables),
        quality_score=dataset.quality_score,
        quality_band=dataset.quality_band,
        changed_at=dataset.changed_at,
        abstract=description.summary.abstract or "",
        read=read,
    )


def end_of(description: Description) -> str:
    """Whether the period covered has an end: `stated`, `ongoing` or `unknown`."""
    temporal = description.provenance.temporal
    if temporal.end_date == CONTINUOUS:
        return "ongoing"
    return "unknown" if temporal.start_date and not temporal.end_date else "stated"


def _with_hit(found: Found, hit: Hit) -> Found:
    return replace(found, score=hit.score, snippet=hit.snippet, columns=hit.columns, reasons=hit.reasons)
