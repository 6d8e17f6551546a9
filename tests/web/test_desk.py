"""The desk in a browser, and answering by a link."""

from dataclasses import replace
from html import unescape
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from flask.testing import FlaskClient
from html5lib import parse

from catalogue import clock
from catalogue.domain.enquiries import Desk, State
from catalogue.domain.permissions import Role
from catalogue.models import EnquiryThread
from catalogue.runtime import Runtime
from catalogue.services import desk_work, threads
from schemas.metadata import Access, Accessibility
from tests.asking import BECK, TARN, UNCLAIMED, Cast, somebody
from tests.people import token_in
from tests.publishing import custodian, described, publish
from tests.web.conversations import act, as_, asked, mailed_link, moved, text_of, thread_of

pytestmark = pytest.mark.usefixtures("indexed")


def test_the_desk_says_whose_turn_it_is_and_what_is_due(app: Flask, runtime: Runtime, cast: Cast) -> None:
    client = as_(app, cast.tarn_handler)
    assert "Nothing waits for you" in text_of(client, "/desk")
    asked(runtime, cast, cast.tarn_dataset, cast.beck_dataset)
    page = text_of(client, "/desk")
    assert page.count('class="catalogue-request ') == 1
    assert "Your turn" in page
    assert "An answer is due by" in page
    assert "Ada Moss" in page
    assert "Tarn Hospital</a>, 1 dataset" in page
    moved(runtime, cast.tarn_handler, thread_of(runtime, TARN).identifier, "reply", "Which?")
    assert "Nothing waits for you" in text_of(client, "/desk")
    assert "Waiting for the researcher" in text_of(client, "/desk?show=waiting")
    assert "Nothing has ended yet" in text_of(client, "/desk?show=ended&page=99999999")


def test_a_handler_answers_and_is_shown_the_next_thing_to_do(app: Flask, runtime: Runtime, cast: Cast) -> None:
    asked(runtime, cast)
    asked(runtime, cast)
    client = as_(app, cast.tarn_handler)
    first, second = [
        part.split('"')[0] for part in text_of(client, "/desk").split('<a class="govuk-link" href="/desk/')[1:]
    ]
    address = f"/desk/{first}"
    answer = act(client, address, address, command="answer", text="There are <many>.")
    assert answer.location == f"{address}?done=answer"
    page = text_of(client, answer.location)
    assert "Your answer was sent" in page
    assert f'href="/desk/{second}"' in page
    assert "There are &lt;many&gt;." in page
    assert "Answered" in page


def test_a_note_is_seen_by_colleagues_and_by_nobody_else(app: Flask, runtime: Runtime, cast: Cast) -> None:
    enquiry = asked(runtime, cast)
    address = f"/desk/{thread_of(runtime, TARN).identifier}"
    assert act(as_(app, cast.tarn_handler), address, address, command="note", note="Ask legal").status_code == 303
    assert "Ask legal" in text_of(as_(app, cast.tarn_administrator), address)
    assert "for colleagues only" in text_of(as_(app, cast.tarn_administrator), address)
    assert "legal" not in text_of(as_(app, cast.researcher), f"/requests/{enquiry}")


@pytest.mark.parametrize(
    ("data", "status", "told"),
    [
        ({"command": "answer", "text": " "}, 422, "Write something first."),
        ({"command": "answer", "text": "x" * 10_001}, 422, "10,000 is the most"),
        ({"command": "note", "note": ""}, 422, 'href="#note"'),
        ({"command": "refer", "organisation": "", "reason": "R"}, 422, 'href="#organisation"'),
        ({"command": "refer", "organisation": "beck-cohort", "reason": ""}, 422, 'href="#reason"'),
        ({"command": "assign", "handler": "99999"}, 422, 'href="#handler"'),
        ({"command": "withdraw", "text": "Kept words"}, 409, "Kept words"),
        ({"command": "forward", "address": "a@b.example"}, 409, "is not open to you"),
        ({"command": "no such thing", "text": "Kept words"}, 409, "Kept words"),
        ({}, 409, "There is a problem"),
    ],
)
def test_what_cannot_be_done_is_explained_where_it_was_typed(
    app: Flask, runtime: Runtime, cast: Cast, data: dict[str, str], status: int, told: str
) -> None:
    asked(runtime, cast)
    address = f"/desk/{thread_of(runtime, TARN).identifier}"
    answer = act(as_(app, cast.tarn_handler), address, address, **data)
    assert answer.status_code == status
    page = answer.get_data(as_text=True)
    assert told in page
    assert "<title>Error: " in page
    assert thread_of(runtime, TARN).event_count == 1


