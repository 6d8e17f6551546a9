"""What type of data a dataset holds, and of which sub-type."""

from collections.abc import Iterator, Mapping, Sequence

from schemas.inference.facts import Finding, rule
from schemas.inference.filling import SUB_TYPES, TYPES
from schemas.inference.guards import is_denied, is_planned
from schemas.inference.passages import COLUMNS, TITLE, Match, Sentence
from schemas.inference.phrases import Phrases, phrases, word_list

REACH = 14
"""Words between what introduces a content and the content; lists are long."""
SEPARATOR = " > "

ALSO = " | "

_WORDS = word_list("data_types")


def _by_phrase(values: Mapping[str, Sequence[str]]) -> Phrases:
    """Phrases each with all the values that it stands for; cystic fibrosis is of the lungs and rare."""
    meant: dict[str, list[str]] = {}
    for value, spellings in values.items():
        for spelling in spellings:
            meant.setdefault(spelling, []).append(value)
    joined: dict[str, list[str]] = {}
    for spelling, each in meant.items():
        joined.setdefault(ALSO.join(each), []).append(spelling)
    return phrases(joined)


_IN_TITLES = _by_phrase(_WORDS["in_titles"])
_IN_TEXTS = _by_phrase(_WORDS["in_texts"])
_STATEMENTS = _by_phrase(_WORDS["statements"])
_NAMES = phrases(_WORDS["names"])
_CONTENTS = phrases(_WORDS["contents"])
_PURPOSES = phrases(_WORDS["purposes"])
_EMPTY = phrases(_WORDS["not_in_title"])
_OTHER = phrases(_WORDS["not_in_sentence"])


@rule("data types", TYPES, SUB_TYPES)
def data_types(sentences: tuple[Sentence, ...]) -> Iterator[Finding]:
    """The types that the title names, and those of which a text says that the data include them."""
    if any(each.path == TITLE and _EMPTY.is_in(each) for each in sentences):
        return
    for sentence in sentences:
        if sentence.path == COLUMNS:
            continue
        for values, match in _mentions(sentence):
            for value in values.split(ALSO):
                kind, _, sub_type = value.partition(SEPARATOR)
                yield TYPES, kind, match
                if sub_type:
                    yield SUB_TYPES, sub_type, match


def _mentions(sentence: Sentence) -> Iterator[tuple[str, Match]]:
    if sentence.path == TITLE:
        yield from _unnamed(_IN_TITLES, sentence)
        yield from _unnamed(_IN_TEXTS, sentence)
    elif not _OTHER.is_in(sentence):
        yield from ((value, match) for value, match in _unnamed(_STATEMENTS, sentence) if not is_denied(match))
        for value, match in _unnamed(_IN_TEXTS, sentence):
            if _is_content(match) and not is_denied(match) and not is_planned(match):
                yield value, match


def _unnamed(known: Phrases, sentence: Sentence) -> Iterator[tuple[str, Match]]:
    """Phrases that do not stand inside the name of something else, such as an organisation."""
    taken = {position for _, match in _NAMES.find(sentence) for position in range(match.start, match.end)}
    yield from ((value, match) for value, match in known.find(sentence) if match.start not in taken)


def _is_content(match: Match) -> bool:
    """Whether "includes", "patients with" or the like introduces the match, and no purpose stands in between."""
    sentence = match.sentence
    for position in range(match.start, max(-1, match.start - REACH), -1):
        if _PURPOSES.at(sentence, position):
            return False
        found = _CONTENTS.at(sentence, position)
        if found and (found[1] <= match.start or position >= match.start):
            return not _PURPOSES.within(sentence, position - REACH, position)
    return False
