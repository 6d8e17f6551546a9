"""The table has a line for every field, and every code an address."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

import pytest

from schemas.crosswalks import dcat
from schemas.crosswalks.dcat_authorities import FREQUENCIES, LANGUAGES, PLACES
from schemas.crosswalks.dcat_rights import HEADINGS
from schemas.crosswalks.rdf_terms import PREFIXES
from schemas.metadata import Description
from schemas.metadata.codec import camel
from schemas.vocabularies import vocabulary


def leaves(kind: type[Any], path: str = "") -> Iterator[str]:
    hints = get_type_hints(kind)
    for each in fields(kind):
        here = f"{path}.{camel(each.name)}" if path else camel(each.name)
        inner = [part for part in (hints[each.name], *get_args(hints[each.name])) if is_dataclass(part)]
        if inner:
            yield from leaves(inner[0], here)
        else:
            yield here


def test_every_field_is_in_the_table_once() -> None:
    assert sorted(each.path for each in dcat.mapped()) == sorted(leaves(Description))


def test_a_place_begins_with_a_known_prefix() -> None:
    places = [each.place for each in (*dcat.mapped(), *dcat.ONLY_WRITTEN) if each.place]
    assert {place.partition(":")[0] for place in places} <= PREFIXES.keys()


def test_a_field_without_a_place_says_why() -> None:
    assert [each.path for each in dcat.mapped() if not (each.place or each.how)] == []
    assert {each.direction for each in dcat.mapped() if not each.place} == {"none"}


@pytest.mark.parametrize(
    ("authority", "codes"), [(FREQUENCIES, "publishing-frequency"), (LANGUAGES, "language")], ids=str
)
def test_every_code_has_an_address_of_its_own(authority: Any, codes: str) -> None:
    addresses = {authority.address(code) for code in vocabulary(codes).values}
    assert "" not in addresses
    assert len(addresses) == len(vocabulary(codes).values)
    assert all(authority.value(authority.address(code)) == code for code in vocabulary(codes).values)


def test_the_nations_of_the_united_kingdom_have_addresses() -> None:
    nations = ("United Kingdom", "England", "Scotland", "Wales", "Northern Ireland")
    assert all(PLACES.value(PLACES.address(nation)) == nation for nation in nations)
    assert PLACES.address("GB-ENG") == PLACES.address("England")
    assert PLACES.address("Atlantis") == ""


def test_headings_of_rights_do_not_change() -> None:
    """Other catalogues read them: what is sent today is read by those who run yesterday's version."""
    assert set(HEADINGS) == {
        "Access rights",
        "Access service",
        "Way of access",
        "Cost of access",
        "Time to access",
        "Apply elsewhere",
        "Limits on use",
        "Conditions of use",
    }
