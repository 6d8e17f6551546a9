"""A dataset's own description out of a document: bounded, and the same bytes whenever it says the same."""

import pytest

from harvesters.errors import GatherError
from harvesters.rdf_reading import read_rdf
from harvesters.rdf_records import Described, Document, listed_only

PREFIXES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix : <https://portal.example/> .
"""


def described(turtle: str) -> list[Described]:
    return [*Document(read_rdf((PREFIXES + turtle).encode()).statements).datasets()]


def lines(turtle: str) -> str:
    (found,) = described(turtle)
    return found.lines


def test_a_description_holds_what_belongs_to_the_dataset_and_nothing_else() -> None:
    found = lines(
        ':1 a dcat:Dataset ; dct:title "One" ; dcat:distribution :f ; dct:relation :other ; dct:publisher :p . '
        ':f a dcat:Distribution ; dct:title "File" . :p a foaf:Agent ; foaf:name "P" . :q foaf:name "Q" . '
        ':c a dcat:Catalog ; dct:title "C" ; dcat:dataset :1 . :r a dcat:CatalogRecord ; foaf:primaryTopic :1 .'
    )
    assert {"One", "File", "P"} <= {part for part in found.split('"') if part}
    assert "Q" not in found
    assert "CatalogRecord" not in found


def test_another_dataset_is_named_and_not_repeated() -> None:
    first, second = described(
        ':1 a dcat:Dataset ; dct:title "One" ; dct:source :2 . :2 a dcat:Dataset ; dct:title "Two" .'
    )
    assert "Two" not in first.lines
    assert "Two" in second.lines


def test_a_service_comes_with_the_dataset_it_serves_and_without_the_others() -> None:
    found = described(
        ':1 a dcat:Dataset . :2 a dcat:Dataset . :s a dcat:DataService ; dct:title "S" ; dcat:servesDataset :1, :2 .'
    )[0].lines
    assert '"S"' in found
    assert "portal.example/2" not in found


def test_a_concept_does_not_bring_its_vocabulary() -> None:
    found = lines(
        ':1 a dcat:Dataset ; dcat:theme :t . :t a skos:Concept ; skos:prefLabel "T" ; skos:broader :u . '
        ':u a skos:Concept ; skos:prefLabel "U" .'
    )
    assert '"T"' in found
    assert '"U"' not in found


def test_shapes_and_imports_are_left_out() -> None:
    found = lines(":1 a dcat:Dataset ; sh:deactivated true ; owl:imports <http://127.0.0.1:9/x> .")
    assert found.count("\n") == 1


@pytest.mark.parametrize(
    "other",
    [
        ':1 dcat:keyword "b", "a" ; a dcat:Dataset ; dcat:contactPoint [ foaf:name "Y" ], [ foaf:name "X" ] .',
        (
            '_:z foaf:name "X" . _:a foaf:name "Y" . '
            ':1 a dcat:Dataset ; dcat:contactPoint _:z, _:a ; dcat:keyword "a", "b" .'
        ),
    ],
)
def test_the_same_description_is_the_same_bytes(other: str) -> None:
    first = ':1 a dcat:Dataset ; dcat:keyword "a", "b" ; dcat:contactPoint [ foaf:name "X" ], [ foaf:name "Y" ] .'
    assert lines(other) == lines(first)


def test_nested_blank_nodes_are_named_by_what_they_lead_to() -> None:
    one = ':1 a dcat:Dataset ; dct:temporal [ dct:relation [ dct:title "a" ] ], [ dct:relation [ dct:title "b" ] ] .'
    other = ':1 a dcat:Dataset ; dct:temporal [ dct:relation [ dct:title "b" ] ], [ dct:relation [ dct:title "a" ] ] .'
    assert lines(one) == lines(other)


def test_a_changed_description_is_other_bytes() -> None:
    assert lines(':1 a dcat:Dataset ; dcat:keyword "a" .') != lines(':1 a dcat:Dataset ; dcat:keyword "b" .')


def test_a_circle_of_blank_nodes_ends() -> None:
    assert "_:b1" in lines(":1 a dcat:Dataset ; dct:relation _:x . _:x dct:relation _:y . _:y dct:relation _:x .")


def test_a_chain_without_end_is_followed_without_recursion() -> None:
    chain = " ".join(f"_:n{number} dct:relation _:n{number + 1} ." for number in range(3_000))
    assert lines(f":1 a dcat:Dataset ; dct:relation _:n0 . {chain}").count("\n") == 3_002


def test_descriptions_that_repeat_each_other_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harvesters.rdf_records.LEAST_BUDGET", 100)
    monkeypatch.setattr("harvesters.rdf_records.REPEATED", 2)
    shared = " ".join(f"_:s dct:relation :x{number} ." for number in range(200))
    datasets = " ".join(f":{number} a dcat:Dataset ; dct:relation _:s ." for number in range(50))
    with pytest.raises(GatherError):
        described(f"{datasets} {shared}")


def test_a_catalogue_is_no_dataset_and_a_listed_one_may_be_missing() -> None:
    found = read_rdf(
        (PREFIXES + ":c a dcat:Catalog, dcat:Dataset ; dcat:dataset :1, :2 . :1 a dcat:Dataset .").encode()
    )
    assert [each.root for each in Document(found.statements).datasets()] == ["<https://portal.example/1>"]
    assert listed_only(found.statements) == {"<https://portal.example/2>"}
