"""The kind `dcat` over files, folders and streams: every dataset is a record, and a bad feed never looks empty."""

import gzip
import io
from datetime import date
from pathlib import Path

import pytest

from harvesters.base import GatherOutcome, Origin, Raw, kinds
from harvesters.dcat import DcatHarvester
from schemas.crosswalks.dates import DateEvidence
from schemas.metadata import Severity

PREFIXES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix : <https://portal.example/> .
"""
TWO = ':1 a dcat:Dataset ; dct:title "One" . :2 a dcat:Dataset ; dct:title "Two" .'


def harvest(turtle: str, folder: Path) -> tuple[list[Raw], GatherOutcome]:
    path = folder / "feed.ttl"
    path.write_text(PREFIXES + turtle)
    return gathered(Origin(path=path))


def gathered(origin: Origin) -> tuple[list[Raw], GatherOutcome]:
    harvester = DcatHarvester.from_source(origin, {})
    records = list(harvester.gather())
    return records, harvester.outcome


def messages(outcome: GatherOutcome) -> str:
    return " ".join(each.message for each in outcome.problems)


def test_it_is_found_by_its_kind() -> None:
    assert kinds()["dcat"] is DcatHarvester


def test_each_dataset_is_a_record_of_n_triples_known_by_its_address(tmp_path: Path) -> None:
    records, outcome = harvest(TWO, tmp_path)
    assert [each.identifier for each in records] == ["https://portal.example/1", "https://portal.example/2"]
    assert {each.media_type for each in records} == {"application/n-triples"}
    assert outcome == GatherOutcome(complete=True)
    reading = DcatHarvester.parse(records[0], date_order=None, today=date(2026, 11, 22))
    assert reading.description is not None
    assert reading.description.summary.title == "One"


def test_a_feed_in_another_order_is_the_same_records(tmp_path: Path) -> None:
    first, _ = harvest(':1 a dcat:Dataset ; dct:title "One" ; dcat:keyword "a", "b" .', tmp_path)
    second, _ = harvest(':1 dcat:keyword "b" . :1 dct:title "One" ; a dcat:Dataset ; dcat:keyword "a" .', tmp_path)
    assert first == second


def test_addresses_are_compared_character_by_character(tmp_path: Path) -> None:
    turtle = " ".join(
        f'<{each}> a dcat:Dataset ; dct:title "T" .'
        for each in ("http://E.org/1", "http://e.org/1/", "https://e.org/1", "http://e.org/1")
    )
    records, _ = harvest(turtle, tmp_path)
    assert len({each.identifier for each in records}) == 4


def test_a_dataset_without_an_address_is_known_by_its_identifier_or_not_at_all(tmp_path: Path) -> None:
    records, _ = harvest('[] a dcat:Dataset ; dct:title "A" . [] a dcat:Dataset ; dct:identifier "x1" .', tmp_path)
    assert {each.identifier for each in records} == {None, "x1"}
    (nameless,) = [each for each in records if each.identifier is None]
    assert DcatHarvester.parse(nameless, date_order=None, today=date(2026, 11, 22)).description is None


def test_an_identifier_that_two_datasets_have_is_told_of_the_later(tmp_path: Path) -> None:
    turtle = ':1 a dcat:Dataset ; dct:identifier "TODO" . :2 a dcat:Dataset ; dct:identifier "TODO" .'
    first, second = harvest(turtle, tmp_path)[0]
    assert first.problems == ()
    assert [each.severity for each in second.problems] == [Severity.ERROR]


def test_an_endless_address_identifies_nothing(tmp_path: Path) -> None:
    (record,) = harvest(f'<https://a.example/{"x" * 600}> a dcat:Dataset ; dct:title "T" .', tmp_path)[0]
    assert record.identifier is None
    assert record.problems


def test_slash_dates_are_counted(tmp_path: Path) -> None:
    (record,) = harvest(':1 a dcat:Dataset ; dct:title "T" ; dct:issued "31/12/2020", "4/5/2020" .', tmp_path)[0]
    assert record.dates == DateEvidence(day_first=1)


@pytest.mark.parametrize(
    ("turtle", "words"),
    [
        (':c a dcat:Catalog ; dct:title "Empty" .', "no dataset"),
        (f"{TWO} :p hydra:totalItems 5000 .", "5,000 datasets, and 2 came"),
        (f"{TWO} :p hydra:next :q .", "one page of a feed"),
        (f"{TWO} :p hydra:next <file:///etc/passwd> .", "one page of a feed"),
        (f"{TWO} :c a dcat:Catalog ; dcat:dataset :1, :2, :3 .", "lists 1 datasets that it does not describe"),
    ],
)
def test_a_feed_that_is_not_whole_is_not_complete(turtle: str, words: str, tmp_path: Path) -> None:
    _, outcome = harvest(turtle, tmp_path)
    assert not outcome.complete
    assert words in messages(outcome)


def test_a_declared_total_that_is_reached_is_complete(tmp_path: Path) -> None:
    _, outcome = harvest(f'{TWO} :p hydra:totalItems "2" .', tmp_path)
    assert outcome == GatherOutcome(complete=True, declared_total=2)


def test_a_folder_is_read_file_by_file_and_a_bad_one_spoils_only_itself(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(PREFIXES + ':1 a dcat:Dataset ; dct:title "One" .')
    (tmp_path / "b.ttl.gz").write_bytes(gzip.compress((PREFIXES + ':2 a dcat:Dataset ; dct:title "Two" .').encode()))
    (tmp_path / "c.jsonld").write_text("{")
    (tmp_path / "notes.txt").write_text("no RDF")
    records, outcome = gathered(Origin(path=tmp_path))
    assert [each.identifier for each in records] == ["https://portal.example/1", "https://portal.example/2"]
    assert not outcome.complete
    assert [each.path for each in outcome.problems] == ["c.jsonld"]


def test_pages_in_a_folder_are_complete_when_all_are_there(tmp_path: Path) -> None:
    for number in (1, 2):
        turtle = (
            f':{number} a dcat:Dataset ; dct:title "T" . :p{number} hydra:next :p{number + 1} ; hydra:totalItems 2 .'
        )
        (tmp_path / f"{number}.ttl").write_text(PREFIXES + turtle)
    assert gathered(Origin(path=tmp_path))[1].complete
    (tmp_path / "2.ttl").unlink()
    assert not gathered(Origin(path=tmp_path))[1].complete


def test_a_folder_without_rdf_is_told(tmp_path: Path) -> None:
    assert "ends in .ttl or" in messages(gathered(Origin(path=tmp_path))[1])


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "feed.ttl").symlink_to("/etc/passwd")
    assert "link" in messages(gathered(Origin(path=tmp_path / "feed.ttl"))[1])


def test_a_stream_is_read() -> None:
    records, outcome = gathered(Origin(stream=io.BytesIO((PREFIXES + TWO).encode())))
    assert len(records) == 2
    assert outcome.complete


def test_a_literal_of_megabytes_and_thousands_of_keywords_are_read(tmp_path: Path) -> None:
    keywords = ", ".join(f'"word{number}"' for number in range(50_000))
    turtle = f':1 a dcat:Dataset ; dct:title "T" ; dct:description "{"x" * 10_000_000}" ; dcat:keyword {keywords} .'
    (record,) = harvest(turtle, tmp_path)[0]
    reading = DcatHarvester.parse(record, date_order=None, today=date(2026, 11, 22))
    assert reading.description is not None
    assert len(reading.description.documentation.description or "") == 10_000_000
    assert any(each.path == "dcat:keyword" for each in reading.problems)
