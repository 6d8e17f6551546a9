"""What governs access and use: statements of rights under headings, and the access right they amount to."""

from dataclasses import KW_ONLY, dataclass
from typing import Final

from schemas.crosswalks.dcat_authorities import ACCESS_LEVELS, EU
from schemas.crosswalks.dcat_sheet import Kind, Sheet, Value, below, words_of
from schemas.crosswalks.rdf_graph import Node, value_of
from schemas.crosswalks.rdf_terms import DCT, RDFS, SKOS, iri, literal
from schemas.crosswalks.reading import Notebook, Reader
from schemas.crosswalks.text import JsonValue


@dataclass(frozen=True)
class Rights(Kind):
    """What governs access and use, as a statement of rights with a heading of its own.

    `implies` are values that say that the data are had on application only, or without: their statement says
    `skos:closeMatch` of the EU access right, which the dataset then has, unless it states another.
    """

    heading: str
    _: KW_ONLY
    fragment: str
    reader: Reader
    is_list: bool = False
    takes_others: bool = False
    how: str = ""

    @property
    def predicates(self) -> tuple[str, ...]:
        return (DCT.rights, DCT.accessRights) if self.takes_others else (DCT.rights,)

    def write(self, sheet: Sheet, subject: str, value: Value) -> None:
        term = below(subject, self.fragment)
        sheet.say(subject, DCT.rights, term)
        sheet.type(term, DCT.RightsStatement)
        sheet.say(term, RDFS.label, literal(self.heading))
        for each in value if self.is_list else (value,):
            sheet.say(term, DCT.description, literal(each))

    def read(self, node: Node, notes: Notebook, where: str) -> JsonValue:
        found: list[str] = []
        for each in node.nodes(DCT.rights):
            if self.heading in map(value_of, each.literals(RDFS.label)):
                found += [value_of(term) for term in sorted(each.literals(DCT.description))]
        if self.takes_others and not found:
            found = self._others(node, notes, where)
        if self.is_list:
            return self.reader(notes, found, where)
        return self.reader(notes, "\n\n".join(found), where) if found else None

    def _others(self, node: Node, notes: Notebook, where: str) -> list[str]:
        """What others say of rights, without a heading of ours and without the codes of the EU list."""
        found = [value_of(term) for place in self.predicates for term in node.literals(place)]
        for place in self.predicates:
            for each in node.nodes(place):
                is_ours = any(value_of(term) in HEADINGS for term in each.literals(RDFS.label))
                if not is_ours and not each.address.startswith(f"{EU}access-right/"):
                    found += [words] if (words := words_of(each, notes, where, DCT.description)) else []
        return found


HEADINGS: Final = {
    "Access rights": "access-rights",
    "Access service": "access-service",
    "Way of access": "way-of-access",
    "Cost of access": "access-cost",
    "Time to access": "time-to-access",
    "Apply elsewhere": "apply-elsewhere",
    "Limits on use": "limits-on-use",
    "Conditions of use": "conditions-of-use",
}
"""Headings of statements of rights. They are part of what is exchanged: a changed one is not understood by others."""


def derive_access_right(sheet: Sheet, subject: str, level: str, heading: str) -> None:
    """Give the dataset the access right that its own words under a heading amount to."""
    address = iri(ACCESS_LEVELS.address(level))
    sheet.say(subject, DCT.accessRights, address)
    sheet.type(address, DCT.RightsStatement)
    sheet.say(below(subject, HEADINGS[heading]), SKOS.closeMatch, address)
