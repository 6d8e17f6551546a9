"""Fields that stand on a node between, or are a part of the canonical form with a table of its own."""

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass, replace

from schemas.crosswalks.dcat_sheet import MOST_VALUES, NOTHING, Kind, Row, Sheet, Value, below, first_of, write_rows
from schemas.crosswalks.rdf_graph import Node
from schemas.crosswalks.reading import Inferred, Json, Notebook, put
from schemas.crosswalks.text import JsonValue
from schemas.metadata import Basis, BasisKind


@dataclass(frozen=True)
class Via(Kind):
    """A value that stands on a node between, the same for all fields that name its fragment.

    Where the property has nodes of other classes too (`is_alone` is false), only those of its own are read.
    """

    predicate: str
    _: KW_ONLY
    kind: str
    fragment: str
    inner: Kind
    also: tuple[str, ...] = ()
    is_alone: bool = True

    @property
    def how(self) -> str:  # type: ignore[override] # computed here, stated elsewhere
        return self.inner.how

    @property
    def predicates(self) -> tuple[str, ...]:
        return (self.predicate, *self.also)

    def write(self, sheet: Sheet, subject: str, value: Value) -> None:
        term = below(subject, self.fragment)
        sheet.say(subject, self.predicate, term)
        sheet.type(term, self.kind)
        self.inner.write(sheet, term, value)

    def read(self, node: Node, notes: Notebook, where: str) -> JsonValue:
        found: JsonValue = None
        for each in node.nodes(*self.predicates):
            if not (self.is_alone or each.is_a(self.kind)):
                continue
            stated = self.inner.read(each, notes, where)
            if isinstance(found, list) and isinstance(stated, list):
                found += [item for item in stated if item not in found]
            elif not found:
                found = stated
        return found


@dataclass(frozen=True)
class Part(Kind):
    """A part of the canonical form, or a list of such, each on a node of its own with a table of its own."""

    predicate: str
    _: KW_ONLY
    kind: str
    fragment: str
    rows: Sequence[Row]
    is_list: bool = False
    also: tuple[str, ...] = ()
    most: int = MOST_VALUES
    how: str = ""

    @property
    def predicates(self) -> tuple[str, ...]:
        return (self.predicate, *self.also)

    def write(self, sheet: Sheet, subject: str, value: Value) -> None:
        for number, each in enumerate(value if self.is_list else (value,), 1):
            term = below(subject, f"{self.fragment}-{number}" if self.is_list else self.fragment)
            if self.states_something(each):
                self.write_one(sheet, subject, term, each)

    def states_something(self, value: object) -> bool:
        """Whether any field of the part that has a place is stated."""
        return any(row.get(value) not in NOTHING for row in self.rows if row.kind is not None)

    def write_one(self, sheet: Sheet, subject: str, term: str, value: object) -> None:
        """State the part on its node."""
        sheet.say(subject, self.predicate, term)
        sheet.type(term, self.kind)
        write_rows(self.rows, sheet, term, value)

    def read(self, node: Node, notes: Notebook, where: str) -> JsonValue:
        found: list[Json] = []
        for number, each in enumerate(first_of(self.found(node), notes, where, self.most)):
            facts = self.read_one(each, notes, f"{where}[{number}]" if self.is_list else where)
            if facts:
                found.append(facts)
        if self.is_list:
            return found
        return found[0] if found else None

    def found(self, node: Node) -> list[Node]:
        """The nodes that are such parts."""
        return list(node.nodes(*self.predicates))

    def read_one(self, node: Node, notes: Notebook, where: str) -> Json:
        """What is said on the node of a part."""
        facts: Json = {}
        read_rows(self.rows, node, notes, facts, where)
        return facts


def read_rows(rows: Sequence[Row], node: Node, notes: Notebook, facts: Json, where: str = "") -> None:
    """Read everything that a table has a place for into `facts`."""
    stated = node.stated.keys()
    for row in rows:
        kind = row.kind
        if kind is None or (stated.isdisjoint(kind.marks) and not kind.is_said_elsewhere):
            continue
        path = f"{where}.{row.property}" if where else row.property
        known = len(notes.bases)
        found = kind.read(node, notes, path)
        if len(notes.bases) > known:
            notes.bases[known:] = [replace(basis, path=f"{row.path}.{basis.path}") for basis in notes.bases[known:]]
        if isinstance(found, Inferred):
            notes.bases.append(Basis(row.path, BasisKind.INFERRED, found.evidence))
            found = found.value
        if found is not None and found not in ([], {}, ""):
            put(notes, facts, row.target, found, path, found)
