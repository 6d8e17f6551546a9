"""Code lists: one JSON file each, read once, looked up without regard to case, spacing and kind of dash."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

_DASHES = re.compile(r"\s*[-\u2010-\u2015\u2212]\s*")
_NOT_LISTS = frozenset({"fields"})


def fold(text: str) -> str:
    """The form in which two spellings are compared: no case, single spaces, plain dashes without spaces around."""
    folded = " ".join(text.split()).casefold()
    has_dash = "-" in folded or not folded.isascii()
    return _DASHES.sub("-", folded) if has_dash else folded


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One code list.

    `labels` are for people, `narrower` holds the values inside a wider one. `near` names words whose
    meaning is close to a value without being the same: they are found, but whoever uses them should say so.
    """

    name: str
    title: str
    source: str
    values: tuple[str, ...]
    labels: Mapping[str, str]
    narrower: Mapping[str, tuple[str, ...]]
    words: Mapping[str, str]
    near: frozenset[str]

    def __contains__(self, value: object) -> bool:
        return value in self.labels

    def find(self, text: str) -> str | None:
        """The value that a code, label or alias means."""
        return text if text in self.labels else self.words.get(fold(text))

    def is_near(self, text: str) -> bool:
        """Whether `text` is found although it does not mean exactly what the value means."""
        return text not in self.labels and fold(text) in self.near

    def label(self, value: str) -> str:
        """What people read; a value that is not in the list speaks for itself."""
        return self.labels.get(value, value)


@cache
def vocabulary(name: str) -> Vocabulary:
    """The code list of that name. Raises KeyError when there is none."""
    if name not in names():
        raise KeyError(name)
    document = json.loads((files(__package__) / f"{name}.json").read_text("utf-8"))
    entries: list[dict[str, Any]] = document["values"]
    words: dict[str, str] = {}
    for key in ("value", "label", "aliases", "near"):
        for entry in entries:
            spellings = entry.get(key, ())
            for spelling in [spellings] if isinstance(spellings, str) else spellings:
                words.setdefault(fold(spelling), entry["value"])
    return Vocabulary(
        name=name,
        title=document["title"],
        source=document["source"],
        values=tuple(entry["value"] for entry in entries),
        labels=MappingProxyType({entry["value"]: entry.get("label", entry["value"]) for entry in entries}),
        narrower=MappingProxyType(
            {entry["value"]: tuple(entry["narrower"]) for entry in entries if entry.get("narrower")}
        ),
        words=MappingProxyType(words),
        near=frozenset(fold(word) for entry in entries for word in entry.get("near", ())),
    )


@cache
def names() -> frozenset[str]:
    """The names of all code lists."""
    stems = (entry.name.removesuffix(".json") for entry in files(__package__).iterdir() if entry.name.endswith(".json"))
    return frozenset(stems) - _NOT_LISTS


def is_not_stated(text: str) -> bool:
    """Whether the text only says that nothing is said: "TBC", "N/A", "not available"."""
    return fold(text.rstrip(" .")) in vocabulary("not-stated").words
