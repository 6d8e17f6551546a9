"""Where what is measured belongs in the canonical form: observations, tables and columns, demographics, omics."""

from schemas.crosswalks.reading import Notebook, Reader, Table, items, put, section, table
from schemas.crosswalks.text import JsonValue
from schemas.crosswalks.values import (
    code,
    code_or_number,
    date,
    flag,
    number,
    scalar,
    string,
    text,
    texts,
    whole_number,
)

OBSERVATION = table(
    {
        "observedNode": ("observedNode", code("observed-node")),
        "measuredValue": ("measuredValue", number),
        "disambiguatingDescription": ("disambiguatingDescription", text()),
        "observationDate": ("observationDate", date()),
        "measuredProperty": ("measuredProperty", scalar),
    }
)
_VALUE = table(
    {"name": ("name", scalar), "description": ("description", string), "frequency": ("frequency", whole_number())}
)
_COLUMN = table(
    {
        "name": ("name", scalar),
        "dataType": ("dataType", string),
        "description": ("description", string),
        "sensitive": ("sensitive", flag),
        "values": ("values", items(_VALUE, "values")),
    }
)
_COLUMNS = items(_COLUMN, "columns")
_TABLE = table(
    {
        "name": ("name", string),
        "description": ("description", string),
        "columns": ("columns", _COLUMNS),
        "elements": ("columns", _COLUMNS),
    }
)
_TABLES = items(_TABLE, "structuralMetadata.tables")
_STRUCTURE = section(
    table(
        {
            "tables": ("structuralMetadata.tables", _TABLES),
            "syntheticDataWebLink": ("structuralMetadata.syntheticDataWebLink", texts()),
        }
    )
)


def structure(notes: Notebook, value: JsonValue, path: str) -> None:
    """Tables in a section (from 3.0.0), or a list of them (2.1.0 to 2.2.1)."""
    if not isinstance(value, list):
        _STRUCTURE(notes, value, path)
    elif tables := _TABLES(notes, value, path):
        put(notes, notes.facts, ("structuralMetadata", "tables"), tables, path, value)


def _counts(key: str, reader: Reader) -> Table:
    return table({key: (key, reader), "count": ("count", whole_number())})


DEMOGRAPHICS = table(
    {
        "age": ("demographicFrequency.age", items(_counts("bin", code("age-group")), "demographicFrequency.age")),
        "ethnicity": (
            "demographicFrequency.ethnicity",
            items(_counts("bin", code("ethnic-group")), "demographicFrequency.ethnicity"),
        ),
        "disease": (
            "demographicFrequency.disease",
            items(
                {
                    **_counts("diseaseCode", code_or_number),
                    "diseaseCodeVocabulary": (("diseaseCodeVocabulary",), code("disease-code-vocabulary")),
                },
                "demographicFrequency.disease",
            ),
        ),
    }
)
OMICS = table({"assay": ("omics.assay", code("assay")), "platform": ("omics.platform", code("platform"))})
