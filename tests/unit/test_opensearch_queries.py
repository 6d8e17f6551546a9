"""What is sent to a server for a question: never more clauses than it takes, whatever is typed."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from catalogue.search.analysis import term_of
from catalogue.search.opensearch.fetched import FetchedExecutor
from catalogue.search.opensearch.queries import MOST_CLAUSES, Translation, count_clauses
from catalogue.search.plan import FindPhrase, FindTerm, some_of
from catalogue.search.planning import make_plan
from catalogue.search.query import parse
from catalogue.search.ranking import RANKING
from catalogue.search.synonyms import Synonyms

SYNONYMS = Synonyms()
WORDS = st.sampled_from(
    ["cancer", "MI", "heart attack", "covid-19", "diabetes", "hart", "a*", "asth*", "x", "-ra", "OR", '"']
)


class Everywhere:
    """Every word is in every document; every beginning stands for hundreds of words, every error for three."""

    total, newest = 1000, 0

    def count(self, _term: bytes) -> int:
        return 10

    def has(self, term: bytes) -> bool:
        return term != term_of("hart")

    def near(self, word: str) -> tuple[str, ...]:
        return tuple(f"{word}{end}" for end in "abc")

    def beginning(self, prefix: str) -> tuple[bytes, ...]:
        return tuple(f"{prefix}{number}".encode() for number in range(200))


EXECUTOR = FetchedExecutor((), Everywhere(), RANKING)


@given(st.lists(WORDS, max_size=120).map(" ".join))
def test_no_question_has_more_clauses_than_the_server_takes(text: str) -> None:
    plan = make_plan(parse(text), Everywhere(), SYNONYMS)
    for required in (plan.required, (some_of(plan.required),)):
        clause = Translation(EXECUTOR, {}).question(required, plan.welcome, plan.excluded)
        assert count_clauses(clause) <= MOST_CLAUSES


def test_a_phrase_keeps_the_places_of_its_stop_words() -> None:
    phrase = FindPhrase(((0, (b"qualiti",)), (2, (b"life", b"live"))))
    found = Translation(EXECUTOR, {}).filter(phrase)
    said = Counter(each["match_phrase"]["text"]["query"] for each in found["bool"]["should"])
    assert said == {"qualiti _ life": 1, "qualiti _ live": 1}


def test_a_word_scores_by_its_weight_in_the_document_alone() -> None:
    found = Translation(EXECUTOR, {}).score(FindTerm(b"asthma"))
    worth = EXECUTOR.worth(EXECUTOR.term(b"asthma").rarity)
    feature = {"field": "weights.asthma", "saturation": {"pivot": RANKING.saturation}, "boost": worth}
    assert found == {"rank_feature": feature}
