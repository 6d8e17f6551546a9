"""Datasets that are like one: the engine says which, the database what may be shown of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from catalogue.models import Dataset, DatasetState, Organisation
from catalogue.search.backend import IndexUnavailable, SearchBackend


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A dataset that is like another; `common` are the words or the names of columns that both have."""

    identifier: str
    title: str
    custodian: str
    common: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Datasets of a like subject, and those that share names of tables and columns; the nearest first."""

    alike: tuple[Neighbour, ...] = ()
    sharing: tuple[Neighbour, ...] = ()


NOBODY = Neighbours()


def neighbours(session: Session, backend: SearchBackend, identifier: str) -> Neighbours:
    """What the page of a dataset leads on to; nothing while the index cannot be used, since the page does without."""
    try:
        found = backend.related(identifier)
    except IndexUnavailable:
        return NOBODY
    known = _public(session, [*(each.identifier for each in found.alike), *(each.identifier for each in found.sharing)])
    return Neighbours(
        alike=tuple(
            Neighbour(each.identifier, *known[each.identifier], each.words)
            for each in found.alike
            if each.identifier in known
        ),
        sharing=tuple(
            Neighbour(each.identifier, *known[each.identifier], each.names)
            for each in found.sharing
            if each.identifier in known
        ),
    )


def _public(session: Session, identifiers: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Title and custodian of those that anybody can see."""
    if not identifiers:
        return {}
    rows = session.execute(_named(), {"identifiers": sorted(set(identifiers))})
    return {identifier: (title, name) for identifier, title, name in rows}


@cache
def _named() -> Select[str, str, str]:
    return (
        select(Dataset.identifier, Dataset.title, Organisation.name)
        .join(Organisation, Organisation.id == Dataset.organisation_id)
        .where(
            Dataset.identifier.in_(bindparam("identifiers", expanding=True)), Dataset.state == DatasetState.PUBLISHED
        )
    )
