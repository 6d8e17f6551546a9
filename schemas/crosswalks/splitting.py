"""Lists that came as one text, and texts that came as a list: where to cut and where to join."""

import re
from enum import StrEnum

DELIMITER = ";,;"
"""What the Gateway's own data model puts between the items of a list; it never stands in text."""

_LONGEST_PLACE = 7
"""Words in the longest item of a list of names; longer parts belong to a sentence."""

_OPENING, _CLOSING = "([{", ")]}"
_DOI = re.compile(r"(?:\A|[\s/:])10(?:\.[0-9]{4,9}/\S|/\S{4})")
_SHORT_CITATION = 6
"""A citation has at least that many words, or an identifier."""


class Commas(StrEnum):
    """When a comma separates the items of a list in one text."""

    NEVER = "never"
    OLD = "in versions before 3.0.0"
    WORDS = "in versions before 3.0.0; the items are words, which come in another order each time"
    ALWAYS = "in every version"
    NAMES = "in every version, when the parts are names and no sentence"


def split(text: str, commas: Commas, *, is_old: bool) -> list[str]:
    """The items of a list in one text. Commas inside brackets separate nothing."""
    if DELIMITER in text:
        return [part for part in map(str.strip, text.split(DELIMITER)) if part]
    if commas is Commas.NEVER or (commas in {Commas.OLD, Commas.WORDS} and not is_old):
        return [text] if text else []
    listed = text.replace(";", ",") if commas is Commas.NAMES and is_old and "," not in text else text
    parts = [part for part in map(str.strip, _outside_brackets(listed)) if part]
    if commas is Commas.NAMES and any(len(part.split()) > _LONGEST_PLACE for part in parts):
        return [text]
    return parts


def _outside_brackets(text: str) -> list[str]:
    if "," not in text:
        return [text]
    if not any(bracket in text for bracket in _OPENING):
        return text.split(",")
    return rejoined(text.split(","), ",")


def depth_change(text: str) -> int:
    """How many brackets the text opens more than it closes."""
    return sum(text.count(one) for one in _OPENING) - sum(text.count(one) for one in _CLOSING)


def rejoined(parts: list[str], glue: str = ", ") -> list[str]:
    """The parts, with those put together again that were cut inside brackets; unbalanced text stays cut."""
    whole: list[str] = []
    start, depth = 0, 0
    for position, part in enumerate(parts):
        depth = max(depth, 0) + depth_change(part)
        if depth <= 0:
            whole.append(glue.join(parts[start : position + 1]))
            start = position + 1
    return whole + parts[start:]


def citations(parts: list[str]) -> list[str]:
    """Citations that a source cut at their commas, put together again when a part cannot be one by itself."""
    if len(parts) > 1 and not all(_is_whole(part) for part in parts):
        return [", ".join(parts)]
    return parts


def _is_whole(part: str) -> bool:
    return (
        len(part.split()) >= _SHORT_CITATION or "://" in part or "PMID" in part or _DOI.search(part[:200]) is not None
    )
