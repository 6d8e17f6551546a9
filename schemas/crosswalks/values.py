"""Readers of single values and of lists of them: text, codes, numbers, dates, true or false."""

import re
from collections.abc import Iterator

from schemas.crosswalks.dates import DateForm, read_date
from schemas.crosswalks.reading import Inferred, Notebook, Reader
from schemas.crosswalks.splitting import Commas, rejoined, split
from schemas.crosswalks.text import JsonValue, is_blank, is_number, shown
from schemas.vocabularies import Vocabulary, fold, is_not_stated, vocabulary

LARGEST_COUNT = 10**15
"""Nobody counts more; 64-bit columns hold it."""

_LONGEST_PLACEHOLDER = 40
_TEXT_EXPECTED = "Text is expected here."
_DIGITS = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3}){1,5}|-?[0-9]{1,15}")


def states_nothing(text: str, path: str) -> bool:
    """Whether the text is a placeholder: one of the known words, or the name of its own field."""
    if len(text) > _LONGEST_PLACEHOLDER:
        return False
    return is_not_stated(text) or (
        "_" in text and text.casefold() == path.partition("[")[0].replace(".", "_").casefold()
    )


def string(notes: Notebook, value: JsonValue, path: str) -> str | None:
    """Text as it is written; a number is taken as text, a list of one as its item."""
    if isinstance(value, str):
        return notes.tidy(path, value) or None
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
        notes.note(path, "A list stands where one text is expected.", "Write the text alone.")
        return notes.tidy(path, value[0]) or None
    if is_number(value):
        notes.note(path, "A number stands where text is expected.", "Write it in quotes.")
        return shown(value)
    notes.refuse(path, value, _TEXT_EXPECTED, "Write one text.")
    return None


def text(*keep: str, joined: bool = False) -> Reader:
    """Text, unless it only says that nothing is stated; the words in `keep` mean something in this field.

    `joined`: early versions allow a list of addresses here, which becomes one text with commas.
    """
    kept = frozenset(fold(word) for word in keep)

    def read(notes: Notebook, value: JsonValue, path: str) -> str | None:
        if joined and isinstance(value, list) and all(isinstance(each, str) for each in value):
            value = ", ".join(each for each in map(str.strip, value) if each)
        found = string(notes, value, path)
        if found and states_nothing(found, path) and fold(found) not in kept:
            notes.say_nothing(path, found)
            return None
        return found

    return read


def listed(notes: Notebook, value: JsonValue, path: str, commas: Commas) -> Iterator[tuple[str, str]]:
    """The texts of a list, or of a text that is one, with the path of each; everything else is kept as supplied."""
    if isinstance(value, str):
        for part in split(notes.tidy(path, value), commas, is_old=notes.splits_commas):
            yield part, path
        return
    given = value if isinstance(value, list) else [value]
    is_in_order = notes.splits_commas and commas is not Commas.WORDS
    if is_in_order and len(given) > 1 and all(isinstance(each, str) for each in given):
        # Sources cut their own texts at commas; what was cut inside brackets is certainly one text.
        given = rejoined(given)
    for position, each in enumerate(given):
        where = f"{path}[{position}]" if isinstance(value, list) and len(value) == len(given) else path
        if isinstance(each, str):
            if found := notes.tidy(where, each):
                yield found, where
        elif is_number(each):
            notes.note(where, "A number stands where text is expected.", "Write it in quotes.")
            yield shown(each), where
        elif each is not None:
            notes.refuse(where, each, _TEXT_EXPECTED, "Write a list of texts.")


def texts(commas: Commas = Commas.OLD, *keep: str) -> Reader:
    """A list of texts without repetitions and placeholders; the words in `keep` mean something in this field."""
    kept = frozenset(fold(word) for word in keep)

    def read(notes: Notebook, value: JsonValue, path: str) -> list[str]:
        found: dict[str, None] = {}
        for each, where in listed(notes, value, path, commas):
            if states_nothing(each, path) and fold(each) not in kept:
                notes.say_nothing(where, each)
            else:
                found[each] = None
        return list(found)

    return read


def code(name: str) -> Reader:
    """A value of a code list."""

    def read(notes: Notebook, value: JsonValue, path: str) -> str | Inferred | None:
        codes = vocabulary(name)
        if isinstance(value, list):
            first, *rest = [each for each in enumerate(value) if not is_blank(each[1])] or [(0, None)]
            for position, each in rest:
                reason = "Only one value is possible here; the first was taken."
                notes.refuse(f"{path}[{position}]", each, reason, "Choose one value.")
            path, value = f"{path}[{first[0]}]", first[1]
        if value is None:
            return None
        written = string(notes, value, path)
        if written is None:
            return None
        found = _known(notes, codes, written, path)
        return Inferred(found, written) if found and codes.is_near(written) else found

    return read


