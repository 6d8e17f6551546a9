"""Outside JSON is read, or refused with a reason, and nothing else happens."""

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.metadata import Severity
from schemas.validation import JsonText, Unreadable, read_json
from schemas.validation.json_text import DEEPEST, MOST_PROBLEMS


def refusal(data: bytes, **options: int) -> str:
    with pytest.raises(Unreadable) as caught:
        read_json(data, **options)
    assert caught.value.problem.severity is Severity.ERROR
    return caught.value.problem.message


def finding(data: bytes) -> tuple[object, list[tuple[str, str]]]:
    text = read_json(data)
    return text.value, [(problem.path, problem.message) for problem in text.problems]


def test_good_text_is_read_without_a_word() -> None:
    assert read_json(b'{"title": "Births \\u2013 Wales", "count": [1, -2.5, true, null]}') == JsonText(
        {"title": "Births \u2013 Wales", "count": [1, -2.5, True, None]}
    )


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
)
def test_every_encoding_of_json_is_read(encoding: str) -> None:
    assert read_json('{"title": "Caf\u00e9"}'.encode(encoding)).value == {"title": "Caf\u00e9"}


def test_a_wrong_encoding_is_named_with_the_place_of_the_byte() -> None:
    data = '{\n"title": "Caf\u00e9"}'.encode("latin-1")
    assert refusal(data) == "The byte at position 15 (line 2) is not valid UTF-8."


def test_a_byte_order_mark_counts_in_the_place_of_the_byte() -> None:
    assert "position 4 " in refusal(b'\xef\xbb\xbf"\xff"')


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b" \n\t ", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"<html><body>Please sign in</body></html>", "HTML page, perhaps a sign-in page"),
        (b"\n<!DOCTYPE html>\n<title>x</title>", "HTML page, perhaps a sign-in page"),
        (b'<?xml version="1.0"?><rdf/>', "XML, not JSON"),
        (b'{"dataModels": [{"title": "Bir', "ends in the middle of the document, after line 1, column 30"),
        (b'{"dataModels": [', "ends in the middle"),
        (b'{"a": 1,\n "b": }', "line 2, column 7, a value was expected"),
        (b"{'a': 1}", "a field name in double quotes was expected"),
        (b"[1] [2]", "more text follows"),
        (b'{"a" 1}', "a colon was expected"),
        (b"[1 2]", "a comma or a closing bracket was expected"),
        (b'["\\x"]', "a backslash"),
        (b"nul", "a value was expected"),
    ],
)
def test_what_is_not_json_is_refused_with_the_reason(data: bytes, words: str) -> None:
    assert words in refusal(data)


def test_size_is_looked_at_first() -> None:
    assert refusal(b"\xff" * 11, limit=10) == "The file has 11 bytes; at most 10 are read."


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'[{"a":'])
def test_depth_is_refused_before_parsing(opening: bytes) -> None:
    assert "nested more than" in refusal(opening * 100_000)


def test_brackets_within_text_do_not_count_as_depth() -> None:
    text = ["[" * 1000, '\\"[[[' * 100, "\\" * 7 + '"' + "{" * 500]
    assert read_json(json.dumps(text).encode()).value == text
    deepest = b"[" * DEEPEST + b"]" * DEEPEST
    assert read_json(deepest).problems == ()
    assert "nested" in refusal(b"[" + deepest + b"]")


@pytest.mark.parametrize("start", [b"\\", b'\\"', b'["\\\\\\"', b"]" * 9999])
def test_depth_that_hides_from_the_scan_is_not_json(start: bytes) -> None:
    assert refusal(start + b"[" * 9999)


def test_too_many_values_are_refused_before_they_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schemas.validation.json_text.MOST_VALUES", 50)
    assert "more than 50 values" in refusal(b"[" + b"[]," * 20 + b"[]]")


def test_the_first_of_repeated_fields_is_kept_and_the_rest_reported() -> None:
    value, problems = finding(b'{"list": [{"id": 1}, {"id": "a", "id": "b", "id": "c"}]}')
    assert value == {"list": [{"id": 1}, {"id": "a"}]}
    assert [path for path, _ in problems] == ["list[1].id", "list[1].id"]
    assert read_json(b'{"a": 1, "a": 2}').problems[0].severity is Severity.ERROR


@pytest.mark.parametrize(
    "number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9" * 19, "-" + "9" * 5000, "0." + "1" * 500]
)
def test_numbers_that_cannot_be_kept_are_not_stated(number: str) -> None:
    value, [(path, message)] = finding(f'{{"summary": {{"populationSize": {number}}}}}'.encode())
    assert value == {"summary": {"populationSize": None}}
    assert path == "summary.populationSize"
    assert "not stated" in message


@pytest.mark.parametrize(
    "written",
    [
        "a\\u0000b",
        "a\x00b",
        "a\\ud800b",
        "a\\uDFFFb",
        "a\u202eb",
        "a\\u2066b",
        "a\\ufffeb",
        "a\uffffb",
        "a\x7fb",
        "a\\u001bb",
        "a\\u007Fb",
    ],
)
def test_characters_that_databases_refuse_or_that_deceive_are_removed(written: str) -> None:
    value, problems = finding(f'{{"list": [1, "{written}"]}}'.encode())
    assert value == {"list": [1, "ab"]}
    assert "list[1]" in [path for path, _ in problems]


def test_whole_characters_written_as_two_halves_stay() -> None:
    assert read_json(b'["\\ud83e\\ude7a", "\\u20ac", "\xef\xbf\xbd"]') == JsonText(["\U0001fa7a", "\u20ac", "\ufffd"])


def test_fields_whose_names_become_the_same_are_repeated_fields() -> None:
    value, problems = finding(b'{"a": 1, "a\\u0000": 2}')
    assert value == {"a": 1}
    assert [path for path, _ in problems] == ["a", "a"]


def test_a_line_end_within_a_text_is_taken_with_a_warning() -> None:
    value, [(_, message)] = finding(b'{"a": "one\ntwo"}')
    assert value == {"a": "one\ntwo"}
    assert "line end" in message


def test_many_problems_are_counted_instead_of_listed() -> None:
    problems = read_json(b"[" + b"NaN," * 999 + b"NaN]").problems
    assert len(problems) == MOST_PROBLEMS + 1
    assert "900 more" in problems[-1].message


@given(st.binary() | st.text().map(str.encode) | st.text(alphabet='[]{}",:\\ \n1eu0dN<').map(str.encode))
def test_nothing_but_a_reason_is_ever_raised(data: bytes) -> None:
    with contextlib.suppress(Unreadable):
        text = read_json(data)
        json.dumps(text.value, ensure_ascii=False, allow_nan=False).encode()


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**16), 10**16)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(values, st.booleans())
def test_what_json_writes_is_read_as_the_standard_reader_reads_it(value: object, is_ascii: bool) -> None:
    written = json.dumps(value, ensure_ascii=is_ascii).encode()
    text = read_json(written)
    if not text.problems:
        assert text.value == json.loads(written)


def test_real_files_are_read_without_a_word(reference_data: Path) -> None:
    for name in ("gateway-2020-11.hdruk-2.0.json", "gateway-2020-08.hdruk-1.1.7.json"):
        data = (reference_data / "hdruk" / "real" / name).read_bytes()
        assert read_json(data) == JsonText(json.loads(data))
