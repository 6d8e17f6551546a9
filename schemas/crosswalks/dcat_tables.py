"""Tables and columns, which stand below the dataset as HealthDCAT-AP Release 8 has them: csvw:TableGroup and so on."""

from dataclasses import dataclass
from typing import Final

from schemas.crosswalks.dcat_composites import Part
from schemas.crosswalks.dcat_sheet import Row, Sheet, Value, below
from schemas.crosswalks.dcat_values import Scalar, Text
from schemas.crosswalks.rdf_graph import Node
from schemas.crosswalks.rdf_terms import CSVW, DCT, HEALTH, XSD, literal
from schemas.crosswalks.values import scalar, string

MOST_COLUMNS: Final = 50_000

_NO_PROPERTY: Final = "No property says this of a column."


@dataclass(frozen=True)
class Columns(Part):
    """The columns of a table, which some have by way of a schema."""

    def found(self, node: Node) -> list[Node]:
        schemas = list(node.nodes(CSVW.tableSchema))
        return [column for each in (node, *schemas) for column in each.nodes(CSVW.column)]


@dataclass(frozen=True)
class Tables(Part):
    """The tables of a dataset, in a group that has the dataset's title."""

    def write(self, sheet: Sheet, subject: str, value: Value) -> None:
        group = below(subject, "variables")
        super().write(sheet, subject, value)
        if sheet.says(subject, HEALTH.hasVariables, group):
            sheet.say(subject, HEALTH.hasStructuredData, literal("true", XSD.boolean))
            sheet.type(group, CSVW.TableGroup)
            sheet.say(group, DCT.title, literal(sheet.title))

    def write_one(self, sheet: Sheet, subject: str, term: str, value: Value) -> None:
        group = below(subject, "variables")
        sheet.say(subject, HEALTH.hasVariables, group)
        super().write_one(sheet, group, term, value)

    @property
    def predicates(self) -> tuple[str, ...]:
        return (HEALTH.hasVariables,)

    def found(self, node: Node) -> list[Node]:
        groups = list(node.nodes(HEALTH.hasVariables))
        # Some have the columns without a table between.
        tables = (list(each.nodes(self.predicate)) or [each] * bool(each.objects(CSVW.column)) for each in groups)
        return [table for each in tables for table in each]


COLUMN: Final = (
    Row("name", "csvw:name and csvw:title", Scalar(CSVW.name, reader=scalar, repeated=CSVW.title)),
    Row("dataType", "csvw:datatype", Text(CSVW.datatype, reader=string)),
    Row("description", "dct:description", Text(DCT.description, reader=string)),
    Row("least", "csvw:minimum", Text(CSVW.minimum, reader=string)),
    Row("greatest", "csvw:maximum", Text(CSVW.maximum, reader=string)),
    Row("sensitive", "", why_not=_NO_PROPERTY),
    Row("missingShare", "", why_not=_NO_PROPERTY),
    Row("distinctCount", "", why_not=_NO_PROPERTY),
    Row("values.name", "", why_not=_NO_PROPERTY),
    Row("values.description", "", why_not=_NO_PROPERTY),
    Row("values.frequency", "", why_not=_NO_PROPERTY),
)
TABLES: Final = Tables(
    CSVW.table,
    kind=CSVW.Table,
    fragment="table",
    is_list=True,
    rows=(
        Row("name", "dct:title", Text(DCT.title, reader=string)),
        Row("description", "dct:description", Text(DCT.description, reader=string)),
        Row(
            "columns",
            "csvw:column",
            Columns(CSVW.column, kind=CSVW.Column, fragment="column", rows=COLUMN, is_list=True, most=MOST_COLUMNS),
        ),
    ),
)
