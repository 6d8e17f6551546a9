"""The values that a description has for each facet (one function a facet; the table is `fields.FACETS`)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain

from catalogue.search.backend import FacetTerm
from schemas.inference import filling
from schemas.metadata import CONTINUOUS, Description
from schemas.vocabularies import is_not_stated, vocabulary

FIRST_YEAR, LAST_YEAR = 1800, 2199
"""Years outside are mistakes; kept out so that one of them cannot fill a facet with decades."""

POPULATION_BANDS: tuple[tuple[int, str, str], ...] = (
    (1_000, "under-1000", "Fewer than 1,000"),
    (10_000, "1000-9999", "1,000 to 9,999"),
    (100_000, "10000-99999", "10,000 to 99,999"),
    (1_000_000, "100000-999999", "100,000 to 999,999"),
)
"""Upper bound (not included), value and label."""
LARGEST_BAND = FacetTerm("1000000-and-over", "1,000,000 and over")


@dataclass(frozen=True, slots=True)
class IndexFacts:
    """What the index needs beside the description. `changed_at` is in seconds since 1970, `quality` from 0 to 1.

    `membership` holds the names of the groups that the custodian belongs to. `revision` is explained at
    `SearchDocument`.
    """

    identifier: str
    revision: str
    custodian_name: str
    custodian_slug: str
    membership: tuple[str, ...] = ()
    changed_at: int = 0
    quality: float = 0.0
    read_paths: frozenset[str] = frozenset()
    """Fields whose values were read from the description's words and that nobody has confirmed."""


def spaced(text: str) -> str:
    """Text with its white space folded."""
    return " ".join(text.split())


def from_list(name: str, values: Iterable[str | None]) -> Iterator[FacetTerm]:
    """Each different value once: as the code list of that name has it, else as written.

    What only says that nothing is said ("N/A", "unknown") is no value, unless the code list has it.
    """
    known = vocabulary(name)
    return _different(
        FacetTerm(found, known.label(found)) if (found := known.find(text)) else FacetTerm(text, text)
        for text in map(spaced, filter(None, values))
        if text in known or not is_not_stated(text)
    )


def _different(terms: Iterable[FacetTerm]) -> Iterator[FacetTerm]:
    """Each value once, whatever its case."""
    seen = set()
    for term in terms:
        key = term.value.casefold()
        if key and key not in seen:
            seen.add(key)
            yield term


def custodian(_description: Description, facts: IndexFacts) -> Iterator[FacetTerm]:
    """The custodian, by its slug."""
    if facts.custodian_slug:
        yield FacetTerm(facts.custodian_slug, spaced(facts.custodian_name) or facts.custodian_slug)


def membership(_description: Description, facts: IndexFacts) -> Iterator[FacetTerm]:
    """The groups that the custodian belongs to."""
    return from_list("membership", facts.membership)


def data_types(description: Description, _facts: IndexFacts) -> Iterator[FacetTerm]:
    """HDR UK `provenance.origin.datasetType`."""
    return from_list("dataset-type", (kind.name for kind in description.provenance.origin.dataset_type))


def data_subtypes(description: Description, _facts: IndexFacts) -> Iterator[FacetTerm]:
    """HDR UK `provenance.origin.datasetSubType`."""
    kinds = description.provenance.origin.dataset_type
    return from_list("dataset-sub-type", (name for kind in kinds for name in kind.sub_types))


def keywords(description: Description, _facts: IndexFacts) -> Iterator[FacetTerm]:
    """Keywords, by their case-folded text."""
    texts = filter(None, map(spaced, description.summary.keywords))
    return _different(FacetTerm(text.casefold(), text) for text in texts if not is_not_stated(text))


def coverage(description: Description, _facts: IndexFacts) -> Iterator[FacetTerm]:
    """Places; "UK" and "United Kingdom" are one."""
    return from_list("places", description.coverage.spatial)


def access(description: Description, _facts: IndexFacts) -> Iterator[FacetTerm]:
    """HDR UK `accessServiceCategory`: how the data are reached."""
    return from_list("access-service-category", (description.accessibility.access.access_service_category,))