def codes(name: str, *, shape: re.Pattern[str] | None = None) -> Reader:
    """A list of values of a code list; a value that is not in it stands, with a warning, when it has the `shape`."""

    def read(notes: Notebook, value: JsonValue, path: str) -> list[str] | Inferred:
        known = vocabulary(name)
        found: dict[str, None] = {}
        evidence: list[str] = []
        whole = known.find(value) if isinstance(value, str) and len(value) <= _LONGEST_PLACEHOLDER * 2 else None
        for each, where in [(value, path)] if whole else listed(notes, value, path, Commas.ALWAYS):
            if shape and each not in known and shape.fullmatch(each):
                notes.warn(where, f"“{each}” is not in the list of codes.", "Choose a code from the list.")
                found[each] = None
            elif one := _known(notes, known, each, where):
                found[one] = None
                if known.is_near(each):
                    evidence.append(each)
        return Inferred(list(found), ", ".join(evidence)) if evidence else list(found)

    return read


def _known(notes: Notebook, known: Vocabulary, written: str, path: str) -> str | None:
    if (found := known.find(written)) is not None:
        if known.is_near(written):
            notes.note(path, f"“{written}” is read as “{found}”, the nearest value.", "Choose the value that is right.")
        return found
    if states_nothing(written, path):
        notes.say_nothing(path, written)
    else:
        message = f"This is not a value of the list “{known.title}”."
        notes.refuse(path, written, message, "Choose a value from the list.")
    return None


def whole_number(least: int = 0, greatest: int = LARGEST_COUNT) -> Reader:
    """A whole number in a range; -1 is HDR UK's way of saying that it is not known."""

    def read(notes: Notebook, value: JsonValue, path: str) -> int | None:
        number = _whole(notes, value, path)
        if number is None or least <= number <= greatest:
            return number
        if number == -1:
            notes.refuse(path, value, "-1 is read as not stated.", "Leave the field empty, or give the number.")
        else:
            message = f"The number is not between {least} and {greatest}."
            notes.refuse(path, value, message, "Give the right number.")
        return None

    return read


def _whole(notes: Notebook, value: JsonValue, path: str) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and is_number(value) and value.is_integer():
        return int(value)
    written = value.strip() if isinstance(value, str) else None
    if written and _DIGITS.fullmatch(written):
        notes.note(path, "A number is written as text.", "Write the number without quotes.")
        return int(written.replace(",", ""))
    if written is not None and (not written or states_nothing(written, path)):
        if written:
            notes.say_nothing(path, written)
    else:
        notes.refuse(path, value, "A whole number is expected here.", "Write digits only.")
    return None


def number(notes: Notebook, value: JsonValue, path: str) -> int | float | None:
    """Any number that means one and that databases hold."""
    found = value if isinstance(value, float) and is_number(value) else _whole(notes, value, path)
    if found is not None and abs(found) > LARGEST_COUNT:
        notes.refuse(path, value, "The number is too large.", "Give the right number.")
        return None
    return found


def scalar(notes: Notebook, value: JsonValue, path: str) -> str | int | float | bool | None:
    """A value that the standard leaves untyped, as it is."""
    if isinstance(value, str):
        return notes.tidy(path, value) or None
    if isinstance(value, bool) or (is_number(value) and abs(value) <= LARGEST_COUNT):
        return value  # type: ignore[no-any-return] # narrowed to a scalar above
    notes.refuse(path, value, "One value is expected here.", "Write text, a number, or true or false.")
    return None


def code_or_number(notes: Notebook, value: JsonValue, path: str) -> str | int | None:
    """An identifier or code that may be a whole number."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST_COUNT:
        return value
    return string(notes, value, path)


def flag(notes: Notebook, value: JsonValue, path: str) -> bool | None:
    """True or false, also when it is written as text."""
    if isinstance(value, bool):
        return value
    word = value.strip().casefold() if isinstance(value, str) else ""
    if word in {"true", "yes", "false", "no"}:
        notes.note(path, "True or false is written as text.", "Write true or false without quotes.")
        return word in {"true", "yes"}
    notes.refuse(path, value, "True or false is expected here.", "Write true or false.")
    return None


_NOT_A_DATE = {
    DateForm.AMBIGUOUS: "Day and month cannot be told apart in this date.",
    DateForm.IMPOSSIBLE: "There is no such day.",
    DateForm.OUT_OF_RANGE: "The year cannot be right.",
    DateForm.UNREADABLE: "This is not a date.",
}
_DATE_FIX = "Write dates as year-month-day, for example 2026-11-22."


def date(*, may_go_on: bool = False) -> Reader:
    """An ISO 8601 date or date and time as text; `may_go_on` allows the words for "it goes on"."""

    def read(notes: Notebook, value: JsonValue, path: str) -> str | Inferred | None:
        written = string(notes, value, path)
        if written is None:
            return None
        if may_go_on and (goes_on := vocabulary("end-date").find(written)):
            return goes_on
        found = read_date(written, notes.order, notes.latest_year)
        if found.form is DateForm.INFERRED:
            notes.note(path, f"“{written}” is read as {found.value}, as this source writes its dates.", _DATE_FIX)
            return Inferred(found.value, written)
        if found.form in {DateForm.PROVEN, DateForm.TIDIED}:
            notes.note(path, f"“{written}” is read as {found.value}.", _DATE_FIX)
        elif found.value is None and states_nothing(written, path):
            notes.say_nothing(path, written)
        elif found.value is None:
            notes.refuse(path, written, _NOT_A_DATE[found.form], _DATE_FIX)
        return found.value

    return read
