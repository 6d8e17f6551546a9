"""The one port to a search engine: what is indexed, what may be asked, what comes back.

The database is the truth: every index can be rebuilt from it, and hits are read again from the database.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


class IndexUnavailable(Exception):
    """The index cannot be read; the database is unharmed, and the index can be built again from it."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"The search index in {path} cannot be used: {reason}. Run: catalogue index rebuild")


class IndexBusy(Exception):
    """Somebody else has been writing to the index for too long to wait; the same call can be tried again."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"The search index in {path} is being written to. Try again later.")


@dataclass(frozen=True, slots=True)
class FacetTerm:
    """A value of a facet as it is filtered by, and as people read it."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """A dataset as it is searched. `years` is the first and last year covered, `changed_at` seconds since 1970.

    `revision` is the number of the dataset's version with the identity of everything else that is indexed
    (custodian, state), so that `check` can tell a stale document from a fresh one.
    """

    identifier: str
    revision: str
    title: str
    custodian: str
    abstract: str = ""
    description: str = ""
    keywords: tuple[str, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()
    """Name and description of each table and column."""
    codes: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    """Further text worth finding: aliases, related datasets, standards."""
    facets: Mapping[str, tuple[FacetTerm, ...]] = field(default_factory=dict)
    """Facet name to its values; a facet that is absent or empty counts as `not-stated`."""
    years: tuple[int, int] | None = None
    changed_at: int = 0
    quality: float = 0.0


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A question. `filters` maps facet names to alternatives; `first_year` and `last_year` filter by overlap.

    An `exact` one is answered with its words as they were typed: no synonyms, no spelling, all of them.
    """

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    first_year: int | None = None
    last_year: int | None = None
    sort: str = "relevance"
    page: int = 1
    per_page: int = 25
    exact: bool = False
    explain: bool = False


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a snippet; marked ones are the words that matched."""

    text: str
    is_match: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """A part of a score: what for, and how much."""

    what: str
    points: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A dataset found, its score, the matched text and the names of the columns that matched.

    `reasons` are given when the question asks to `explain`; they add up to the score.
    """

    identifier: str
    score: float
    snippet: tuple[Fragment, ...] = ()
    columns: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many results there would be if this were the only value chosen in its facet."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A page of hits with the facets of the whole result.

    `relaxed` says that nothing had all the words, so that any sufficed. `corrections` maps words as typed to
    the words searched instead; `synonyms` maps words to the alternatives that were searched too. `notices`
    are plain sentences about what was not understood and left out. `suggestions` are questions that may have
    been meant. `more` are the closest of those with some of the words, when hardly any has all: they come after the
    hits and are not counted.
    """

    total: int
    page: int
    per_page: int
    hits: tuple[Hit, ...] = ()
    facets: Mapping[str, Sequence[FacetCount]] = field(default_factory=dict)
    relaxed: bool = False
    corrections: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    more: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class Alike:
    """A dataset that says much the same as another; `words` are those that both have, the most telling first."""

    identifier: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sharing:
    """A dataset with tables or columns of the same `names` as another, the rarest name first."""

    identifier: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """What is like a dataset, the nearest first."""

    alike: tuple[Alike, ...] = ()
    sharing: tuple[Sharing, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexDifferences:
    """Where an index and the database disagree; all empty when they agree."""

    missing: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    unexpected: tuple[str, ...] = ()

    @classmethod
    def between(cls, expected: Mapping[str, str], actual: Mapping[str, str]) -> "IndexDifferences":
        """Compare what the database says with what is indexed, both identifier to `revision`."""
        return cls(
            missing=tuple(sorted(expected.keys() - actual.keys())),
            stale=tuple(sorted(each for each in expected.keys() & actual.keys() if expected[each] != actual[each])),
            unexpected=tuple(sorted(actual.keys() - expected.keys())),
        )

    @property
    def agree(self) -> bool:
        """Whether nothing differs."""
        return not (self.missing or self.stale or self.unexpected)


class SearchBackend(Protocol):
    """What every search engine does for the catalogue."""

    def index_many(self, documents: Iterable[SearchDocument], *, delete: Sequence[str] = ()) -> None:
        """Add or replace documents and delete identifiers, visible together when it returns.

        A crash leaves all or none.
        """

    def search(self, query: SearchQuery) -> SearchResult:
        """Answer a question; any text a person can type is a question."""

    def identifiers(self, query: SearchQuery) -> Iterator[Sequence[str]]:
        """Everything that a question finds, in the order of its pages, some at a time.

        It is found before this returns, and later changes of the index change nothing of it.
        """

    def related(self, identifier: str, *, limit: int = 5) -> Related:
        """So many datasets at most that are like one, of each kind; none for one that is not indexed."""

    def rebuild(self, documents: Iterable[SearchDocument]) -> int:
        """Build a fresh index beside the live one and swap; the number of documents in it."""

    def merge(self) -> int:
        """Tidy up what many small commits left, for quiet hours; searches go on. The number of documents."""

    def check(self, expected: Mapping[str, str]) -> IndexDifferences:
        """Compare with what the database says: identifier to `revision`."""
