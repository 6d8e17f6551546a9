"""Single values in RDF: texts, numbers and dates, each written with its type and read with doubt."""

import re
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass, field

from schemas.crosswalks.dcat_sheet import Kind, Sheet, Value, by_language, first_of
from schemas.crosswalks.rdf_graph import Node, datatype_of, in_order, language_of, value_of
from schemas.crosswalks.rdf_terms import XSD, literal, short
from schemas.crosswalks.reading import Notebook, Reader
from schemas.crosswalks.text import JsonValue
from schemas.crosswalks.values import date, string, texts, whole_number
from schemas.metadata import Supplied

_MOMENT = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})"
    r"(?:[T ]([0-9]{2}:[0-9]{2})(:[0-9]{2}(?:[.,][0-9]{1,9})?)?\s?(Z|z|[+-][0-9]{2}:?[0-9]{2})?)?)?)?"
)
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")


@dataclass(frozen=True)
class Text(Kind):
    """One text. Of several the first in English counts, or the first without a language."""

    predicate: str
    _: KW_ONLY
    also: tuple[str, ...] = ()
    reader: Reader = field(default=string)
    how: str = "text"

    @property
    def predicates(self) -> tuple[str, ...]:
        return (self.predicate, *self.also)

    def write(self, sheet: Sheet, subject: str, value: Value) -> None:
        sheet.say(subject, self.predicate, literal(str(value)))

    def read(self, node: Node, notes: Notebook, where: str) -> JsonValue:
        terms = node.literals(*self.predicates)
        if not terms:
            # Some write the address of what they mean where its name belongs.
            addressed = [term for term in node.objects(*self.predicates) if term.startswith("<")]
            return self.reader(notes, value_of(min(addressed)), where) if addressed else None
        first, *others = by_language(terms)
        for other in others:
            leave_translation(notes, first, other, where)
        return self.reader(notes, value_of(first), where)


def leave_translation(notes: Notebook, taken: str, other: str, where: str) -> None:
    """Keep a second text as supplied; two in one language contradict each other, others are translations."""
    if language_of(other) == language_of(taken):
        notes.refuse(
            where,
            value_of(other),
            f"Several texts are given in one language; “{value_of(taken)[:60]}” was taken.",
            "Give one text in each language.",
        )
    else:
        notes.supplied.append(Supplied(where, value_of(other), "This is the same in another language."))


@dataclass(frozen=True)
class Texts(Kind):
    """Texts, in no order; in English and without a language, where there are such."""

    predicate: str
    _: KW_ONLY
    also: tuple[str, ...] = ()
    reader: Reader = field(default_factory=texts)
    how: str = "texts, in no order"

    @property
    def predicates(self) -> tuple[str, ...]:
        return (self.predicate, *self.also)

    def write(self, sheet: Sheet, subject: str, value: Value) -> None:
        for each in value:
            sheet.say(subject, self.predicate, literal(str(each)))

    def read(self, node: Node, notes: Notebook, where: str) -> JsonValue:
        terms = sorted(node.literals(*self.predicates))
        ours = [term for term in terms if language_of(term)[:2] in ("", "en")]
        found = [value_of(term) for term in ours or terms]
        return self.reader(notes, first_of(found, notes, where), where)


@dataclass(frozen=True)
class Count(Kind):
    """A whole number that is not negative."""

    predicate: str
    _: KW_ONLY
    reader: Reader = field(default_factory=whole_number)
    how: str = "xsd:nonNegativeInteger"

    @property
    def predicates(self) -> tuple[str, ...]:
        return (self.predicate,)

    def write(self, sheet: Sheet, subject: str, value: Value) -> None:
        if value < 0:
            sheet.leave_out(short(self.predicate), f"{value} is negative.")
        else:
            sheet.say(subject, self.predicate, literal(str(value), XSD.nonNegativeInteger))

    def read(self, node: Node, notes: Notebook, where: str) -> JsonValue:
        for term in only(notes, node.literals(self.predicate), where):
            written = value_of(term).strip()
            if _WHOLE.fullmatch(written):
                return self.reader(notes, int(written), where)
            notes.refuse(where, written, "A whole number is expected here.", "Write digits only.")
        return None


