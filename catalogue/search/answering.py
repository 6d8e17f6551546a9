"""What every engine does alike with a question: how it is planned and relaxed, and what its answer says of that."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeAlias, TypeVar

from catalogue.search.backend import FacetCount, Hit, SearchQuery, SearchResult
from catalogue.search.plan import FindSome, Node, loosened, some_of
from catalogue.search.planning import Lexicon, Plan, make_plan
from catalogue.search.query import Question
from catalogue.search.ranking import Ranking
from catalogue.search.suggesting import Words, suggest
from catalogue.search.synonyms import Synonyms

MOST_PER_PAGE = 1_000
LISTED_AT_ONCE = 100
"""Identifiers that are handed out together when everything is."""
OTHER_SORTS = frozenset({"title", "changed", "quality"})
"""Orders in which scores play no part."""

Nodes: TypeAlias = tuple[Node, ...]
Found = TypeVar("Found")


class IndexWords(Lexicon, Words, Protocol):
    """The words of the index, for planning and for suggestions."""


@dataclass(frozen=True, slots=True)
class Matched(Generic[Found]):
    """What an engine found, whether any word was enough, and what is to be said about that."""

    found: Found
    is_relaxed: bool = False
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question being answered."""

    query: SearchQuery
    question: Question
    words: IndexWords
    synonyms: Synonyms
    ranking: Ranking
    plan: Plan

    @classmethod
    def planned(
        cls, query: SearchQuery, question: Question, words: IndexWords, synonyms: Synonyms, ranking: Ranking
    ) -> "Asked":
        plan = make_plan(question, words, synonyms, exact=query.exact, idle_words=ranking.idle_words)
        return cls(query, question, words, synonyms, ranking, plan)

    @property
    def is_by_score(self) -> bool:
        return bool(self.plan.required) and self.query.sort not in OTHER_SORTS

    @property
    def page(self) -> int:
        return max(self.query.page, 1)

    @property
    def per_page(self) -> int:
        return min(max(self.query.per_page, 1), MOST_PER_PAGE)

    def matched(self, match: Callable[[Nodes], Found], has_any: Callable[[Found], bool]) -> Matched[Found]:
        """All words; if nothing has them all phrases are given up, then any word will do.

        Filters play no part in this, or else the count beside a facet's value would not be the number of results
        behind it.
        """
        plan = self.plan
        if not plan.required:
            is_wordless = bool(self.query.text.strip()) and not plan.excluded
            notice = "There is no word in it that can be searched for, so everything is listed."
            return Matched(match(()), notices=(notice,) if is_wordless else ())
        found = match(plan.required)
        if has_any(found) or self.query.exact:
            return Matched(found)
        loose = tuple(map(loosened, plan.required))
        if loose != plan.required:
            found = match(loose)
            if has_any(found):
                return Matched(found, notices=tuple(f"Nothing has the exact phrase “{each}”." for each in plan.phrases))
        found = match((some_of(plan.required),))
        return Matched(found, is_relaxed=has_any(found))

    def wider(self, matched: Matched[Found], total: int) -> FindSome | None:
        """What finds those that have some of the words only, when hardly any has all of them."""
        may_be_wider = self.is_by_score and not (matched.is_relaxed or self.query.exact)
        wider = some_of(self.plan.required)
        if not may_be_wider or not 0 < total < self.ranking.hardly_any or len(wider.nodes) < 2:  # noqa: PLR2004 - one word has no part
            return None
        return wider

    def result(
        self,
        matched: Matched[Found],
        *,
        total: int,
        hits: tuple[Hit, ...],
        more: tuple[Hit, ...],
        facets: Mapping[str, Sequence[FacetCount]],
    ) -> SearchResult:
        plan = self.plan
        return SearchResult(
            total=total,
            page=self.page,
            per_page=self.per_page,
            hits=hits,
            more=more,
            facets=facets,
            relaxed=matched.is_relaxed,
            corrections=plan.corrections,
            synonyms=plan.synonyms,
            notices=(*self.question.notices, *matched.notices),
            suggestions=suggest(
                self.query.text,
                self.question,
                corrections=plan.corrections,
                total=total,
                words=self.words,
                known=self.synonyms.terms,
            ),
        )
