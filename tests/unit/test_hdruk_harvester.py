"""Bulk files, folders and single documents: every record is seen, and a bad feed never looks like an empty one."""

import gzip
import io
import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from harvesters.base import GatherOutcome, Harvester, Origin, Raw, Settings, UnusableSettings, kinds
from harvesters.files import SMALL
from harvesters.hdruk import HdrukHarvester
from schemas.metadata import Severity

TODAY = date(2026, 11, 22)
HOSTILE = Path(__file__).resolve().parent.parent / "data" / "hostile"


def a_document(number: int = 1, **summary: object) -> dict[str, Any]:
    identifier = f"6ff32eb9-5bd5-47bc-a4ac-{number:012d}"
    titled = {"title": f"Births register {number}", "publisher": {"name": "Example Trust"}} | summary
    return {"identifier": identifier, "@schema": {"version": "2.0.2"}, "summary": titled}


def harvest(path: Path) -> tuple[list[Raw], GatherOutcome]:
    harvester = HdrukHarvester.from_source(Origin(path=path), {})
    records = list(harvester.gather())
    return records, harvester.outcome


def harvest_value(folder: Path, value: object) -> tuple[list[Raw], GatherOutcome]:
    path = folder / "feed.json"
    path.write_text(json.dumps(value))
    return harvest(path)


def the_message(outcome: GatherOutcome) -> str:
    assert not outcome.complete
    return outcome.problems[-1].message


def test_it_is_found_by_its_kind() -> None:
    assert kinds()["hdruk"] is HdrukHarvester


def test_two_harvesters_cannot_have_one_kind() -> None:
    with pytest.raises(TypeError, match="'hdruk' is both HdrukHarvester and "):
        type("Second", (Harvester,), {"kind": "hdruk"})


def test_options_are_checked() -> None:
    with pytest.raises(UnusableSettings) as caught:
        HdrukHarvester.from_source(Origin(), {"alow_private": "yes"})
    assert [problem.path for problem in caught.value.problems] == ["alow_private"]
    assert HdrukHarvester.from_source(Origin(), {"allow_private": "true"}).settings == {"allow_private": True}
    assert all(field.metadata.keys() >= {"label", "help"} for field in Settings().fields.values())


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.org/feed.json", "/etc/passwd", "http://", "http://["]
)
def test_an_address_that_is_not_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(UnusableSettings):
        HdrukHarvester.from_source(Origin(url=url), {})


@pytest.mark.parametrize(
    "feed",
    [
        lambda documents: {"count": 2, "dataModels": documents},
        lambda documents: {"datasets": documents},
        lambda documents: {"items": documents, "query": {"total": 2}},
        lambda documents: {"data": documents, "total": 2},
        lambda documents: {"success": True, "result": {"count": 2, "results": documents}},
        lambda documents: {"data": [{"id": 7, "metadata": {"metadata": document}} for document in documents]},
        lambda documents: documents,
    ],
)
def test_the_forms_of_a_list(tmp_path: Path, feed: Callable[[object], object]) -> None:
    documents = [a_document(1), a_document(2)]
    records, outcome = harvest_value(tmp_path, feed(documents))
    assert [json.loads(raw.data) for raw in records] == documents
    assert [raw.identifier for raw in records] == [document["identifier"] for document in documents]
    assert outcome.complete
    assert outcome.declared_total in {2, None}
    assert outcome.problems == ()


@pytest.mark.parametrize("feed", [lambda document: document, lambda document: {"metadata": document}])
def test_a_single_document(tmp_path: Path, feed: Callable[[object], object]) -> None:
    [raw], outcome = harvest_value(tmp_path, feed(a_document()))
    assert json.loads(raw.data) == a_document()
    assert raw.media_type == "application/json"
    assert outcome == GatherOutcome(complete=True)


def test_a_record_says_where_it_stood(tmp_path: Path) -> None:
    records, _ = harvest_value(tmp_path, {"dataModels": [a_document(1), a_document(2)]})
    assert [(raw.url, raw.position) for raw in records] == [
        ("feed.json", "dataModels[0]"),
        ("feed.json", "dataModels[1]"),
    ]


def test_the_same_document_gives_the_same_bytes_whatever_stands_around_it(tmp_path: Path) -> None:
    [first], _ = harvest_value(tmp_path, [a_document(title="Caf\u00e9")])
    (tmp_path / "feed.json").write_text(json.dumps({"count": 1, "data": [a_document(title="Caf\u00e9")]}, indent=4))
    [second], _ = harvest(tmp_path / "feed.json")
    assert first.data == second.data


