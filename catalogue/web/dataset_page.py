"""What the page of a dataset shows, made from its description."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from catalogue.domain import quality
from catalogue.search.facet_values import years_of
from catalogue.services import dataset_facts
from catalogue.services.dataset_facts import KnownFact
from catalogue.services.datasets import DatasetView, Known
from catalogue.services.discovery import end_of
from catalogue.services.relations import NOBODY, Neighbours
from catalogue.web import charts, dataset_charts, dataset_gaps, wording
from catalogue.web.contacts import Contact, contact_of
from catalogue.web.dataset_facts import (
    Fact,
    bases_by_path,
    basis_note,
    facts,
    is_doi,
    path_of,
)
from catalogue.web.dataset_readings import marked, strip_note
from catalogue.web.dataset_sections import REFERENCES, SECTIONS
from catalogue.web.dataset_tables import TableView, tables_of
from catalogue.web.prose import LINK, linked, opening
from schemas.metadata import CONTINUOUS, Basis, DatasetReference, Description, Observation, Problem
from schemas.vocabularies import field_label

LONG_TITLE = 90
OPENING = 1500
"""Characters of a long description that are shown at once."""
SHOWN_KEYWORDS = 40
STRIP_PLACES = 2
LONGEST_STRIP = 70


@dataclass(frozen=True, slots=True)
class StripFact:
    """A fact by which a dataset is judged at first sight."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A section of the page: its facts, and whether anything at all is in it."""

    name: str
    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class DatasetPage:
    """The page of a dataset."""

    view: DatasetView
    title: str
    is_long_title: bool
    strip: tuple[StripFact, ...]
    strip_missing: tuple[str, ...]
    description_shown: str
    description_rest: str
    keywords: tuple[str, ...]
    blocks: tuple[Block, ...]
    observations: tuple[Observation, ...]
    age_chart: charts.ColumnChart | None
    ethnicity_chart: charts.BarList | None
    disease_chart: charts.BarList | None
    tables: tuple[TableView, ...]
    tables_basis: str
    column_count: int
    contact: Contact | None
    guidance: Contact | None
    quality: quality.Quality
    problems: tuple[tuple[str, tuple[Problem, ...]], ...]
    supplied: tuple[dataset_gaps.SuppliedValues, ...]
    absent: tuple[dataset_gaps.Absent, ...]
    bases: Mapping[str, Basis]
    neighbours: Neighbours = NOBODY

    @property
    def blocks_by_name(self) -> Mapping[str, Block]:
        """The sections by their identifier in the page."""
        return {block.name: block for block in self.blocks}

    @property
    def contents(self) -> tuple[tuple[str, str], ...]:
        """The sections that the page has, by identifier and title."""
        filled = {block.name for block in self.blocks if block.facts} | {"overview", "provenance"}
        if self.age_chart or self.ethnicity_chart or self.disease_chart:
            filled.add("people")
        if self.tables or self.observations:
            filled.add("measured")
        listed = [(block.name, block.title) for block in self.blocks if block.name in filled]
        listed += [("related", "Similar datasets")] if self.neighbours != NOBODY else []
        listed += [("quality", "Quality of this description"), ("versions", "Versions"), ("cite", "Cite and reuse")]
        return (*listed, ("absent", "Not stated")) if self.absent else tuple(listed)

    def note(self, attribute: str) -> str:
        """How a fact with a place of its own came to be known."""
        return basis_note(path_of(attribute), self.bases)


def build(
    view: DatasetView,
    known: Mapping[DatasetReference, Known],
    *,
    address: str,
    neighbours: Neighbours = NOBODY,
    read: Sequence[KnownFact] = (),
) -> DatasetPage:
    """The page of the dataset; `known` are the references that lead to other pages of the catalogue.

    `read` are facts that were read from the description's words, for what it does not state.
    """
    description = dataset_facts.filled(view.description, read)
    bases = bases_by_path(description)
    strip = [replace(fact, note=strip_note(fact.label, read) or fact.note) for fact in _strip(view, description)]
    shown, rest = opening(description.documentation.description or "", OPENING)
    tables = tables_of(description)
    title = view.dataset.title
    return DatasetPage(
        view=view,
        title=title,
        is_long_title=len(title) > LONG_TITLE,
        strip=tuple(fact for fact in strip if fact.value),
        strip_missing=tuple(fact.label for fact in strip if not fact.value),
        description_shown=shown,
        description_rest=rest,
        keywords=description.summary.keywords[:SHOWN_KEYWORDS],
        blocks=tuple(replace(each, facts=marked(each.facts, read)) for each in _blocks(description, known, bases)),
        observations=description.observations,
        age_chart=dataset_charts.ages(description),
        ethnicity_chart=dataset_charts.ethnic_groups(description),
        disease_chart=dataset_charts.diseases(description),
        tables=tables,
        tables_basis=basis_note("structuralMetadata", bases),
        column_count=sum(len(table.columns) for table in tables),
        contact=_contact(view, address),
        guidance=_guidance(description),
        quality=quality.score(view.description, view.problems),
        problems=dataset_gaps.grouped(view.problems),
        supplied=dataset_gaps.supplied(description),
        absent=tuple(dataset_gaps.absent(description)),
        bases=bases,
        neighbours=neighbours,
    )


