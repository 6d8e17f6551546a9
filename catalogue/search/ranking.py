"""What makes one result come before another: the numbers, each of which `python -m bench relevance` switches off."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ranking:
    """The order of results. The weight of a mention in each field is in `fields.TEXT_FIELDS`.

    The score of a document is BM25F over its words, plus what is added to the best of them, times what gently puts
    equals in order.
    """

    saturation: float = 8.0
    """BM25's k1 on the scale of the boosts in `fields`: the weight at which another mention adds little."""
    synonyms: float = 0.8
    """What a synonym counts for, so that what was typed ranks first."""
    coordination: float = 0.5
    """When any word will do: how much a document with more of the words is preferred."""
    proximity: float = 2.0
    """Words that are typed next to each other and stand near each other."""
    title_share: float = 1.0
    """A title that says little else than what was typed."""
    exact_title: float = 100.0
    """A title that is what was typed comes first."""
    quality: float = 0.02
    """The share of the score that the best description gains over one that says nothing."""
    recency: float = 0.02
    """The share of the score that the newest change gains over one of long ago."""
    hardly_any: int = 10
    """With fewer results than that, others that have some of the words are shown after them."""
    idle_words: bool = True
    """Whether words that could be said of every dataset need not be there."""


RANKING = Ranking()
