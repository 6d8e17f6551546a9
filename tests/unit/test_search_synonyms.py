import re
from pathlib import Path

import pytest

from catalogue.search.analysis import fold, read_lines, terms_of, words
from catalogue.search.plan import (
    FindAll,
    FindBest,
    FindPhrase,
    FindSame,
    FindSome,
    FindTerm,
    loosened,
    some_of,
)
from catalogue.search.planning import MOST_BEGINNINGS, MOST_MENDED, make_plan
from catalogue.search.query import parse
from catalogue.search.synonyms import DEFAULT_FILE, Synonyms


def others(synonyms: Synonyms, text: str) -> set[str]:
    return {alternative.text for alternative in synonyms.of(tuple(terms_of(words(text))))}


@pytest.fixture
def small(tmp_path: Path) -> Synonyms:
    path = tmp_path / "synonyms.txt"
    path.write_text("# comment\n\nmi, heart attack , myocardial infarction # why\ngp,general practice,gp\n,\nalone\n")
    return Synonyms(path)


def test_each_entry_of_a_group_stands_for_the_others(small: Synonyms) -> None:
    assert others(small, "MI") == {"heart attack", "myocardial infarction"}
    assert others(small, "Heart Attacks") == {"mi", "myocardial infarction"}
    assert others(small, "gp") == {"general practice"}
    assert others(small, "alone") == others(small, "heart") == set()
    assert small.longest == 2


def test_a_word_of_several_groups_has_the_others_of_all_in_their_order(tmp_path: Path) -> None:
    path = tmp_path / "synonyms.txt"
    path.write_text("angina,chest pain\nchest pain,thoracic pain\nof the heart,cardiac\n")
    synonyms = Synonyms(path)
    assert others(synonyms, "thoracic pain") == {"chest pain"}
    assert [each.text for each in synonyms.of(tuple(terms_of(["chest", "pain"])))] == ["angina", "thoracic pain"]
    assert others(synonyms, "of the heart") == {"cardiac"}
    assert synonyms.of(()) == ()
    assert terms_of(["thoracic"])[0] in synonyms.terms


def test_a_stem_begins_as_its_word_does() -> None:
    found = {word for line in read_lines(DEFAULT_FILE) for word in words(line)}
    found |= {"skies", "dying", "lying", "tying", "yelling", "being", "uses"}
    assert [word for word in found if not fold(word).startswith(terms_of([word])[0].decode()[:1])] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("COPD", "chronic obstructive pulmonary disease"),
        ("T2DM", "type 2 diabetes"),
        ("A&E", "emergency department"),
        ("general practitioner", "gp"),
        ("intensive care", "icu"),
        ("hospital episode statistics", "hes"),
        ("anemia", "anaemia"),
        ("pediatric", "paediatric"),
        ("haemoglobin", "hemoglobin"),
        ("heart attack", "mi"),
        ("covid", "covid-19"),
        ("diagnoses", "diagnosis"),
        ("emergency room", "a&e"),
        ("RSV", "respiratory syncytial virus"),
        ("hip replacement", "total hip replacement"),
        ("epinephrine", "adrenaline"),
        ("biorepository", "biobank"),
        ("waiting times", "referral to treatment"),
        ("IAPT", "improving access to psychological therapies"),
        ("breathlessness", "dyspnoea"),
        ("long term care facility", "care home"),
    ],
)
def test_the_words_of_health_are_known(text: str, expected: str) -> None:
    assert expected in others(Synonyms(), text)


def test_what_means_other_things_as_well_is_not_searched_in_place_of_the_others(tmp_path: Path) -> None:
    path = tmp_path / "synonyms.txt"
    path.write_text("dm, db > diabetes mellitus, diabetes\nms > multiple sclerosis\n")
    made = Synonyms(path)
    assert others(made, "DM") == others(made, "db") == {"diabetes mellitus", "diabetes"}
    assert others(made, "diabetes") == {"diabetes mellitus"}
    assert others(made, "MS") == {"multiple sclerosis"}
    assert others(made, "multiple sclerosis") == set()
    assert {b"dm", b"ms", b"diabet"} <= made.terms


def test_the_shortest_abbreviations_are_searched_only_where_they_mean_one_thing() -> None:
    synonyms = Synonyms()
    lines = [line for line in DEFAULT_FILE.read_text().splitlines() if line and not line.startswith("#")]
    entries = {entry.strip() for line in lines for entry in re.split("[,>]", line)}
    assert len(entries) > 1000
    found = {other.text for entry in entries for other in synonyms.of(tuple(terms_of(words(entry))))}
    assert {text for text in found if len(text) <= 2} == {"af", "bp", "gp", "mi", "tb", "uk"}


def test_the_code_list_of_medicines_is_no_diabetes() -> None:
    assert others(Synonyms(), "dm+d") == {"dmd", "dictionary of medicines and devices"}
    assert "dm" not in others(Synonyms(), "diabetes")
    assert "diabetes" in others(Synonyms(), "dm")


