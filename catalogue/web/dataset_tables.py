"""Tables and columns of a dataset, as its page lists them: hundreds of columns have to stay light."""

from dataclasses import dataclass
from urllib.parse import quote_plus

from catalogue.web.wording import number, share
from schemas.metadata import Column, ColumnValue, Description, Table

SHOWN_VALUES = 24
"""Values of one column that a page lists; code lists have thousands."""
OPEN_COLUMNS = 40
"""A single table of no more columns is open from the start."""


@dataclass(frozen=True, slots=True)
class ValueView:
    """A value of a column with its meaning and how often it occurs."""

    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column. `facts` are the short ones: range, distinct values, share missing.

    `href` searches for the name in the columns of all datasets.
    """

    name: str
    href: str
    data_type: str
    description: str
    is_sensitive: bool
    facts: tuple[str, ...]
    values: tuple[ValueView, ...]
    value_count: int


@dataclass(frozen=True, slots=True)
class TableView:
    """A table with its columns."""

    name: str
    description: str
    columns: tuple[ColumnView, ...]
    is_open: bool


def tables_of(description: Description) -> tuple[TableView, ...]:
    """The tables that the description lists."""
    tables = description.structural_metadata.tables
    only_one = len(tables) == 1
    return tuple(
        _table(table, position, is_open=only_one and len(table.columns) <= OPEN_COLUMNS)
        for position, table in enumerate(tables, start=1)
    )


def _table(table: Table, position: int, *, is_open: bool) -> TableView:
    return TableView(
        name=table.name or f"Table {position}",
        description=table.description or "",
        columns=tuple(_column(column) for column in table.columns),
        is_open=is_open,
    )


def _column(column: Column) -> ColumnView:
    total = sum(value.frequency or 0 for value in column.values)
    name = "" if column.name is None else str(column.name)
    return ColumnView(
        name=name,
        href=column_search(name) if name else "",
        data_type=column.data_type or "",
        description=column.description or "",
        is_sensitive=bool(column.sensitive),
        facts=tuple(_facts(column)),
        values=tuple(_value(value, total) for value in column.values[:SHOWN_VALUES]),
        value_count=len(column.values),
    )


def column_search(name: str) -> str:
    """The address of the datasets with a column of that name."""
    return f"/search?q=column%3A%22{quote_plus(name.replace(chr(34), ' '))}%22"


def _facts(column: Column) -> list[str]:
    facts = []
    if column.least is not None or column.greatest is not None:
        facts.append(f"{column.least or '…'} to {column.greatest or '…'}")
    if column.distinct_count is not None:
        facts.append(f"{number(column.distinct_count)} distinct")
    if column.missing_share is not None:
        facts.append(f"{share(column.missing_share, 1)} missing")
    return facts


def _value(value: ColumnValue, total: int) -> ValueView:
    frequency = "" if value.frequency is None else f"{number(value.frequency)} rows, {share(value.frequency, total)}"
    meaning = "; ".join(part for part in (value.description, frequency) if part)
    return ValueView("" if value.name is None else str(value.name), meaning)
