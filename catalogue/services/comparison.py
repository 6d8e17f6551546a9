"""Several datasets side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from catalogue.domain.errors import Gone, Moved, NotFound
from catalogue.models import Dataset, DatasetIdentifier, DatasetState
from catalogue.services import dataset_facts, datasets
from catalogue.services.datasets import DatasetView
from schemas.metadata import Description

MOST_COMPARED = 4
"""More do not fit side by side, and nobody keeps more in mind."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A dataset with what is known of it, facts that were read from its words included."""

    view: DatasetView
    description: Description


@dataclass(frozen=True, slots=True)
class Comparison:
    """The datasets that can be compared, in the order asked for, and those that cannot.

    `left_out` counts the ones beyond the first so many that were asked for.
    """

    items: tuple[Compared, ...] = ()
    withdrawn: tuple[Dataset, ...] = ()
    unknown: tuple[str, ...] = ()
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Chosen:
    """A dataset that somebody means to compare with others."""

    identifier: str
    title: str


def chosen(session: Session, identifiers: Sequence[str]) -> tuple[Chosen, ...]:
    """The first so many published datasets among these, by their public identifier or an earlier one."""
    wanted = list(dict.fromkeys(each for each in identifiers if each.isprintable()))
    if not wanted:
        return ()
    rows = session.execute(
        select(Dataset.identifier, Dataset.title, DatasetIdentifier.value)
        .outerjoin(DatasetIdentifier, DatasetIdentifier.dataset_id == Dataset.id)
        .where(Dataset.state == DatasetState.PUBLISHED)
        .where(or_(Dataset.identifier.in_(wanted), DatasetIdentifier.value.in_(wanted)))
    ).all()
    found = {value: Chosen(identifier, title) for identifier, title, value in rows}
    found |= {identifier: Chosen(identifier, title) for identifier, title, _ in rows}
    return tuple(dict.fromkeys(found[each] for each in wanted if each in found))[:MOST_COMPARED]


def compare(session: Session, identifiers: Sequence[str]) -> Comparison:
    """Read the first so many different datasets of these public identifiers, or earlier ones."""
    different = list(dict.fromkeys(identifiers))
    views: dict[int, DatasetView] = {}
    withdrawn: list[Dataset] = []
    unknown: list[str] = []
    for identifier in different[:MOST_COMPARED]:
        try:
            view = _followed(session, identifier)
        except Gone as gone:
            withdrawn.append(datasets.tombstone(session, gone.identifier))
        except (NotFound, Moved):
            unknown.append(identifier)
        else:
            views.setdefault(view.dataset.id, view)
    read = dataset_facts.used(session, list(views))
    items = []
    for number, view in views.items():
        facts = dataset_facts.unstated(view.description, read.get(number, ()))
        items.append(Compared(view, dataset_facts.filled(view.description, facts)))
    return Comparison(tuple(items), tuple(withdrawn), tuple(unknown), max(0, len(different) - MOST_COMPARED))


def _followed(session: Session, identifier: str) -> DatasetView:
    try:
        return datasets.get(session, identifier)
    except Moved as moved:
        return datasets.get(session, moved.identifier)
