"""A library of datasets with notes: kept from anywhere, exported, and never losing a word."""

import csv
from io import StringIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalogue.models import LibraryEntry
from catalogue.runtime import Runtime
from tests.asking import TARN, Cast
from tests.people import token_in
from tests.publishing import withdraw
from tests.web.conversations import as_, text_of

pytestmark = pytest.mark.usefixtures("indexed")


def send(client: FlaskClient, address: str, **data: object):
    return client.post(address, data={"csrf_token": token_in(text_of(client, "/library")), **data})


def note(client: FlaskClient, identifier: str, text: str, *, seen: str = ""):
    return send(client, f"/library/{identifier}/note", note=text, seen=seen)


def test_a_visitor_signs_in_and_comes_back_to_what_was_to_be_kept(client: FlaskClient, app: Flask, cast: Cast) -> None:
    page = text_of(client, "/search?q=tarn")
    address = f"/library/new?dataset={cast.tarn_dataset}&amp;next=/search?q%3Dtarn"
    assert address in page
    answer = client.get(address.replace("&amp;", "&"))
    assert answer.location.startswith("/sign-in?next=/library/new?dataset")
    ada = as_(app, cast.researcher)
    shown = text_of(ada, address.replace("&amp;", "&"))
    assert f"Records of {TARN}" in shown
    form = {
        "csrf_token": token_in(shown),
        "dataset": cast.tarn_dataset,
        "note": "for <asthma>",
        "next": "/search?q=tarn",
    }
    assert ada.post("/library", data=form).location == "/search?q=tarn"
    assert "for &lt;asthma&gt;" in text_of(ada, "/library")


def test_datasets_are_kept_from_results_and_pages_once(ada: FlaskClient, cast: Cast) -> None:
    assert f'form="library" name="dataset" value="{cast.tarn_dataset}"' in text_of(ada, "/search?q=tarn")
    for _ in range(2):
        assert send(ada, "/library", dataset=cast.tarn_dataset, next="/search?q=tarn").location == "/search?q=tarn"
    assert "In your <a" in text_of(ada, "/search?q=tarn")
    assert "In your <a" in text_of(ada, f"/datasets/{cast.tarn_dataset}")
    assert "<span>1 dataset</span>" in text_of(ada, "/library")
    assert send(ada, "/library", dataset="nothing").status_code == 404
    assert send(ada, "/library", dataset="\x00").status_code == 404


def test_a_note_is_written_and_changed(ada: FlaskClient, cast: Cast) -> None:
    send(ada, "/library", dataset=cast.tarn_dataset)
    answer = note(ada, cast.tarn_dataset, "one word\r\nanother")
    assert answer.location == f"/library?sort=added#dataset-{cast.tarn_dataset}"
    assert "one word\nanother" in text_of(ada, "/library")
    note(ada, cast.tarn_dataset, "", seen="one word\r\nanother")
    assert "another" not in text_of(ada, "/library")
    assert note(ada, cast.beck_dataset, "not kept").status_code == 404


def test_no_word_of_a_note_is_lost(app: Flask, client: FlaskClient, ada: FlaskClient, cast: Cast) -> None:
    send(ada, "/library", dataset=cast.tarn_dataset)
    note(ada, cast.tarn_dataset, "saved")
    overtaken = note(ada, cast.tarn_dataset, "typed in another window", seen="")
    page = overtaken.get_data(as_text=True)
    assert overtaken.status_code == 409
    assert "typed in another window</textarea>" in page
    assert "It says now: “saved”" in page
    long = note(ada, cast.tarn_dataset, "x" * 5001, seen="saved")
    assert long.status_code == 422
    assert "x" * 5001 in long.get_data(as_text=True)
    expired = client.post(f"/library/{cast.tarn_dataset}/note", data={"note": "typed for an hour"})
    assert expired.status_code == 400
    assert "typed for an hour</textarea>" in expired.get_data(as_text=True)
    assert "saved" in text_of(ada, "/library")


def test_what_was_removed_can_be_put_back_with_its_note(ada: FlaskClient, cast: Cast) -> None:
    send(ada, "/library", dataset=cast.tarn_dataset)
    note(ada, cast.tarn_dataset, "precious")
    answer = send(ada, "/library/remove", dataset=cast.tarn_dataset)
    page = text_of(ada, answer.location)
    assert "is removed with its note" in page
    assert "<span>0 datasets</span>" in page
    assert "precious" not in page
    send(ada, "/library", dataset=cast.tarn_dataset)
    assert "precious" in text_of(ada, "/library")
    send(ada, "/library/remove", dataset="nothing")
    assert text_of(ada, "/library?removed=%00")


