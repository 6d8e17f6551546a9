"""Whatever happens to a form, what was typed into it is not lost: it is sent, kept, or given back."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from catalogue import clock
from catalogue.domain.permissions import Role
from catalogue.models import Enquiry, EnquiryDraft, OrganisationKind
from catalogue.runtime import Runtime
from catalogue.services import accounts, desk_work, organisations
from catalogue.services.accounts import HeldRole
from catalogue.services.enquiry_drafts import LONGEST_KEPT
from tests.asking import ASKED, TARN, UNCLAIMED, Cast, somebody
from tests.people import token_in
from tests.publishing import custodian, withdraw
from tests.web.conversations import as_, asked, mailed_link, text_of, thread_of

WORDS = "Kept & <written> words"
SHOWN = "Kept &amp; &lt;written&gt; words"
CLAIM = "/organisations/fell-and-dale-trust/claim"


def given_back(answer: TestResponse, status: int) -> bool:
    """Whether a page of this status has the words in it, whole and harmless."""
    assert answer.status_code == status, answer.status
    return SHOWN in answer.get_data(as_text=True)


def main_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True).partition("<main")[2].partition("</main>")[0]


def test_a_claim_of_somebody_who_was_signed_out_meanwhile(app: Flask, client: FlaskClient, cast: Cast) -> None:
    here = {"Referer": f"http://localhost{CLAIM}"}
    answer = client.post(CLAIM, data={"reason": WORDS}, headers=here)
    assert given_back(answer, 400)
    assert f"/sign-in?next={CLAIM}" in answer.get_data(as_text=True)
    signed_in = as_(app, cast.other_researcher)
    answer = signed_in.post(CLAIM, data={"reason": WORDS, "csrf_token": "of another session"}, headers=here)
    assert given_back(answer, 400)
    assert f'href="{CLAIM}"' in answer.get_data(as_text=True)


def test_nobody_is_led_elsewhere_with_what_is_given_back(client: FlaskClient, cast: Cast) -> None:
    answer = client.post(CLAIM, data={"reason": WORDS}, headers={"Referer": "https://evil.example/claim"})
    assert given_back(answer, 400)
    assert "evil" not in answer.get_data(as_text=True)


def test_a_claim_that_came_too_late(app: Flask, runtime: Runtime, cast: Cast) -> None:
    client = as_(app, cast.other_researcher)
    data = {"csrf_token": token_in(text_of(client, CLAIM)), "reason": WORDS}
    with runtime.sessions() as session:
        organisations.add(session, UNCLAIMED, at=clock.now(), kind=OrganisationKind.CUSTODIAN)
    assert given_back(client.post(CLAIM, data=data), 409)


def test_an_answer_of_a_handler_who_lost_the_role(app: Flask, runtime: Runtime, cast: Cast) -> None:
    asked(runtime, cast)
    address = f"/desk/{thread_of(runtime, TARN).identifier}"
    client = as_(app, cast.tarn_handler)
    data = {"csrf_token": token_in(text_of(client, address)), "command": "answer", "text": WORDS}
    with runtime.sessions() as session:
        accounts.revoke(session, "tom@tarn.example", [HeldRole(Role.HANDLER, "tarn-hospital")], at=ASKED)
    answer = client.post(address, data=data)
    assert given_back(answer, 404)
    assert thread_of(runtime, TARN).event_count == 1
    # who guesses an address learns no more than who had it
    guessed = client.post("/desk/nothing", data=data)
    assert main_of(answer) == main_of(guessed)


def test_an_answer_of_the_office_to_what_has_gone_to_its_custodian(app: Flask, runtime: Runtime, cast: Cast) -> None:
    asked(runtime, cast, cast.unclaimed_dataset)
    thread = thread_of(runtime, UNCLAIMED).identifier
    client = as_(app, cast.office)
    data = {"csrf_token": token_in(text_of(client, f"/desk/{thread}")), "command": "note", "note": WORDS}
    with runtime.sessions() as session:
        somebody(session, "fay@fell.example", "Fay Gill", (Role.HANDLER, custodian(session, UNCLAIMED)))
        desk_work.send_to_custodian(session, cast.second_office, thread, at=clock.now())
    assert given_back(client.post(f"/desk/{thread}", data=data), 404)


def test_an_answer_by_a_link_that_was_taken_back(client: FlaskClient, runtime: Runtime, cast: Cast) -> None:
    asked(runtime, cast, cast.unclaimed_dataset)
    thread = thread_of(runtime, UNCLAIMED).identifier
    with runtime.sessions() as session:
        desk_work.forward(session, cast.office, thread, "rec@fell.example", at=clock.now())
    link = f"/reply/{mailed_link(runtime)}"
    data = {"csrf_token": token_in(text_of(client, link)), "command": "answer", "text": WORDS}
    with runtime.sessions() as session:
        desk_work.recall(session, cast.office, thread, at=clock.now())
    assert given_back(client.post(link, data=data), 410)


def test_a_password_is_given_back_to_nobody(app: Flask, client: FlaskClient, cast: Cast) -> None:
    data = {"current": "harbour lantern moss", "password": "barley copper thistle", "csrf_token": "a b"}
    for browser in (client, as_(app, cast.researcher)):
        answer = browser.post("/account/password", data=data)
        assert answer.status_code in {303, 400}
        assert not any(secret in answer.get_data(as_text=True) for secret in data.values())


def test_going_back_and_writing_something_else_sends_it_as_well(app: Flask, runtime: Runtime, cast: Cast) -> None:
    identifier = asked(runtime, cast)
    thread = thread_of(runtime, TARN).identifier
    client = as_(app, cast.researcher)
    show, address = f"/requests/{identifier}", f"/requests/{identifier}/{thread}"
    data = {"csrf_token": token_in(text_of(client, show)), "key": "the form's", "command": "add"}
    for text in ("First words", "First words", "Second words"):
        assert client.post(address, data={**data, "text": text}).status_code == 303
    page = text_of(client, show)
    assert (page.count("First words"), page.count("Second words")) == (1, 1)


def test_going_back_to_an_answer_and_changing_it_gives_the_change_back(
    app: Flask, runtime: Runtime, cast: Cast
) -> None:
    asked(runtime, cast)
    address = f"/desk/{thread_of(runtime, TARN).identifier}"
    client = as_(app, cast.tarn_handler)
    data = {"csrf_token": token_in(text_of(client, address)), "key": "the form's", "command": "answer"}
    for _ in range(2):
        assert client.post(address, data={**data, "text": "About 400."}).status_code == 303
    assert given_back(client.post(address, data={**data, "text": WORDS}), 409)
    assert thread_of(runtime, TARN).event_count == 2


def test_forwarding_again_from_the_same_form_goes_to_the_other_address(
    app: Flask, runtime: Runtime, cast: Cast
) -> None:
    asked(runtime, cast, cast.unclaimed_dataset)
    address = f"/desk/{thread_of(runtime, UNCLAIMED).identifier}"
    client = as_(app, cast.office)
    data = {"csrf_token": token_in(text_of(client, address)), "key": "the form's", "command": "forward"}
    for to in ("mistyped@fell.example", "records@fell.example"):
        assert client.post(address, data={**data, "address": to}).status_code == 303
    assert thread_of(runtime, UNCLAIMED).forwarded_to == "records@fell.example"


def question_form(client: FlaskClient, *datasets: str) -> dict[str, str]:
    """A filled form about these datasets."""
    for identifier in datasets:
        client.post("/requests/basket", data={"add": identifier})
    page = text_of(client, "/requests/new")
    identifier = page.split('name="identifier" value="')[1].split('"')[0]
    return {
        "csrf_token": token_in(page),
        "identifier": identifier,
        "project_title": "Asthma",
        "question": "How many?",
        "send": "yes",
    }


def test_going_back_to_a_question_and_asking_another_is_another_question(app: Flask, peek: Session, cast: Cast) -> None:
    client = as_(app, cast.researcher)
    data = question_form(client, cast.tarn_dataset)
    assert client.post("/requests/new", data=data).status_code == 303
    answer = client.post("/requests/new", data={**data, "question": WORDS})
    assert given_back(answer, 422)
    page = answer.get_data(as_text=True)
    assert "You have sent this form already" in page
    assert data["identifier"] not in page.split('id="question-form"')[1]
    again = {**question_form(client, cast.tarn_dataset), "question": WORDS}
    assert client.post("/requests/new", data=again).location.endswith("/sent")
    assert peek.scalars(select(Enquiry.question).order_by(Enquiry.id)).all() == ["How many?", WORDS]


@pytest.mark.parametrize("button", ["send", "more", "later", "remove"])
def test_more_than_can_be_kept_stays_in_the_form(client: FlaskClient, peek: Session, cast: Cast, button: str) -> None:
    data = question_form(client, cast.tarn_dataset)
    del data["send"]
    long = "word " * (LONGEST_KEPT // 5) + WORDS
    answer = client.post("/requests/new", data={**data, "question": long, button: cast.tarn_dataset})
    assert given_back(answer, 422)
    assert 'href="#question"' in answer.get_data(as_text=True)
    assert peek.scalars(select(EnquiryDraft)).all() == []


def test_a_dataset_that_leaves_while_it_is_asked_about_is_removed_and_the_question_goes(
    app: Flask, runtime: Runtime, peek: Session, cast: Cast
) -> None:
    client = as_(app, cast.researcher)
    data = {**question_form(client, cast.tarn_dataset, cast.beck_dataset), "question": WORDS}
    with runtime.sessions() as session:
        withdraw(session, cast.beck_dataset)
        session.commit()
    answer = client.post("/requests/new", data=data)
    assert given_back(answer, 422)
    assert 'href="#datasets"' in answer.get_data(as_text=True)
    removed = {name: value for name, value in data.items() if name != "send"} | {"remove": cast.beck_dataset}
    assert client.post("/requests/new", data=removed).location == "/requests/new"
    assert SHOWN in text_of(client, "/requests/new")
    assert client.post("/requests/new", data=data).location.endswith("/sent")


def test_two_tabs_write_two_questions(app: Flask, peek: Session, cast: Cast) -> None:
    client = as_(app, cast.researcher)
    first, second = question_form(client, cast.tarn_dataset), question_form(client)
    assert client.post("/requests/new", data=first).location.endswith("/sent")
    # what was chosen went with the first; what was typed in the other tab stays
    assert given_back(client.post("/requests/new", data={**second, "question": WORDS}), 422)
    client.post("/requests/basket", data={"add": cast.beck_dataset})
    assert client.post("/requests/new", data={**second, "question": WORDS}).location.endswith("/sent")
    assert len(peek.scalars(select(Enquiry)).all()) == 2
