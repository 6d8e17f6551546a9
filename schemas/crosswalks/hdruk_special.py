"""Readers of fields that are like no other: both ages in one text, lead times, the publisher's rules, the envelope."""

from collections.abc import Mapping

from schemas.crosswalks.ages import read_age_range
from schemas.crosswalks.reading import Notebook, SetAside, gather, put, table
from schemas.crosswalks.text import JsonValue
from schemas.crosswalks.values import code, text
from schemas.metadata import Basis, BasisKind
from schemas.vocabularies import vocabulary

_TEXT_EXPECTED = "Text is expected here."
LEAD_TIME = "lead time"
SECOND_HAND = "second hand"


def lead_time(notes: Notebook, value: JsonValue, path: str) -> JsonValue:
    """A code; a sentence is looked at again when the access rights are known, which it often repeats."""
    if isinstance(value, str) and vocabulary("delivery-lead-time").find(value) is None:
        notes.set_aside.append(SetAside(LEAD_TIME, path, value))
        return None
    return code("delivery-lead-time")(notes, value, path)


def age_range(notes: Notebook, value: JsonValue, path: str) -> None:
    """Both ages from one text; what was not written in numbers is inferred."""
    written = text()(notes, value, path)
    if written is None:
        return
    found = read_age_range(str(written))
    if found is None or not found.is_possible:
        reason = "This is not an age range." if found is None else "People cannot have these ages."
        notes.refuse(path, written, reason, "Write two ages in years, for example 18-65.")
        return
    for name, age in (("typicalAgeRangeMin", found.least), ("typicalAgeRangeMax", found.greatest)):
        put(notes, notes.facts, ("coverage", name), age, path, value)
        if not found.is_exact:
            notes.bases.append(Basis(f"coverage.{name}", BasisKind.INFERRED, str(written)))
    if not found.is_exact:
        notes.note(
            path, f"“{written}” is read as {found.least} to {found.greatest} years.", "Write both ages in years."
        )


def second_hand(notes: Notebook, value: JsonValue, path: str) -> None:
    """What 2.0 and 2.1 said of the publisher as a rule for all its datasets; the dataset's own word counts first."""
    notes.set_aside.append(SetAside(SECOND_HAND, path, value))


def no_place(notes: Notebook, value: JsonValue, path: str) -> None:
    """Keep as supplied what 4.0.0 gave up."""
    notes.refuse(path, value, "HDR UK 4.0.0 has no place for this any more.")


def no_fact(notes: Notebook, value: JsonValue, path: str) -> None:
    """Pass over text that says nothing about the dataset; keep anything else as supplied."""
    if not isinstance(value, str):
        notes.refuse(path, value, _TEXT_EXPECTED)


_ENVELOPE = table({key: (key, no_fact) for key in ("type", "version", "url")})


def envelope(notes: Notebook, value: JsonValue, path: str) -> None:
    """What a document says of its own form, which is no fact about the dataset."""
    if isinstance(value, Mapping):
        gather(notes, value, path, _ENVELOPE, {})
    else:
        no_fact(notes, value, path)
