"""How old the people are: "aged 18 years and over", "children aged 0 to 17", "between 40 and 69 years of age"."""

from collections.abc import Iterator

from schemas.inference.facts import Finding, rule
from schemas.inference.filling import OLDEST, YOUNGEST
from schemas.inference.guards import is_denied
from schemas.inference.passages import COLUMNS, TITLE, Match, Sentence
from schemas.inference.phrases import folded_words, phrases, word_list

OLDEST_AGE = 120
AGE_DIGITS = 3

_WORDS = word_list("ages")
_AGED = phrases(_WORDS["aged"])
_UNTIL = folded_words(_WORDS["until"]) | frozenset(_WORDS["dashes"])
_AND_OVER = phrases(_WORDS["and_over"])
_AND_UNDER = phrases(_WORDS["and_under"])
_OVER = phrases(_WORDS["over"])
_YEARS = phrases(_WORDS["years"])
_OVER_AGED = phrases(_WORDS["over_aged"])
_OTHER = phrases(_WORDS["not_in_sentence"])
_NOT_PATIENTS = phrases(_WORDS["not_in_title"])

Ages = tuple[int | None, int | None, Match]


@rule("ages", YOUNGEST, OLDEST)
def ages(sentences: tuple[Sentence, ...]) -> Iterator[Finding]:
    """The range that is said of the people; nothing when the texts name different ones, for groups perhaps."""
    if any(each.path == TITLE and _NOT_PATIENTS.is_in(each) for each in sentences):
        return
    found = [
        span
        for sentence in sentences
        if sentence.path != COLUMNS and not _OTHER.is_in(sentence)
        for position in range(len(sentence.tokens))
        if (span := _ages(sentence, position)) and not is_denied(span[2])
    ]
    if not found or len({span[:2] for span in found}) > 1:
        return
    youngest, oldest, match = found[0]
    if youngest is not None:
        yield YOUNGEST, str(youngest), match
    if oldest is not None:
        yield OLDEST, str(oldest), match


def _ages(sentence: Sentence, position: int) -> Ages | None:
    above = _OVER_AGED.at(sentence, position)
    if above and (least := _age(sentence, above[1])) is not None:
        return least, None, Match(sentence, position, _skip_years(sentence, above[1] + 1))
    aged = _AGED.at(sentence, position)
    if aged is None:
        return None
    over = _OVER.at(sentence, aged[1])
    start = over[1] if over else aged[1]
    first = _age(sentence, start)
    if first is None:
        return None
    after = _skip_years(sentence, start + 1)
    if over:
        return first, None, Match(sentence, position, after)
    second = _age(sentence, after + 1) if sentence.word(after) in _UNTIL else None
    if second is not None:
        end = _skip_years(sentence, after + 2)
        return (first, second, Match(sentence, position, end)) if first < second else None
    return _open_range(sentence, position, first, after)


def _open_range(sentence: Sentence, position: int, first: int, after: int) -> Ages | None:
    """Read what follows an age: "and over", "or under"."""
    above = _AND_OVER.at(sentence, after)
    if above:
        return first, None, Match(sentence, position, above[1])
    below = _AND_UNDER.at(sentence, after)
    return (None, first, Match(sentence, position, below[1])) if below else None


def _skip_years(sentence: Sentence, position: int) -> int:
    found = _YEARS.at(sentence, position)
    return found[1] if found else position


def _age(sentence: Sentence, position: int) -> int | None:
    word = sentence.word(position)
    if not (word.isascii() and word.isdecimal()) or len(word) > AGE_DIGITS or int(word) > OLDEST_AGE:
        return None
    return int(word)