def standards(description: Description, _facts: IndexFacts) -> Iterator[FacetTerm]:
    """Vocabularies and data models."""
    stated = description.accessibility.format_and_standards
    codes = from_list("vocabulary-encoding-scheme", stated.vocabulary_encoding_scheme)
    return _different(chain(codes, from_list("conforms-to", stated.conforms_to)))


def collection(description: Description, _facts: IndexFacts) -> Iterator[FacetTerm]:
    """HDR UK `provenance.origin.collectionSource`: the setting that the data come from."""
    return from_list("collection-source", description.provenance.origin.collection_source)


def population(description: Description, _facts: IndexFacts) -> Iterator[FacetTerm]:
    """The band of the number of people. Negative numbers, which old records use for "unknown", are not stated."""
    size = description.summary.population_size
    if size is not None and size >= 0:
        yield next((FacetTerm(value, label) for bound, value, label in POPULATION_BANDS if size < bound), LARGEST_BAND)


def band_order(value: str) -> int:
    """The bands of `population` from small to large."""
    return next((place for place, (_, name, _) in enumerate(POPULATION_BANDS) if name == value), len(POPULATION_BANDS))


def first_number(value: str) -> int:
    """The number that a value begins with: `1990s` is 1990."""
    digits = value[: len(value) - len(value.lstrip("0123456789"))]
    return int(digits or 0)


def decades(description: Description, facts: IndexFacts) -> Iterator[FacetTerm]:
    """Every decade that the dataset covers a year of."""
    covered = years(description, facts)
    if covered:
        first, last = covered
        yield from (FacetTerm(f"{year}s", f"{year}s") for year in range(first // 10 * 10, last + 1, 10))


def structure(description: Description, _facts: IndexFacts) -> Iterator[FacetTerm]:
    """Whether tables are described down to their columns."""
    has_columns = any(table.columns for table in description.structural_metadata.tables)
    yield FacetTerm("yes", "Columns listed") if has_columns else FacetTerm("no", "No columns listed")


READ_FACETS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("data_type", "Data type", (filling.TYPES,)),
    ("data_subtype", "Data sub-type", (filling.SUB_TYPES,)),
    ("coverage", "Place", (filling.PLACES,)),
    ("standard", "Standard", (filling.CODES, filling.MODELS)),
    ("population", "People", (filling.POPULATION,)),
    ("decade", "Decade", (filling.FIRST, filling.LAST)),
)
"""Facets whose values can be read from words: name, label, and the fields that they are of."""


def read_from_words(_description: Description, facts: IndexFacts) -> Iterator[FacetTerm]:
    """The facets in which a dataset stands, wholly or in part, by what was read from its words."""
    for name, label, paths in READ_FACETS:
        if not facts.read_paths.isdisjoint(paths):
            yield FacetTerm(name, label)


def years(description: Description, facts: IndexFacts) -> tuple[int, int] | None:
    """First and last year covered, as `years_of` says."""
    return years_of(description, changed_year=datetime.fromtimestamp(facts.changed_at, UTC).year)


def years_of(description: Description, *, changed_year: int) -> tuple[int, int] | None:
    """First and last year covered, or nothing when neither date is stated.

    A dataset that goes on (`CONTINUOUS`) covers up to the year of its latest change. With one date missing only
    the year that is stated is sure to be covered; dates in the wrong order are taken as the years between them.
    """
    temporal = description.provenance.temporal
    first, last = _year(temporal.start_date), _year(temporal.end_date)
    if temporal.end_date == CONTINUOUS and first is not None:
        last = max(first, changed_year)
    stated = [year for year in (first, last) if year is not None]
    return (min(stated), max(stated)) if stated else None


def _year(date: str | None) -> int | None:
    text = (date or "")[:4]
    if len(text) == 4 and text.isascii() and text.isdigit() and FIRST_YEAR <= int(text) <= LAST_YEAR:  # noqa: PLR2004
        return int(text)
    return None
