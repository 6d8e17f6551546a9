import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.search.query import MOST_CHARACTERS, MOST_WORDS, Choice, Phrase, Question, Word, parse


def word(text: str, field: str = "", *, is_prefix: bool = False) -> Word:
    return Word(text, field, is_prefix)


@pytest.mark.parametrize(
    ("text", "required"),
    [
        ("", ()),
        ("   \t\n", ()),
        ("Heart attack", (word("heart"), word("attack"))),
        ("heart heart HEART", (word("heart"),)),
        ('"heart attack"', (Phrase(("heart", "attack")),)),
        ("“heart attack”", (Phrase(("heart", "attack")),)),
        ('"heart"', (word("heart"),)),
        ('""', ()),
        ('say "quality of life" now', (word("say"), Phrase(("quality", "of", "life")), word("now"))),
        ("covid-19", (Phrase(("covid", "19"), is_typed=False),)),
        ("nhs_number", (Phrase(("nhs", "number"), is_typed=False),)),
        ("asthma/copd, (gout)", (word("asthma"), word("copd"), word("gout"))),
        ("A&E", (word("a&e"),)),
        ("Parkinson's", (word("parkinson"),)),
        ("Title:heart", (word("heart", "title"),)),
        ("columns: hba1c", (word("hba1c", "columns"),)),
        ('column:"nhs number"', (Phrase(("nhs", "number"), "columns"),)),
        ("keyword:x custodian:y", (word("x", "keywords"), word("y", "custodian"))),
        ("standard:SNOMED place:wales", (word("snomed", "standard"), word("wales", "place"))),
        ('code:J45 type:"health and disease"', (word("j45", "codes"), Phrase(("health", "and", "disease"), "type"))),
        ("title:", (word("title"),)),
        ("title:asthma:severe", (word("asthma", "title"), word("severe", "title"))),
        ("asthma AND copd", (word("asthma"), word("and"), word("copd"))),
        ("smoking - alcohol", (word("smoking"), word("alcohol"))),
        ("http://example.org", (word("http"), Phrase(("example", "org"), is_typed=False))),
        ("year:2020", (word("year"), word("2020"))),
        ("asth*", (word("asth", is_prefix=True),)),
        ("covid-1*", (Phrase(("covid", "1"), is_typed=False),)),
        ("asthma OR copd", (Choice((word("asthma"), word("copd"))),)),
        ("a1 OR b1 OR c1 d1", (Choice((word("a1"), word("b1"), word("c1"))), word("d1"))),
        ("OR asthma OR", (word("asthma"),)),
        ("asthma or copd", (word("asthma"), word("or"), word("copd"))),
        ('"heart attack" OR stroke', (Choice((Phrase(("heart", "attack")), word("stroke"))),)),
        ("- * -- ** :", ()),
        ("naïve", (word("naïve"),)),
        ("nai\u0308ve", (word("naïve"),)),
    ],
)
def test_a_question_is_taken_apart(text: str, required: tuple[object, ...]) -> None:
    assert parse(text) == Question(required)


@pytest.mark.parametrize(
    ("text", "excluded"),
    [
        ("-smoking", (word("smoking"),)),
        ("NOT smoking", (word("smoking"),)),
        ('-"heart attack"', (Phrase(("heart", "attack")),)),
        ("-title:heart", (word("heart", "title"),)),
        ("-asth*", (word("asth", is_prefix=True),)),
        ("--smoking", (word("smoking"),)),
        ("\u2013smoking", (word("smoking"),)),
        ("\u2212place:wales", (word("wales", "place"),)),
    ],
)
def test_words_are_excluded(text: str, excluded: tuple[object, ...]) -> None:
    assert parse(f"lungs {text}") == Question((word("lungs"),), excluded)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('5" scan', "quotation mark"),
        ("a*", "letters before it"),
        ("x " * MOST_CHARACTERS, "first 2,000 characters"),
        (" ".join(f"w{n}" for n in range(MOST_WORDS + 1)), "first 50 words"),
        (" ".join(f"-w{n}" for n in range(MOST_WORDS + 1)), "first 50 words"),
    ],
)
def test_what_was_left_out_is_said(text: str, said: str) -> None:
    (notice,) = parse(text).notices
    assert said in notice


def test_an_unpaired_quotation_mark_costs_only_itself() -> None:
    assert parse('"heart attack" 5" scan').required == (
        Phrase(("heart", "attack")),
        word("5"),
        word("scan"),
    )


@given(st.text(max_size=300))
def test_every_text_is_a_question(text: str) -> None:
    question = parse(text)
    for part in (*question.required, *question.excluded):
        assert part


@given(st.text(alphabet="ab \"-*:OR|()&'\\\x00\ud800", max_size=80))
def test_operators_in_any_order_are_a_question(text: str) -> None:
    parse(text)
