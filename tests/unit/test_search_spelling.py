import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.search.spelling import WordList, forgiven, suggestions

WORDS = {"admission": 90, "admissions": 60, "hospice": 4, "hospital": 80, "icd10": 9, "mission": 7, "stroke": 3}


def make_list(words: dict[str, int]) -> WordList:
    return WordList(sorted(words), np.array([words[word] for word in sorted(words)]))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hosptal", ("hospital",)),
        ("hopsital", ("hospital",)),
        ("hospitall", ("hospital",)),
        ("hospitol", ("hospital",)),
        ("admisions", ("admissions", "admission")),
        ("admsisons", ("admissions",)),
        ("storke", ("stroke",)),
        ("hsoptial", ("hospital",)),
        ("icd11", ()),
        ("ocd", ()),
        ("zebra", ()),
        ("hxsptxl", ()),
    ],
)
def test_typing_errors_are_forgiven(typed: str, meant: tuple[str, ...]) -> None:
    assert suggestions(typed, [make_list(WORDS)])[:1] == meant[:1]
    assert set(suggestions(typed, [make_list(WORDS)])) <= set(meant)


def test_the_first_letter_is_believed_unless_nothing_begins_with_it() -> None:
    assert suggestions("gane", [make_list({"gene": 1, "cane": 9})]) == ("gene",)
    assert suggestions("xidney", [make_list({"kidney": 1})]) == ("kidney",)


def test_the_counts_of_all_segments_decide() -> None:
    lists = [make_list({"gene": 9, "genu": 1}), make_list({"genu": 50})]
    assert suggestions("genx", lists) == ("genu", "gene")


def test_what_hardly_any_document_has_is_not_suggested() -> None:
    assert suggestions("genx", [make_list({"gene": 500, "genu": 1})]) == ("gene",)


@pytest.mark.parametrize(("word", "errors"), [("gp", 0), ("gene", 1), ("hospita", 1), ("hospital", 2), ("hba1c", 0)])
def test_longer_words_may_have_more_errors(word: str, errors: int) -> None:
    assert forgiven(word) == errors


def test_an_empty_list_suggests_nothing() -> None:
    assert suggestions("hospital", [make_list({})]) == ()
    assert suggestions("hospital", []) == ()


def plain_distance(one: str, other: str) -> int:
    """Written without thought for speed, to compare with."""
    table = {(0, column): column for column in range(len(other) + 1)} | {(row, 0): row for row in range(len(one) + 1)}
    for row in range(1, len(one) + 1):
        for column in range(1, len(other) + 1):
            table[row, column] = min(
                table[row - 1, column] + 1,
                table[row, column - 1] + 1,
                table[row - 1, column - 1] + (one[row - 1] != other[column - 1]),
            )
            if row > 1 and column > 1 and (one[row - 1], one[row - 2]) == (other[column - 2], other[column - 1]):
                table[row, column] = min(table[row, column], table[row - 2, column - 2] + 1)
    return table[len(one), len(other)]


@given(
    st.lists(st.text("abcd\u00e9", min_size=1, max_size=7), min_size=1, max_size=12, unique=True),
    st.text("abcd\u00e9", min_size=1, max_size=7),
    st.integers(1, 2),
)
def test_near_words_are_exactly_those_within_reach(found: list[str], word: str, errors: int) -> None:
    expected = {other: far for other in found if (far := plain_distance(word, other)) <= errors}
    words = make_list(dict.fromkeys(found, 1))
    assert words.near(word, errors) == expected
    same = {other: far for other, far in expected.items() if other[0] == word[0]}
    assert words.near(word, errors, same_start=True) == same


@given(st.lists(st.text("ab", min_size=1, max_size=4), unique=True), st.text("ab", min_size=1, max_size=3))
def test_words_that_begin_so(found: list[str], prefix: str) -> None:
    begun = make_list(dict.fromkeys(found, 1)).beginning(prefix)
    assert [word for word, _ in begun] == sorted(word for word in found if word.startswith(prefix))
