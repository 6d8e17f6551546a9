"""The shortest way through the crosswalk, and what keeps a document from being an entry at all."""

from typing import Any

import pytest

from schemas.crosswalks.hdruk import read, remote_identifier, revision_identifiers, write
from schemas.metadata import Severity

IDENTIFIER = "6ff32eb9-5bd5-47bc-a4ac-000000000001"


def a_document(**parts: Any) -> dict[str, Any]:
    summary = {"title": "Births register", "dataCustodian": {"name": "Example Trust"}}
    return {"identifier": IDENTIFIER, "summary": summary} | parts


def test_a_short_document_is_read_and_written_back() -> None:
    reading = read(a_document(version="1.0.0"))
    assert reading.description is not None
    assert reading.description.summary.data_custodian.name == "Example Trust"
    assert reading.problems == ()
    assert write(reading.description).document == a_document(version="1.0.0") | {"revisions": [], "observations": []}


@pytest.mark.parametrize(
    ("document", "path"),
    [
        (None, ""),
        ([a_document()], ""),
        ("text", ""),
        (a_document(identifier=None), "identifier"),
        (a_document(identifier=" \x00"), "identifier"),
        (a_document(identifier={"value": IDENTIFIER}), "identifier"),
        (a_document(summary={"dataCustodian": {"name": "Example Trust"}}), "summary.title"),
        (a_document(summary={"title": "Births register"}), "summary.dataCustodian.name"),
        (a_document(summary={"title": "Births register", "publisher": {}}), "summary.publisher.name"),
    ],
)
def test_what_cannot_be_an_entry(document: object, path: str) -> None:
    reading = read(document)
    assert reading.description is None
    errors = [problem for problem in reading.problems if problem.severity is Severity.ERROR]
    assert [problem.path for problem in errors] == [path]
    assert all(problem.message and problem.fix for problem in errors)


def test_the_source_may_know_the_identifier_that_a_document_lacks() -> None:
    reading = read(a_document(identifier=None), identifier="births")
    assert reading.description is not None
    assert reading.description.identifier == "births"
    own = read(a_document(), identifier="births").description
    assert own is not None
    assert own.identifier == IDENTIFIER


@pytest.mark.parametrize(
    ("written", "identifier"),
    [
        (IDENTIFIER, IDENTIFIER),
        (IDENTIFIER.upper(), IDENTIFIER),
        (f"https://gateway.example/dataset/{IDENTIFIER}", IDENTIFIER),
        (f"https://gateway.example/dataset/{IDENTIFIER.upper()}/", IDENTIFIER),
        (f"https://{IDENTIFIER}", IDENTIFIER),
        (f"urn:uuid:{IDENTIFIER}", IDENTIFIER),
        (f" {IDENTIFIER}\n", IDENTIFIER),
        (f"copy-of-{IDENTIFIER}", f"copy-of-{IDENTIFIER}"),
        ("https://gateway.example/Dataset/12", "https://gateway.example/Dataset/12"),
        (133, "133"),
        (True, None),
        ("", None),
        ("x" * 1001, None),
        (["x"], None),
    ],
)
def test_a_uuid_and_an_address_that_ends_in_it_are_the_same_identifier(written: object, identifier: str | None) -> None:
    assert remote_identifier({"identifier": written}) == identifier


@pytest.mark.parametrize("document", [None, [], "text", {}])
def test_what_is_no_record_has_no_identifier(document: object) -> None:
    assert remote_identifier(document) is None


def test_revisions_name_earlier_identifiers_without_the_own_one() -> None:
    earlier = "0aa7b3c1-0000-4000-8000-00000000000"
    revisions = [
        {"version": "1.0.0", "url": f"https://gateway.example/dataset/{earlier}1"},
        {"version": "2.0.0", "url": f"https://{earlier}2/"},
        {"version": "2.0.1", "url": f"{earlier.upper()}2"},
        {"version": "3.0.0", "url": f"https://gateway.example/dataset/{IDENTIFIER}"},
        {"version": "3.1.0", "url": None},
    ]
    description = read(a_document(revisions=revisions)).description
    assert description is not None
    assert revision_identifiers(description) == (f"{earlier}1", f"{earlier}2")
