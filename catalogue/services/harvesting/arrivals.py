"""Datasets that nobody knew yet: nothing in their transaction asks for them, so their rows are written together."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from catalogue.models import HarvestRecord, RawDocument, table_of
from catalogue.reading import Claim
from catalogue.services.harvesting import identity, saving
from catalogue.services.outbox import dataset_changed

Row: TypeAlias = dict[str, Any]

# Made once: making a statement takes longer than running it.
KEEP_RAW = {
    "sqlite": sqlite.insert(table_of(RawDocument)).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(table_of(RawDocument)).on_conflict_do_nothing(),
}
ADD_RECORD = insert(table_of(HarvestRecord))


@dataclass(frozen=True, slots=True)
class Arrival:
    """The rows of one, all but the number of the dataset: this is given when it is written."""

    claim: Claim
    dataset: Row
    version: Row
    record: Row
    raw: Row


class Arrivals:
    """Those of one transaction, which wait to be written."""

    def __init__(self, session: Session, at: datetime) -> None:
        self._session, self._at = session, at
        self._waiting: list[Arrival] = []
        self._identifiers: set[str] = set()

    def have(self, identifier: str) -> bool:
        """Whether one of them is to have this public identifier."""
        return identifier in self._identifiers

    def add(self, arrival: Arrival) -> None:
        """Have it written."""
        self._waiting.append(arrival)
        self._identifiers.add(arrival.dataset["identifier"])

    def write(self) -> None:
        """Write those that wait, in their order."""
        if not self._waiting:
            return
        waiting, connection = self._waiting, self._session.connection()
        connection.execute(KEEP_RAW[connection.dialect.name], [each.raw for each in waiting])
        numbers = connection.execute(saving.ADD_DATASET, [each.dataset for each in waiting]).scalars().all()
        numbered = list(zip(numbers, waiting, strict=True))
        connection.execute(saving.ADD_VERSION, [{**each.version, "dataset_id": number} for number, each in numbered])
        named = [row for number, each in numbered for row in identity.rows(number, each.claim)]
        connection.execute(identity.REMEMBER, named)
        connection.execute(ADD_RECORD, [{**each.record, "dataset_id": number} for number, each in numbered])
        dataset_changed(self._session, *(each.dataset["identifier"] for each in waiting), at=self._at)
        self._waiting, self._identifiers = [], set()