@dataclass(frozen=True)
class Scalar(Kind):
    """A text, a number, or true or false, which keeps its type; `repeated` says the same as text."""

    predicate: str
    _: KW_ONLY
    reader: Reader
    repeated: str = ""
    how: str = "text, xsd:integer, xsd:double or xsd:boolean"

    @property
    def predicates(self) -> tuple[str, ...]:
        return (self.predicate,)

    def write(self, sheet: Sheet, subject: str, value: Value) -> None:
        term = scalar_term(value)
        sheet.say(subject, self.predicate, term)
        if self.repeated:
            sheet.say(subject, self.repeated, literal(value_of(term)))

    def read(self, node: Node, notes: Notebook, where: str) -> JsonValue:
        terms = by_language(node.literals(self.predicate))
        return self.reader(notes, _typed(terms[0]), where) if terms else None


def scalar_term(value: str | float | bool) -> str:
    """A literal of the value's own type."""
    if isinstance(value, bool):
        return literal("true" if value else "false", XSD.boolean)
    if isinstance(value, int):
        return literal(str(value), XSD.integer)
    return literal(repr(value), XSD.double) if isinstance(value, float) else literal(value)


def _typed(term: str) -> JsonValue:
    datatype, written = datatype_of(term), value_of(term)
    if datatype == XSD.boolean and written in {"true", "false", "1", "0"}:
        return written in {"true", "1"}
    if datatype in {XSD.integer, XSD.int, XSD.long, XSD.nonNegativeInteger} and _WHOLE.fullmatch(written):
        return int(written)
    if datatype in {XSD.double, XSD.decimal, XSD.float} and len(written) <= 30:  # noqa: PLR2004 - digits of a double
        try:
            return float(written)
        except ValueError:
            return written
    return written


@dataclass(frozen=True)
class Date(Kind):
    """A date as exact as it is stated."""

    predicate: str
    _: KW_ONLY
    also: tuple[str, ...] = ()
    reader: Reader = field(default_factory=date)
    how: str = "xsd:gYear, xsd:gYearMonth, xsd:date or xsd:dateTime, as exact as it is stated"

    @property
    def predicates(self) -> tuple[str, ...]:
        return (self.predicate, *self.also)

    def write(self, sheet: Sheet, subject: str, value: Value) -> None:
        sheet.say(subject, self.predicate, moment(value))

    def read(self, node: Node, notes: Notebook, where: str) -> JsonValue:
        found: JsonValue = None
        for term in only(notes, node.literals(*self.predicates), where):
            # Each is looked at: what cannot be a date is told, whichever comes first.
            stated = self.reader(notes, value_of(term), where)
            found = found or stated
        return found


def moment(written: str) -> str:
    """The literal of an ISO 8601 text, in the form that XML Schema gives its exactness; other text stays text."""
    found = _MOMENT.fullmatch(written)
    if found is None:
        return literal(written)
    year, month, day, minute, second, zone = found.groups()
    if month is None:
        return literal(year, XSD.gYear)
    if day is None:
        return literal(f"{year}-{month}", XSD.gYearMonth)
    if minute is None:
        return literal(f"{year}-{month}-{day}", XSD.date)
    second = (second or ":00").replace(",", ".")
    zone = (zone or "").upper()
    zone = f"{zone[:3]}:{zone[3:]}" if len(zone) == len("+0100") else zone
    return literal(f"{year}-{month}-{day}T{minute}{second}{zone}", XSD.dateTime)


def only(notes: Notebook, terms: Sequence[str], where: str) -> list[str]:
    """Terms of which one is expected, in order; a second one is reported."""
    found = in_order(dict.fromkeys(terms))
    if len(found) > 1:
        notes.warn(where, f"{len(found)} values are given where one is expected.", "Give one value.")
    return found
