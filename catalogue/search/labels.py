"""Finds documents by the words of their facet values: `standard:snomed`, `place:wales`, `type:imaging`."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from catalogue.search.analysis import term_of, terms_of, words
from catalogue.search.fields import FACET_NAMES, NOT_STATED
from catalogue.search.plan import FindLabel
from catalogue.search.snapshots import Snapshot

Array: TypeAlias = NDArray[Any]


def documents_labelled(snapshot: Snapshot, node: FindLabel) -> Array:
    """Whether each document has a value with such a label."""
    values = snapshot.values
    places = [FACET_NAMES.index(facet) for facet in node.facets]
    candidates = np.flatnonzero(np.isin(values.facets, places)).tolist()
    found = [number for number in candidates if says(values.terms[number].label, node)]
    having: Array = values.having(found) & snapshot.live
    return having


def says(label: str, node: FindLabel) -> bool:
    """Whether a label is what was asked for."""
    if label == NOT_STATED.label:
        return False
    spoken = words(label)
    # People write a code list as it comes to them: ICD-10, ICD 10, ICD10.
    terms = {*terms_of(spoken), term_of("".join(spoken))}
    if node.is_beginning:
        return all(any(term.startswith(start) for term in terms) for start in node.ways[0])
    return any(terms.issuperset(way) for way in node.ways)
