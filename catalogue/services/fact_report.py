"""What reading facts from words brings: how many datasets each facet says something of, before and after."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from catalogue.models import CURRENT_VERSION, Dataset, DatasetIdentifier, DatasetState, DatasetVersion, InferredFact
from catalogue.search.facet_values import READ_FACETS
from catalogue.services import dataset_facts
from catalogue.services.dataset_facts import KnownFact
from schemas.inference import Fact, filling, is_stated
from schemas.inference.checking import Checked
from schemas.metadata import Description, from_json

BATCH = 200

KINDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    *READ_FACETS,
    ("ages", "Ages", (filling.YOUNGEST, filling.OLDEST)),
    ("keys", "Identifiers held", (filling.KEYS,)),
)
"""What is counted: a name, what people call it, and the fields it is made from. All but the last two are facets."""


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of fact: datasets that state it, that have it with what was read, and facts by what was said of them."""

    name: str
    label: str
    stated: int
    known: int
    waiting: int
    confirmed: int
    refused: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """The rows, and how many public datasets there are."""

    datasets: int
    rows: tuple[Row, ...]


def coverage(session: Session) -> Coverage:
    """Count what every public dataset states, and what was read where it states nothing."""
    stated: Counter[str] = Counter()
    known: Counter[str] = Counter()
    total = 0
    for description, facts in _descriptions(session):
        total += 1
        read = {each.fact.path for each in facts}
        for name, _, paths in KINDS:
            says = any(is_stated(description, path) for path in paths)
            stated[name] += says
            known[name] += says or not read.isdisjoint(paths)
    answers = _answers(session)
    rows = tuple(
        Row(
            name,
            label,
            stated[name],
            known[name],
            *(sum(answers[path, state] for path in paths) for state in ("waiting", "confirmed", "refused")),
        )
        for name, label, paths in KINDS
    )
    return Coverage(total, rows)


def found_in(session: Session, checked: Checked) -> Mapping[str, Sequence[Fact]]:
    """What was read from the checked records that the catalogue holds, whatever their custodians said of it."""
    rows = session.execute(
        select(DatasetIdentifier.value, InferredFact)
        .join(Dataset, Dataset.id == DatasetIdentifier.dataset_id)
        .outerjoin(InferredFact, and_(InferredFact.dataset_id == Dataset.id, InferredFact.is_live))
        .where(DatasetIdentifier.value.in_(checked.records), Dataset.state == DatasetState.PUBLISHED)
    )
    found: dict[str, list[Fact]] = {}
    for record, fact in rows:
        facts = found.setdefault(record, [])
        if fact is not None:
            facts.append(dataset_facts.known(fact).fact)
    return found


def _descriptions(session: Session) -> Iterator[tuple[Description, tuple[KnownFact, ...]]]:
    numbers = session.scalars(
        select(Dataset.id).where(Dataset.state == DatasetState.PUBLISHED).order_by(Dataset.id)
    ).all()
    for start in range(0, len(numbers), BATCH):
        chosen = numbers[start : start + BATCH]
        read = dataset_facts.used(session, chosen)
        for number, stored in _stored(session, chosen):
            description = from_json(stored)
            yield description, dataset_facts.unstated(description, read.get(number, ()))


def _stored(session: Session, numbers: Sequence[int]) -> Iterable[tuple[int, dict[str, object]]]:
    rows = session.execute(
        select(Dataset.id, DatasetVersion.description)
        .join(DatasetVersion, CURRENT_VERSION)
        .where(Dataset.id.in_(numbers))
        .order_by(Dataset.id)
    )
    return [(number, stored) for number, stored in rows]


def _answers(session: Session) -> Counter[tuple[str, str]]:
    rows = session.execute(
        select(InferredFact.path, InferredFact.state)
        .join(Dataset, Dataset.id == InferredFact.dataset_id)
        .where(InferredFact.is_live, Dataset.state == DatasetState.PUBLISHED)
    )
    return Counter((path, state.value) for path, state in rows)
