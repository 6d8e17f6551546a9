"""Where a fact comes from, and what could not be made one."""

from dataclasses import dataclass
from enum import StrEnum


class BasisKind(StrEnum):
    """How the catalogue came to know a fact. A fact without a basis is stated by its source."""

    STATED = "stated"
    INFERRED = "inferred"
    CONFIRMED = "confirmed"
    FILLED = "filled"


@dataclass(frozen=True, slots=True)
class Basis:
    """Why the value at `path` of a description is believed.

    `evidence` is the text that a fact was inferred from, `by` the person who confirmed it, `source` the
    name of the source that filled it; the ones that do not apply are empty.
    """

    path: str
    kind: BasisKind
    evidence: str = ""
    by: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Supplied:
    """A value that could not be mapped, as supplied. It is shown on the dataset's page and exported nowhere."""

    path: str
    value: str
    reason: str
