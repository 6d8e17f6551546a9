"""DCAT-AP 3 in both directions; the table behind both is `dcat_table`."""

from schemas.crosswalks.dcat_catalogue import Catalogue, Page, catalogue_lines, entry_lines, page_lines
from schemas.crosswalks.dcat_reading import (
    DATASET_CLASSES,
    SCHEMA_NAME,
    dataset_of,
    is_dataset,
    read,
)
from schemas.crosswalks.dcat_table import ONLY_WRITTEN, Mapped, mapped
from schemas.crosswalks.dcat_writing import Entry, Publisher, Writing, write

__all__ = [
    "DATASET_CLASSES",
    "ONLY_WRITTEN",
    "SCHEMA_NAME",
    "Catalogue",
    "Entry",
    "Mapped",
    "Page",
    "Publisher",
    "Writing",
    "catalogue_lines",
    "dataset_of",
    "entry_lines",
    "is_dataset",
    "mapped",
    "page_lines",
    "read",
    "write",
]
