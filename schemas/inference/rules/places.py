"""Which nations of the United Kingdom and regions of England people come from, without the names of organisations."""

from collections.abc import Iterator, Mapping

from schemas.inference.facts import Finding, rule
from schemas.inference.filling import PLACES
from schemas.inference.guards import is_denied, is_planned
from schemas.inference.passages import COLUMNS, TITLE, Match, Sentence
from schemas.inference.phrases import folded_words, phrases, word_list

COVERAGE_REACH = 12
YEAR_DIGITS, NEAR_START = 4, 3
LONGEST_NAME = 5
LONGEST_LIST_STEP = 3
"""Words between two places of a list: ", " and "and the"."""

_WORDS = word_list("places")
_INSIDE: Mapping[str, tuple[str, ...]] = {wide: tuple(inside) for wide, inside in _WORDS["inside"].items()}
_PLACES = phrases(_WORDS["places"])
_PEOPLE_OF = phrases(_WORDS["people_of"])
_PREPOSITIONS = folded_words(_WORDS["prepositions"])
_COVERAGE = folded_words(_WORDS["coverage"])
_STEPS = folded_words(_WORDS["list_steps"]) | {",", "/", "&"}
_NAMES_BEFORE = phrases(_WORDS["organisations_before"])
_NAMES_AFTER = phrases(_WORDS["organisations_after"])
_OTHER = phrases(_WORDS["not_in_sentence"])


@rule("places", PLACES)
def places(sentences: tuple[Sentence, ...]) -> Iterator[Finding]:
    """The places of the first text that names any; a place inside another one says more than the wider one."""
    found: dict[str, Match] = {}
    path = ""
    for sentence in sentences:
        if found and sentence.path != path:
            break
        path = sentence.path
        if path == COLUMNS or (path != TITLE and _OTHER.is_in(sentence)):
            continue
        for value, match in _mentions(sentence):
            found.setdefault(value, match)
    for value, match in found.items():
        if not any(inside in found for inside in _INSIDE.get(value, ())):
            yield PLACES, value, match


def _mentions(sentence: Sentence) -> Iterator[tuple[str, Match]]:
    accepted_until = -LONGEST_LIST_STEP
    for value, match in _PEOPLE_OF.find(sentence):
        if not is_denied(match):
            yield value, match
    for value, match in _PLACES.find(sentence):
        if _is_organisation(match) or is_denied(match) or (sentence.path != TITLE and is_planned(match)):
            continue
        follows = match.start - accepted_until <= LONGEST_LIST_STEP and all(
            sentence.word(place) in _STEPS for place in range(accepted_until, match.start)
        )
        if sentence.path == TITLE or follows or _is_where(match) or _has_years(match):
            accepted_until = match.end
            yield value, match


def _is_where(match: Match) -> bool:
    """Whether a preposition stands before the place: "in England", "across the whole of the UK"."""
    sentence = match.sentence
    position = match.start - 1
    while sentence.word(position) in {"the", "whole", "all", "both", "rural", "urban", "mainland", "nhs"}:
        if sentence.word(position) == "nhs" and sentence.word(position + 1) in {"england", "scotland", "wale"}:
            return False
        position -= 1
    return sentence.word(position) in _PREPOSITIONS or (
        sentence.word(position) in {"is", ":"} and sentence.has(_COVERAGE, match.start - COVERAGE_REACH, match.start)
    )


def _has_years(match: Match) -> bool:
    """Whether a range of years follows, as in "Tayside 1999 - Current"."""
    word = match.sentence.word(match.end + (match.sentence.word(match.end) in {":", ","}))
    return len(word) == YEAR_DIGITS and word.isascii() and word.isdecimal() and match.start <= NEAR_START


def _is_organisation(match: Match) -> bool:
    sentence = match.sentence
    if _NAMES_AFTER.at(sentence, match.end):
        return True
    return any(
        found[1] == match.start
        for position in range(match.start - LONGEST_NAME, match.start)
        if (found := _NAMES_BEFORE.at(sentence, position))
    )
