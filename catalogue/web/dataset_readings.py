"""Facts that were read from a description's words, as pages show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from catalogue.services.dataset_facts import KnownFact
from catalogue.web.dataset_facts import Fact
from schemas.inference import filling, path_label, value_label
from schemas.vocabularies import field_label

SHOWN_WITH = {
    filling.LAST: "Period covered",
    filling.FIRST: "Period covered",
    filling.YOUNGEST: "Ages",
    filling.OLDEST: "Ages",
    filling.TYPES: field_label("provenance.origin.datasetType"),
    filling.SUB_TYPES: field_label("provenance.origin.datasetType"),
}
"""The row of the page in which a field is shown, where it is not a row of its own."""
STRIP = {
    "People": (filling.POPULATION,),
    "Years": (filling.FIRST, filling.LAST),
    "Places": (filling.PLACES,),
}
"""The facts at the top of the page, and the fields that they are made from."""
FOUND_IN = {
    "summary.title": "the title",
    "summary.abstract": "the abstract",
    "documentation.description": "the description",
    "structuralMetadata.tables.columns.name": "the name of a column",
}


@dataclass(frozen=True, slots=True)
class ReadingView:
    """A fact that was read: what it says, the words it came from and where they stand."""

    number: int
    label: str
    value: str
    words: str
    found_in: str
    state: str
    decider: str

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has said anything of it."""
        return self.state == "waiting"


@dataclass(frozen=True, slots=True)
class ReadFact(Fact):
    """A fact of the page that was read from words, wholly or in part."""

    readings: tuple[ReadingView, ...] = ()


def view_of(known: KnownFact) -> ReadingView:
    """A fact as pages show it."""
    fact = known.fact
    return ReadingView(
        number=known.number,
        label=path_label(fact.path),
        value=value_label(fact.path, fact.value),
        words=fact.words,
        found_in=FOUND_IN.get(fact.found_in, "the description"),
        state=known.state.value,
        decider=known.decider,
    )


def marked(facts: Iterable[Fact], known: Sequence[KnownFact]) -> tuple[Fact, ...]:
    """The rows of a page, each with what of it was read; that says how it came to be known."""
    by_label: dict[str, list[ReadingView]] = {}
    for each in known:
        label = SHOWN_WITH.get(each.fact.path) or field_label(each.fact.path)
        by_label.setdefault(label, []).append(view_of(each))
    return tuple(
        ReadFact(fact.label, fact.html, "", tuple(by_label[fact.label])) if fact.label in by_label else fact
        for fact in facts
    )


def strip_note(label: str, known: Sequence[KnownFact]) -> str:
    """What is said under a fact at the top of the page."""
    read = [each for each in known if each.fact.path in STRIP.get(label, ())]
    if not read:
        return ""
    deciders = sorted({each.decider for each in read})
    return "Read from the text" if any(each.is_waiting for each in read) else f"Confirmed by {' and '.join(deciders)}"
