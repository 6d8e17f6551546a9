"""How facts are written on pages: dates, numbers, counts and lists in plain English."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from schemas.vocabularies import vocabulary

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
MILLION, BILLION = 1_000_000, 1_000_000_000
PLURALS = {"person": "people", "study": "studies", "facility": "facilities", "query": "queries"}


def day(value: object) -> str:
    """A date, a moment or ISO 8601 text as `22 November 2026`; a month or a year as far as it goes.

    Text that is not a date is given back as it is: it is what the source said.
    """
    if isinstance(value, datetime):
        return _spelled(value.astimezone(UTC).date() if value.tzinfo else value.date())
    if isinstance(value, date):
        return _spelled(value)
    text = str(value or "")
    if text[4:5] != "-" or text[7:8] != "-":
        return _partial(text)
    try:
        return _spelled(datetime.fromisoformat(text).date())
    except ValueError:
        return text


def number(value: float | None) -> str:
    """`1234567` as `1,234,567`; a fraction keeps at most two digits after the point."""
    if value is None:
        return ""
    if isinstance(value, int) or value.is_integer():
        return f"{int(value):,}"
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def rounded(value: int) -> str:
    """A large number as a person says it: `68.4 million`; below a million, in full."""
    for size, name in ((BILLION, "billion"), (MILLION, "million")):
        if value >= size:
            return f"{number(int(value / size * 10) / 10)} {name}"
    return number(value)


def counted(count: int, noun: str) -> str:
    """`1 dataset`, `1,204 datasets`."""
    return f"{number(count)} {noun if count == 1 else PLURALS.get(noun, noun + 's')}"


def listed(items: Iterable[object], conjunction: str = "and") -> str:
    """`a, b and c`."""
    words = [str(item) for item in items]
    if len(words) < 2:  # noqa: PLR2004 - two words need a conjunction
        return "".join(words)
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"


def years(first: int, last: int, *, end: str = "stated") -> str:
    """`2004 to 2019`, one year alone, `2004 to now` when the end is `ongoing`, `from 2004` when it is `unknown`."""
    if end == "ongoing":
        return f"{first} to now"
    if end == "unknown":
        return f"from {first}"
    return str(first) if last == first else f"{first} to {last}"


def period(start: str | None, end: str | None, *, ongoing: str) -> str:
    """Two dates as a period; `ongoing` is what stands for the end of one that goes on."""
    first, last = day(start), "" if end == ongoing else day(end)
    if end == ongoing:
        return f"From {first}, still collected" if first else "Still collected"
    if first and last:
        return f"{first} to {last}"
    return f"From {first}" if first else f"Until {last}" if last else ""


def ages(least: int | None, greatest: int | None, *, oldest: int = 120) -> str:
    """A range of ages in years; an upper end past every life means no upper end."""
    if least is None and greatest is None:
        return ""
    if greatest is None or greatest >= oldest:
        return "All ages" if not least else f"{least} years and over"
    if not least:
        return f"Up to {counted(greatest, 'year')}"
    return f"{least} to {greatest} years" if least != greatest else counted(least, "year")


def shortened(text: str, characters: int) -> str:
    """The text on one line, cut at a word when it is longer."""
    folded = " ".join(text.split())
    if len(folded) <= characters:
        return folded
    cut = folded[: characters - 1]
    space = cut.rfind(" ")
    return f"{(cut[:space] if space > characters // 2 else cut).rstrip(' ,;:.-')}…"


def sentence(text: str) -> str:
    """A value that a source wrote in capitals throughout, in sentence case; anything else as it is.

    Short ones stay: most of them are names such as `DICOM`.
    """
    letters = [each for each in text if each.isalpha()]
    if len(letters) > 8 and all(each.isupper() for each in letters) and " " in text.strip():  # noqa: PLR2004 - a phrase
        return text[:1] + text[1:].lower()
    return text


def coded(code_list: str, value: str) -> str:
    """A value of a code list as people read it; what is not in the list speaks for itself."""
    known = vocabulary(code_list)
    found = known.find(value)
    return known.label(found) if found else sentence(value)


def share(part: float, whole: float) -> str:
    """A part of a whole as a percentage: `12%`, `<1%`."""
    if not whole or part <= 0:
        return "0%"
    percent = 100 * part / whole
    return "<1%" if percent < 1 else f"{round(percent)}%"


def several(values: Sequence[str], shown: int) -> str:
    """The first few of several values, and how many more there are."""
    rest = len(values) - shown
    return ", ".join(values) if rest <= 0 else f"{', '.join(values[:shown])} and {rest} more"


def _spelled(value: date) -> str:
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def _partial(text: str) -> str:
    if len(text) == 7 and text[4] == "-" and (text[:4] + text[5:]).isdecimal():  # noqa: PLR2004 - YYYY-MM
        month = int(text[5:])
        return f"{MONTHS[month - 1]} {text[:4]}" if 1 <= month <= len(MONTHS) else text
    return text
