"""Datasets in RDF: made when they change, kept, and read in order without looking at a description."""

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, Select, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

import schemas.crosswalks
from catalogue.export.base import InRdf
from catalogue.models import CURRENT_VERSION, Dataset, DatasetRdf, DatasetState, DatasetVersion, Organisation, table_of
from catalogue.services.datasets import problems_of
from harvesters.revision import revision_of
from schemas.crosswalks import dcat
from schemas.metadata import from_json

BATCH: Final = 200
"""Datasets read at a time: few enough to hold in memory."""

WRITTEN_BY: Final = revision_of(schemas.crosswalks)
"""Changes with the way of writing, so that lines of an older release are never sent."""

KEPT = ("made_from", "lines", "missing")
_SQLITE, _POSTGRESQL = sqlite.insert(table_of(DatasetRdf)), postgresql.insert(table_of(DatasetRdf))
KEEP = {
    "sqlite": _SQLITE.on_conflict_do_update(["dataset_id"], set_={name: _SQLITE.excluded[name] for name in KEPT}),
    "postgresql": _POSTGRESQL.on_conflict_do_update(
        index_elements=["dataset_id"], set_={name: _POSTGRESQL.excluded[name] for name in KEPT}
    ),
}

Found = Row[Any]
"""A dataset with what names it in RDF, and the lines that are kept, if any."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which datasets: those of one organisation, by its slug, or all; from `offset` in their order, at most `limit`."""

    custodian: str | None = None
    offset: int = 0
    limit: int | None = None


def count(session: Session, selection: Selection) -> int:
    """How many datasets there are, wherever the selection begins."""
    return session.scalar(select(func.count()).select_from(_chosen(selection).order_by(None).subquery())) or 0


def stamp(session: Session, selection: Selection, *, base_url: str) -> str:
    """A short text that is the same as long as everything that is selected says the same."""
    digest = hashlib.sha256()
    for row in session.execute(_window(_chosen(selection), selection)):
        digest.update(f"{row.identifier} {_made_from(row, base_url)}\n".encode())
    return digest.hexdigest()[:32]


def read(session: Session, selection: Selection, *, base_url: str) -> Iterator[InRdf]:
    """Datasets in the order in which they came, a batch at a time; what is not kept is made on the way."""
    left = selection.limit
    offset, last = selection.offset, 0
    while left is None or left > 0:
        size = BATCH if left is None else min(BATCH, left)
        query = _chosen(selection).add_columns(DatasetRdf.lines, DatasetRdf.missing).where(Dataset.id > last)
        rows = session.execute(query.offset(offset).limit(size)).all()
        yield from _in_rdf(session, rows, base_url)
        if len(rows) < size:
            return
        offset, last = 0, rows[-1].id
        left = None if left is None else left - len(rows)


def read_these(session: Session, identifiers: Sequence[str], *, base_url: str) -> Sequence[InRdf]:
    """The public ones of these datasets, in this order; few enough to hold in memory."""
    query = _chosen(Selection()).add_columns(DatasetRdf.lines, DatasetRdf.missing)
    rows = session.execute(query.where(Dataset.identifier.in_(identifiers))).all()
    found = {each.identifier: each for each in _in_rdf(session, rows, base_url)}
    return [found[each] for each in identifiers if each in found]


def read_one(session: Session, identifier: str, *, base_url: str) -> InRdf:
    """One public dataset, by its identifier."""
    query = _chosen(Selection()).add_columns(DatasetRdf.lines, DatasetRdf.missing)
    row = session.execute(query.where(Dataset.identifier == identifier)).one()
    return next(_in_rdf(session, [row], base_url))


def refresh(session: Session, identifiers: Iterable[str], *, base_url: str) -> None:
    """Keep the current lines of these datasets, and none of those that are not public; the caller commits."""
    wanted = sorted(set(identifiers))
    rows = session.execute(_chosen(Selection()).where(Dataset.identifier.in_(wanted))).all()
    _keep(session, rows, base_url)
    public = {row.identifier for row in rows}
    gone = select(Dataset.id).where(Dataset.identifier.in_([each for each in wanted if each not in public]))
    session.execute(delete(DatasetRdf).where(DatasetRdf.dataset_id.in_(gone)))


