"""Every field of a description has a label, a line of help and a place on the page."""

import re
from collections.abc import Iterator
from dataclasses import fields as parts
from dataclasses import is_dataclass
from typing import get_args, get_type_hints

from schemas.metadata import Description
from schemas.metadata.codec import camel
from schemas.vocabularies import field, field_label, fields, sections


def paths(kind: type, above: str = "") -> Iterator[str]:
    hints = get_type_hints(kind)
    for part in parts(kind):
        path = f"{above}.{camel(part.name)}" if above else camel(part.name)
        yield path
        for inner in (hints[part.name], *get_args(hints[part.name])):
            if is_dataclass(inner) and isinstance(inner, type):
                yield from paths(inner, path)


def test_every_field_of_a_description_has_a_label() -> None:
    assert set(fields()) == set(paths(Description))


def test_labels_are_short_and_in_sentence_case() -> None:
    for each in fields().values():
        assert re.match(r"[A-Z]", each.label), each
        assert len(each.label) <= 40, each
        assert each.help.endswith("."), each
        assert len(each.help) <= 120, each


def test_labels_tell_fields_of_a_section_apart() -> None:
    for section in sections():
        labels = [each.label for each in section.fields if "." not in each.path or each.path.count(".") == 1]
        assert len(labels) == len(set(labels)), section.name


def test_fields_are_in_order_of_their_sections() -> None:
    shown = [each for section in sections() for each in section.fields]
    assert [each.order for each in shown] == list(range(len(shown)))
    assert all(each.section == section.name for section in sections() for each in section.fields)


def test_list_positions_make_no_difference() -> None:
    assert field_label("structuralMetadata.tables[2].columns[10].dataType") == "Data type"
    assert field("coverage.spatial[0]") is field("coverage.spatial")
    assert field("no.such.field") is None
    assert field_label("no.such[3].field") == "no.such[3].field"