def test_the_file_has_groups_of_at_least_two_different_entries() -> None:
    synonyms = Synonyms()
    groups = [
        re.split("[,>]", line) for line in DEFAULT_FILE.read_text().splitlines() if line and not line.startswith("#")
    ]
    assert len(groups) >= 300
    for group in groups:
        terms = [tuple(terms_of(words(entry))) for entry in group]
        assert len(set(terms)) == len(terms) > 1, group
        assert all(any(each) for each in terms), group
        assert any(others(synonyms, entry) for entry in group), group


def test_no_entry_opens_the_door_to_everything() -> None:
    """The work for one word is bounded by what the groups say of it."""
    synonyms = Synonyms()
    assert synonyms.longest <= 8
    entries = [entry for line in read_lines(DEFAULT_FILE) for entry in line.split(",")]
    assert max(len(synonyms.of(tuple(terms_of(words(entry))))) for entry in entries) <= 8


class Words:
    """A lexicon that knows some words."""

    def __init__(self, *known: str) -> None:
        self.known = set(known)

    def has(self, term: bytes) -> bool:
        return term.decode() in self.known

    def near(self, word: str) -> tuple[str, ...]:
        return ("attack",) if word == "atack" else ()

    def beginning(self, prefix: str) -> tuple[bytes, ...]:
        return tuple(sorted(word.encode() for word in self.known if word.startswith(prefix)))


ALL = Words("heart", "attack", "mi", "lung", "gp")


def plan(text: str, small: Synonyms, lexicon: Words = ALL) -> tuple[object, ...]:
    return make_plan(parse(text), lexicon, small).required


MI = FindTerm(b"mi")
HEART, ATTACK = FindTerm(b"heart"), FindTerm(b"attack")


def test_words_in_a_row_have_synonyms_as_one(small: Synonyms) -> None:
    assert plan("lung heart attack", small) == (FindTerm(b"lung"), FindSame(FindAll((HEART, ATTACK)), (MI,)))


def test_only_synonyms_that_the_index_has_are_searched(small: Synonyms) -> None:
    made = make_plan(parse("heart attack"), ALL, small)
    assert made.synonyms == {"heart attack": ("mi",)}
    assert plan("gp", small) == (FindTerm(b"gp"),)


def test_a_phrase_has_synonyms_too(small: Synonyms) -> None:
    phrase = FindPhrase(((0, (b"heart",)), (1, (b"attack",))))
    assert plan('"heart attack"', small) == (FindSame(phrase, (MI,)),)


def test_stop_words_leave_gaps_in_phrases(small: Synonyms) -> None:
    assert plan('"the heart of lung"', small) == (FindPhrase(((0, (b"heart",)), (2, (b"lung",)))),)


def test_mended_words_have_synonyms(small: Synonyms) -> None:
    made = make_plan(parse("heart atack"), ALL, small)
    assert made.corrections == {"atack": ("attack",)}
    assert made.required == (FindSame(FindAll((HEART, ATTACK)), (MI,)),)


def test_a_word_that_the_synonyms_have_is_not_mended(small: Synonyms) -> None:
    made = make_plan(parse("atack"), Words("mi"), Synonyms())
    assert made.corrections == {"atack": ("attack",)}
    for text in ("general practice", "infarction", "myocardial infarction"):
        assert make_plan(parse(text), Words("gp"), small).corrections == {}


def test_only_so_many_words_of_a_question_are_mended(small: Synonyms) -> None:
    asked: list[str] = []

    class Counting(Words):
        def near(self, word: str) -> tuple[str, ...]:
            asked.append(word)
            return ()

    make_plan(parse(" ".join(f"unknown{number} xyz{number}" for number in range(25))), Counting(), small)
    assert len(asked) == len(set(asked)) == MOST_MENDED


def test_only_so_many_words_may_end_in_a_star(small: Synonyms) -> None:
    stars = plan(
        " ".join(f"he{letter}*" for letter in "abcdefghi"), small, Words(*(f"he{letter}x" for letter in "abcdefghi"))
    )
    assert [term.term.endswith(b"x") for term in stars] == [True] * MOST_BEGINNINGS + [False] * (9 - MOST_BEGINNINGS)


def test_what_is_excluded_has_no_synonyms(small: Synonyms) -> None:
    made = make_plan(parse("lung -mi -the"), ALL, small)
    assert made.excluded == (FindTerm(b"mi"),)


def test_giving_up_phrases_keeps_all_words_and_whole_synonyms(small: Synonyms) -> None:
    lexicon = Words("heart", "attack", "myocardi", "infarct")
    (node,) = make_plan(parse('"heart attack"'), lexicon, small).required
    phrase = FindPhrase(((0, (b"myocardi",)), (1, (b"infarct",))))
    whole = FindAll((FindTerm(b"myocardi"), FindTerm(b"infarct")))
    assert isinstance(node, FindSame)
    assert node.synonyms == (phrase,)
    assert loosened(node) == FindSame(FindAll((HEART, ATTACK)), (whole,))
    assert some_of([node]) == FindSome((HEART, ATTACK, whole))


def test_a_prefix_stands_for_the_words_that_begin_so(small: Synonyms) -> None:
    assert plan("he*", small, Words("heart", "health")) == (FindBest((FindTerm(b"health"), HEART)),)
    assert plan("zz*", small) == (FindTerm(b"zz"),)
