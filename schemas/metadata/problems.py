"""What can be wrong with a description, said so that its custodian can mend it."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad a problem is; none of them but a record that cannot be read keeps it from being published."""

    ERROR = "error"
    """A required fact is missing or wrong."""
    WARNING = "warning"
    """A fact is doubtful, or could not be understood."""
    NOTE = "note"
    """Something was tidied or read in one of several possible ways."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding.

    `path` is the place in the document or the canonical form, dotted, with list positions in brackets
    (`coverage.spatial`, `structuralMetadata.tables[2].name`). `message` says what is wrong in a plain
    sentence, `fix` what to do about it.
    """

    path: str
    message: str
    severity: Severity = Severity.WARNING
    fix: str = ""

    def __reduce__(self) -> tuple[type["Problem"], tuple[str, str, Severity, str]]:
        """For `pickle`: dozens of them go with every record from process to process, field by field far slower."""
        return Problem, (self.path, self.message, self.severity, self.fix)

    def as_json(self) -> dict[str, str]:
        """As it is kept with a version and reported of a run."""
        return {"path": self.path, "severity": self.severity.value, "message": self.message, "fix": self.fix}
