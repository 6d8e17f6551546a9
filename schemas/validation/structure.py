"""The canonical form as data: what stands where, of which type, and what HDR UK 4.0.0 demands of it.

It is read off the dataclasses, so that a new field is looked at as soon as it is there.
"""

import types
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass, replace
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from schemas.crosswalks.hdruk_demands import DEMANDS, Need
from schemas.metadata import Description, Severity
from schemas.metadata.codec import camel
from schemas.validation.facts import FORMS
from schemas.validation.forms import Choice, Finding, Form

_NEEDS = {demand.path: demand.need for demand in DEMANDS}
_WORDS = {str: "text", int: "a whole number", float: "a number", bool: "yes or no"}


@dataclass(frozen=True, slots=True)
class Part:
    """A field: `name` in Python, `key` in JSON, `path` without list positions.

    `need` is what HDR UK 4.0.0 asks; without what `is_required` the part cannot be. It holds leaves of `kinds`
    with a `form`, or parts `below` that make up a `section`; one of them, or a list.
    """

    name: str
    key: str
    path: str
    need: Need
    is_list: bool
    is_required: bool
    kinds: tuple[type, ...]
    form: Form | None
    section: type | None
    below: tuple["Part", ...]

    def find(self, value: Any) -> Finding | None:  # noqa: ANN401 - a stated leaf
        """What is wrong with a leaf: its type first, then its form."""
        if not self.fits(value):
            if self.form and issubclass(self.kinds[0], Enum):
                unknown = self.form(value)
                return unknown and replace(unknown, severity=Severity.ERROR)
            words = " or ".join(dict.fromkeys(_WORDS[kind] for kind in self.kinds))
            return Finding(f"is not {words}", f"Give {words}.", Severity.ERROR)
        return self.form(value) if self.form else None

    def fits(self, value: object) -> bool:
        """Whether the value has the type of the field; true and false are no numbers, a whole number is a number."""
        kind = type(value)
        return kind in self.kinds or (kind is int and float in self.kinds)


@cache
def parts_of(kind: type = Description, path: str = "") -> tuple[Part, ...]:
    """The fields of a dataclass that stands at a path, in their order."""
    hints = get_type_hints(kind)
    return tuple(
        _part(each, hints[each.name], f"{path}.{camel(each.name)}" if path else camel(each.name))
        for each in fields(kind)
    )


def _part(field: Field[Any], hint: Any, path: str) -> Part:  # noqa: ANN401 - a type hint
    is_list = get_origin(hint) is tuple
    inner = get_args(hint)[0] if is_list else hint
    kinds = get_args(inner) if get_origin(inner) in (Union, types.UnionType) else (inner,)
    kinds = tuple(kind for kind in kinds if kind is not type(None))
    sections: list[type] = [kind for kind in kinds if isinstance(kind, type) and is_dataclass(kind)]
    section = sections[0] if sections else None
    form = FORMS.get(path)
    if form is None and issubclass(kinds[0], Enum):
        form = Choice(tuple(member.value for member in kinds[0]))
    return Part(
        name=field.name,
        key=camel(field.name),
        path=path,
        need=_NEEDS.get(path, Need.NEVER),
        is_list=is_list,
        is_required=field.default is MISSING and field.default_factory is MISSING,
        kinds=() if section else kinds,
        form=form,
        section=section,
        below=parts_of(section, path) if section else (),
    )
