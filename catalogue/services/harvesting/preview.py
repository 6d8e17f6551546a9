"""The first records of a source, read, checked and compared without keeping anything."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalogue.domain.errors import NotFound
from catalogue.models import HarvestSource
from catalogue.services.harvesting.record import Taken
from catalogue.services.harvesting.run import Workplace, held, rehearse
from harvesters.base import Harvester
from schemas.metadata import Severity

MOST: int = 20


@dataclass(frozen=True, slots=True)
class PreviewedRecord:
    """What would become of a record: its outcome, and how many problems of each severity it has."""

    record: str
    title: str
    custodian: str
    outcome: str
    problems: dict[str, int]


@dataclass(frozen=True, slots=True)
class Preview:
    """The records looked at, and what was found wrong. `is_whole` when the source has no more than these."""

    source: str
    records: tuple[PreviewedRecord, ...]
    problems: tuple[dict[str, str], ...]
    is_whole: bool

    @property
    def is_usable(self) -> bool:
        """Whether something came, and all of it could be published."""
        return bool(self.records) and all(each.outcome != "invalid" for each in self.records)

    def as_json(self) -> dict[str, Any]:
        """The preview as the command line prints it."""
        return {
            "source": self.source,
            "seen": len(self.records),
            "whole": self.is_whole,
            "items": [
                {
                    "record": each.record,
                    "title": each.title,
                    "custodian": each.custodian,
                    "outcome": each.outcome,
                    "problems": each.problems,
                }
                for each in self.records
            ],
            "problems": list(self.problems),
        }


def preview(
    place: Workplace, source_id: int, harvester: Harvester, *, now: Callable[[], datetime], most: int = MOST
) -> Preview:
    """Look at the first records of a source, approved or not. Raises `Busy`, `NotFound`."""
    with place.sessions() as session:
        source = session.get(HarvestSource, source_id)
    if source is None:
        raise NotFound(f"There is no source {source_id}.")
    seen: list[PreviewedRecord] = []
    with held(place, source_id):
        report = rehearse(
            place, source, harvester, now=now, most=most, watch=lambda name, taken: seen.append(_previewed(name, taken))
        )
    return Preview(source.name, tuple(seen), tuple(report.as_json()["problems"]), harvester.outcome.complete)


def _previewed(name: str, taken: Taken) -> PreviewedRecord:
    counted = {severity.value: 0 for severity in Severity}
    for problem in taken.problems:
        counted[problem.severity.value] += 1
    custodian = taken.custodian.name if taken.custodian else ""
    return PreviewedRecord(name, taken.title, custodian, taken.outcome.value, counted)
