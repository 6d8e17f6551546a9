"""Everything that is wrong with a description: what is missing, what has the wrong form, what cannot be together."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from schemas.crosswalks.hdruk_demands import Need
from schemas.metadata import Description, Problem, Severity
from schemas.validation.date_rules import DATED_RULES
from schemas.validation.forms import Finding
from schemas.validation.rules import RULES
from schemas.validation.structure import Part, parts_of
from schemas.vocabularies import field as field_at
from schemas.vocabularies import field_label

MOST_ALIKE: Final = 20
"""Problems of one field; a list of thousands of unknown words is one problem to its custodian, not thousands."""

_NOTHING: Final = (None, (), "")
_BLANK: Final = Finding("holds only white space", "State it, or leave it out.")


def check(description: Description, *, today: date) -> tuple[Problem, ...]:
    """Find all problems, with paths of the canonical form.

    First what HDR UK 4.0.0 requires and the description does not state, then single values in the order of the
    sections, then what several facts say together. The description can be published with all of them.
    """
    visit = _Visit()
    visit.section(description, parts_of(), "")
    dated = [problem for rule in DATED_RULES for problem in rule(description, today)]
    found = [problem for rule in RULES for problem in rule(description)]
    return (*visit.absences(), *visit.problems, *visit.left_out(), *dated, *found)


@dataclass(slots=True)
class _Visit:
    """One walk through a description."""

    problems: list[Problem] = field(default_factory=list)
    absent: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    entries: Counter[str] = field(default_factory=Counter)
    alike: Counter[str] = field(default_factory=Counter)

    def section(self, value: Any, parts: tuple[Part, ...], where: str) -> bool:  # noqa: ANN401 - a dataclass
        """Look at every field of a section; whether it states anything."""
        is_stated = False
        wanting = []
        below = f"{where}." if where else ""
        for part in parts:
            held = getattr(value, part.name)
            # Most fields of most sections hold nothing.
            if (held or held not in _NOTHING) and self._field(held, part, below + part.key):
                is_stated = True
            elif part.need is not Need.NEVER:
                wanting.append(part)
        for part in wanting:
            if is_stated or part.need is Need.ALWAYS:
                self.absent[part.path].append(below + part.key)
        return is_stated

    def _field(self, value: Any, part: Part, path: str) -> bool:  # noqa: ANN401 - any part of a description
        if not part.is_list:
            return self.section(value, part.below, path) if part.section else self._leaf(value, part, path)
        stated = 0
        for position, item in enumerate(value):
            here = f"{path}[{position}]"
            stated += self.section(item, part.below, here) if part.section else self._leaf(item, part, here)
        self.entries[part.path] += stated
        return stated > 0

    def _leaf(self, value: Any, part: Part, path: str) -> bool:  # noqa: ANN401 - a leaf of a description
        if isinstance(value, str) and not value.strip():
            if part.need is Need.NEVER:
                self._report(_BLANK, part, path)
            return False
        finding = part.find(value)
        if finding:
            self._report(finding, part, path)
        return True

    def _report(self, finding: Finding, part: Part, path: str) -> None:
        self.alike[part.path] += 1
        if self.alike[part.path] <= MOST_ALIKE:
            message = f"“{field_label(part.path)}” {finding.says}."
            self.problems.append(Problem(path, message, finding.severity, finding.fix))

    def absences(self) -> Iterator[Problem]:
        """What is required and not stated; what is missing in many entries of a list is said once."""
        for path, places in self.absent.items():
            label, known = field_label(path), field_at(path)
            fix = f"State it: {known.help[:1].lower()}{known.help[1:]}" if known else "State it."
            entries = self.entries[path.rpartition(".")[0]]
            if entries:
                listed = field_label(path.rpartition(".")[0]).lower()
                count = f" for {len(places):,} of {entries:,} {listed}"
            else:
                count = ""
            message = f"“{label}” is not stated{count}, and HDR UK 4.0.0 requires it."
            yield Problem(places[0], message, Severity.ERROR, fix)

    def left_out(self) -> Iterator[Problem]:
        """How many problems of a kind there are beyond those listed."""
        for path, count in self.alike.items():
            if count > MOST_ALIKE:
                message = f"“{field_label(path)}” has {count - MOST_ALIKE:,} more such problems."
                yield Problem(path, message, Severity.NOTE, "Mend all of them alike.")
