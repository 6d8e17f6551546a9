import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.search.analysis import STOP_WORDS, compose, term_of, word_end, word_starts, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hospital admissions", ["hospital", "admissions"]),
        ("A&E and R&D, drug&alcohol", ["a&e", "and", "r&d", "drug", "alcohol"]),
        ("Alzheimer's & Parkinson\u2019s", ["alzheimer", "parkinson"]),
        ("dm+d, A+E and (DM+D's)", ["dm+d", "a+e", "and", "dm+d"]),
        ("asthma+af, 5+ years, 1+1, c++, nhs+dm+d", ["asthma", "af", "5", "years", "1", "1", "c", "nhs", "dm+d"]),
        ("PATIENT_ID, covid-19", ["patient", "id", "covid", "19"]),
        ("don't", ["don", "t"]),
        ("Ünïcode ΑΒΓ 心臓", ["ünïcode", "αβγ", "心臓"]),
        ("", []),
    ],
)
def test_words_of_a_text(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("admissions", "admission"),
        ("hospitals", "hospital"),
        ("organization", "organisation"),
        ("randomized", "randomised"),
        ("sjögren", "sjogren"),
        ("HOSPITAL".lower(), "hospital"),
        ("x" * 100, "x" * 200),
    ],
)
def test_words_with_one_meaning_have_one_term(one: str, other: str) -> None:
    assert term_of(one) == term_of(other) != b""


@pytest.mark.parametrize(
    ("one", "other"), [("organisation", "organ"), ("hospitalisation", "hospital"), ("size", "six")]
)
def test_words_with_different_meanings_have_different_terms(one: str, other: str) -> None:
    assert term_of(one) != term_of(other)


def test_stop_words_have_no_term_and_abbreviations_do() -> None:
    assert {term_of(word) for word in STOP_WORDS} == {b""}
    assert all(map(term_of, ("who", "us", "e", "t", "icu")))


TEXTS = st.text(alphabet=st.sampled_from("aB1 .,_-&+'\u2019éİß\u017f\n"), max_size=60) | st.text(max_size=60)


@given(TEXTS)
def test_the_places_of_words_are_where_the_words_are(text: str) -> None:
    text = compose(text)
    starts = word_starts(text).tolist()
    assert len(starts) == len(words(text))
    for start, word in zip(starts, words(text), strict=True):
        end = word_end(text, start)
        shown = text[start:end].replace("\u0130", "I").lower()
        assert shown in {word, f"{word}'s", f"{word}\u2019s"}


@given(st.text())
def test_every_text_can_be_analysed_and_written(text: str) -> None:
    for word in words(compose(text)):
        term_of(word).decode()
    compose(text).encode()
