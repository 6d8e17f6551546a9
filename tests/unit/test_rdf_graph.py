"""Lines of N-Triples, and what is read from them."""

import pytest

from schemas.crosswalks.rdf_graph import (
    Graph,
    Node,
    NotTriples,
    datatype_of,
    in_order,
    language_of,
    statements,
    value_of,
)
from schemas.crosswalks.rdf_terms import DCT, SKOS, link, literal, short

ROOT = "<https://a.example/1>"


def node(*lines: str) -> Node:
    return Node(Graph.of(statements("\n".join(lines)), ROOT), ROOT)


@pytest.mark.parametrize("text", ["plain", 'a "quoted" \\ word', "two\nlines\r", "é \u2028 \U0001f600", "", "\t"])
def test_a_text_comes_back_from_its_literal(text: str) -> None:
    line = f"{ROOT} <{DCT.title}> {literal(text)} ."
    assert value_of(statements(line)[ROOT][DCT.title][0]) == text


@pytest.mark.parametrize(
    ("escaped", "text"),
    [
        ("\\u00e9", "é"),
        ("\\U0001F600", "\U0001f600"),
        ("\\t\\b", "\t\b"),
        ("\\uD800", "\ufffd"),
        ("\\UFFFFFFFF", "\ufffd"),
    ],
)
def test_an_escape_is_the_character_it_stands_for(escaped: str, text: str) -> None:
    assert value_of(f'"{escaped}"') == text


def test_a_literal_tells_its_language_and_datatype() -> None:
    assert language_of('"a"@en-GB') == "en-gb"
    assert datatype_of('"1"^^<http://a.example/t>') == "http://a.example/t"
    assert (language_of('"a@en"'), datatype_of('"a"@en')) == ("", "")


def test_a_graph_name_is_passed_over() -> None:
    assert statements(f'{ROOT} <{DCT.title}> "T" <https://a.example/graph> .') == {ROOT: {DCT.title: ['"T"']}}


@pytest.mark.parametrize(
    "line", ["nonsense", "<a> <b>", '<a> <b> "c', '<a> <b> "c" d .', "<a> <b> << <c> <d> <e> >> ."]
)
def test_what_is_no_statement_is_told_with_its_line(line: str) -> None:
    with pytest.raises(NotTriples) as caught:
        statements(f"# a comment\n\n{line}")
    assert caught.value.line == 3


@pytest.mark.parametrize("line", [f'{ROOT} <p> "{"x" * 10**6}', ROOT + " " * 10**6, f'{ROOT} <p> "{chr(92) * 10**6}'])
def test_no_line_takes_long(line: str) -> None:
    # An expression that goes back and forth would take hours.
    with pytest.raises(NotTriples):
        statements(line)


def test_nodes_come_in_the_order_in_which_a_person_counts() -> None:
    assert in_order(["<a#t-10>", "<a#t-9>", "<a#t-2-b>"]) == ["<a#t-2-b>", "<a#t-9>", "<a#t-10>"]


def test_a_collection_stands_for_its_items() -> None:
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    found = node(
        f"{ROOT} <p> _:l1 .",
        f"_:l1 <{rdf}first> <https://a.example/x> .",
        f"_:l1 <{rdf}rest> _:l2 .",
        f"_:l2 <{rdf}first> <https://a.example/y> .",
        f"_:l2 <{rdf}rest> <{rdf}nil> .",
    )
    assert [each.address for each in found.nodes("p")] == ["https://a.example/x", "https://a.example/y"]


def test_a_collection_that_runs_in_a_circle_ends() -> None:
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    found = node(f"{ROOT} <p> _:l .", f"_:l <{rdf}first> <https://a.example/x> .", f"_:l <{rdf}rest> _:l .")
    assert [each.address for each in found.nodes("p")] == ["https://a.example/x"]


def test_an_address_that_words_explain_is_not_read_again() -> None:
    found = node(
        f"{ROOT} <p> <https://a.example/1#place> .",
        f"{ROOT} <p> <https://places.example/7> .",
        f"<https://a.example/1#place> <{SKOS.exactMatch}> <https://places.example/7> .",
    )
    assert [each.term for each in found.nodes("p")] == ["<https://a.example/1#place>"]


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "https://a.example/b c",
        "https://a.example/%zz",
        "https://[a",
        "https://a.example/" + "x" * 3000,
        "not an address",
        "",
    ],
)
def test_what_may_not_become_a_link_is_none(text: str) -> None:
    assert link(text) is None


def test_an_address_is_a_term() -> None:
    assert link("https://a.example/ü?b=1#c") == "<https://a.example/ü?b=1#c>"
    assert short(DCT.title) == "dct:title"
    assert short("https://a.example/") == "https://a.example/"