def test_two_people_who_answer_at_once_do_not_both(app: Flask, runtime: Runtime, cast: Cast) -> None:
    asked(runtime, cast)
    thread = thread_of(runtime, TARN).identifier
    client = as_(app, cast.tarn_handler)
    page = text_of(client, f"/desk/{thread}")
    moved(runtime, cast.tarn_administrator, thread, "answer", "I was faster")
    data = {"csrf_token": token_in(page), "key": "late", "command": "answer", "text": "Me too"}
    answer = client.post(f"/desk/{thread}", data=data)
    assert answer.status_code == 409
    assert "Me too" in answer.get_data(as_text=True)
    assert "I was faster" in answer.get_data(as_text=True)
    assert thread_of(runtime, TARN).event_count == 2


def test_the_page_of_who_came_too_late_shows_what_the_other_did(
    app: Flask, runtime: Runtime, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(runtime, cast)
    thread, move = thread_of(runtime, TARN).identifier, threads.move

    def overtaken(*arguments: Any, **options: Any) -> EnquiryThread:
        """Somebody else answers when the page has been read already."""
        monkeypatch.undo()
        moved(runtime, cast.tarn_administrator, thread, "answer", "I was faster")
        return move(*arguments, **options)

    monkeypatch.setattr(threads, "move", overtaken)
    answer = act(as_(app, cast.tarn_handler), f"/desk/{thread}", f"/desk/{thread}", command="answer", text="Me too")
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "I was faster" in page
    assert "Me too" in page
    assert 'value="answer"' not in page


def test_a_thread_is_assigned_and_handed_on(app: Flask, runtime: Runtime, cast: Cast) -> None:
    asked(runtime, cast)
    address = f"/desk/{thread_of(runtime, TARN).identifier}"
    client = as_(app, cast.tarn_handler)
    answer = act(client, address, address, command="assign", handler=str(cast.tarn_handler.user_id))
    assert answer.location == f"{address}?done=assign"
    assert "yours" in text_of(client, "/desk")
    assert "with Tom Rill" in text_of(as_(app, cast.tarn_administrator), "/desk")
    answer = act(client, address, address, command="refer", organisation="beck-cohort", reason="They hold it")
    assert answer.location == "/desk?done=refer"
    assert "It was handed on" in text_of(client, answer.location)
    assert "They hold it" in text_of(as_(app, cast.beck_handler), f"/desk/{thread_of(runtime, BECK).identifier}")


def in_sight(element: Element) -> str:
    """The words in every box to write in that is not folded away."""
    if element.tag == "details" and element.get("open") is None:
        return ""
    return (element.text or "" if element.tag == "textarea" else "") + "".join(map(in_sight, element))


@pytest.mark.parametrize("field", ["note", "reason", "text"])
def test_what_was_typed_into_something_folded_is_in_sight_again(
    app: Flask, runtime: Runtime, cast: Cast, field: str
) -> None:
    asked(runtime, cast)
    thread = thread_of(runtime, TARN).identifier
    if field == "text":
        moved(runtime, cast.tarn_handler, thread, "reply", "Which?")
    page = act(as_(app, cast.tarn_handler), f"/desk/{thread}", f"/desk/{thread}", **{field: "Kept words"})
    assert page.status_code == 409
    assert "Kept words" in in_sight(parse(page.get_data(as_text=True), namespaceHTMLElements=False))


def test_an_answer_points_to_where_the_custodian_takes_requests(app: Flask, runtime: Runtime, cast: Cast) -> None:
    elsewhere = "https://apply.fell.example/?a=1&b=2"
    with runtime.sessions() as session:
        description = replace(
            described("Records of old age"), accessibility=Accessibility(access=Access(apply_elsewhere=elsewhere))
        )
        identifier = publish(session, description, by=UNCLAIMED)
        session.commit()
    client = as_(app, cast.researcher)
    client.post("/requests/basket", data={"ask": identifier})
    assert 'href="https://apply.fell.example/?a=1&amp;b=2"' in text_of(client, "/requests/new")
    enquiry = asked(runtime, cast, identifier)
    office, address = as_(app, cast.office), f"/desk/{thread_of(runtime, UNCLAIMED).identifier}"
    page = text_of(office, address)
    assert f'href="{address}?point=elsewhere#text"' in page
    assert "takes requests on its own site:" not in page
    written = text_of(office, f"{address}?point=elsewhere").split('name="text"')[1].split("</textarea>")[0]
    assert "Fell and Dale Trust takes requests on its own site:" in written
    answer = unescape(written.partition(">")[2])
    assert act(office, address, address, command="answer", text=answer).status_code == 303
    assert "https://apply.fell.example/?a=1&amp;b=2" in text_of(client, f"/requests/{enquiry}")


def test_nobody_else_opens_a_thread_on_a_desk(app: Flask, runtime: Runtime, cast: Cast) -> None:
    asked(runtime, cast, cast.tarn_dataset, cast.unclaimed_dataset)
    readers = {TARN: {"tarn_handler", "tarn_administrator"}, UNCLAIMED: {"office", "second_office"}}
    for name, people in readers.items():
        address = f"/desk/{thread_of(runtime, name).identifier}"
        assert app.test_client().get(address).location.startswith("/sign-in?next=/desk/")
        for who, actor in cast.everybody.items():
            client = as_(app, actor)
            assert client.get(address).status_code == (200 if who in people else 404), (name, who)
            if who not in people:
                data = {"csrf_token": token_in(text_of(client, "/requests/new")), "command": "answer", "text": "Hm"}
                assert client.post(address, data=data).status_code == 404, (name, who)
        assert thread_of(runtime, name).event_count == (1 if name == TARN else 2)


def test_the_desk_is_for_those_who_have_one(app: Flask, cast: Cast) -> None:
    for who, actor in cast.everybody.items():
        client = as_(app, actor)
        has_desk = who not in {"researcher", "other_researcher", "beck_editor", "tarn_editor"}
        assert client.get("/desk").status_code == (200 if has_desk else 403), who
        assert ('href="/desk"' in text_of(client, "/about")) is has_desk


def test_the_office_forwards_by_a_link_and_takes_back(
    app: Flask, client: FlaskClient, runtime: Runtime, cast: Cast
) -> None:
    asked(runtime, cast, cast.unclaimed_dataset)
    thread = thread_of(runtime, UNCLAIMED).identifier
    office, address = as_(app, cast.office), f"/desk/{thread}"
    assert act(office, address, address, command="forward", address="nowhere").status_code == 422
    assert act(office, address, address, command="forward", address="Rec@Fell.example").status_code == 303
    assert "rec@fell.example" in text_of(office, address)
    assert "Waiting for Fell and Dale Trust" in text_of(office, "/desk?show=waiting")
    link = f"/reply/{mailed_link(runtime)}"
    page = text_of(client, link)
    assert "How many children under five are in it?" in page
    assert act(office, address, address, command="recall").status_code == 303
    assert client.get(link).status_code == 410
    data = {"csrf_token": token_in(text_of(client, "/sign-in")), "command": "answer", "text": "Late"}
    assert client.post(link, data=data).status_code == 410
    assert thread_of(runtime, UNCLAIMED).state is State.UNROUTABLE


def test_a_link_answers_one_question_and_looking_changes_nothing(
    app: Flask, client: FlaskClient, runtime: Runtime, cast: Cast
) -> None:
    enquiry = asked(runtime, cast, cast.unclaimed_dataset, cast.tarn_dataset)
    thread = thread_of(runtime, UNCLAIMED).identifier
    moved(runtime, cast.office, thread, "note", "They are slow")
    with runtime.sessions() as session:
        desk_work.forward(session, cast.office, thread, "rec@fell.example", at=clock.now())
    link = f"/reply/{mailed_link(runtime)}"
    before = thread_of(runtime, UNCLAIMED).event_count
    for _ in range(3):
        page = text_of(client, link)
    assert thread_of(runtime, UNCLAIMED).event_count == before
    assert "slow" not in page
    assert f"Records of {TARN}" not in page
    assert 'content="noindex"' in page
    answer = act(client, link, link, command="reply", text="All ages?")
    assert answer.location == f"{link}?done=reply"
    assert "Thank you" in text_of(client, answer.location)
    assert "You need not do anything now" in page or "All ages?" in text_of(client, link)
    for command in ("withdraw", "reroute", "note", "refer", "close"):
        refused = act(client, link, link, command=command, text="Words")
        assert refused.status_code == 409
        assert "Words" in refused.get_data(as_text=True)
    assert act(client, link, link, command="add", text="").status_code == 422
    moved(runtime, cast.researcher, thread, "post", "Yes, all")
    assert act(client, link, link, command="answer", text="There are some.").status_code == 303
    page = text_of(as_(app, cast.researcher), f"/requests/{enquiry}")
    assert "There are some." in page
    assert "Somebody at Fell and Dale Trust" in page
    assert "fell.example" not in page
    # the link opens nothing but its page
    assert client.get(f"/requests/{enquiry}").location.startswith("/sign-in?")
    assert client.get(f"/desk/{thread}").location.startswith("/sign-in?")


@pytest.mark.parametrize("token", ["nothing", "x" * 3000, "%00", "a%2Fb"])
def test_a_link_that_never_was_is_refused(client: FlaskClient, token: str) -> None:
    assert client.get(f"/reply/{token}").status_code in {404, 410}


def test_a_custodian_that_has_people_by_now_gets_its_question(app: Flask, runtime: Runtime, cast: Cast) -> None:
    asked(runtime, cast, cast.unclaimed_dataset)
    thread = thread_of(runtime, UNCLAIMED).identifier
    office, address = as_(app, cast.office), f"/desk/{thread}"
    assert "Put it on their desk" not in text_of(office, address)
    assert act(office, address, address, command="to_custodian").status_code == 409
    with runtime.sessions() as session:
        somebody(session, "fay@fell.example", "Fay Gill", (Role.HANDLER, custodian(session, UNCLAIMED)))
    assert "Put it on their desk" in text_of(office, address)
    answer = act(office, address, address, command="to_custodian")
    assert answer.location == "/desk?done=to_custodian"
    assert thread_of(runtime, UNCLAIMED).desk is Desk.CUSTODIAN