def test_withdrawn_datasets_stay_listed(ada: FlaskClient, cast: Cast, runtime: Runtime) -> None:
    for identifier in (cast.tarn_dataset, cast.beck_dataset):
        send(ada, "/library", dataset=identifier)
    with runtime.sessions() as session:
        withdraw(session, cast.tarn_dataset)
        session.commit()
    page = text_of(ada, "/library")
    assert "Withdrawn</span>" in page
    assert "<span>2 datasets</span>" in page
    assert f'id="ask-{cast.tarn_dataset}"' not in page
    assert send(ada, "/library/ask").location == "/requests/new"
    with ada.session_transaction() as kept:
        assert kept["enquiry"]["datasets"] == [cast.beck_dataset]


def test_the_ticked_ones_are_asked_about(ada: FlaskClient, cast: Cast) -> None:
    for identifier in (cast.tarn_dataset, cast.beck_dataset, cast.unclaimed_dataset):
        send(ada, "/library", dataset=identifier)
    send(ada, "/library/ask", dataset=[cast.tarn_dataset, cast.unclaimed_dataset, "odd"])
    with ada.session_transaction() as kept:
        assert set(kept["enquiry"]["datasets"]) == {cast.tarn_dataset, cast.unclaimed_dataset}


def test_the_library_is_sorted(ada: FlaskClient, cast: Cast) -> None:
    for identifier in (cast.tarn_dataset, cast.beck_dataset):
        send(ada, "/library", dataset=identifier)

    def first(sort: str) -> str:
        return text_of(ada, f"/library?sort={sort}").split('id="dataset-')[1][:36]

    assert [first("added"), first("title"), first("odd")] == [cast.beck_dataset] * 3
    assert 'href="/library?sort=title" aria-current="true"' in text_of(ada, "/library?sort=title")


def test_the_library_is_exported_without_formulas(ada: FlaskClient, cast: Cast) -> None:
    send(ada, "/library", dataset=cast.tarn_dataset)
    note(ada, cast.tarn_dataset, '=HYPERLINK("http://x.example")\nand "more", ä')
    answer = ada.get("/library.csv")
    assert answer.mimetype == "text/csv"
    assert answer.cache_control.no_store
    header, row = csv.reader(StringIO(answer.get_data().decode("utf-8-sig"), newline=""))
    assert header[0] == "Identifier"
    assert row[0] == cast.tarn_dataset
    assert row[1] == f"http://catalogue.example/datasets/{cast.tarn_dataset}"
    assert row[7] == '\'=HYPERLINK("http://x.example")\nand "more", ä'


def test_nobody_sees_the_library_of_another(app: Flask, ada: FlaskClient, cast: Cast) -> None:
    send(ada, "/library", dataset=cast.tarn_dataset)
    note(ada, cast.tarn_dataset, "mine alone")
    eve = as_(app, cast.other_researcher)
    assert "mine alone" not in text_of(eve, "/library")
    assert note(eve, cast.tarn_dataset, "overwritten", seen="mine alone").status_code == 404
    send(eve, "/library/remove", dataset=cast.tarn_dataset)
    assert "mine alone" in text_of(ada, "/library")


def test_a_library_has_an_end(ada: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalogue.services.library.MOST_ENTRIES", 1)
    send(ada, "/library", dataset=cast.tarn_dataset)
    answer = send(ada, "/library", dataset=cast.beck_dataset)
    assert answer.status_code == 409
    assert "Remove some first" in answer.get_data(as_text=True)


def test_what_was_removed_long_ago_is_forgotten(
    ada: FlaskClient, cast: Cast, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(ada, "/library", dataset=cast.tarn_dataset)
    send(ada, "/library/remove", dataset=cast.tarn_dataset)
    with runtime.sessions() as session:
        entry = session.query(LibraryEntry).one()
        entry.removed_at = entry.removed_at.replace(year=2020)
        session.commit()
    send(ada, "/library/remove", dataset=cast.beck_dataset)
    with runtime.reading_sessions() as session:
        assert session.query(LibraryEntry).count() == 0
