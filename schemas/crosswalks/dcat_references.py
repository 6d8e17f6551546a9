"""Other datasets that a description names, and its own earlier versions."""

from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

from schemas.crosswalks.dcat_people import DOI, doi_address
from schemas.crosswalks.dcat_sheet import LABELS, Kind, Sheet, Value, all_words, below, by_language, checked_address
from schemas.crosswalks.dcat_values import Text
from schemas.crosswalks.hdruk_relations import bare_doi
from schemas.crosswalks.identifiers import identifier_of, is_uuid
from schemas.crosswalks.rdf_graph import Node, value_of
from schemas.crosswalks.rdf_terms import ADMS, DCAT, DCT, FOAF, PROV, SKOS, iri, link, literal
from schemas.crosswalks.reading import Json, Notebook
from schemas.crosswalks.text import JsonValue
from schemas.crosswalks.values import text


@dataclass(frozen=True)
class Revisions(Kind):
    """Earlier versions: what is stated of each, and beside it the address that continues it for machines."""

    fields: ClassVar[tuple[str, ...]] = ("version", "url")
    how: str = "a node with dcat:version and dct:identifier; its address also as prov:wasRevisionOf"

    @property
    def predicates(self) -> tuple[str, ...]:
        return (DCAT.previousVersion, PROV.wasRevisionOf, DCT.replaces, ADMS.prev)

    def write(self, sheet: Sheet, subject: str, value: Value) -> None:
        for number, each in enumerate(value, 1):
            term = below(subject, f"revision-{number}")
            sheet.say(subject, DCAT.previousVersion, term)
            if each.version:
                sheet.say(term, DCAT.version, literal(each.version))
            if not each.url:
                continue
            sheet.say(term, DCT.identifier, literal(each.url))
            address = iri(f"urn:uuid:{each.url}") if is_uuid(each.url) else link(each.url)
            # Sources list the current version among the earlier ones.
            if address and identifier_of(each.url) != sheet.identifier:
                sheet.say(subject, PROV.wasRevisionOf, address)
                sheet.say(term, SKOS.exactMatch, address)

    def read(self, node: Node, notes: Notebook, where: str) -> JsonValue:
        found: list[Json] = []
        for each in (each for predicate in self.predicates for each in node.nodes(predicate)):
            identifiers = all_words(each, notes, where, (DCT.identifier,))
            version = Text(DCAT.version).read(each, notes, where)
            url = text()(notes, identifiers[0], where) if each.is_own and identifiers else each.address
            facts = {key: value for key, value in (("version", version), ("url", url)) if value}
            is_repeated = not each.is_own and any(url == other.get("url") for other in found)
            if facts and not is_repeated:
                found.append(facts)
        return found


@dataclass(frozen=True)
class References(Kind):
    """Other datasets: the address alone where it says all that is known, else a node with what is known.

    A `dcat:Relationship` is read as what it relates to; it cannot be written, since that must be described as well.
    """

    predicate: str
    _: KW_ONLY
    fragment: str
    also: tuple[str, ...] = ()
    fields: ClassVar[tuple[str, ...]] = ("pid", "title", "url")
    how: str = "the address, or a node with dct:title, dct:identifier and foaf:page"

    @property
    def predicates(self) -> tuple[str, ...]:
        return (self.predicate, *self.also)

    def write(self, sheet: Sheet, subject: str, value: Value) -> None:
        for number, each in enumerate(value, 1):
            term = self._address(each.pid, each.title, each.url)
            if term is None:
                term = below(subject, f"{self.fragment}-{number}")
                for place, stated in ((DCT.title, each.title), (DCT.identifier, each.pid)):
                    if stated:
                        sheet.say(term, place, literal(stated))
                if each.url:
                    sheet.say(term, FOAF.page, link(each.url) or literal(each.url))
            sheet.say(subject, self.predicate, term)

    def _address(self, pid: str | None, title: str | None, url: str | None) -> str | None:
        """The address that says all that is stated, and from which it can be read back."""
        if title or (pid and url):
            return None
        if pid:
            return link(doi_address(pid)) if DOI.fullmatch(pid) else iri(f"urn:uuid:{pid}") if is_uuid(pid) else None
        is_derivable = url and (bare_doi(url) != url or url.casefold().startswith("urn:uuid:"))
        return None if is_derivable else link(url or "")

    def read(self, node: Node, notes: Notebook, where: str) -> JsonValue:
        found: list[Json] = [{"title": value_of(term)} for term in sorted(node.literals(*self.predicates))]
        for each in self._nodes(node):
            known, stated = self._known_address, self._stated
            facts = known(each.address, notes, where) if each.address else stated(each, notes, where)
            if facts and facts not in found:
                found.append(facts)
        return found

    def _nodes(self, node: Node) -> Iterator[Node]:
        for predicate in self.predicates:
            for each in node.nodes(predicate):
                yield from each.nodes(DCT.relation) if each.objects(DCT.relation) else (each,)

    def _known_address(self, address: str, notes: Notebook, where: str) -> Json:
        bare = bare_doi(address).removeprefix("urn:uuid:")
        if bare != address and (is_uuid(bare) or DOI.fullmatch(bare)):
            return {"pid": bare}
        return {"url": found} if (found := checked_address(address, notes, where)) else {}

    def _stated(self, node: Node, notes: Notebook, where: str) -> Json:
        pages = all_words(node, notes, where, (FOAF.page,)) if node.objects(FOAF.page) else []
        identifiers = sorted(map(value_of, node.literals(DCT.identifier)))
        titles = [value_of(term) for term in by_language(node.literals(DCT.title, *LABELS[:-1]))]
        stated = {"pid": identifiers, "title": titles, "url": pages}
        read = ((key, text()(notes, found[0], where)) for key, found in stated.items() if found)
        return {key: value for key, value in read if value}
