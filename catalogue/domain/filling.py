"""Whole sections that another source may fill (ADR 17): never a word of the owner's is changed."""

from collections.abc import Iterable
from dataclasses import fields, replace

from schemas.metadata import Basis, BasisKind, Description, to_json
from schemas.metadata.codec import camel

OWN = frozenset(
    {"identifier", "version", "revisions", "issued", "modified", "summary", "accessibility", "bases", "as_supplied"}
)
"""What makes the record the owner's own, and is never filled."""

SECTIONS = tuple(each.name for each in fields(Description) if each.name not in OWN)


def fill(description: Description, contributions: Iterable[tuple[str, Description]]) -> Description:
    """The description with the sections it lacks taken from the first contribution that has them.

    A contribution is the name of its source and what that source says. Every section taken has a basis of
    kind `filled` at its path.
    """
    filled = description
    for source, contribution in contributions:
        for name in SECTIONS:
            if _is_empty(filled, name) and not _is_empty(contribution, name):
                basis = Basis(path=camel(name), kind=BasisKind.FILLED, source=source)
                filled = replace(filled, **{name: getattr(contribution, name)}, bases=(*filled.bases, basis))
    return filled


def without_filled(description: Description) -> Description:
    """What the owner alone said."""
    paths = {basis.path for basis in description.bases if basis.kind is BasisKind.FILLED}
    empty = Description()
    taken = {name: getattr(empty, name) for name in SECTIONS if camel(name) in paths}
    bases = tuple(basis for basis in description.bases if basis.kind is not BasisKind.FILLED)
    return replace(description, **taken, bases=bases)


def _is_empty(description: Description, section: str) -> bool:
    return to_json(getattr(description, section)) in ({}, [])
