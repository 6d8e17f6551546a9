"""Fields that stand in RDF as a node of its own: a link or words, a code with its authority's address, a part."""

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from functools import cached_property

from schemas.crosswalks.dcat_sheet import (
    Kind,
    Sheet,
    Value,
    all_words,
    below,
    checked_address,
    first_of,
    label_of,
    words_of,
)
from schemas.crosswalks.rdf_graph import Node, value_of
from schemas.crosswalks.rdf_terms import RDFS, SKOS, iri, link, literal, short
from schemas.crosswalks.reading import Notebook, Reader
from schemas.crosswalks.text import JsonValue
from schemas.crosswalks.values import texts


@dataclass(frozen=True)
class Authority:
    """The addresses that an authority has for our values, and what else means one of them."""

    addresses: Mapping[str, str]
    other: Mapping[str, str] = field(default_factory=dict)

    def address(self, value: str) -> str:
        """The address of a value, or nothing."""
        return self.addresses.get(value, "")

    def value(self, address: str) -> str:
        """The value that an address means, or nothing."""
        return self._values.get(address) or self.other.get(address, "")

    @cached_property
    def _values(self) -> dict[str, str]:
        return {address: value for value, address in self.addresses.items()}


NOBODY = Authority({})


@dataclass(frozen=True)
class Link(Kind):
    """Addresses, or words for what has none, unless it takes addresses alone.

    Of the properties it reads the first that is stated counts, or with `takes_all` all of them.

    `address_of` makes an address of a value that is not written as one, such as a DOI, and `value_of` undoes it.
    """

    predicate: str
    _: KW_ONLY
    kind: str = ""
    fragment: str
    label: str = RDFS.label
    is_list: bool = True
    also: tuple[str, ...] = ()
    reader: Reader = field(default_factory=texts)
    address_of: Callable[[str], str] = str
    value_of: Callable[[str], str] = str
    takes_words: bool = True
    takes_all: bool = False
    how: str = "the address; words stand on a node with rdfs:label"

    @property
    def predicates(self) -> tuple[str, ...]:
        return (self.predicate, *self.also)

    def write(self, sheet: Sheet, subject: str, value: Value) -> None:
        values = value if self.is_list else (value,)
        for number, each in enumerate(values, 1):
            term = link(self.address_of(each))
            if term is None and self.takes_words is False:
                sheet.leave_out(short(self.predicate), f"“{each:.80}” is not an address.")
            elif term is None:
                term = below(subject, f"{self.fragment}-{number}" if self.is_list else self.fragment)
                sheet.say(subject, self.predicate, term)
                sheet.type(term, self.kind)
                sheet.say(term, self.label, literal(each))
            else:
                sheet.say(subject, self.predicate, term)
                sheet.type(term, self.kind)

    def read(self, node: Node, notes: Notebook, where: str) -> JsonValue:
        found = [self.value_of(words) for words in self._words(node, notes, where)]
        if self.is_list:
            return self.reader(notes, found, where)
        if len(found) > 1:
            notes.warn(where, f"{len(found)} values are given where one is expected.", "Give one value.")
        return self.reader(notes, found[0], where) if found else None

    def _words(self, node: Node, notes: Notebook, where: str) -> list[str]:
        if self.takes_all:
            stated = (all_words(node, notes, where, (each,), self.label) for each in self.predicates)
            return [words for each in stated for words in each]
        if self.takes_words:
            return all_words(node, notes, where, self.predicates, self.label)
        addresses = (each.address for each in node.nodes(*self.predicates))
        return [found for each in addresses if each and (found := checked_address(each, notes, where))]


@dataclass(frozen=True)
class Named(Kind):
    """Words on nodes of the description's own, and beside them the address that an authority has for the same.

    The words say `skos:exactMatch` of such an address, so that reading takes the words and passes the address over.
    """

    predicate: str
    _: KW_ONLY
    kind: str
    fragment: str
    label: str = RDFS.label
    is_list: bool = True
    authority: Authority = NOBODY
    takes_addresses: bool = True
    reader: Reader
    how: str = "words on a node"

    @property
    def predicates(self) -> tuple[str, ...]:
        return (self.predicate,)

    def write(self, sheet: Sheet, subject: str, value: Value) -> None:
        for number, each in enumerate(value if self.is_list else (value,), 1):
            term = below(subject, f"{self.fragment}-{number}" if self.is_list else self.fragment)
            sheet.say(subject, self.predicate, term)
            sheet.type(term, self.kind)
            sheet.say(term, self.label, literal(each))
            known = self.authority.address(each)
            # An address that the description states itself is no repetition of the words.
            if known and not sheet.says(subject, self.predicate, iri(known)):
                sheet.say(subject, self.predicate, iri(known))
                sheet.type(iri(known), self.kind)
                sheet.say(term, SKOS.exactMatch, iri(known))

    def read(self, node: Node, notes: Notebook, where: str) -> JsonValue:
        found = [value_of(term) for term in sorted(node.literals(self.predicate))]
        for each in node.nodes(self.predicate):
            if each.address and not self.takes_addresses:
                continue
            known = self.authority.value(each.address)
            if words := known or label_of(each, self.label) or words_of(each, notes, where):
                found.append(words)
        if self.is_list:
            return self.reader(notes, first_of(found, notes, where), where)
        return self.reader(notes, found[0], where) if found else None


@dataclass(frozen=True)
class Coded(Kind):
    """A code as the address that an authority has for it, and as nothing else."""

    predicate: str
    _: KW_ONLY
    kind: str
    authority: Authority
    is_list: bool = False
    reader: Reader
    how: str = "the authority's address"

    @property
    def predicates(self) -> tuple[str, ...]:
        return (self.predicate,)

    def write(self, sheet: Sheet, subject: str, value: Value) -> None:
        for each in value if self.is_list else (value,):
            if known := self.authority.address(each):
                sheet.say(subject, self.predicate, iri(known))
                sheet.type(iri(known), self.kind)
            else:
                sheet.leave_out(short(self.predicate), f"The authority has no address for “{each}”.")

    def read(self, node: Node, notes: Notebook, where: str) -> JsonValue:
        found = [value_of(term) for term in sorted(node.literals(self.predicate))]
        for each in node.nodes(self.predicate):
            if known := self.authority.value(each.address):
                found.append(known)
            elif words := each.address or label_of(each):
                found.append(words)
        if self.is_list:
            return self.reader(notes, found, where)
        return self.reader(notes, found if len(found) > 1 else found[0], where) if found else None
