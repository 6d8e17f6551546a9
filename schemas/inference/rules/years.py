"""Which years a dataset covers: "from 1999 to 2015", "2006 - Current", "collected in April 2018"."""

from collections.abc import Iterator

from schemas.inference.facts import Finding, rule
from schemas.inference.filling import FIRST, LAST
from schemas.inference.guards import is_denied, is_planned
from schemas.inference.passages import COLUMNS, Match, Sentence
from schemas.inference.phrases import folded_words, phrases, word_list
from schemas.metadata import CONTINUOUS

EARLIEST, LATEST = 1900, 2100
YEAR_DIGITS = 4

_WORDS = word_list("years")
_UNTIL = folded_words(_WORDS["until"]) | frozenset(_WORDS["dashes"])
_DASHES = frozenset(_WORDS["dashes"])
_NOW = phrases(_WORDS["now"])
_MONTHS = folded_words(_WORDS["months"])
_SINCE = phrases(_WORDS["since"])
_DATA = phrases(_WORDS["data"])
_COLLECTED = phrases(_WORDS["collected"])
_OTHER = phrases(_WORDS["not_in_sentence"])
_NO_BEGINNING = phrases(_WORDS["no_beginning"])
_RECRUITED = frozenset(_WORDS["recruited"])
_NEAR_MONTHS = 4
MOST_BETWEEN = 14
SHORT_SENTENCE = 10

Span = tuple[int, int | None, Match]
"""First year, last year (None: it goes on), and where they were read."""


@rule("years", FIRST, LAST)
def years(sentences: tuple[Sentence, ...]) -> Iterator[Finding]:
    """The earliest beginning and the latest end that are said of the data."""
    found = [span for each in sentences if each.path != COLUMNS and not _OTHER.is_in(each) for span in _spans(each)]
    if not found:
        return
    first, _, match = min(found, key=lambda span: span[0])
    yield FIRST, str(first), match
    ongoing = [span for span in found if span[1] is None]
    if ongoing:
        if any(_goes_on(span[2]) for span in ongoing):
            yield LAST, CONTINUOUS, next(span[2] for span in ongoing if _goes_on(span[2]))
        return
    _, last, match = max(found, key=lambda span: span[1] or 0)
    yield LAST, str(last), match


def _spans(sentence: Sentence) -> Iterator[Span]:
    position = 0
    while position < len(sentence.tokens):
        span = _range(sentence, position) or _since(sentence, position) or _collected(sentence, position)
        if span is None:
            position += 1
            continue
        if not is_denied(span[2]) and not is_planned(span[2]):
            yield span
        position = span[2].end


def _year(sentence: Sentence, position: int) -> int | None:
    word = sentence.word(position)
    if len(word) != YEAR_DIGITS or not (word.isascii() and word.isdecimal()):
        return None
    return int(word) if EARLIEST <= int(word) <= LATEST else None


def _date(sentence: Sentence, position: int) -> tuple[int, int] | None:
    """The year of a date such as "1 April 2012" or "April 2012" or "2012", and where the date ends."""
    for end in range(position, position + _NEAR_MONTHS):
        year = _year(sentence, end)
        if year is not None:
            return year, end + 1
        word = sentence.word(end)
        is_day = word.isascii() and word.rstrip("sthnrd").isdecimal() and len(word) <= YEAR_DIGITS
        if word not in _MONTHS and not is_day and word not in {"of", "the", "/"}:
            return None
    return None


def _range(sentence: Sentence, position: int) -> Span | None:
    """Read "1999 - 2015", "from April 2010 to March 2011", "between 2002 and 2004", "1994 - Current"."""
    begun = _date(sentence, position)
    if begun is None or sentence.word(begun[1]) not in _UNTIL:
        return _months(sentence, position)
    first, joint = begun
    start = position
    if sentence.word(joint) == "and" and sentence.word(position - 1) != "between":
        return None
    now = _NOW.at(sentence, joint + 1)
    if now:
        return first, None, Match(sentence, start, now[1])
    ended = _date(sentence, joint + 1) or _short_year(sentence, first, joint)
    if ended is None or ended[0] < first or not _is_about_data(sentence, position):
        return None
    return first, ended[0], Match(sentence, start, ended[1])


def _months(sentence: Sentence, position: int) -> Span | None:
    """Read "April - September 2017", "9 July and 8 October 2018": one year."""
    if sentence.word(position) not in _MONTHS:
        return None
    for joint in (position + 1, position + 2):
        ended = _date(sentence, joint + 1) if sentence.word(joint) in _UNTIL else None
        if ended and ended[1] > joint + 2 and _is_about_data(sentence, position):
            return ended[0], ended[0], Match(sentence, position, ended[1])
    return None


def _short_year(sentence: Sentence, first: int, joint: int) -> tuple[int, int] | None:
    """The end of "2006-11"; "2015/16" is one financial year, and is read so."""
    word = sentence.word(joint + 1)
    if sentence.word(joint) not in _DASHES | {"/"} or len(word) != YEAR_DIGITS // 2 or not word.isascii():
        return None
    if not word.isdecimal():
        return None
    year = first // 100 * 100 + int(word)
    return (year, joint + 2) if year > first else None


def _since(sentence: Sentence, position: int) -> Span | None:
    """Read "since 2009", "from 2007 onwards": a beginning; whether it goes on is another question."""
    found = _SINCE.at(sentence, position)
    if found is None:
        return None
    begun = _date(sentence, found[1])
    if begun is None or not _is_about_data(sentence, position):
        return None
    year, end = begun
    now = _NOW.at(sentence, end)
    if found[0] == "from" and now is None:
        return None
    return year, None, Match(sentence, position, now[1] if now else end)


def _collected(sentence: Sentence, position: int) -> Span | None:
    """Read "data collected April-October 2018", "conducted in January 2019", "undertaken in 2012, 2014 and 2019"."""
    found = _COLLECTED.at(sentence, position)
    if found is None:
        return None
    years: list[int] = []
    end = found[1]
    for place in range(found[1], min(len(sentence.tokens), found[1] + MOST_BETWEEN)):
        spoken = _range(sentence, place) or _since(sentence, place)
        if spoken and found[0] in _RECRUITED:
            return spoken[0], None, Match(sentence, position, spoken[2].end)
        if spoken or _NO_BEGINNING.at(sentence, place):
            return spoken
        year = _year(sentence, place)
        if year is not None:
            years.append(year)
            end = place + 1
        elif years and sentence.word(place) not in _UNTIL | _MONTHS | {",", "and", "/"}:
            break
    if not years:
        return None
    # People who were recruited in a year are followed for many more.
    last = None if found[0] in _RECRUITED else max(years)
    return min(years), last, Match(sentence, position, end)


def _is_about_data(sentence: Sentence, position: int) -> bool:
    """Whether data are spoken of near a range of years: anywhere in a short sentence, close by in a long one."""
    return len(sentence.tokens) <= SHORT_SENTENCE or _DATA.within(sentence, position - 25, position + 20)


def _goes_on(match: Match) -> bool:
    """Whether the end of a range is named as the present."""
    return _NOW.within(match.sentence, match.start, match.end)
