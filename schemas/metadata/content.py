"""What is measured: tables and columns, observations, demographics, omics (HDR UK 4.0.0, appendix A)."""

from dataclasses import dataclass
from typing import TypeAlias

Scalar: TypeAlias = str | int | float | bool
"""HDR UK leaves the names of columns and values, codes and measured properties untyped."""


@dataclass(frozen=True, slots=True)
class ColumnValue:
    """One permitted or observed value of a column; `frequency` counts its rows."""

    name: Scalar | None = None
    description: str | None = None
    frequency: int | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `missing_share` is a fraction from 0 to 1; `least` and `greatest` are as written."""

    name: Scalar | None = None
    data_type: str | None = None
    description: str | None = None
    sensitive: bool | None = None
    values: tuple[ColumnValue, ...] = ()
    missing_share: float | None = None
    least: str | None = None
    greatest: str | None = None
    distinct_count: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the dataset with its columns."""

    name: str | None = None
    description: str | None = None
    columns: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class StructuralMetadata:
    """Tables and columns, and where a synthetic version of the data is found."""

    tables: tuple[Table, ...] = ()
    synthetic_data_web_link: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Observation:
    """A count of something in the dataset on a day; `observation_date` is an ISO date or date and time."""

    observed_node: str | None = None
    measured_value: int | float | None = None
    disambiguating_description: str | None = None
    observation_date: str | None = None
    measured_property: Scalar | None = None


@dataclass(frozen=True, slots=True)
class AgeCount:
    """People in an age group."""

    bin: str | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class EthnicityCount:
    """People in an ethnic group."""

    bin: str | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class DiseaseCount:
    """People with a disease, by its code."""

    disease_code: str | int | None = None
    disease_code_vocabulary: str | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class DemographicFrequency:
    """Who is in the dataset, in groups."""

    age: tuple[AgeCount, ...] = ()
    ethnicity: tuple[EthnicityCount, ...] = ()
    disease: tuple[DiseaseCount, ...] = ()


@dataclass(frozen=True, slots=True)
class Omics:
    """The assay and platform that made the data."""

    assay: str | None = None
    platform: str | None = None
