"""How many people a dataset describes: "over 24,000 volunteers", "1.2 million patients"."""

from collections.abc import Iterator

from schemas.inference.facts import Finding, rule
from schemas.inference.filling import POPULATION
from schemas.inference.guards import is_denied, is_planned
from schemas.inference.passages import COLUMNS, Match, Sentence
from schemas.inference.phrases import folded_words, phrases, word_list

FEWEST, MOST = 20, 1_000_000_000
"""Fewer are named in a text for other reasons, such as cases to audit; more do not live in any country but two."""
LONGEST_NUMBER = 13
YEAR_DIGITS, FIRST_YEAR, LAST_YEAR = 4, 1900, 2100

_WORDS = word_list("people")
_NOUNS = phrases(_WORDS["people"])
_IRREGULAR = folded_words(_WORDS["irregular"])
_BETWEEN = folded_words(_WORDS["between"])
_NOT_PEOPLE = folded_words(_WORDS["not_people"])
_BEFORE_YEARS = folded_words(_WORDS["before_years"])
_FACTORS: dict[str, int] = _WORDS["factors"]
_BEFORE = phrases(_WORDS["not_before"])
_FAR_BEFORE = phrases(_WORDS["not_far_before"])
_AFTER = phrases(_WORDS["not_after"])
_SENTENCE = phrases(_WORDS["not_in_sentence"])
_MOST_BETWEEN = 5


@rule("people", POPULATION)
def people(sentences: tuple[Sentence, ...]) -> Iterator[Finding]:
    """The number of people that is said to be in the data.

    Where texts name several, the largest must stand in them twice: else it may as well be that of another study, or of
    several together.
    """
    found = [each for sentence in sentences if sentence.path != COLUMNS for each in _numbers(sentence)]
    numbers = [number for number, _ in found]
    if numbers and (len(set(numbers)) == 1 or numbers.count(max(numbers)) > 1):
        number, match = max(found, key=lambda each: each[0])
        yield POPULATION, str(number), match


def _numbers(sentence: Sentence) -> Iterator[tuple[int, Match]]:
    if _SENTENCE.is_in(sentence):
        return
    for position in range(len(sentence.tokens)):
        read = _number(sentence, position)
        if read is None:
            continue
        number, after = read
        end = _noun_end(sentence, after)
        match = Match(sentence, position, end or after)
        if end and FEWEST <= number <= MOST and not _says_something_else(match):
            yield number, match


def _number(sentence: Sentence, position: int) -> tuple[int, int] | None:
    """The number that begins at a position, and where it ends."""
    word = sentence.word(position)
    if not word[:1].isdecimal() or not word.isascii() or len(word) > LONGEST_NUMBER:
        return None
    if sentence.word(position - 1) in {".", "/", "-", "#", "£", "$", "€"} and sentence.word(position - 2).isalnum():
        return None
    if _is_year(word) and sentence.word(position - 1) in _BEFORE_YEARS:
        return None
    digits = word.rstrip("abcdefghijklmnopqrstuvwxyz")
    factor = _FACTORS.get(word[len(digits) :], 0) if digits != word else 1
    after = position + 1
    if digits == word and sentence.word(after) in _FACTORS:
        factor, after = _FACTORS[sentence.word(after)], after + 1
    try:
        number = float(digits.replace(",", "")) * factor
    except ValueError:
        return None
    if sentence.word(after) == "+":
        after += 1
    return (round(number), after) if number.is_integer() or number > FEWEST else None


def _is_year(word: str) -> bool:
    return len(word) == YEAR_DIGITS and word.isdecimal() and FIRST_YEAR <= int(word) <= LAST_YEAR


def _noun_end(sentence: Sentence, start: int) -> int | None:
    """Where the people end that a number counts, a few adjectives in between."""
    for position in range(start, start + _MOST_BETWEEN + 1):
        found = _NOUNS.at(sentence, position)
        if found:
            return (
                found[1] if _is_plural(sentence, found[1] - 1) and sentence.word(found[1]) not in _NOT_PEOPLE else None
            )
        if sentence.word(position) not in _BETWEEN:
            return None
    return None


def _is_plural(sentence: Sentence, position: int) -> bool:
    """Whether people are meant; in "200 patient and control samples" they are not."""
    token = sentence.tokens[position]
    return sentence.text[token.end - 1].casefold() == "s" or token.word in _IRREGULAR


def _says_something_else(match: Match) -> bool:
    sentence = match.sentence
    return (
        is_denied(match)
        or is_planned(match)
        or _BEFORE.within(sentence, match.start - 4, match.start)
        or _FAR_BEFORE.within(sentence, match.start - 8, match.start)
        or _AFTER.within(sentence, match.end, match.end + 5)
    )
