"""DCAT through the harvest loop: whose a dataset is, what it is known by, and what continues it."""

from datetime import timedelta

import pytest

from catalogue.services import sources
from catalogue.services.harvesting import Report, run
from harvesters.base import Origin
from harvesters.dcat import DcatHarvester
from schemas.metadata import BasisKind
from tests.integration.feeds import Bench, document, name_of, outcomes

PREFIXES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix : <https://portal.example/> .
"""
HARBOUR = 'dct:publisher [ foaf:name "Harbour Trust" ]'


def harvest(harbour: Bench, turtle: str, *, source: str = "portal", aggregator: bool = False) -> Report:
    path = harbour.folder / f"{source}.ttl"
    path.write_text(PREFIXES + turtle)
    harbour.at += timedelta(days=1)
    with harbour.session() as session:
        found = sources.for_file(
            session, organisation="harbour-trust", kind="dcat", name=source, is_aggregator=aggregator, at=harbour.at
        )
    harvester = DcatHarvester.from_source(Origin(path=path), {})
    return run(harbour.place, found.id, harvester, now=lambda: harbour.at)


def dataset(name: str, title: str, more: str = HARBOUR) -> str:
    return f'{name} a dcat:Dataset ; dct:title "{title}" ; {more} . '


def problems(report: Report, record: str) -> list[tuple[str, str]]:
    return [(each.problem.path, each.problem.severity.value) for each in report.problems if each.record == record]


def test_what_is_sent_again_in_another_order_is_unchanged(harbour: Bench) -> None:
    assert outcomes(harvest(harbour, dataset(":1", "One") + dataset(":2", "Two"))) == {"new": 2}
    assert outcomes(harvest(harbour, dataset(":2", "Two") + dataset(":1", "One"))) == {"unchanged": 2}
    assert outcomes(harvest(harbour, dataset(":2", "Two") + dataset(":1", "Once"))) == {"changed": 1, "unchanged": 1}


def test_a_dataset_without_a_publisher_is_of_the_organisation_whose_source_it_is(harbour: Bench) -> None:
    assert outcomes(harvest(harbour, ':1 a dcat:Dataset ; dct:title "One" .')) == {"new": 1}
    (identifier,) = harbour.datasets()
    description = harbour.description(identifier)
    assert description.summary.data_custodian.name == "Harbour Trust"
    assert [(each.path, each.kind) for each in description.bases] == [
        ("summary.dataCustodian.name", BasisKind.INFERRED)
    ]


def test_a_dataset_of_an_aggregator_must_name_its_custodian(harbour: Bench) -> None:
    report = harvest(harbour, ':1 a dcat:Dataset ; dct:title "One" .' + dataset(":2", "Two"), aggregator=True)
    assert outcomes(report) == {"invalid": 1, "new": 1}
    assert ("summary.dataCustodian.name", "error") in problems(report, "https://portal.example/1")


def test_an_aggregator_may_name_a_custodian_by_its_address(harbour: Bench) -> None:
    ror = "<https://ror.org/05abc>"
    named = dataset(":1", "One", f"dct:publisher {ror}") + f'{ror} foaf:name "Dale Hospital" .'
    assert outcomes(harvest(harbour, named, aggregator=True)) == {"new": 1}
    by_address = dataset(":1", "One", f"dct:publisher {ror}") + dataset(":2", "Two", f"dct:publisher {ror}")
    assert outcomes(harvest(harbour, by_address, aggregator=True)) == {"unchanged": 1, "new": 1}
    names = {harbour.description(each).summary.data_custodian.name for each in harbour.datasets()}
    assert names == {"Dale Hospital"}


def test_what_cannot_be_known_again_is_invalid_and_counted(harbour: Bench) -> None:
    turtle = (
        dataset("[]", "Nameless") + dataset("[]", "Named", f'{HARBOUR} ; dct:identifier "x1"') + ":3 a dcat:Dataset ."
    )
    report = harvest(harbour, turtle)
    assert report.counts["seen"] == 3
    assert outcomes(report) == {"new": 1, "invalid": 2}


def test_an_identifier_that_two_records_share_is_told_of_the_later_and_both_are_published(harbour: Bench) -> None:
    shared = f'{HARBOUR} ; dct:identifier "TODO"'
    report = harvest(harbour, dataset(":1", "One", shared) + dataset(":2", "Two", shared))
    assert outcomes(report) == {"new": 2}
    assert ("dct:identifier", "error") in problems(report, "https://portal.example/2")
    assert ("dct:identifier", "error") not in problems(report, "https://portal.example/1")


def test_another_source_cannot_take_a_dataset_over(harbour: Bench) -> None:
    harvest(harbour, dataset(":1", "One"))
    report = harvest(harbour, dataset(":1", "Hijacked"), source="other", aggregator=True)
    assert outcomes(report) == {"conflict": 1}
    assert [each.title for each in harbour.datasets().values()] == ["One"]


@pytest.mark.parametrize("statement", ["dcat:previousVersion", "dct:replaces"])
@pytest.mark.parametrize("old", [":v1", f":{name_of(1)}"])
def test_a_new_version_continues_the_dataset(harbour: Bench, statement: str, old: str) -> None:
    harvest(harbour, dataset(old, "One"))
    (identifier,) = harbour.datasets()
    report = harvest(harbour, dataset(":v2", "One, revised", f"{HARBOUR} ; {statement} {old}"))
    assert outcomes(report) == {"continued": 1}
    assert {key: each.title for key, each in harbour.datasets().items()} == {identifier: "One, revised"}


def test_the_same_uuid_in_hdruk_and_dcat_is_one_dataset(harbour: Bench) -> None:
    harbour.harvest(document(1), document(2))
    turtle = dataset(f":{name_of(1)}", "As DCAT") + dataset(
        ":other", "By identifier", f'{HARBOUR} ; dct:identifier "{name_of(2)}"'
    )
    assert outcomes(harvest(harbour, turtle)) == {"conflict": 2}
    assert len(harbour.datasets()) == 2


def test_addresses_that_end_in_one_uuid_are_different_datasets_of_one_source(harbour: Bench) -> None:
    turtle = "".join(dataset(f"<https://{host}.example/{name_of(1)}>", host) for host in "ab")
    assert outcomes(harvest(harbour, turtle)) == {"new": 2}
    assert len(harbour.datasets()) == 2
