"""Readers of what HDR UK documents relate to: DOIs, citations, other datasets, types of data, samples."""

import re
from collections.abc import Mapping

from schemas.crosswalks.identifiers import is_uuid
from schemas.crosswalks.reading import Json, Notebook, Reader, SetAside, Table, gather, table
from schemas.crosswalks.splitting import Commas, citations
from schemas.crosswalks.text import JsonValue, is_blank
from schemas.crosswalks.values import codes, listed, states_nothing, string, text, texts
from schemas.vocabularies import vocabulary

_DOI_PREFIX = re.compile(r"(?:https?://(?:dx\.|www\.)?doi\.org/|doi:\s?)(?=10\.)", re.IGNORECASE)
_DOI = re.compile(r"10\.[0-9]{4,9}/[-._;()/:a-zA-Z0-9]+")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]{1,20}://\S+", re.IGNORECASE)
_NOTHING = frozenset({"no", "nothing"})

SUB_TYPE = "sub-type"


def bare_doi(written: str) -> str:
    """A DOI without resolver or prefix; any other text as it is."""
    return _DOI_PREFIX.sub("", written, count=1) if _DOI_PREFIX.match(written) and " " not in written else written


def doi(notes: Notebook, value: JsonValue, path: str) -> str | None:
    """The DOI of the dataset."""
    written = text()(notes, value, path)
    if written is None:
        return None
    found = bare_doi(str(written))
    if _DOI.fullmatch(found):
        return found
    notes.refuse(path, written, "This is not a DOI.", "Write the DOI alone, for example 10.1000/xyz123.")
    return None


def publications(notes: Notebook, value: JsonValue, path: str) -> list[str]:
    """DOIs, or citations as they were given, which HDR UK 4.0.0 has no other place for."""
    found: list[str] = []
    for each, where in listed(notes, value, path, Commas.NEVER):
        if states_nothing(each, path) or each.casefold() in _NOTHING:
            notes.say_nothing(where, each)
        else:
            found.append(bare_doi(each))
    whole = citations(found) if notes.splits_commas else found
    if any(not _DOI.fullmatch(each) for each in whole):
        notes.warn(path, "A publication is given without its DOI.", "Give the DOI of each publication.")
    return list(dict.fromkeys(whole))


_REFERENCE = table({"pid": ("pid", text()), "title": ("title", text()), "url": ("url", text())})


def references(notes: Notebook, value: JsonValue, path: str) -> list[Json]:
    """Other datasets, as objects (from 3.0.0) or as addresses, identifiers and names in text."""
    found = _objects(notes, value, path, _REFERENCE)
    commas = Commas.NAMES if notes.splits_commas else Commas.NEVER
    for written, where in listed(notes, _without_objects(value), path, commas):
        if states_nothing(written, path) or written.casefold() in _NOTHING:
            notes.say_nothing(where, written)
        else:
            found.append(_reference(written))
    return [each for position, each in enumerate(found) if each not in found[:position]]


def _objects(notes: Notebook, value: JsonValue, path: str, known: Table) -> list[Json]:
    """What the objects of a list state, or the object that stands in its place."""
    found: list[Json] = []
    for position, each in enumerate(value if isinstance(value, list) else [value]):
        if isinstance(each, Mapping):
            facts: Json = {}
            gather(notes, each, f"{path}[{position}]" if isinstance(value, list) else path, known, facts)
            if facts:
                found.append(facts)
    return found


def _without_objects(value: JsonValue) -> JsonValue:
    """The same value with nothing where its objects were, so that positions stay what they are."""
    if isinstance(value, list):
        return [None if isinstance(each, Mapping) else each for each in value]
    return None if isinstance(value, Mapping) else value


def _reference(written: str) -> Json:
    bare = bare_doi(written)
    if _DOI.fullmatch(bare) or is_uuid(written):
        return {"pid": bare}
    return {"url": written} if _ADDRESS.fullmatch(written) else {"title": written}


