"""Why a document was found: a piece of its text with the words that matched, and its columns that matched."""

import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from catalogue.search.analysis import Token, tokens
from catalogue.search.backend import Fragment
from catalogue.search.segments import SegmentView

LENGTH = 220
"""Characters of a snippet: about two lines."""
BEFORE = 60
"""Characters shown before the first word that matched."""
MOST_COLUMNS = 5
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is shown of a hit besides what the database knows."""

    snippet: tuple[Fragment, ...]
    columns: tuple[str, ...]


def explain(segment: SegmentView, number: int, terms: Sequence[bytes], *, in_columns: bool) -> Explanation:
    """The snippet and the matching columns of a document. `in_columns` says that a term is in one."""
    wanted = frozenset(terms)
    abstract = segment.texts("abstracts")[number].decode()
    columns = _matching_columns(segment.texts("column_terms")[number], terms) if in_columns else ()
    found = _snippet(abstract, wanted)
    if found is None:
        document = segment.document(number)
        texts = (document.description, ", ".join(document.keywords), *_described(document.columns, columns))
        found = next((snippet for text in texts if (snippet := _snippet(text, wanted))), None)
        found = found or _beginning(abstract or document.description)
    return Explanation(found, columns)


def _described(columns: Sequence[tuple[str, str]], names: Collection[str]) -> list[str]:
    return [f"{name}: {description}" if description else name for name, description in columns if name in names]


def _snippet(text: str, terms: Collection[bytes]) -> tuple[Fragment, ...] | None:
    """The piece of a text with the most different terms, the first of equals; nothing when none matches."""
    if not terms or not text:
        return None
    matched = [token for token in tokens(text) if token.term in terms]
    if not matched:
        return None
    first = _best_window(matched)
    start = _word_start(text, max(0, matched[first].start - BEFORE))
    end = _word_end(text, max(start + LENGTH, matched[first].end))
    return _cut(text, start, end, matched)


def _best_window(matched: Sequence[Token]) -> int:
    best, most = 0, 0
    for place, token in enumerate(matched):
        reach = token.start + LENGTH - BEFORE
        different = set()
        for other in matched[place:]:
            if other.end > reach:
                break
            different.add(other.term)
        if len(different) > most:
            best, most = place, len(different)
        if place > 200:  # noqa: PLR2004 - a text that repeats its words is judged by its beginning
            break
    return best


def _cut(text: str, start: int, end: int, matched: Sequence[Token]) -> tuple[Fragment, ...]:
    fragments: list[Fragment] = []
    place = start
    for token in matched:
        if start <= token.start and token.end <= end:
            if token.start > place:
                fragments.append(Fragment(_plain(text[place : token.start])))
            fragments.append(Fragment(text[token.start : token.end], is_match=True))
            place = token.end
    if place < end:
        fragments.append(Fragment(_plain(text[place:end])))
    if start > 0:
        fragments.insert(0, Fragment(_ELLIPSIS))
    if end < len(text.rstrip()):
        fragments.append(Fragment(_ELLIPSIS))
    return tuple(fragments)


def _plain(text: str) -> str:
    """Text in one line: every white space is one space."""
    middle = " ".join(text.split())
    if not middle:
        return " "
    return (" " if text[0].isspace() else "") + middle + (" " if text[-1].isspace() else "")


def _beginning(text: str) -> tuple[Fragment, ...]:
    if not text.strip():
        return ()
    end = _word_end(text, LENGTH)
    return _cut(text, 0, end, ())


def _word_start(text: str, place: int) -> int:
    """The start of the first word that begins at or after a place."""
    if place == 0:
        return 0
    space = text.find(" ", place - 1, place + BEFORE)
    return space + 1 if space >= 0 else place


def _word_end(text: str, place: int) -> int:
    """The end of the last word that ends at or before a place."""
    if place >= len(text):
        return len(text)
    space = text.rfind(" ", place - BEFORE, place + 1)
    return space if space >= 0 else place


def _matching_columns(packed: bytes, terms: Sequence[bytes]) -> tuple[str, ...]:
    """The names of columns with a term in name or description; those with more terms first."""
    lines = zlib.decompress(packed)
    found: dict[int, int] = {}
    for term in terms:
        place, needle = -1, b" " + term + b" "
        while (place := lines.find(needle, place + 1)) >= 0:
            line = lines.rfind(b"\n", 0, place) + 1
            found[line] = found.get(line, 0) + 1
            end = lines.find(b"\n", place)
            if end < 0:
                break
            place = end - 1
    best = sorted(found, key=lambda line: (-found[line], line))[:MOST_COLUMNS]
    names = (lines[line : lines.index(b"\t", line)].decode() for line in best)
    return tuple(dict.fromkeys(names))
