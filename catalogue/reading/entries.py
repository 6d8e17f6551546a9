"""What is kept of a description, and by what its dataset can be recognised."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from catalogue.domain.quality import score
from catalogue.domain.versions import content_hash
from schemas.crosswalks.identifiers import aliases, revision_identifiers
from schemas.metadata import Description, Organisation, Problem, to_json

MOST_REVISIONS: Final = 1_000
"""Earlier versions of a record that are looked for: databases refuse a question with tens of thousands of values."""

_UUID_AT_END: Final = re.compile(r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/?$", re.IGNORECASE)
_DOI: Final = re.compile(r"10\.\d{4,9}/\S+")


@dataclass(frozen=True, slots=True)
class Claim:
    """By what a record can be recognised: its identifier, those of its earlier versions, and its DOI."""

    identifier: str
    revisions: tuple[str, ...]
    doi: str | None

    @classmethod
    def of(cls, description: Description, identifier: str) -> Self:
        """The claim of a record with this remote identifier; a DOI counts only when it looks like one."""
        named = revision_identifiers(replace(description, identifier=identifier))[:MOST_REVISIONS]
        doi = (description.summary.doi_name or "").strip().lower()
        known_as = (*named, *aliases(identifier, description.identifier))
        return cls(identifier, known_as, doi if _DOI.fullmatch(doi) else None)

    @property
    def uuid(self) -> str:
        """The UUID that the identifier is or ends in, or nothing."""
        found = _UUID_AT_END.search(self.identifier)
        return found[1].lower() if found else ""


@dataclass(frozen=True, slots=True)
class Rated:
    """A description as it is kept (`plain` is its JSON), with its quality, and what lists and dates need of it.

    The description itself is left out, since taking hundreds of its parts to another process takes longer than
    reading its JSON where it is needed.
    """

    plain: dict[str, Any]
    content_hash: str
    quality_score: int
    quality_band: str
    title: str
    population_size: int | None
    modified: str | None

    @classmethod
    def of(cls, description: Description, problems: Iterable[Problem]) -> Self:
        """Rate a description, with the problems that were found in it."""
        quality, summary = score(description, problems), description.summary
        return cls(
            plain=to_json(description),
            content_hash=content_hash(description),
            quality_score=quality.score,
            quality_band=quality.band,
            title=summary.title or "",
            population_size=summary.population_size,
            modified=description.modified,
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """A record that can be published: what is kept, by what it is recognised, whose it is, what checking it found."""

    rated: Rated
    claim: Claim
    custodian: Organisation
    problems: tuple[Problem, ...]
