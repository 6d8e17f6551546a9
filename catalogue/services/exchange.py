"""Descriptions on their way out: one dataset in the form that was asked for, or all of them."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

import catalogue.export
from catalogue.domain.errors import Invalid, NotFound
from catalogue.export.base import Exportable, Format, InRdf, Serialisation, Teller, formats
from catalogue.models import CURRENT_VERSION, Dataset, DatasetState, DatasetVersion, Organisation, OrganisationKind
from catalogue.plugins import find, postponed
from catalogue.services.datasets import DatasetView
from schemas.metadata import Description, Problem, Severity, from_json

if TYPE_CHECKING:
    from catalogue.export import dcat_ap
    from catalogue.services import dataset_rdf
    from schemas.crosswalks import dcat
else:
    # What writes RDF is large, and a server is to answer before it is there.
    dcat_ap, dataset_rdf = postponed("catalogue.export.dcat_ap"), postponed("catalogue.services.dataset_rdf")
    dcat = postponed("schemas.crosswalks.dcat")

BATCH = 200
PER_PAGE = 100
"""Datasets on a page of the catalogue in RDF."""


@dataclass(frozen=True, slots=True)
class Site:
    """The catalogue as an installation names it: its name, and its public address without a slash at the end."""

    name: str
    base_url: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A form in which datasets can be had."""

    format: Format
    serialisation: Serialisation

    @property
    def label(self) -> str:
        """The form as a page names it."""
        return f"{self.format.label} ({self.serialisation.label})"


@dataclass(frozen=True, slots=True)
class Representation:
    """A document to send, with its media type and what it is known by in caches."""

    data: bytes
    media_type: str
    etag: str


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """A page of the catalogue in RDF that can be written: `etag` tells whether it has to be."""

    catalogue: "dcat.Catalogue"
    part: "dcat.Page"
    selection: "dataset_rdf.Selection"
    serialisation: Serialisation
    etag: str


@cache
def available() -> Mapping[str, Format]:
    """Every export format by name."""
    find(catalogue.export, "catalogue.export_formats")
    return formats()


def offers() -> tuple[Offer, ...]:
    """Every form, the most asked for of each format first."""
    chosen = sorted(available().values(), key=lambda each: each.name, reverse=True)
    return tuple(Offer(each, serialisation) for each in chosen for serialisation in each.serialisations)


def get_format(name: str) -> Format:
    """The format by its name. Raises `NotFound`."""
    found = available().get(name)
    if found is None:
        raise NotFound(f"There is no export format {name!r}; there are: {', '.join(available())}.")
    return found


def get_serialisation(chosen: Format, name: str | None, suffix: str | None) -> Serialisation:
    """The serialisation by its name, else by a file's suffix, else the usual one. Raises `Invalid`."""
    known = {each.name: each for each in chosen.serialisations}
    by_suffix = {each.suffix: each for each in chosen.serialisations}
    found = known.get(name) if name else by_suffix.get(suffix) if suffix else chosen.serialisations[0]
    if found is None:
        message = f"{chosen.label} is not written as {name or suffix!r}."
        listed = ", ".join(f"{each.name} (.{each.suffix})" for each in chosen.serialisations)
        raise Invalid(Problem("serialisation", message, Severity.ERROR, f"Choose one of: {listed}."))
    return found


def representation(session: Session, view: DatasetView, offer: Offer, *, site: Site) -> Representation:
    """One dataset in the form that was asked for."""
    data = offer.format.one(_One(session, site, view), offer.serialisation)
    return Representation(data, offer.serialisation.media_type, hashlib.sha256(data).hexdigest()[:32])


def write_all(
    session: Session, chosen: Format, serialisation: Serialisation, out: BinaryIO, tell: Teller, *, site: Site
) -> None:
    """All public datasets in a fixed order, in memory that does not grow with their number."""
    chosen.many(_All(session, site), serialisation, out, tell)