def test_what_is_no_object_still_counts_as_seen(tmp_path: Path) -> None:
    records, outcome = harvest_value(tmp_path, {"count": 3, "datasets": [a_document(), "gone", None]})
    assert outcome.complete
    assert [raw.identifier is None for raw in records] == [False, True, True]
    reading = HdrukHarvester.parse(records[1], date_order=None, today=TODAY)
    assert reading.description is None
    assert reading.problems[0].message == "A description is an object, not a text."


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([], "is empty"),
        ({"dataModels": []}, "is empty"),
        ({"count": 250, "datasets": []}, "is empty. It says that it has 250."),
        ({}, "It is an empty object."),
        ({"success": False, "error": {"message": "Search is down"}}, "It says: Search is down"),
        ({"title": "Forbidden", "status": 403, "id": "x", "detail": "No such key"}, "It says: No such key"),
        ({"a": 1, "b": 2}, "It has a, b."),
        ("gone", "This is a text"),
        (None, "This is nothing"),
        (7, "This is a number"),
        ({"count": 5, "datasets": [a_document()]}, "says that it has 5 descriptions, and 1 came"),
        ({"count": 1, "datasets": [a_document(1), a_document(2)]}, "says that it has 1 descriptions, and 2 came"),
    ],
)
def test_nothing_may_be_taken_for_missing_after_a_feed_like_this(tmp_path: Path, value: object, words: str) -> None:
    _, outcome = harvest_value(tmp_path, value)
    assert words in the_message(outcome)
    assert outcome.problems[-1].severity is Severity.ERROR


def test_what_was_left_out_of_the_file_is_reported_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "feed.json"
    path.write_bytes(b'[{"identifier": "a", "summary": {"title": "One", "title": "Two"}}]')
    [raw], outcome = harvest(path)
    assert outcome.complete
    assert [(problem.path, problem.severity) for problem in outcome.problems] == [("[0].summary.title", Severity.ERROR)]
    assert json.loads(raw.data)["summary"]["title"] == "One"


@pytest.mark.parametrize("name", sorted(path.name for path in HOSTILE.iterdir()))
def test_hostile_files_end_in_a_message(name: str) -> None:
    records, outcome = harvest(HOSTILE / name)
    assert records == []
    assert the_message(outcome)


def test_an_early_end_is_not_a_complete_gather(tmp_path: Path) -> None:
    (tmp_path / "feed.json").write_text(json.dumps([a_document(1), a_document(2)]))
    harvester = HdrukHarvester.from_source(Origin(path=tmp_path / "feed.json"), {})
    next(harvester.gather())
    assert not harvester.outcome.complete


def test_a_second_gather_starts_afresh(tmp_path: Path) -> None:
    (tmp_path / "feed.json").write_text(json.dumps({"count": 1, "data": [a_document()]}))
    harvester = HdrukHarvester.from_source(Origin(path=tmp_path / "feed.json"), {})
    outcomes = [(len(list(harvester.gather())), harvester.outcome) for _ in range(2)]
    assert outcomes[0] == outcomes[1] == (1, GatherOutcome(complete=True, declared_total=1))


def test_standard_input(tmp_path: Path) -> None:
    stream = io.BytesIO(gzip.compress(json.dumps([a_document()]).encode()))
    harvester = HdrukHarvester.from_source(Origin(stream=stream), {})
    assert [raw.url for raw in harvester.gather()] == ["-"]
    assert harvester.outcome.complete


def test_a_folder_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text(json.dumps({"count": 2, "datasets": [a_document(2), a_document(3)]}))
    (tmp_path / "a.json.gz").write_bytes(gzip.compress(json.dumps(a_document(1)).encode()))
    (tmp_path / ".hidden.json").write_text("[")
    (tmp_path / "README.txt").write_text("Not a description")
    records, outcome = harvest(tmp_path)
    assert [raw.url for raw in records] == ["a.json.gz", "b.json", "b.json"]
    assert outcome == GatherOutcome(complete=True, declared_total=3)


def test_a_broken_file_does_not_keep_the_others_out(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"identifier": ')
    (tmp_path / "b.json").write_text(json.dumps([a_document()]))
    (tmp_path / "c.json").write_text("[]")
    records, outcome = harvest(tmp_path)
    assert [raw.url for raw in records] == ["b.json"]
    assert not outcome.complete
    assert [problem.path for problem in outcome.problems] == ["a.json", "c.json"]


def test_a_folder_without_json_is_not_a_complete_gather(tmp_path: Path) -> None:
    assert "ends in .json." in the_message(harvest(tmp_path)[1])


def test_links_are_never_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_text(json.dumps([a_document(1)]))
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "good.json").write_text(json.dumps([a_document(2)]))
    (folder / "link.json").symlink_to(outside)
    (folder / "below").mkdir()
    records, outcome = harvest(folder)
    assert [raw.url for raw in records] == ["good.json"]
    assert not outcome.complete
    assert [problem.path for problem in outcome.problems] == ["below", "link.json"]
    (tmp_path / "way").symlink_to(folder)
    for link in (folder / "link.json", tmp_path / "way"):
        records, outcome = harvest(link)
        assert records == []
        assert "links are not followed" in the_message(outcome)


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    assert the_message(harvest(tmp_path / "pipe.json")[1]) == "This is not a file."
    assert "cannot be read" in the_message(harvest(tmp_path / "absent.json")[1])


