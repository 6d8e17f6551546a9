"""Inferred facts beside the stated ones: which fields are open, and the description with the open ones filled."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from schemas.inference.facts import Fact
from schemas.metadata import CONTINUOUS, Basis, BasisKind, DatasetType, Description
from schemas.vocabularies import field_label, is_not_stated, vocabulary

POPULATION = "summary.populationSize"
FIRST, LAST = "provenance.temporal.startDate", "provenance.temporal.endDate"
YOUNGEST, OLDEST = "coverage.typicalAgeRangeMin", "coverage.typicalAgeRangeMax"
PLACES = "coverage.spatial"
TYPES, SUB_TYPES = "provenance.origin.datasetType.name", "provenance.origin.datasetType.subTypes"
CODES = "accessibility.formatAndStandards.vocabularyEncodingScheme"
MODELS = "accessibility.formatAndStandards.conformsTo"
KEYS = "linkability.identifiersHeld"

CODE_LISTS = MappingProxyType(
    {
        PLACES: "places",
        TYPES: "dataset-type",
        SUB_TYPES: "dataset-sub-type",
        CODES: "vocabulary-encoding-scheme",
        MODELS: "conforms-to",
    }
)
_LABELS = {
    POPULATION: "People",
    FIRST: "First year covered",
    LAST: "Last year covered",
    TYPES: "Data type",
    SUB_TYPES: "Data sub-type",
}

Values = tuple[str, ...]


def stated_values(description: Description, path: str) -> Values:
    """What a description states for a field that can be inferred, as text."""
    return tuple(text for text in _READ[path](description) if not is_not_stated(text))


def is_stated(description: Description, path: str) -> bool:
    """Whether a description states anything for a field that can be inferred."""
    return bool(stated_values(description, path))


def is_sound(description: Description, fact: Fact) -> bool:
    """Whether a fact agrees with what is stated at the other end of its range."""
    other = {FIRST: LAST, LAST: FIRST, YOUNGEST: OLDEST, OLDEST: YOUNGEST}.get(fact.path)
    stated = stated_values(description, other) if other else ()
    if not stated or CONTINUOUS in {stated[0], fact.value}:
        return True
    is_lower = fact.path in {FIRST, YOUNGEST}
    if other in {FIRST, LAST}:
        return fact.value <= stated[0][:4] if is_lower else fact.value >= stated[0][:4]
    return int(fact.value) <= int(stated[0]) if is_lower else int(fact.value) >= int(stated[0])


def value_label(path: str, value: str) -> str:
    """A value as people read it."""
    if path in CODE_LISTS:
        return vocabulary(CODE_LISTS[path]).label(value)
    if value == CONTINUOUS:
        return "Continuing"
    return f"{int(value):,}" if path == POPULATION else value


def path_label(path: str) -> str:
    """A field as people call it."""
    return _LABELS.get(path) or field_label(path)


def with_facts(
    description: Description, facts: Iterable[Fact], bases: Mapping[Fact, Basis] | None = None
) -> Description:
    """The description with its open fields filled, each marked as inferred, or by the basis that is given for it.

    A stated field is left alone. For search and for pages; what goes out as a document is never made from it.
    """
    filled = description
    marks: list[Basis] = []
    chosen: dict[str, list[Fact]] = {}
    for fact in facts:
        if not is_stated(description, fact.path):
            chosen.setdefault(fact.path, []).append(fact)
    for path, found in sorted(chosen.items()):
        filled = _FILL[path](filled, tuple(fact.value for fact in found))
        known = bases or {}
        marks += [known.get(fact) or Basis(path, BasisKind.INFERRED, evidence=fact.words) for fact in found]
    return replace(filled, bases=(*filled.bases, *marks)) if marks else description


def _text(value: object) -> Values:
    return () if value in (None, "") else (str(value),)


_READ: Mapping[str, Callable[[Description], Values]] = {
    # Old records write "unknown" as a negative number.
    POPULATION: lambda d: _text(d.summary.population_size) if (d.summary.population_size or 0) >= 0 else (),
    FIRST: lambda d: _text(d.provenance.temporal.start_date),
    LAST: lambda d: _text(d.provenance.temporal.end_date),
    YOUNGEST: lambda d: _text(d.coverage.typical_age_range_min),
    OLDEST: lambda d: _text(d.coverage.typical_age_range_max),
    PLACES: lambda d: d.coverage.spatial,
    TYPES: lambda d: tuple(kind.name for kind in d.provenance.origin.dataset_type if kind.name),
    # Sub-types belong to a type: where the types are stated, so is that they have none.
    SUB_TYPES: lambda d: tuple(kind.name for kind in d.provenance.origin.dataset_type if kind.name),
    CODES: lambda d: d.accessibility.format_and_standards.vocabulary_encoding_scheme,
    MODELS: lambda d: d.accessibility.format_and_standards.conforms_to,
    KEYS: lambda d: d.linkability.identifiers_held,
}

PATHS = tuple(_READ)
"""Every field that can be inferred."""


def _population(description: Description, values: Values) -> Description:
    return replace(description, summary=replace(description.summary, population_size=int(values[0])))


def _year(name: str) -> Callable[[Description, Values], Description]:
    def fill(description: Description, values: Values) -> Description:
        provenance = description.provenance
        temporal = replace(provenance.temporal, **{name: values[0]})
        return replace(description, provenance=replace(provenance, temporal=temporal))

    return fill


def _places(description: Description, values: Values) -> Description:
    return replace(description, coverage=replace(description.coverage, spatial=values))


def _age(name: str) -> Callable[[Description, Values], Description]:
    def fill(description: Description, values: Values) -> Description:
        ages = {name: int(values[0])}
        return replace(description, coverage=replace(description.coverage, **ages))  # type: ignore[arg-type]

    return fill


def _types(description: Description, values: Values) -> Description:
    origin = description.provenance.origin
    kinds = (*origin.dataset_type, *(DatasetType(value) for value in values))
    return replace(
        description,
        provenance=replace(description.provenance, origin=replace(origin, dataset_type=kinds)),
    )


def _sub_types(description: Description, values: Values) -> Description:
    """Each sub-type under the type it belongs to; one whose type was refused goes with it."""
    origin = description.provenance.origin
    narrower = vocabulary("dataset-type").narrower
    kinds = tuple(
        replace(kind, sub_types=tuple(value for value in values if value in narrower.get(kind.name or "", ())))
        for kind in origin.dataset_type
    )
    return replace(
        description,
        provenance=replace(description.provenance, origin=replace(origin, dataset_type=kinds)),
    )


def _standards(name: str) -> Callable[[Description, Values], Description]:
    def fill(description: Description, values: Values) -> Description:
        accessibility = description.accessibility
        standards = replace(accessibility.format_and_standards, **{name: values})
        return replace(description, accessibility=replace(accessibility, format_and_standards=standards))

    return fill


def _keys(description: Description, values: Values) -> Description:
    return replace(description, linkability=replace(description.linkability, identifiers_held=values))


_FILL: Mapping[str, Callable[[Description, Values], Description]] = {
    POPULATION: _population,
    FIRST: _year("start_date"),
    LAST: _year("end_date"),
    YOUNGEST: _age("typical_age_range_min"),
    OLDEST: _age("typical_age_range_max"),
    PLACES: _places,
    TYPES: _types,
    SUB_TYPES: _sub_types,
    CODES: _standards("vocabulary_encoding_scheme"),
    MODELS: _standards("conforms_to"),
    KEYS: _keys,
}