def _strip(view: DatasetView, description: Description) -> tuple[StripFact, ...]:
    temporal, access = description.provenance.temporal, description.accessibility.access
    covered = years_of(description, changed_year=view.dataset.changed_at.year)
    size = description.summary.population_size
    return (
        StripFact("People", "" if size is None else wording.number(size)),
        StripFact("Years", wording.years(*covered, end=end_of(description)) if covered else ""),
        StripFact(
            "Places", wording.shortened(wording.several(description.coverage.spatial, STRIP_PLACES), LONGEST_STRIP)
        ),
        StripFact("Refreshed", _coded("publishing-frequency", temporal.publishing_frequency), _lag(temporal.time_lag)),
        StripFact("Time to access", _coded("delivery-lead-time", access.delivery_lead_time)),
        StripFact("Way of access", _coded("access-service-category", access.access_service_category)),
    )


def _coded(code_list: str, value: str | None) -> str:
    return wording.shortened(wording.coded(code_list, value), LONGEST_STRIP) if value else ""


def _lag(stated: str | None) -> str:
    if stated in {None, "", "Not applicable", "Other", "Variable"}:
        return ""
    return f"{stated} behind events"


def _blocks(
    description: Description, known: Mapping[DatasetReference, Known], bases: Mapping[str, Basis]
) -> list[Block]:
    blocks = []
    for name, (title, rows) in SECTIONS.items():
        found = facts(description, rows, bases)
        if name == "people":
            found = (*_place_and_age(description, bases), *found)
        elif name == "linkage":
            found = (*_references(description, known, bases), *found)
        blocks.append(Block(name, title, found))
    return blocks


def _place_and_age(description: Description, bases: Mapping[str, Basis]) -> list[Fact]:
    coverage, temporal = description.coverage, description.provenance.temporal
    dates = wording.period(temporal.start_date, temporal.end_date, ongoing=CONTINUOUS)
    stated = (
        ("coverage.spatial", "", ", ".join(coverage.spatial)),
        ("provenance.temporal.startDate", "Period covered", dates),
        (
            "coverage.typicalAgeRangeMin",
            "Ages",
            wording.ages(coverage.typical_age_range_min, coverage.typical_age_range_max),
        ),
    )
    return [
        Fact(label or field_label(path), linked(value), basis_note(path, bases))
        for path, label, value in stated
        if value
    ]


def _references(
    description: Description, known: Mapping[DatasetReference, Known], bases: Mapping[str, Basis]
) -> list[Fact]:
    linkage = description.enrichment_and_linkage
    found = []
    for attribute in REFERENCES:
        references: Sequence[DatasetReference] = getattr(linkage, attribute.rpartition(".")[2])
        items = [Markup("<li>{}</li>").format(_reference(each, known.get(each))) for each in references]
        if items:
            html = Markup('<ul class="catalogue-values">{}</ul>').format(Markup().join(items))
            found.append(Fact(field_label(path_of(attribute)), html, basis_note(path_of(attribute), bases)))
    return found


def _reference(reference: DatasetReference, here: Known | None) -> Markup:
    if here is not None:
        return Markup('<a class="govuk-link" href="/datasets/{0}">{1}</a>').format(here.identifier, here.title)
    url = reference.url or ""
    if not url and reference.pid and is_doi(reference.pid):
        url = f"https://doi.org/{reference.pid}"
    title = reference.title or reference.pid or url
    if url.lower().startswith(("https://", "http://")):
        return LINK.format(url, title)
    return linked(" ".join(part for part in (title, url if url != title else "") if part))


def _contact(view: DatasetView, address: str) -> Contact | None:
    summary = view.description.summary
    stated = (summary.contact_point, *summary.data_custodian.contact_point, view.organisation.contact_point)
    subject = f"Question about {wording.shortened(view.dataset.title, 120)}"
    found = (contact_of(each, subject=subject, body=f"The dataset's description: {address}\n\n") for each in stated)
    return next((each for each in found if each is not None), None)


def _guidance(description: Description) -> Contact | None:
    """Where the custodian explains how to ask, if it says so by an address."""
    access = description.accessibility.access
    stated = (access.apply_elsewhere, *(access.access_rights or "").split()[:1])
    found = (contact_of(each) for each in stated if each)
    return next((each for each in found if each is not None and each.href and not each.is_mail), None)
