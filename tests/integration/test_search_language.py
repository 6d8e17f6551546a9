"""Whatever a person types is answered, with work that is bounded whatever it is."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.search import whoosh_backend
from catalogue.search.backend import SearchDocument, SearchQuery
from catalogue.search.executor import Executor, TermDocuments
from catalogue.search.fields import ASKED_AS
from catalogue.search.lexicon import MOST_BEGINNINGS as MOST_TERMS_OF_A_BEGINNING
from catalogue.search.planning import MOST_BEGINNINGS
from catalogue.search.query import MOST_WORDS
from catalogue.search.whoosh_backend import WhooshBackend

MOST_WAYS = 40
"""Ways to say one word, in all groups of synonyms and spellings together."""
MOST_TERMS = MOST_WORDS * MOST_WAYS + MOST_BEGINNINGS * MOST_TERMS_OF_A_BEGINNING
WORDS = ("asthma", "MI", "heart attack", "diabets", "of", "covid-19", "a&e", "zzzz", "type 2 diabetes", "ünïcode")
MARKS = ('"', "“", "-", "–", "OR", "NOT", "AND", "|", "*", "(", ")", ":", "'", "\x00", "\ud800", "\u202e", "\t", "&")
PIECES = st.sampled_from([*WORDS, *MARKS, *(f"{name}:" for name in ASKED_AS)]) | st.text(max_size=5)
TYPED = st.lists(PIECES, max_size=60).flatmap(
    lambda pieces: st.sampled_from([" ", ""]).map(lambda between: between.join(pieces))
)


class CountingExecutor(Executor):
    """Counts the terms that are looked up."""

    looked_up: set[bytes]

    def term(self, term: bytes) -> TermDocuments:
        self.looked_up.add(term)
        return super().term(term)


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WhooshBackend]:
    made = WhooshBackend(tmp_path_factory.mktemp("language"))
    made.index_many(
        SearchDocument(f"d{number}", "1", f"{word} register", "Trust", abstract=f"About {word} and diabetes.")
        for number, word in enumerate((*WORDS, "heart", "attack", "infarction"))
    )
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(whoosh_backend, "Executor", CountingExecutor)
        yield made


@given(text=TYPED, exact=st.booleans())
def test_any_text_is_answered_with_bounded_work(backend: WhooshBackend, text: str, exact: bool) -> None:
    CountingExecutor.looked_up = set()
    result = backend.search(SearchQuery(text, exact=exact))
    assert 0 <= result.total <= len(WORDS) + 3
    assert len(CountingExecutor.looked_up) <= MOST_TERMS
    for suggestion in result.suggestions:
        assert suggestion != text
        backend.search(SearchQuery(suggestion))


def test_the_longest_question_looks_up_no_more_than_that(backend: WhooshBackend) -> None:
    CountingExecutor.looked_up = set()
    backend.search(SearchQuery(" ".join(f"{start}*" for start in ("as", "he", "di", "re", "tr", "ab")) + " x" * 5_000))
    backend.search(SearchQuery(" OR ".join(f"cancer{number} covid-19 diabetes" for number in range(500))))
    assert 0 < len(CountingExecutor.looked_up) <= MOST_TERMS
