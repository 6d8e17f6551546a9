"""Age ranges in one text, as HDR UK wrote them before 3.0.0."""

import re
from dataclasses import dataclass

YOUNGEST = 0
OLDEST = 150
"""HDR UK's convention for "no upper limit" (4.0.0, `coverage.typicalAgeRangeMax`)."""

LONGEST = 60
_EVERYBODY = frozenset({"all", "any", "all ages", "any age", "any ages", "all age groups", "everyone"})
_YEARS = r"(?:\s*(?:years?|yrs?|y)(?:\s*old)?)?"
_RANGE = re.compile(rf"([0-9]{{1,4}}){_YEARS}\s*(?:-|to)\s*([0-9]{{1,4}})\s*(\+?){_YEARS}\s*(months?)?")
_FROM = re.compile(
    rf"(?:(?:>|>=|\u2265|over|from|above)\s*([0-9]{{1,4}}){_YEARS}"
    rf"|([0-9]{{1,4}}){_YEARS}\s*(?:\+|and over|and above|or over|plus|upwards){_YEARS})"
)
_BELOW = re.compile(rf"(?:<|under|below)\s*([0-9]{{1,4}}){_YEARS}")
_UP_TO = re.compile(rf"(?:<=|\u2264|up to)\s*([0-9]{{1,4}}){_YEARS}")
_MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class AgeRange:
    """Ages in whole years; `is_exact` when the source wrote both numbers, or the words for everybody."""

    least: int
    greatest: int
    is_exact: bool

    @property
    def is_possible(self) -> bool:
        """Whether people can have these ages."""
        return YOUNGEST <= self.least <= self.greatest <= OLDEST


def read_age_range(text: str) -> AgeRange | None:
    """The ages that `text` means, possible or not; None when it is something else."""
    plain = " ".join(text.casefold().split()).replace("\u2013", "-").replace("\u2014", "-")
    if len(plain) > LONGEST:
        return None
    if plain in _EVERYBODY:
        return AgeRange(YOUNGEST, OLDEST, is_exact=True)
    if found := _RANGE.fullmatch(plain):
        return _between(int(found[1]), int(found[2]), is_open=bool(found[3]), in_months=bool(found[4]))
    return _one_sided(plain)


def _between(least: int, greatest: int, *, is_open: bool, in_months: bool) -> AgeRange:
    if in_months:
        return AgeRange(least // _MONTHS_A_YEAR, greatest // _MONTHS_A_YEAR, is_exact=False)
    # An open last group ("90+") means that nobody is left out, not that the oldest is 90.
    return AgeRange(least, OLDEST, is_exact=False) if is_open else AgeRange(least, greatest, is_exact=True)


def _one_sided(plain: str) -> AgeRange | None:
    if found := _FROM.fullmatch(plain):
        # ">18" counts whole years: somebody is over 18 from the birthday on.
        return AgeRange(int(found[1] or found[2]), OLDEST, is_exact=False)
    if found := _BELOW.fullmatch(plain):
        return AgeRange(YOUNGEST, int(found[1]) - 1, is_exact=False)
    if found := _UP_TO.fullmatch(plain):
        return AgeRange(YOUNGEST, int(found[1]), is_exact=False)
    return None