def dataset_types(notes: Notebook, value: JsonValue, path: str) -> list[Json]:
    """Types of data with their sub-types (4.0.0), or the names of types alone (earlier)."""
    found = _objects(notes, value, path, _DATASET_TYPE)
    for written, where in listed(notes, _without_objects(value), path, Commas.OLD):
        if states_nothing(written, path):
            notes.say_nothing(where, written)
        else:
            found.append({"name": written})
    for facts in found:
        _check_type(notes, facts, path)
    return found


_DATASET_TYPE = table({"name": ("name", string), "subTypes": ("subTypes", texts(Commas.NEVER, "not applicable"))})


def _check_type(notes: Notebook, facts: Json, where: str) -> None:
    """Spell a known type and its sub-types as the code list does; HDR UK lets any other name pass, so it stands."""
    types, written = vocabulary("dataset-type"), facts.get("name")
    name = types.find(written) if written else None
    if name is None:
        message = f"“{written}” is not a known type of data." if written else "A type of data has no name."
        notes.warn(where, message, "Choose a type from the list.")
    else:
        facts["name"] = name
    known = types.narrower.get(name or "", ())
    for position, each in enumerate(facts.get("subTypes", ())):
        sub_type = vocabulary("dataset-sub-type").find(each)
        if sub_type in known:
            facts["subTypes"][position] = sub_type
        elif name:
            notes.warn(where, f"“{each}” is no sub-type of “{name}”.", "Choose a sub-type of its own.")


def sub_types(of: str = "") -> Reader:
    """A reader of sub-types without their type, or of the type named; they are placed when all types are known."""

    def read(notes: Notebook, value: JsonValue, path: str) -> None:
        for written, where in listed(notes, value, path, Commas.ALWAYS):
            notes.set_aside.append(SetAside(SUB_TYPE, where, (of, written)))

    return read


def place_sub_types(notes: Notebook) -> None:
    """Put each sub-type under the one type it can belong to; keep it as supplied when there are several, or none."""
    origin = notes.facts.get("provenance", {}).get("origin", {})
    present: list[Json] = origin.get("datasetType", [])
    for kept in notes.set_aside:
        if kept.kind != SUB_TYPE:
            continue
        of, written = kept.value
        found = vocabulary("dataset-sub-type").find(written)
        owners = [name for name, below in vocabulary("dataset-type").narrower.items() if found in below]
        stated = [each["name"] for each in present if each.get("name") in owners]
        possible = [of] if of in owners else list(dict.fromkeys(stated)) or owners
        if found is None or len(possible) != 1:
            _leave_sub_type(notes, kept, written)
            continue
        entry = next((each for each in present if each.get("name") == possible[0]), None)
        if entry is None:
            entry = {"name": possible[0]}
            present.append(entry)
        below = entry.setdefault("subTypes", [])
        if found not in below:
            below.append(found)
    if present:
        notes.facts.setdefault("provenance", {}).setdefault("origin", {})["datasetType"] = present


def _leave_sub_type(notes: Notebook, kept: SetAside, written: str) -> None:
    if states_nothing(written, kept.path):
        notes.say_nothing(kept.path, written)
    else:
        notes.refuse(kept.path, written, "It is not certain which type this belongs to.", "Give the type with it.")


_SAMPLES = table({"materialType": ("coverage.materialType", codes("material-type"))})


def samples(notes: Notebook, value: JsonValue, path: str) -> None:
    """Sample collections of 2.2.x, of which 4.0.0 keeps the materials."""
    for position, each in enumerate(value if isinstance(value, list) else [value]):
        where = f"{path}[{position}]" if isinstance(value, list) else path
        if isinstance(each, Mapping):
            gather(notes, each, where, _SAMPLES, notes.facts)
        elif not is_blank(each):
            notes.refuse(where, each, "An entry with fields is expected here.", "Write an object.")
