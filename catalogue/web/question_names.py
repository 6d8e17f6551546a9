"""What a question is called where it is kept: in a list of saved searches, in a mail, as a feed."""

from collections.abc import Mapping, Sequence

from catalogue.search.backend import FacetCount, SearchQuery
from catalogue.services import questions
from catalogue.web import search_words, wording

LONGEST_NAME = 200


def plain(query: SearchQuery) -> SearchQuery:
    """What is asked, without how it is shown."""
    return questions.from_json(questions.to_json(query))


def name_of(query: SearchQuery, facets: Mapping[str, Sequence[FacetCount]] | None = None) -> str:
    """The words and filters of a question, as a name; `facets` of its answer say how people read the values."""
    words = "".join(each.text for each in search_words.heading(query, 0, facets or {})[1:])
    return wording.shortened(words.removeprefix(" for ").strip(), LONGEST_NAME) or "All datasets"
