"""What the page of a dataset leads on to: others like it, others with its columns and code systems."""

import re
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalogue.search.backend import IndexUnavailable
from catalogue.search.whoosh_backend import WhooshBackend
from schemas.metadata import (
    Accessibility,
    Column,
    Description,
    FormatAndStandards,
    StructuralMetadata,
    Summary,
    Table,
)
from tests.application import Published
from tests.publishing import custodian, identifier_of, publish, withdraw

ASTHMA, WHEEZE, GONE, KIDNEYS = (
    "Severe asthma registry",
    "Wheeze and asthma registry",
    "Severe asthma trial",
    "Kidney register",
)


def described(title: str, *columns: str) -> Description:
    tables = (Table("visits", "", tuple(Column(name, "text") for name in columns)),) if columns else ()
    standards = FormatAndStandards(
        vocabulary_encoding_scheme=("SNOMED CT", "House codes & more"), coding_systems=('"ATC" codes',)
    )
    return Description(
        summary=Summary(title=title, abstract=f"{title} of the fells."),
        accessibility=Accessibility(format_and_standards=standards),
        structural_metadata=StructuralMetadata(tables=tables),
    )


def fill(session: Session) -> None:
    custodian(session)
    publish(session, described(ASTHMA, "nhs_number", "FEV1 (litres)", *(f"answer_{n}" for n in range(9))))
    publish(session, described(WHEEZE, "NHS_NUMBER", *(f"answer_{n}" for n in range(9))))
    publish(session, described(GONE, "nhs_number"))
    for number in range(12):
        publish(session, described(f"{KIDNEYS} {number}"))


@pytest.fixture(scope="module")
def app(published: Published) -> Flask:
    made = published(fill)
    # The index has not heard of it yet.
    with made.extensions["catalogue"].sessions() as session:
        withdraw(session, identifier_of(GONE))
        session.commit()
    return made


def page_of(client: FlaskClient, title: str) -> str:
    return client.get(f"/datasets/{identifier_of(title)}").get_data(as_text=True)


def section(page: str) -> str:
    found = re.search(r'<section[^>]*aria-labelledby="related">.*?</section>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()) if found else ""


def links(page: str, part: str) -> list[str]:
    return [unescape(href) for href in re.findall(r'href="(/search\?[^"]*)"', page) if part in href]


def test_similar_datasets_say_why_and_never_show_what_is_withdrawn(client: FlaskClient) -> None:
    page = page_of(client, ASTHMA)
    said = section(page)
    assert f"{WHEEZE} Fell and Dale Trust Compare with {WHEEZE} Both speak of registry and asthma" in said
    assert "11 names of tables and columns in common:" in said
    assert f"5 more in common with {WHEEZE}" in said
    assert GONE not in said
    assert 'href="#related"' in page


def test_a_dataset_unlike_all_others_has_no_such_section(client: FlaskClient, app: Flask) -> None:
    with app.extensions["catalogue"].sessions() as session:
        publish(session, described("Unheard of"))
        session.commit()
    page = page_of(client, "Unheard of")
    assert section(page) == ""
    assert "#related" not in page


def test_the_page_does_without_the_index(client: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def unusable(*_arguments: object, **_options: object) -> None:
        raise IndexUnavailable(tmp_path, "it is gone")

    monkeypatch.setattr(WhooshBackend, "related", unusable)
    assert client.get(f"/datasets/{identifier_of(ASTHMA)}").status_code == 200


@pytest.mark.parametrize(
    ("part", "total"),
    [("FEV1", 1), ("nhs_number", 3), ("standard=SNOMED", 15), ("standard=House", 15), ("code%3A", 15)],
)
def test_columns_and_code_systems_lead_to_the_datasets_that_have_them(
    client: FlaskClient, part: str, total: int
) -> None:
    (href,) = links(page_of(client, ASTHMA), part)
    assert re.search(rf"<h1[^>]*>{total} dataset", client.get(href).get_data(as_text=True))
