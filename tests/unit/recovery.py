"""How much of a document comes back when its export is read again: the measure of a crosswalk, not a part of it."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from schemas.crosswalks.dates import DateOrder
from schemas.crosswalks.hdruk_reading import noted
from schemas.crosswalks.hdruk_versions import DECLARING_KEYS, is_flat, version_of
from schemas.crosswalks.reading import Notebook
from schemas.crosswalks.text import JsonValue, leaves, shown
from schemas.crosswalks.values import states_nothing
from schemas.metadata import Description, walk
from schemas.vocabularies import fold

_POSITION = re.compile(r"\[[0-9]+\]")
_STEP = re.compile(r"[^.\[\]]+|\[[0-9]+\]")


@dataclass(frozen=True, slots=True)
class Recovery:
    """How many leaves of a document state something, how many of them came back, and the paths of the others."""

    filled: int
    recovered: int
    lost: tuple[str, ...]


def recovery(document: Mapping[str, JsonValue], back: Description, date_order: DateOrder | None = None) -> Recovery:
    """Compare a source document with `back`, which was read from the export of its description.

    *Filled* is every leaf (text, number, true or false) that states something: it is not blank, not in the
    envelope (`@schema`, or what the tool of a 1.1.7 document says of its own record), and not only a word such
    as "not available", "TBC" or the field's own name, even where a code list has that word as a value.

    A filled leaf is *recovered* when `back` holds, at the same canonical path, every fact that the leaf alone
    is read as (so a code counts under its 4.0.0 spelling, a slash date as the ISO date, an age range as two
    numbers), or a text in which the leaf is one of the parts between commas (sources cut citations there); or
    when `back` says the whole text, in whatever case, in another field. What was kept as supplied is never
    exported, and so is never recovered.
    """
    alone = partial(_alone, version=version_of(document), date_order=date_order, flat=is_flat(document))
    held: dict[str, set[object]] = defaultdict(set)
    for path, value in walk(back):
        held[_POSITION.sub("", path)].add(value)
    said = {_plain(value) for values in held.values() for value in values if isinstance(value, str)}
    filled, lost = 0, []
    for path, value in leaves(document, ""):
        if path.startswith(DECLARING_KEYS) or (isinstance(value, str) and states_nothing(shown(value), path)):
            continue
        notes = alone(path, value)
        if not (notes.facts or notes.supplied or notes.problems):
            continue
        filled += 1
        if not _is_held(notes, value, held, said):
            lost.append(path)
    return Recovery(filled, filled - len(lost), tuple(lost))


def _alone(path: str, value: JsonValue, *, version: str, date_order: DateOrder | None, flat: bool) -> Notebook:
    """What the leaf says by itself."""
    return noted(_document(path, value), version, date_order, None, flat=flat)


def _is_held(notes: Notebook, value: JsonValue, held: Mapping[str, set[object]], said: set[str]) -> bool:
    facts = [(_POSITION.sub("", where), fact) for where, fact in leaves(notes.facts, "")]
    if facts and all(fact in held.get(where, ()) or _is_part(fact, held.get(where, set())) for where, fact in facts):
        return True
    return isinstance(value, str) and _plain(shown(value)) in said


def _plain(text: str) -> str:
    return fold(text).rstrip(".")


def _is_part(fact: JsonValue, texts: set[object]) -> bool:
    return isinstance(fact, str) and any(f", {fact}, " in f", {text}, " for text in texts if isinstance(text, str))


def _document(path: str, value: JsonValue) -> dict[str, JsonValue]:
    """A document with this leaf and nothing else; a list has it as its only item."""
    below = value
    first, dot, rest = path.partition(".")
    # The keys of 1.1.7's revisions are version numbers.
    steps = [first, rest] if dot and first == "revisions" else _STEP.findall(path)
    for step in reversed(steps):
        below = [below] if step.startswith("[") else {step: below}
    return below if isinstance(below, dict) else {}