def test_a_packed_file_in_several_parts(tmp_path: Path) -> None:
    text = json.dumps([a_document()]).encode()
    (tmp_path / "feed.json.gz").write_bytes(gzip.compress(text[:20]) + gzip.compress(text[20:]) + b"\0" * 512)
    records, outcome = harvest(tmp_path / "feed.json.gz")
    assert len(records) == 1
    assert outcome.complete


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda data: data[:-9], "ends in the middle"),
        (lambda data: data[:20] + b"\xff\xff\xff" + data[23:], "damaged"),
        (lambda data: gzip.compress(b" " * (SMALL + 1)), f"unpacks to more than {SMALL:,} bytes"),
    ],
)
def test_a_bad_packed_file_is_refused(tmp_path: Path, damage: Callable[[bytes], bytes], words: str) -> None:
    path = tmp_path / "feed.json.gz"
    path.write_bytes(damage(gzip.compress(json.dumps([a_document(number) for number in range(50)]).encode())))
    records, outcome = harvest(path)
    assert records == []
    assert words in the_message(outcome)


def test_parse_answers_for_any_bytes() -> None:
    for data in (b"", b"\xff", b"[" * 999, b"[]", b"{", b'{"summary": 7}', b'{"summary": {"title": {"a": []}}}', b"{}"):
        raw = Raw(None, data, "application/json", "feed.json")
        assert HdrukHarvester.parse(raw, date_order=None, today=TODAY).problems


def test_parse_reads_a_description(tmp_path: Path) -> None:
    [raw], _ = harvest_value(tmp_path, [a_document()])
    reading = HdrukHarvester.parse(raw, date_order=None, today=TODAY)
    assert reading.description is not None
    assert reading.description.summary.title == "Births register 1"
    assert reading.description.summary.data_custodian.name == "Example Trust"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("html_login_page.json", "HTML page, perhaps a sign-in page"),
        ("ckan_success_false.json", "SOLR returned 503"),
        ("ckan_empty_results.json", "It says that it has 250"),
        ("empty_data.json", "There is no list of descriptions"),
        ("json_deep_nesting.json", "nested more than"),
        ("json_duplicate_keys.json", "There is no list"),
        ("json_nan.json", "There is no list"),
        ("zero_bytes.ttl", "The file is empty"),
        ("half_catalog_truncated.ttl", "not JSON"),
        ("latin1_declared_utf8.ttl", "The byte at position"),
        ("xxe.rdf", "XML, not JSON"),
        ("billion_laughs.rdf", "XML, not JSON"),
        ("script_in_fields.jsonld", "There is no list"),
        ("jsonld_context_file.jsonld", "There is no list"),
        ("jsonld_remote_context.jsonld", "There is no list"),
    ],
)
def test_the_hostile_files_of_the_reference_data(reference_data: Path, name: str, words: str) -> None:
    records, outcome = harvest(reference_data / "feeds" / "hostile-made" / name)
    assert records == []
    assert words in the_message(outcome)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("json_duplicate_keys.json", "given more than once"),
        ("json_nan.json", "NaN"),
        ("control_chars_in_title.jsonld", "control characters"),
    ],
)
def test_what_the_reader_left_out_is_in_the_report(reference_data: Path, name: str, words: str) -> None:
    _, outcome = harvest(reference_data / "feeds" / "hostile-made" / name)
    assert words in outcome.problems[0].message


@pytest.mark.parametrize(
    ("name", "total"), [("gateway-2020-11.hdruk-2.0.json", 379), ("gateway-2020-08.hdruk-1.1.7.json", 335)]
)
def test_the_real_files_are_read_whole(reference_data: Path, name: str, total: int) -> None:
    records, outcome = harvest(reference_data / "hdruk" / "real" / name)
    assert outcome == GatherOutcome(complete=True, declared_total=total)
    assert len(records) == total


def test_every_real_description_of_the_gateway_can_be_published(reference_data: Path) -> None:
    records, _ = harvest(reference_data / "hdruk" / "real" / "gateway-2020-11.hdruk-2.0.json")
    assert len({raw.identifier for raw in records}) == 379
    readings = [HdrukHarvester.parse(raw, date_order=None, today=TODAY) for raw in records]
    assert all(reading.description is not None for reading in readings)