def refresh_outdated(session: Session, *, base_url: str) -> Iterator[int]:
    """Keep the current lines of all datasets whose kept ones are of something else; yields how many, batch by batch.

    Each batch is committed by itself, so that a large catalogue holds nobody up for long.
    """
    last = 0
    while rows := session.execute(_chosen(Selection()).where(Dataset.id > last).limit(BATCH)).all():
        last = rows[-1].id
        outdated = [row for row in rows if row.made_from != _made_from(row, base_url)]
        _keep(session, outdated, base_url)
        session.commit()
        yield len(outdated)


def _chosen(selection: Selection) -> Select[*tuple[Any, ...]]:
    query: Select[*tuple[Any, ...]] = (
        select(
            Dataset.id,
            Dataset.identifier,
            Dataset.title,
            Dataset.version_number,
            Dataset.published_at,
            Dataset.changed_at,
            Organisation.slug,
            Organisation.name,
            Organisation.identifier.label("ror"),
            DatasetRdf.made_from,
        )
        .join(Organisation, Organisation.id == Dataset.organisation_id)
        .outerjoin(DatasetRdf, DatasetRdf.dataset_id == Dataset.id)
        .where(Dataset.state == DatasetState.PUBLISHED)
        .order_by(Dataset.id)
    )
    return query.where(Organisation.slug == selection.custodian) if selection.custodian is not None else query


def _window(query: Select[*tuple[Any, ...]], selection: Selection) -> Select[*tuple[Any, ...]]:
    return query.offset(selection.offset).limit(selection.limit)


def _made_from(row: Found, base_url: str) -> str:
    parts = (
        WRITTEN_BY,
        base_url,
        row.identifier,
        row.version_number,
        row.published_at.isoformat(),
        row.changed_at.isoformat(),
        row.slug,
        row.name,
        row.ror,
    )
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32]


def _in_rdf(session: Session, rows: Sequence[Found], base_url: str) -> Iterator[InRdf]:
    made_from = {row.id: _made_from(row, base_url) for row in rows}
    outdated = [row for row in rows if row.made_from != made_from[row.id]]
    made = _make(session, outdated, base_url) if outdated else {}
    for row in rows:
        found = made.get(row.id)
        yield InRdf(
            identifier=row.identifier,
            url=_address(row, base_url),
            title=row.title,
            lines=_text(found) if found else zlib.decompress(row.lines),
            made_from=made_from[row.id],
            missing=found.missing if found else problems_of(row.missing),
        )


def _keep(session: Session, rows: Sequence[Found], base_url: str) -> None:
    made = _make(session, rows, base_url)
    kept = [
        {
            "dataset_id": row.id,
            "made_from": _made_from(row, base_url),
            "lines": zlib.compress(_text(made[row.id]), level=1),
            "missing": [each.as_json() for each in made[row.id].missing],
        }
        for row in rows
    ]
    if kept:
        connection = session.connection()
        connection.execute(KEEP[connection.dialect.name], kept)


def _make(session: Session, rows: Sequence[Found], base_url: str) -> Mapping[int, dcat.Writing]:
    """Write what the current versions of these datasets say."""
    by_id = {row.id: row for row in rows}
    found = session.execute(
        select(Dataset.id, DatasetVersion.description)
        .join(DatasetVersion, CURRENT_VERSION)
        .where(Dataset.id.in_(by_id))
    )
    return {
        dataset_id: dcat.write(
            from_json(description),
            address=_address(by_id[dataset_id], base_url),
            entry=_entry(by_id[dataset_id], base_url),
        )
        for dataset_id, description in found
    }


def _entry(row: Found, base_url: str) -> dcat.Entry:
    publisher = dcat.Publisher(f"{base_url}/organisations/{row.slug}", row.name, row.ror)
    return dcat.Entry(publisher, row.published_at, row.changed_at)


def _address(row: Found, base_url: str) -> str:
    return f"{base_url}/datasets/{row.identifier}"


def _text(writing: dcat.Writing) -> bytes:
    return "".join(f"{line}\n" for line in writing.lines).encode()
