import re
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalogue.search.backend import IndexUnavailable
from catalogue.search.whoosh_backend import WhooshBackend
from schemas.metadata import Column, Description, StructuralMetadata, Summary, Table
from tests.application import Published
from tests.publishing import identifier_of, publish, withdraw

SPIROMETRY = "Spirometry at Ásgard clinics"


def fill(session: Session) -> None:
    columns = tuple(Column(name, "text") for name in ("spiro_result", "nhs_number", "Sex"))
    publish(
        session,
        Description(
            summary=Summary(title=SPIROMETRY, keywords=("Asthma", "Lung function")),
            structural_metadata=StructuralMetadata(tables=(Table("visits", "", columns),)),
        ),
        by="Spire Hospital",
    )
    for number in range(8):
        publish(session, Description(summary=Summary(title=f"Spine letters {number}", keywords=("asthma", "Spine"))))
    publish(session, Description(summary=Summary(title="Spirits, withdrawn")))


@pytest.fixture(scope="module")
def app(published: Published) -> Flask:
    made = published(fill)
    with made.extensions["catalogue"].sessions() as session:
        withdraw(session, identifier_of("Spirits, withdrawn"))
        session.commit()
    return made


def suggested(client: FlaskClient, text: str) -> list[tuple[str, str]]:
    answer = client.get(f"/suggest?q={quote(text)}")
    assert answer.status_code == 200
    assert answer.json is not None
    return [(item["label"], item["kind"]) for item in answer.json["items"]]


def test_titles_keywords_custodians_and_columns_are_suggested(client: FlaskClient) -> None:
    found = suggested(client, "spi")
    assert [kind.partition(",")[0] for _, kind in found] == ["Dataset"] * 3 + ["Keyword", "Custodian", "Column"]
    assert found[3:] == [
        ("Spine", "Keyword, 8 datasets"),
        ("Spire Hospital", "Custodian, 1 dataset"),
        ("spiro_result", "Column"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("LUNG fu", [("Lung function", "Keyword, 1 dataset")]),
        ("ásg", [(SPIROMETRY, "Dataset")]),
        ("ásgard cli", [(SPIROMETRY, "Dataset")]),
        ("nhs_num", [("nhs_number", "Column")]),
        ("column: spi", [("spiro_result", "Column")]),
        ('keyword:"asth', [("asthma", "Keyword, 9 datasets")]),
        ("spirits", []),
        ("number nhs x", []),
    ],
)
def test_words_may_be_unfinished_and_parts_asked_for(
    client: FlaskClient, text: str, expected: list[tuple[str, str]]
) -> None:
    assert suggested(client, text) == expected


@pytest.mark.parametrize("text", ["", "s", "  ", "-", '"', "*", "title:", "\x00\ud800", "x" * 5000, "a OR b", "%"])
def test_nothing_that_can_be_typed_is_an_error(client: FlaskClient, text: str) -> None:
    suggested(client, text.encode("utf-8", "replace").decode())


def test_every_suggestion_leads_to_what_it_counts(client: FlaskClient) -> None:
    answer = client.get("/suggest?q=spi")
    assert answer.json is not None
    for item in answer.json["items"]:
        page = client.get(item["href"])
        assert page.status_code == 200
        if count := re.search(r"(\d+) dataset", item["kind"]):
            assert f"{count[1]} dataset" in page.get_data(as_text=True)


def test_suggestions_may_be_kept_for_a_while(client: FlaskClient) -> None:
    assert client.get("/suggest?q=spi").headers["Cache-Control"] == "public, max-age=60"


def test_without_an_index_nothing_is_suggested(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def unusable(*_arguments: object) -> None:
        raise IndexUnavailable(tmp_path, "it is gone")

    monkeypatch.setattr(WhooshBackend, "search", unusable)
    assert suggested(client, "spi") == []


def test_the_box_says_where_suggestions_come_from(client: FlaskClient) -> None:
    for address in ("/", "/search"):
        assert 'data-catalogue-suggestions="/suggest"' in client.get(address).get_data(as_text=True)
