"""What may be meant by the beginning of a search: titles, keywords, custodians and columns that begin so.

Made from what every search engine answers anyway: its counts of all values, and two short searches.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.models import Dataset, DatasetState
from catalogue.search.analysis import compose, fold, words
from catalogue.search.backend import SearchBackend, SearchQuery
from catalogue.search.column_names import key_of
from catalogue.search.fields import NOT_STATED

LONGEST_TEXT = 100
SHORTEST_WORD = 2
"""Letters from which on the beginning of a word says anything."""
MOST_WORDS = 6
SHOWN = {"title": 3, "keyword": 3, "custodian": 2, "column": 2}
HITS = 5
_PART = re.compile(r"(title|keyword|custodian|column)s?:", re.IGNORECASE)


class Kind(StrEnum):
    """What a suggestion is."""

    TITLE = "title"
    KEYWORD = "keyword"
    CUSTODIAN = "custodian"
    COLUMN = "column"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that begins as the text does. `value` is the dataset's identifier, the facet's value or the column.

    `count` says how many datasets it leads to; of a column it is not known.
    """

    kind: Kind
    label: str
    value: str
    count: int | None = None


def suggest(session: Session, backend: SearchBackend, text: str) -> tuple[Suggestion, ...]:
    """A few suggestions of each kind, in the order of the kinds; none for less than two letters.

    `column:` and the like before the text ask for that kind only. Raises `IndexUnavailable`.
    """
    text = compose(text[:LONGEST_TEXT].strip())
    part = _PART.match(text)
    wanted = tuple(Kind) if part is None else (Kind(part[1].lower()),)
    typed = words(text[part.end() :] if part else text)[:MOST_WORDS]
    if not typed or len(typed[-1]) < SHORTEST_WORD:
        return ()
    found: list[Suggestion] = []
    if Kind.TITLE in wanted:
        found += _titles(session, backend, typed)
    if Kind.KEYWORD in wanted or Kind.CUSTODIAN in wanted:
        facets = backend.search(SearchQuery(per_page=1)).facets
        for kind in (Kind.KEYWORD, Kind.CUSTODIAN):
            begun = (
                Suggestion(kind, each.label, each.value, each.count)
                for each in facets.get(kind, ())
                if kind in wanted and each.value != NOT_STATED.value and _may_begin(each.label, typed)
            )
            found += _first(begun, SHOWN[kind])
    if Kind.COLUMN in wanted:
        found += _columns(backend, typed)
    return tuple(found)


def _titles(session: Session, backend: SearchBackend, typed: Sequence[str]) -> list[Suggestion]:
    """Titles with all of the words, the last of which may go on; read from the database, for what is withdrawn."""
    hits = backend.search(_beginning("title", typed)).hits
    rows = session.execute(
        select(Dataset.identifier, Dataset.title).where(
            Dataset.identifier.in_([hit.identifier for hit in hits]), Dataset.state == DatasetState.PUBLISHED
        )
    )
    titles = {identifier: title for identifier, title in rows}  # noqa: C416 - rows are not typed as pairs
    known = (
        hit.identifier for hit in hits if hit.identifier in titles and _begins(words(titles[hit.identifier]), typed)
    )
    return _first((Suggestion(Kind.TITLE, titles[each], each) for each in known), SHOWN["title"])


def _columns(backend: SearchBackend, typed: Sequence[str]) -> list[Suggestion]:
    """Names of columns that begin with the words, those first that more of the nearest datasets have."""
    names: Counter[str] = Counter()
    spelt: dict[str, str] = {}
    for hit in backend.search(_beginning("column", typed)).hits:
        for name in hit.columns:
            if _begins(words(name), typed):
                names[key_of(name)] += 1
                spelt.setdefault(key_of(name), name)
    ranked = sorted(names, key=lambda key: (-names[key], key))
    return [Suggestion(Kind.COLUMN, spelt[key], spelt[key]) for key in ranked[: SHOWN["column"]]]


def _beginning(part: str, typed: Sequence[str]) -> SearchQuery:
    text = " ".join(f"{part}:{word}" for word in typed)
    return SearchQuery(text=f"{text}*", per_page=HITS, exact=True)


def _begins(said: Sequence[str], typed: Sequence[str]) -> bool:
    """Whether each of the words is said, and the last one at least begun."""
    spoken = [fold(word) for word in said]
    *whole, last = (fold(word) for word in typed)
    return all(word in spoken for word in whole) and any(word.startswith(last) for word in spoken)


def _may_begin(label: str, typed: Sequence[str]) -> bool:
    # Most labels do not have the letters at all, and taking each apart would be most of the work.
    return typed[-1] in label.lower() and _begins(words(label), typed)


def _first(found: Iterator[Suggestion], most: int) -> list[Suggestion]:
    return [each for each, _ in zip(found, range(most), strict=False)]