def catalogue_page(
    session: Session,
    number: int,
    serialisation: Serialisation,
    *,
    site: Site,
    address: str,
    custodian: str | None = None,
) -> CataloguePage:
    """A page of the catalogue, or of what one organisation has in it, by its number from one. Raises `NotFound`.

    `address` is that of the first page; the others have `?page=` behind it.
    """
    selection = dataset_rdf.Selection(custodian, (number - 1) * PER_PAGE, PER_PAGE)
    total = dataset_rdf.count(session, selection)
    last = max(1, -(-total // PER_PAGE))
    if not 1 <= number <= last:
        raise NotFound(f"The catalogue has {last} pages.")
    part = dcat.Page(
        address=_page_address(address, number),
        first=_page_address(address, 1),
        last=_page_address(address, last),
        previous=_page_address(address, number - 1) if number > 1 else None,
        following=_page_address(address, number + 1) if number < last else None,
        total=total,
    )
    stamp = dataset_rdf.stamp(session, selection, base_url=site.base_url)
    described = describe(session, site, custodian)
    return CataloguePage(described, part, selection, serialisation, f"{stamp}-{total}-{serialisation.name}")


def written(session: Session, page: CataloguePage, *, site: Site) -> bytes:
    """The page as a document."""
    datasets = dataset_rdf.read(session, page.selection, base_url=site.base_url)
    return dcat_ap.page(page.catalogue, datasets, page.part, page.serialisation)


def describe(session: Session, site: Site, custodian: str | None = None) -> "dcat.Catalogue":
    """What the catalogue says of itself, or of the part that one organisation has. Raises `NotFound`."""
    publisher = _publisher(session, site)
    if custodian is None:
        title, address, homepage = site.name, f"{site.base_url}/catalog", f"{site.base_url}/"
        description = f"Descriptions of health datasets, published by their custodians in the {site.name}."
        return dcat.Catalogue(address, title, description, homepage, publisher)
    organisation = session.scalars(select(Organisation).where(Organisation.slug == custodian)).one_or_none()
    if organisation is None:
        raise NotFound(f"There is no organisation {custodian!r}.")
    homepage = f"{site.base_url}/organisations/{custodian}"
    description = f"Descriptions of the health datasets of {organisation.name} in the {site.name}."
    return dcat.Catalogue(f"{homepage}/catalog", f"{organisation.name}: {site.name}", description, homepage, publisher)


def _publisher(session: Session, site: Site) -> "dcat.Publisher":
    """The alliance, if it is one of the organisations; else the installation by its name."""
    query = select(Organisation).where(Organisation.kind == OrganisationKind.ALLIANCE).order_by(Organisation.id)
    alliance = session.scalars(query.limit(1)).one_or_none()
    if alliance is None:
        return dcat.Publisher(f"{site.base_url}/catalog#publisher", site.name)
    return dcat.Publisher(f"{site.base_url}/organisations/{alliance.slug}", alliance.name, alliance.identifier)


def _page_address(address: str, number: int) -> str:
    return f"{address}{'&' if '?' in address else '?'}page={number}"


@dataclass(frozen=True, slots=True)
class _All:
    """All public datasets, read a batch at a time."""

    session: Session
    site: Site

    @property
    def catalogue(self) -> "dcat.Catalogue":
        return describe(self.session, self.site)

    def described(self) -> Iterator[Exportable]:
        last = 0
        while True:
            rows = self.session.execute(
                select(Dataset, Organisation.name, DatasetVersion.description)
                .join(Organisation, Organisation.id == Dataset.organisation_id)
                .join(DatasetVersion, CURRENT_VERSION)
                .where(Dataset.state == DatasetState.PUBLISHED, Dataset.id > last)
                .order_by(Dataset.id)
                .limit(BATCH)
            ).all()
            if not rows:
                return
            for dataset, custodian, description in rows:
                last = dataset.id
                yield _exportable(dataset, custodian, from_json(description), self.site.base_url)
            self.session.expunge_all()

    def in_rdf(self) -> Iterator[InRdf]:
        return dataset_rdf.read(self.session, dataset_rdf.Selection(), base_url=self.site.base_url)


@dataclass(frozen=True, slots=True)
class _One:
    """One dataset that was read for a page."""

    session: Session
    site: Site
    view: DatasetView

    @property
    def catalogue(self) -> "dcat.Catalogue":
        return describe(self.session, self.site)

    def described(self) -> Iterator[Exportable]:
        view = self.view
        yield _exportable(view.dataset, view.organisation.name, view.description, self.site.base_url)

    def in_rdf(self) -> Iterator[InRdf]:
        yield dataset_rdf.read_one(self.session, self.view.dataset.identifier, base_url=self.site.base_url)


def _exportable(dataset: Dataset, custodian: str, description: Description, base_url: str) -> Exportable:
    return Exportable(
        identifier=dataset.identifier,
        url=f"{base_url}/datasets/{dataset.identifier}",
        custodian=custodian,
        issued_at=dataset.published_at,
        changed_at=dataset.changed_at,
        description=description,
    )
