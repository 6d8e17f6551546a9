"""Why a document was found: a piece of its text with the words that matched, and its columns that matched."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from catalogue.search.analysis import terms_of, word_end, word_starts, words
from catalogue.search.backend import Fragment
from catalogue.search.fields import COLUMNS, TEXT_FIELDS
from catalogue.search.mentions import Mentions
from catalogue.search.segments import SegmentView

LENGTH = 220
"""Characters of a snippet: about two lines."""
WORDS = 32
WORDS_BEFORE = 8
"""Words of a snippet, about, and before the first match."""
MOST_COLUMNS = 5
MOST_WINDOWS = 100
"""Matches that a snippet may begin at; a text that repeats its words is judged by its beginning."""
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is shown of a hit besides what the database knows."""

    snippet: tuple[Fragment, ...]
    columns: tuple[str, ...]


def explain(segment: SegmentView, number: int, mentions: Mentions) -> Explanation:
    """The snippet and the matching columns of a document."""
    columns: tuple[str, ...] = ()
    if in_columns := mentions.get(_NUMBERS[COLUMNS]):
        terms = list(dict.fromkeys(term for _, term in in_columns))
        columns = _matching_columns(segment.text("column_terms", number), terms)
    if found := mentions.get(_NUMBERS["abstract"]):
        return Explanation(_snippet(_abstract(segment, number), found), columns)
    if found := mentions.get(_NUMBERS["description"]):
        return Explanation(_snippet(_description(segment, number), found), columns)
    if found := mentions.get(_NUMBERS["keywords"]):
        terms_found = {term for _, term in found}
        return Explanation(_marked(segment.text("keywords", number), terms_found), columns)
    if in_columns and columns:
        described = dict(segment.document(number).columns).get(columns[0])
        terms_found = {term for _, term in in_columns}
        return Explanation(_marked(f"{columns[0]}: {described}" if described else columns[0], terms_found), columns)
    return Explanation(_snippet(_abstract(segment, number) or _description(segment, number), ()), columns)


_NUMBERS = {field.name: number for number, field in enumerate(TEXT_FIELDS)}


def _abstract(segment: SegmentView, number: int) -> str:
    return segment.text("abstracts", number)


def _description(segment: SegmentView, number: int) -> str:
    return segment.text("descriptions", number)


def _marked(text: str, terms: Collection[bytes]) -> tuple[Fragment, ...]:
    """A short text whose words have yet to be looked at."""
    return _snippet(text, [(place, term) for place, term in enumerate(terms_of(words(text))) if term in terms])


def _snippet(text: str, found: Sequence[tuple[int, bytes]]) -> tuple[Fragment, ...]:
    """The piece of a text with the most different terms, the first of equals. `found` is by place."""
    starts = word_starts(text)
    first = start = 0
    best = _best_start(found)
    if len(text) > LENGTH and 0 < best < len(starts):
        nearest = int(np.searchsorted(starts, starts[best] - LENGTH // 2))
        first = max(best - WORDS_BEFORE, nearest, 0)
        start = int(starts[first]) if first else 0
    end = _word_end(text, start + LENGTH)
    fragments = [Fragment(_ELLIPSIS)] if start else []
    done = start
    for place in dict.fromkeys(place for place, _ in found if first <= place < len(starts)):
        word = int(starts[place])
        if word >= end:
            break
        if word > done:
            fragments.append(Fragment(_plain(text[done:word])))
        done = word_end(text, word)
        fragments.append(Fragment(text[word:done], is_match=True))
    if end > done:
        fragments.append(Fragment(_plain(text[done:end])))
    if text[max(end, done) :].strip():
        fragments.append(Fragment(_ELLIPSIS))
    return tuple(fragments)


def _word_end(text: str, place: int) -> int:
    """The end of the last word that ends at or before a place."""
    if place >= len(text):
        return len(text.rstrip())
    space = text.rfind(" ", place - LENGTH // 2, place + 1)
    return space if space >= 0 else place


def _best_start(found: Sequence[tuple[int, bytes]]) -> int:
    """The place of the match that has the most different ones within reach after it."""
    best, most = 0, 0
    for number, (place, _) in enumerate(found[:MOST_WINDOWS]):
        reach = place + WORDS - WORDS_BEFORE
        different = {term for other, term in found[number : number + WORDS] if other < reach}
        if len(different) > most:
            best, most = place, len(different)
    return best


def _plain(text: str) -> str:
    """Text in one line: every white space is one space."""
    middle = " ".join(text.split())
    if not middle:
        return " "
    return (" " if text[0].isspace() else "") + middle + (" " if text[-1].isspace() else "")


def _matching_columns(lines: str, terms: Sequence[bytes]) -> tuple[str, ...]:
    """The names of columns with a term in name or description; those with more terms first."""
    found: dict[int, int] = {}
    for term in terms:
        place, needle = -1, f" {term.decode()} "
        while (place := lines.find(needle, place + 1)) >= 0:
            line = lines.rfind("\n", 0, place) + 1
            found[line] = found.get(line, 0) + 1
            end = lines.find("\n", place)
            if end < 0:
                break
            place = end - 1
    best = sorted(found, key=lambda line: (-found[line], line))[:MOST_COLUMNS]
    names = (lines[line : lines.find("\t", line)] for line in best)
    return tuple(dict.fromkeys(names))
