"""Whether a description changed, and what changed, for people to read.

There is a difference exactly where the content hashes differ, since both rest on `says`. Tables and columns
are matched by name, other parts of lists by what names them, so that one changed count does not look like one
thing gone and another come.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, is_dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from catalogue.domain.content import IN_ORDER, parts_of, says
from catalogue.domain.word_differences import Effort, Words, changed_words
from schemas.metadata import (
    AgeCount,
    Column,
    ColumnValue,
    DataService,
    DatasetType,
    Description,
    DiseaseCount,
    Distribution,
    EthnicityCount,
    Observation,
    Supplied,
    Table,
    walk,
)
from schemas.vocabularies import field_label

LONG_TEXT: Final = 4
"""Words from which on a text is compared word by word."""
LONGEST_NAME: Final = 100

LONGEST_SUMMARY: Final = 500
Values = tuple[Any, ...]

NAMED_BY: Final[dict[type, tuple[str, ...]]] = {
    AgeCount: ("bin",),
    Column: ("name",),
    ColumnValue: ("name",),
    DataService: ("endpoint_url",),
    DatasetType: ("name",),
    DiseaseCount: ("disease_code", "disease_code_vocabulary"),
    Distribution: ("access_url", "title"),
    EthnicityCount: ("bin",),
    Observation: ("observed_node", "measured_property", "observation_date"),
    Supplied: ("path",),
    Table: ("name",),
}
"""What tells the parts of a list apart. A part that is not here is what it says, all of it."""
_NOUNS: Final[dict[type, str]] = {Table: "table", Column: "column", ColumnValue: "value"}


class DifferenceKind(StrEnum):
    """What happened to a fact."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    """The order of tables, columns or values is another."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact that is not what it was.

    `path` is the place in the newer description, or in the older one for what was removed; `label` names it
    in words, with the table and column it belongs to. `before` and `after` are the values as stated;
    `words` says of two longer texts which words changed.
    """

    path: str
    label: str
    kind: DifferenceKind
    before: Any = None
    after: Any = None
    words: tuple[Words, ...] = ()


def content_hash(description: Description) -> str:
    """A SHA-256 in hexadecimal that is the same for descriptions which say the same."""
    return sha256(says(description).encode("utf-8", "surrogatepass")).hexdigest()


def differences(old: Description, new: Description) -> tuple[Difference, ...]:
    """Everything that differs, in the order of the description's sections."""
    return tuple(_in_parts(old, new, _Place(), Effort()))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the comparison is: the path, and the table and column, or whatever else tells list items apart."""

    path: str = ""
    within: str = ""

    def part(self, key: str) -> "_Place":
        return _Place(f"{self.path}.{key}" if self.path else key, self.within)

    def item(self, position: int, item: object) -> "_Place":
        name = _name(item)
        return _Place(f"{self.path}[{position}]", f"{name} of {self.within}" if name and self.within else name)

    @property
    def label(self) -> str:
        label = field_label(self.path)
        return f"{label} ({self.within})" if self.within else label


def _in_parts(old: Any, new: Any, place: _Place, effort: Effort) -> Iterator[Difference]:  # noqa: ANN401 - dataclasses
    for name, key in parts_of(new.__class__):
        before, after = getattr(old, name), getattr(new, name)
        if says(before) == says(after):
            continue
        if isinstance(after, tuple):
            has_parts = any(is_dataclass(item) for item in (*before, *after))
            yield from (_in_items if has_parts else _in_values)(before, after, place.part(key), effort)
        elif is_dataclass(before) or is_dataclass(after):
            # An optional part that is absent states as much as an empty one.
            empty = (before or after).__class__()
            yield from _in_parts(before or empty, after or empty, place.part(key), effort)
        else:
            yield _change(before, after, place.part(key), effort)


def _change(before: Any, after: Any, place: _Place, effort: Effort) -> Difference:  # noqa: ANN401 - stated values
    if not says(before):
        return Difference(place.path, place.label, DifferenceKind.ADDED, None, after)
    if not says(after):
        return Difference(place.path, place.label, DifferenceKind.REMOVED, before, None)
    words = changed_words(before, after, effort) if _is_long(before) and _is_long(after) else ()
    return Difference(place.path, place.label, DifferenceKind.CHANGED, before, after, words)


def _in_values(before: Values, after: Values, place: _Place, effort: Effort) -> Iterator[Difference]:
    old, new = {says(value): value for value in before}, {says(value): value for value in after}
    removed = [value for said, value in old.items() if said and said not in new]
    added = [value for said, value in new.items() if said and said not in old]
    if len(removed) == len(added) == 1 and _is_long(removed[0]) and _is_long(added[0]):
        yield _change(removed[0], added[0], place, effort)
        return
    for value in removed:
        yield _change(value, None, place, effort)
    for value in added:
        yield _change(None, value, place, effort)


def _in_items(before: Values, after: Values, place: _Place, effort: Effort) -> Iterator[Difference]:
    old, new = list(enumerate(before)), list(enumerate(after))
    if not isinstance((*before, *after)[0], IN_ORDER):
        # Equal members of two sets are the same one, wherever they stand and however often.
        old_said, new_said = set(map(says, before)), set(map(says, after))
        old = [(position, item) for position, item in old if says(item) not in new_said]
        new = [(position, item) for position, item in new if says(item) not in old_said]
    yield from _in_named_items(_by_name(old), _by_name(new), place, effort)


Named = dict[tuple[tuple[str, ...], int], tuple[int, Any]]


def _in_named_items(old: Named, new: Named, place: _Place, effort: Effort) -> Iterator[Difference]:
    for key, (position, item) in old.items():
        if key not in new:
            there = place.item(position, item)
            yield Difference(there.path, _item_label(there, item), DifferenceKind.REMOVED, _summary(item), None)
    for key, (position, item) in new.items():
        there = place.item(position, item)
        if key in old:
            yield from _in_parts(old[key][1], item, there, effort)
        else:
            yield Difference(there.path, _item_label(there, item), DifferenceKind.ADDED, None, _summary(item))
    order = [key for key in new if key in old]
    if order != [key for key in old if key in new] and isinstance(new[order[0]][1], IN_ORDER):
        yield Difference(place.path, place.label, DifferenceKind.MOVED)


def _by_name(items: list[tuple[int, Any]]) -> Named:
    """The items that state anything, by what names them and how many of that name came before, with positions."""
    named: Named = {}
    seen: Counter[tuple[str, ...]] = Counter()
    for position, item in items:
        if says(item):
            naming = NAMED_BY.get(type(item))
            name = (says(item),) if naming is None else tuple(says(getattr(item, part)) for part in naming)
            named[name, seen[name]] = (position, item)
            seen[name] += 1
    return named


def _name(item: object) -> str:
    values = [getattr(item, part) for part in NAMED_BY.get(type(item), ())]
    name = ", ".join(str(value) for value in values if value is not None)[:LONGEST_NAME]
    return " ".join(filter(None, (_NOUNS.get(type(item)), name)))


def _item_label(there: _Place, item: object) -> str:
    if type(item) in _NOUNS:
        return there.within[:1].upper() + there.within[1:]
    return field_label(there.path)


def _summary(item: object) -> str:
    """What an item says in one line; a table says how many columns it has."""
    if isinstance(item, Table):
        count = len(item.columns)
        return f"{count:,} column{'' if count == 1 else 's'}"
    skipped = NAMED_BY[type(item)] if type(item) in _NOUNS else ()
    return ", ".join(str(value) for path, value in walk(item) if path not in skipped)[:LONGEST_SUMMARY]


def _is_long(value: object) -> bool:
    return isinstance(value, str) and len(value.split(maxsplit=LONG_TEXT)) >= LONG_TEXT
