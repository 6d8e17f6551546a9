"""What a comparison shows: field by field, those that differ before those that agree."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from catalogue.models import Dataset
from catalogue.search.column_names import key_of
from catalogue.services.comparison import MOST_COMPARED, Compared, Comparison
from catalogue.web import wording
from catalogue.web.addresses import PageQuery, with_pairs
from catalogue.web.addresses import address as search_address
from catalogue.web.dataset_facts import Row, Show, bases_by_path, basis_note, is_stated
from catalogue.web.dataset_facts import values as values_in_a_row
from catalogue.web.dataset_sections import SECTIONS
from catalogue.web.prose import linked
from schemas.metadata import CONTINUOUS, Description
from schemas.vocabularies import field_label

LONGEST_VALUE = 400
"""Characters of a text in a cell; the page of the dataset has all of it."""
MOST_ITEMS = 12
"""Items of a list in a cell."""
SHOWN_NAMES = 40


@dataclass(frozen=True, slots=True)
class Cell:
    """What one dataset says in one field; `more_href` is where the rest of it stands, `note` how it is known."""

    html: Markup
    more_href: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field of all datasets; a cell is `None` where nothing is stated."""

    label: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """The fields of a section of the dataset's page."""

    title: str
    rows: tuple[FieldRow, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A dataset at the head of its column; `href_without` compares the others."""

    identifier: str
    title: str
    custodian: str
    custodian_slug: str
    href_without: str


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    """Datasets side by side; `search_href` is where others are found to go beside them."""

    title: str
    search_href: str
    has_room: bool
    headings: tuple[Heading, ...]
    notices: tuple[str, ...]
    withdrawn: tuple[Dataset, ...]
    differing: tuple[FieldGroup, ...]
    agreeing: tuple[FieldGroup, ...]
    silent: tuple[str, ...]
    common_names: tuple[str, ...]
    common_rest: int
    with_columns: int


@dataclass(frozen=True, slots=True)
class _Field:
    """A field that is compared: `value` tells differences, `show` makes what is read."""

    section: str
    path: str
    label: str
    value: Callable[[Compared], object]
    show: Show
    is_expected: bool = True


def build(comparison: Comparison) -> ComparisonPage:
    """The page of these datasets."""
    items = comparison.items
    differing: dict[str, list[FieldRow]] = {}
    agreeing: dict[str, list[FieldRow]] = {}
    silent: list[str] = []
    for field in _FIELDS:
        values = [field.value(each) for each in items]
        if not any(map(is_stated, values)):
            silent += [field.label] if field.is_expected else []
            continue
        same = len({_comparable(value) for value in values}) == 1
        row = FieldRow(field.label, tuple(_cell(field, each, value) for each, value in zip(items, values, strict=True)))
        (agreeing if same and len(items) > 1 else differing).setdefault(field.section, []).append(row)
    names, with_columns = _common_names(items)
    headings = _headings(items)
    beside = PageQuery(compared=tuple(each.identifier for each in headings))
    return ComparisonPage(
        title=f"Compare {wording.counted(len(items), 'dataset')}" if items else "Compare datasets",
        search_href=search_address(beside),
        has_room=len(items) < MOST_COMPARED,
        headings=headings,
        notices=_notices(comparison),
        withdrawn=comparison.withdrawn,
        differing=_groups(differing),
        agreeing=_groups(agreeing),
        silent=tuple(dict.fromkeys(silent)) if items else (),
        common_names=tuple(names[:SHOWN_NAMES]),
        common_rest=max(0, len(names) - SHOWN_NAMES),
        with_columns=with_columns,
    )


def address(identifiers: Iterable[str]) -> str:
    """Where these datasets are compared."""
    return with_pairs(url_for("comparing.show"), [("dataset", each) for each in identifiers])


def _headings(items: Sequence[Compared]) -> tuple[Heading, ...]:
    identifiers = [each.view.dataset.identifier for each in items]
    return tuple(
        Heading(
            identifier=each.view.dataset.identifier,
            title=each.view.dataset.title,
            custodian=each.view.organisation.name,
            custodian_slug=each.view.organisation.slug,
            href_without=address(other for other in identifiers if other != each.view.dataset.identifier),
        )
        for each in items
    )


def _notices(comparison: Comparison) -> tuple[str, ...]:
    notices = []
    if comparison.left_out:
        which = "the last one was" if comparison.left_out == 1 else f"the last {comparison.left_out} were"
        notices.append(f"No more than {MOST_COMPARED} datasets can be compared at a time, so {which} left out.")
    notices += [f"There is no dataset “{wording.shortened(each, 60)}” here." for each in comparison.unknown]
    return tuple(notices)


def _groups(rows: dict[str, list[FieldRow]]) -> tuple[FieldGroup, ...]:
    return tuple(FieldGroup(SECTIONS[name][0], tuple(rows[name])) for name in SECTIONS if name in rows)


def _comparable(value: object) -> object:
    """What differs when the value does: lists have no order, and texts no white space or case."""
    if isinstance(value, str):
        return " ".join(value.casefold().split())
    if isinstance(value, tuple):
        return frozenset(map(_comparable, value))
    return value if is_stated(value) else None


def _cell(field: _Field, item: Compared, value: object) -> Cell | None:
    if not is_stated(value):
        return None
    note = basis_note(field.path, bases_by_path(item.description))
    page = f"{url_for('datasets.show', identifier=item.view.dataset.identifier)}#{field.section}"
    if isinstance(value, str) and len(value) > LONGEST_VALUE:
        return Cell(Markup.escape(wording.shortened(value, LONGEST_VALUE)), page, note)
    if isinstance(value, tuple) and len(value) > MOST_ITEMS:
        return Cell(field.show(value[:MOST_ITEMS]), page, note)
    return Cell(field.show(value), "", note)


def _common_names(items: Sequence[Compared]) -> tuple[list[str], int]:
    """The names of columns that all datasets with columns have, if there are several such; and how many there are."""
    listed = []
    for each in items:
        tables = each.description.structural_metadata.tables
        names = [str(column.name) for table in tables for column in table.columns if column.name is not None]
        if names:
            listed.append({key_of(name): name for name in reversed(names)})
    if len(listed) < 2:  # noqa: PLR2004 - one alone has nothing in common
        return [], len(listed)
    common = set(listed[0]).intersection(*listed[1:])
    return [name for key, name in sorted(listed[0].items()) if key in common], len(listed)


def _plain(value: object) -> Markup:
    return linked(str(value))


def _fields() -> Iterable[_Field]:
    for section, (_, rows) in SECTIONS.items():
        yield from _ADDED.get(section, ())
        for row in rows:
            yield _Field(section, row.path, field_label(row.path), _of(row), row.show, row.is_expected)


def _of(row: Row) -> Callable[[Compared], object]:
    return lambda item: row.of(item.description)


def _described(get: Callable[[Description], object]) -> Callable[[Compared], object]:
    return lambda item: get(item.description)


def _period(description: Description) -> str:
    temporal = description.provenance.temporal
    return wording.period(temporal.start_date, temporal.end_date, ongoing=CONTINUOUS)


def _ages(description: Description) -> str:
    return wording.ages(description.coverage.typical_age_range_min, description.coverage.typical_age_range_max)


def _tables(description: Description) -> str:
    tables = description.structural_metadata.tables
    if not tables:
        return ""
    columns = sum(len(table.columns) for table in tables)
    return f"{wording.counted(len(tables), 'table')} with {wording.counted(columns, 'column')}"


_ADDED = {
    "overview": (
        _Field("overview", "summary.abstract", "Abstract", _described(lambda each: each.summary.abstract), _plain),
        _Field(
            "overview",
            "summary.keywords",
            "Keywords",
            _described(lambda each: each.summary.keywords),
            values_in_a_row,
        ),
    ),
    "people": (
        _Field(
            "people",
            "coverage.spatial",
            field_label("coverage.spatial"),
            _described(lambda each: each.coverage.spatial),
            values_in_a_row,
        ),
        _Field("people", "provenance.temporal.startDate", "Period covered", _described(_period), _plain),
        _Field("people", "coverage.typicalAgeRangeMin", "Ages", _described(_ages), _plain),
    ),
    "measured": (_Field("measured", "structuralMetadata", "Tables and columns", _described(_tables), _plain),),
    "provenance": (
        _Field(
            "provenance",
            "",
            "Description last changed",
            lambda item: wording.day(item.view.dataset.changed_at),
            _plain,
        ),
        _Field(
            "provenance",
            "",
            "Quality of the description",
            lambda item: f"{item.view.dataset.quality_score} of 100",
            _plain,
        ),
    ),
}
"""Fields with a place of their own on the page of a dataset, which are no rows of its sections."""
_FIELDS = tuple(_fields())
