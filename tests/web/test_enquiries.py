"""Asking in a browser: choosing datasets before signing in, never losing a word, reading what came of it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue import clock
from catalogue.domain.enquiries import State
from catalogue.models import Enquiry, EnquiryDraft
from catalogue.runtime import Runtime
from catalogue.services import links, sign_ins
from tests.asking import BECK, TARN, UNCLAIMED, Cast
from tests.people import token_in
from tests.web.conversations import act, as_, asked, moved, text_of, thread_of

TYPED = {"project_title": "Asthma after the flood", "question": "How many <children>?\r\n\r\nWe link schools."}


pytestmark = pytest.mark.usefixtures("indexed")


def add(client: FlaskClient, *identifiers: str) -> None:
    for identifier in identifiers:
        assert client.post("/requests/basket", data={"add": identifier, "next": "/search"}).location == "/search"


def send(client: FlaskClient, button: str = "send", **typed: str):
    page = client.get("/requests/new").get_data(as_text=True)
    identifier = page.split('name="identifier" value="')[1].split('"')[0]
    data = {"csrf_token": token_in(page), "identifier": identifier, **TYPED, **typed, button: "yes"}
    return client.post("/requests/new", data=data)


def test_datasets_are_chosen_from_results_and_pages_without_signing_in(client: FlaskClient, cast: Cast) -> None:
    results = text_of(client, "/search?q=records")
    assert f'name="add" value="{cast.tarn_dataset}"' in results
    answer = client.post("/requests/basket", data={"add": cast.tarn_dataset, "next": "/search?q=records"})
    assert answer.location == "/search?q=records"
    assert "Enquiry (1)" in text_of(client, "/search?q=records")
    assert f'name="remove" value="{cast.tarn_dataset}"' in text_of(client, f"/datasets/{cast.tarn_dataset}")
    answer = client.post("/requests/basket", data={"ask": cast.beck_dataset})
    assert answer.location == "/requests/new"
    page = text_of(client, "/requests/new")
    assert f"Records of {TARN}" in page
    assert f"Records of {BECK}" in page
    client.post("/requests/basket", data={"remove": cast.tarn_dataset})
    assert f"Records of {TARN}" not in text_of(client, "/requests/new")


def test_a_visitor_who_chose_nothing_is_given_no_cookie(client: FlaskClient, cast: Cast) -> None:
    assert "Set-Cookie" not in client.get("/search?q=records").headers
    assert "Set-Cookie" not in client.get(f"/datasets/{cast.tarn_dataset}").headers


def test_the_basket_is_bounded_and_takes_nothing_odd(client: FlaskClient, cast: Cast) -> None:
    for number in range(20):
        client.post("/requests/basket", data={"add": f"dataset-{number}"})
    answer = client.post("/requests/basket", data={"add": cast.tarn_dataset, "next": "/search"})
    assert answer.location == "/requests/new?full=yes"
    assert "20 datasets at most" in text_of(client, "/requests/new?full=yes")
    client.post("/requests/basket", data={"remove": "dataset-0"})
    for odd in ("", "x" * 5000, "a\x00b"):
        client.post("/requests/basket", data={"add": odd})
    with client.session_transaction() as kept:
        assert len(kept["enquiry"]["datasets"]) == 19
    assert text_of(client, "/requests/new").count("has left the catalogue") == 19


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 400),
        ({"Sec-Fetch-Site": "same-site"}, 400),
        ({"Origin": "http://localhost"}, 303),
        ({"Origin": "https://elsewhere.example"}, 400),
        ({"Origin": "null"}, 400),
    ],
)
def test_another_site_cannot_choose(client: FlaskClient, headers: dict[str, str], status: int) -> None:
    answer = client.post("/requests/basket", data={"add": "x", "next": "/"}, headers=headers)
    assert answer.status_code == status
    assert ("Set-Cookie" in answer.headers) is (status == 303)


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"])
def test_choosing_leads_to_no_other_site(client: FlaskClient, target: str) -> None:
    assert client.post("/requests/basket", data={"add": "x", "next": target}).location == "/"


def test_a_question_is_sent_and_the_page_says_who_reads_it(app: Flask, peek: Session, cast: Cast) -> None:
    client = as_(app, cast.researcher)
    add(client, cast.tarn_dataset, cast.unclaimed_dataset)
    form = text_of(client, "/requests/new")
    assert "You ask as <strong>Ada Moss</strong>" in form
    assert "the alliance desk" in form
    answer = send(client)
    enquiry = peek.scalars(select(Enquiry)).one()
    assert answer.location == f"/requests/{enquiry.identifier}/sent"
    page = text_of(client, answer.location)
    assert TARN in page
    assert UNCLAIMED in page
    assert "alliance desk reads it" in page
    assert enquiry.reference in page
    assert "Enquiry (" not in page
    assert "How many &lt;children&gt;?" in text_of(client, f"/requests/{enquiry.identifier}")
    assert enquiry.question == "How many <children>?\n\nWe link schools."


def test_sending_the_same_form_again_leads_to_the_same_enquiry(app: Flask, peek: Session, cast: Cast) -> None:
    client = as_(app, cast.researcher)
    add(client, cast.tarn_dataset)
    page = text_of(client, "/requests/new")
    identifier = page.split('name="identifier" value="')[1].split('"')[0]
    data = {"csrf_token": token_in(page), "identifier": identifier, **TYPED, "send": "yes"}
    places = {client.post("/requests/new", data=data).location for _ in range(2)}
    assert places == {f"/requests/{identifier}/sent"}
    assert len(peek.scalars(select(Enquiry)).all()) == 1


def test_a_form_with_errors_keeps_what_was_typed(app: Flask, peek: Session, cast: Cast) -> None:
    client = as_(app, cast.researcher)
    answer = send(client, project_title="")
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "There is a problem" in page
    assert 'href="#project_title"' in page
    assert "Choose at least one dataset" in page
    assert "How many &lt;children&gt;?" in page
    assert "<title>Error: Ask a question" in page
    # and it is still there in another browser of the same person
    assert "How many &lt;children&gt;?" in text_of(as_(app, cast.researcher), "/requests/new")
    assert "A question that you have not sent yet" in text_of(client, "/requests")
    assert peek.scalars(select(Enquiry)).all() == []


def test_a_visitor_writes_first_and_signs_in_later(app: Flask, client: FlaskClient, cast: Cast) -> None:
    add(client, cast.tarn_dataset)
    answer = send(client)
    assert answer.location == "/sign-in?next=/requests/new"
    signed_in = as_(app, cast.researcher)
    with client.session_transaction() as before, signed_in.session_transaction() as after:
        after["enquiry"] = before["enquiry"]
    page = text_of(signed_in, "/requests/new")
    assert "How many &lt;children&gt;?" in page
    assert f"Records of {TARN}" in page
    assert send(signed_in).location.endswith("/sent")


def test_signing_in_keeps_the_basket_and_nothing_else(client: FlaskClient, runtime: Runtime, cast: Cast) -> None:
    add(client, cast.tarn_dataset)
    with client.session_transaction() as kept:
        kept["planted"] = "by somebody"
    with runtime.sessions() as session:
        token = links.issue(
            session,
            sign_ins.LINK,
            at=clock.now(),
            lifetime=sign_ins.LINK_LIFETIME,
            user_id=cast.researcher.user_id,
        )
        session.commit()
    page = text_of(client, f"/sign-in/link/{token}")
    client.post(f"/sign-in/link/{token}", data={"csrf_token": token_in(page)})
    with client.session_transaction() as kept:
        assert kept["enquiry"]["datasets"] == [cast.tarn_dataset]
        assert "planted" not in kept
    page = text_of(client, "/requests")
    client.post("/sign-out", data={"csrf_token": token_in(page)})
    with client.session_transaction() as kept:
        assert "enquiry" not in kept


def test_a_draft_of_a_visitor_moves_to_a_new_key_each_time(client: FlaskClient, peek: Session, cast: Cast) -> None:
    keys = set()
    for title in ("One", "Two"):
        send(client, project_title=title)
        with client.session_transaction() as kept:
            keys.add(kept["enquiry"]["writer"])
    assert len(keys) == 2
    assert [each.answers["project_title"] for each in peek.scalars(select(EnquiryDraft))] == ["Two"]


@pytest.mark.parametrize(("button", "target"), [("more", "/search"), ("later", "/requests")])
def test_other_buttons_keep_what_was_typed(app: Flask, cast: Cast, button: str, target: str) -> None:
    client = as_(app, cast.researcher)
    add(client, cast.tarn_dataset)
    assert send(client, button).location == target
    assert "How many &lt;children&gt;?" in text_of(client, "/requests/new")


def test_removing_a_dataset_keeps_what_was_typed(app: Flask, cast: Cast) -> None:
    client = as_(app, cast.researcher)
    add(client, cast.tarn_dataset, cast.beck_dataset)
    page = text_of(client, "/requests/new")
    data = {"csrf_token": token_in(page), **TYPED, "remove": cast.tarn_dataset}
    assert client.post("/requests/new", data=data).location == "/requests/new"
    page = text_of(client, "/requests/new")
    assert "How many &lt;children&gt;?" in page
    assert f"Records of {TARN}" not in page
    assert f"Records of {BECK}" in page


def test_a_form_whose_session_ended_is_shown_again_with_its_words(app: Flask, client: FlaskClient, cast: Cast) -> None:
    signed_in = as_(app, cast.researcher)
    add(signed_in, cast.tarn_dataset)
    page = text_of(signed_in, "/requests/new")
    data = {"csrf_token": token_in(page), **TYPED, "send": "yes"}
    # the same form, sent from a browser whose session is another one by now
    answer = client.post("/requests/new", data=data)
    assert answer.status_code == 400
    assert "How many &lt;children&gt;?" in answer.get_data(as_text=True)
    assert "Nothing is lost" in answer.get_data(as_text=True)


def test_a_draft_can_be_thrown_away(app: Flask, peek: Session, cast: Cast) -> None:
    client = as_(app, cast.researcher)
    add(client, cast.tarn_dataset)
    send(client, "later")
    page = text_of(client, "/requests/new")
    assert client.post("/requests/new/discard", data={"csrf_token": token_in(page)}).location == "/search"
    assert peek.scalars(select(EnquiryDraft)).all() == []
    assert "How many" not in text_of(client, "/requests/new")


def test_text_that_a_database_cannot_hold_is_cleaned(app: Flask, peek: Session, cast: Cast) -> None:
    client = as_(app, cast.researcher)
    add(client, cast.tarn_dataset)
    send(client, project_title="A\x00b", question="One\x00\x1b two", identifier="not a uuid")
    enquiry = peek.scalars(select(Enquiry)).one()
    assert (enquiry.project_title, enquiry.question) == ("Ab", "One two")


def test_the_researcher_writes_back_and_ends_it(app: Flask, runtime: Runtime, cast: Cast) -> None:
    identifier = asked(runtime, cast, cast.tarn_dataset)
    thread = thread_of(runtime, TARN).identifier
    moved(runtime, cast.tarn_handler, thread, "reply", "Which <years>?")
    client = as_(app, cast.researcher)
    show, address = f"/requests/{identifier}", f"/requests/{identifier}/{thread}"
    page = text_of(client, show)
    assert "Your turn" in page
    assert "Which &lt;years&gt;?" in page
    assert "Question back" in page
    assert act(client, address, show, command="post", text="1990\r\nto now").status_code == 303
    assert "Waiting for Tarn Hospital" in text_of(client, show)
    assert act(client, address, show, command="resolve").status_code == 303
    assert "Answered" in text_of(client, show)
    assert act(client, address, show, command="close").status_code == 303
    page = text_of(client, show)
    assert "Closed" in page
    assert "<textarea" not in page
    assert thread_of(runtime, TARN).state is State.CLOSED


def test_what_cannot_be_done_gives_the_words_back(app: Flask, runtime: Runtime, cast: Cast) -> None:
    identifier = asked(runtime, cast, cast.tarn_dataset)
    thread = thread_of(runtime, TARN).identifier
    client = as_(app, cast.researcher)
    show, address = f"/requests/{identifier}", f"/requests/{identifier}/{thread}"
    answer = act(client, address, show, command="add", text="  ")
    assert answer.status_code == 422
    assert "Write something first." in answer.get_data(as_text=True)
    page = text_of(client, show)
    moved(runtime, cast.tarn_handler, thread, "answer", "Done already")
    answer = client.post(
        address, data={"csrf_token": token_in(page), "key": "k", "command": "add", "text": "My late words"}
    )
    assert answer.status_code == 409
    shown = answer.get_data(as_text=True)
    assert "My late words" in shown
    assert "Done already" in shown
    assert "There is a problem" in shown


def test_words_are_given_back_when_the_session_ended(
    app: Flask, client: FlaskClient, runtime: Runtime, cast: Cast
) -> None:
    identifier = asked(runtime, cast, cast.tarn_dataset)
    thread = thread_of(runtime, TARN).identifier
    for address in (f"/requests/{identifier}/{thread}", f"/desk/{thread}", "/reply/whatever"):
        answer = client.post(address, data={"command": "add", "text": "My long message", "note": "My note"})
        assert answer.status_code == 400
        assert "My long message" in answer.get_data(as_text=True)
    assert thread_of(runtime, TARN).event_count == 1


def test_nobody_else_sees_an_enquiry_or_writes_in_it(app: Flask, runtime: Runtime, cast: Cast) -> None:
    identifier = asked(runtime, cast, cast.tarn_dataset)
    thread = thread_of(runtime, TARN).identifier
    addresses = [f"/requests/{identifier}", f"/requests/{identifier}/sent"]
    for name, actor in cast.everybody.items():
        if name == "researcher":
            continue
        client = as_(app, actor)
        for address in addresses:
            assert client.get(address).status_code == 404, (name, address)
        token = token_in(text_of(client, "/requests/new"))
        for command in ("add", "withdraw", "answer", "note"):
            data = {"csrf_token": token, "command": command, "text": "Let me in"}
            assert client.post(f"{addresses[0]}/{thread}", data=data).status_code == 404, (name, command)
    visitor = app.test_client()
    assert all(visitor.get(address).location.startswith("/sign-in?") for address in addresses)
    assert thread_of(runtime, TARN).event_count == 1


def test_requests_are_listed_with_whose_turn_it_is(app: Flask, runtime: Runtime, cast: Cast) -> None:
    client = as_(app, cast.researcher)
    assert "You have not asked anything yet" in text_of(client, "/requests")
    asked(runtime, cast, cast.tarn_dataset, cast.unclaimed_dataset)
    page = text_of(client, "/requests")
    assert "Waiting for Tarn Hospital" in page
    assert "Waiting for the alliance desk" in page
