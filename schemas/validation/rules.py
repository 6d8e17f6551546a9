"""What several facts together must not say. Each rule is a small pure function; `RULES` is the list of them.

A rule says nothing about a fact that is absent, nor about one whose own form is wrong: that is said elsewhere.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from schemas.metadata import Column, Description, Problem, Severity
from schemas.validation.date_rules import dates_in_order
from schemas.vocabularies import field_label, fold, vocabulary

SHOWN_NAMES: Final = 5

Rule = Callable[[Description], Iterator[Problem]]


def ages_in_order(description: Description) -> Iterator[Problem]:
    """The youngest is not older than the oldest."""
    least, greatest = description.coverage.typical_age_range_min, description.coverage.typical_age_range_max
    if _is_count(least) and _is_count(greatest) and (least or 0) > (greatest or 0):
        message = f"The youngest age, {least}, is more than the oldest, {greatest}."
        yield Problem("coverage.typicalAgeRangeMin", message, Severity.ERROR, "Check both ages.")


def groups_within_population(description: Description) -> Iterator[Problem]:
    """People counted by group are not more than there are; a person may have several diseases, but only one age."""
    population = description.summary.population_size
    if not _is_count(population) or population is None:
        return
    people = description.demographic_frequency
    for key, counts in (
        ("age", [each.count for each in people.age]),
        ("ethnicity", [each.count for each in people.ethnicity]),
    ):
        total = sum(count for count in counts if count is not None and _is_count(count))
        if total > population:
            path = f"demographicFrequency.{key}"
            message = f"“{field_label(path)}” adds up to {total:,}, more than the {population:,} people described."
            yield Problem(path, message, Severity.WARNING, "Check the counts and the number of people.")
    for position, each in enumerate(people.disease):
        if each.count is not None and _is_count(each.count) and each.count > population:
            message = f"{each.count:,} people have the disease, more than the {population:,} people described."
            path = f"demographicFrequency.disease[{position}].count"
            yield Problem(path, message, Severity.WARNING, "Check the count and the number of people.")


def nobody_described(description: Description) -> Iterator[Problem]:
    """Nought people is most often a field that was filled to get past a form."""
    if description.summary.population_size == 0:
        message = "The number of people is nought."
        yield Problem("summary.populationSize", message, Severity.WARNING, "Give the number, or leave it out.")


def sub_types_belong(description: Description) -> Iterator[Problem]:
    """Each type of data has sub-types of its own."""
    narrower = vocabulary("dataset-type").narrower
    all_sub_types = vocabulary("dataset-sub-type")
    for position, each in enumerate(description.provenance.origin.dataset_type):
        possible = narrower.get(each.name or "")
        for at, sub_type in enumerate(each.sub_types):
            if possible is not None and sub_type in all_sub_types and sub_type not in possible:
                yield Problem(
                    f"provenance.origin.datasetType[{position}].subTypes[{at}]",
                    f"“{sub_type}” is not a sub-type of “{each.name}”.",
                    Severity.WARNING,
                    f"Choose one of: {', '.join(possible)}.",
                )


def names_differ(description: Description) -> Iterator[Problem]:
    """Tables differ by name, and columns of one table."""
    tables = description.structural_metadata.tables
    yield from _repeated([each.name for each in tables], "structuralMetadata.tables", "Tables have")
    for position, table in enumerate(tables):
        path = f"structuralMetadata.tables[{position}].columns"
        yield from _repeated([each.name for each in table.columns], path, f"Columns of the table “{table.name}” have")


def groups_differ(description: Description) -> Iterator[Problem]:
    """Each group is counted once."""
    people = description.demographic_frequency
    yield from _repeated([each.bin for each in people.age], "demographicFrequency.age", "Age groups have")
    yield from _repeated(
        [each.bin for each in people.ethnicity], "demographicFrequency.ethnicity", "Ethnic groups have"
    )
    codes = [each.disease_code and f"{each.disease_code_vocabulary} {each.disease_code}" for each in people.disease]
    yield from _repeated(codes, "demographicFrequency.disease", "Diseases have")


def keywords_differ(description: Description) -> Iterator[Problem]:
    """The same keyword in two spellings is found once."""
    yield from _repeated([fold(each) for each in description.summary.keywords], "summary.keywords", "Keywords have")


def abstract_says_more(description: Description) -> Iterator[Problem]:
    """An abstract that repeats the title tells nothing."""
    title, abstract = description.summary.title, description.summary.abstract
    if title and abstract and fold(title) == fold(abstract):
        fix = "Write two or three sentences that tell a researcher whether to read on."
        yield Problem("summary.abstract", "The abstract only repeats the title.", Severity.WARNING, fix)


def ranges_in_order(description: Description) -> Iterator[Problem]:
    """A column's least value is not more than its greatest, where both are numbers."""
    for position, table in enumerate(description.structural_metadata.tables):
        for at, column in enumerate(table.columns):
            if _is_reversed(column):
                path = f"structuralMetadata.tables[{position}].columns[{at}].least"
                message = f"The least value of the column “{column.name}” is more than the greatest."
                yield Problem(path, message, Severity.WARNING, "Check both values.")


def links_lead_elsewhere(description: Description) -> Iterator[Problem]:
    """A dataset is not derived from, nor part of, itself."""
    relations = description.enrichment_and_linkage
    own = {each.casefold() for each in (description.identifier, description.summary.doi_name) if each}
    for key, references in (("derivedFrom", relations.derived_from), ("isPartOf", relations.is_part_of)):
        for position, each in enumerate(references):
            if (each.pid or "").casefold() in own or (each.url or "").casefold() in own:
                path = f"enrichmentAndLinkage.{key}[{position}]"
                message = f"“{field_label(path)}” names the dataset itself."
                yield Problem(path, message, Severity.WARNING, "Name the other dataset, or leave it out.")


RULES: Final[tuple[Rule, ...]] = (
    dates_in_order,
    ages_in_order,
    groups_within_population,
    nobody_described,
    sub_types_belong,
    names_differ,
    groups_differ,
    keywords_differ,
    abstract_says_more,
    ranges_in_order,
    links_lead_elsewhere,
)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _repeated(names: Sequence[object], path: str, subject: str) -> Iterator[Problem]:
    stated = [name for name in names if name not in (None, "")]
    if len(set(stated)) < len(stated):
        repeated = [name for name, count in Counter(stated).items() if count > 1]
        shown = ", ".join(f"“{name!s:.80}”" for name in repeated[:SHOWN_NAMES])
        more = f" and {len(repeated) - SHOWN_NAMES:,} others" if len(repeated) > SHOWN_NAMES else ""
        message = f"{subject} the same name: {shown}{more}."
        yield Problem(path, message, Severity.WARNING, "Give each its own name, or leave the repetition out.")


def _is_reversed(column: Column) -> bool:
    if column.least is None or column.greatest is None:
        return False
    try:
        return float(column.least[:40]) > float(column.greatest[:40])
    except ValueError:
        return False
