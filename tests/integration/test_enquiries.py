"""A question from its first word to its last: who gets it, who may do what, who is told, and who never learns of it."""

import json
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalogue.domain.enquiries import COMMANDS, Desk, EnquiryState, Party, State
from catalogue.domain.errors import Invalid, NotAllowed, NotFound, Refused, TooMany
from catalogue.domain.permissions import VISITOR
from catalogue.models import Enquiry, EnquiryThread, OutboxMessage, ThreadEvent, ThreadMessage
from catalogue.services import accounts, desk, enquiries, enquiry_drafts, enquiry_routing, thread_reading, threads
from catalogue.services.desk import Tray
from catalogue.services.enquiry_drafts import Draft, Writer
from schemas.metadata import Access, AccessBody, Accessibility
from tests.asking import ASKED, BECK, TARN, UNCLAIMED, Cast, ask, asked_mails, gather, question, thread_with
from tests.publishing import described, publish

LATER = ASKED + timedelta(hours=2)


@pytest.fixture
def cast(session: Session) -> Cast:
    return gather(session)


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_each_custodian_gets_a_thread_of_its_own(session: Session, cast: Cast) -> None:
    other = publish(session, described("More records of Tarn"), by=TARN)
    enquiry = ask(session, cast, cast.tarn_dataset, cast.beck_dataset, cast.unclaimed_dataset, other)
    view = enquiries.get_own(session, cast.researcher, enquiry.identifier)
    assert [(each.thread.custodian.name, len(each.datasets)) for each in view.threads] == [
        (BECK, 1),
        (UNCLAIMED, 1),
        (TARN, 2),
    ]
    assert [(each.thread.state, each.thread.desk) for each in view.threads] == [
        (State.AWAITING_CUSTODIAN, Desk.CUSTODIAN),
        (State.UNROUTABLE, Desk.ALLIANCE),
        (State.AWAITING_CUSTODIAN, Desk.CUSTODIAN),
    ]
    assert view.state is EnquiryState.OPEN
    assert all(each.thread.answer_due_at == ASKED + timedelta(days=7) for each in view.threads)


def test_everybody_concerned_is_told_once_that_a_question_came(session: Session, cast: Cast) -> None:
    ask(session, cast, cast.tarn_dataset, cast.unclaimed_dataset)
    assert asked_mails(session) == [
        ("olu@alliance.example", f"A question for {UNCLAIMED} lies on the alliance desk"),
        ("oda@alliance.example", f"A question for {UNCLAIMED} lies on the alliance desk"),
        ("tom@tarn.example", f"A new question for {TARN}"),
        ("ada@university.example", "enquiry_receipt"),
    ]


def test_no_mail_holds_what_was_written_or_by_whom(session: Session, cast: Cast) -> None:
    ask(session, cast, cast.tarn_dataset)
    thread = thread_with(session, TARN)
    threads.move(session, cast.tarn_handler, thread.identifier, "reply", text="Which children exactly?", at=LATER)
    threads.move(session, cast.researcher, thread.identifier, "post", text="All from one school", at=LATER)
    threads.move(session, cast.tarn_handler, thread.identifier, "note", text="Check with legal", at=LATER)
    threads.move(session, cast.tarn_handler, thread.identifier, "answer", text="There are fifty-two.", at=LATER)
    payloads = json.dumps([each.payload for each in session.scalars(select(OutboxMessage))])
    for secret in ("children", "school", "legal", "fifty", "Asthma", "flood", "Records of"):
        assert secret not in payloads
    for mail in session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "email.send")):
        if mail.payload["template"] == "enquiry":
            assert mail.payload["context"]["why"]
            assert mail.payload["to"] == "ada@university.example" or "Ada" not in json.dumps(mail.payload)


def test_a_conversation_goes_to_and_fro_until_it_is_answered(session: Session, cast: Cast) -> None:
    enquiry = ask(session, cast)
    thread = thread_with(session, TARN)
    steps = [
        (cast.researcher, "add", State.AWAITING_CUSTODIAN),
        (cast.tarn_handler, "reply", State.AWAITING_APPLICANT),
        (cast.researcher, "post", State.AWAITING_CUSTODIAN),
        (cast.tarn_administrator, "answer", State.RESOLVED),
        (cast.researcher, "post", State.AWAITING_CUSTODIAN),
        (cast.tarn_handler, "answer", State.RESOLVED),
        (cast.tarn_handler, "add", State.RESOLVED),
        (cast.researcher, "close", State.CLOSED),
    ]
    for number, (actor, command, state) in enumerate(steps):
        moved = threads.move(session, actor, thread.identifier, command, text=f"Text {number}", at=LATER)
        assert moved.state is state
    view = enquiries.get_own(session, cast.researcher, enquiry.identifier)
    [seen] = view.threads
    assert view.state is EnquiryState.CONCLUDED
    assert [entry.text for entry in seen.messages] == [f"Text {number}" for number in range(7)]
    assert [entry.command for entry in seen.entries] == ["submit", *(command for _, command, _ in steps)]
    assert [entry.number for entry in seen.entries] == list(range(1, 10))
    assert seen.moves == ()


def test_only_the_other_side_is_told_and_never_who_did_it(session: Session, cast: Cast) -> None:
    ask(session, cast)
    thread = thread_with(session, TARN)
    before = len(asked_mails(session))
    threads.move(session, cast.tarn_handler, thread.identifier, "reply", text="Which?", at=LATER)
    threads.move(session, cast.researcher, thread.identifier, "post", text="These.", at=LATER)
    threads.move(session, cast.tarn_handler, thread.identifier, "answer", text="Yes.", at=LATER)
    threads.move(session, cast.researcher, thread.identifier, "close", at=LATER)
    assert asked_mails(session)[before:] == [
        ("ada@university.example", f"{TARN} asks you something"),
        ("tom@tarn.example", "The researcher has written back"),
        ("ada@university.example", f"{TARN} has answered your question"),
        ("ada@university.example", f"Your question to {TARN} is closed"),
        ("tom@tarn.example", f"A question for {TARN} is closed"),
    ]


def test_messages_added_within_an_hour_are_told_of_by_one_mail(session: Session, cast: Cast) -> None:
    ask(session, cast)
    thread = thread_with(session, TARN)
    for minutes in (1, 20, 29, 31):
        at = ASKED + timedelta(minutes=minutes)
        threads.move(session, cast.researcher, thread.identifier, "add", text="And more", at=at)
    wanted = select(OutboxMessage).where(OutboxMessage.key.contains(":added:"))
    asked = {(each.key, each.due_at) for each in session.scalars(wanted)}
    assert sorted(due for _, due in asked) == [
        ASKED.replace(hour=10, minute=0),
        ASKED.replace(hour=11, minute=0),
    ]


def test_a_form_that_is_sent_twice_counts_once(session: Session, cast: Cast) -> None:
    asked = question(cast.tarn_dataset)
    first = enquiries.submit(session, cast.researcher, asked, at=ASKED)
    mails = asked_mails(session)
    assert enquiries.submit(session, cast.researcher, asked, at=LATER).id == first.id
    assert count(session, Enquiry) == 1
    thread, key = thread_with(session, TARN), str(uuid4())
    for _ in range(2):
        threads.move(session, cast.tarn_handler, thread.identifier, "answer", text="Yes.", at=LATER, key=key)
    assert count(session, ThreadMessage) == 1
    assert len(asked_mails(session)) == len(mails) + 1
    with pytest.raises(Refused):
        threads.move(session, cast.tarn_handler, thread.identifier, "answer", text="Yes.", at=LATER, key=str(uuid4()))


def test_an_enquiry_is_not_handed_out_to_who_guesses_its_form(session: Session, cast: Cast) -> None:
    asked = question(cast.tarn_dataset)
    enquiries.submit(session, cast.researcher, asked, at=ASKED)
    with pytest.raises(NotFound):
        enquiries.submit(session, cast.other_researcher, asked, at=LATER)


@pytest.mark.parametrize(
    ("title", "text", "datasets", "paths"),
    [
        (" ", " \n", (), ["project_title", "question", "datasets"]),
        ("T" * 201, "Q" * 5001, ("unknown",), ["project_title", "question", "datasets"]),
        ("T", "Q", tuple(map(str, range(21))), ["datasets"]),
    ],
)
def test_every_problem_of_a_question_is_told_at_once(
    session: Session, cast: Cast, title: str, text: str, datasets: tuple[str, ...], paths: list[str]
) -> None:
    wrong = enquiries.Question(str(uuid4()), title, text, datasets)
    with pytest.raises(Invalid) as refusal:
        enquiries.submit(session, cast.researcher, wrong, at=ASKED)
    assert [problem.path for problem in refusal.value.problems] == paths
    assert count(session, Enquiry) == 0


def test_nobody_asks_without_an_account_or_endlessly(session: Session, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        enquiries.submit(session, VISITOR, question(cast.tarn_dataset), at=ASKED)
    for _ in range(enquiries.PER_WINDOW):
        ask(session, cast)
    with pytest.raises(TooMany):
        ask(session, cast)
    assert count(session, Enquiry) == enquiries.PER_WINDOW


def test_nobody_else_can_read_or_move_a_thread(session: Session, cast: Cast) -> None:
    enquiry = ask(session, cast, cast.tarn_dataset, cast.unclaimed_dataset)
    allowed = {
        thread_with(session, TARN).identifier: {"researcher", "tarn_handler", "tarn_administrator"},
        thread_with(session, UNCLAIMED).identifier: {"researcher", "office", "second_office"},
    }
    for identifier, people in allowed.items():
        for name, actor in {**cast.everybody, "visitor": VISITOR}.items():
            if name in people:
                assert threads.arrive(session, actor, identifier).parties
                continue
            with pytest.raises(NotFound):
                threads.arrive(session, actor, identifier)
            for command in COMMANDS:
                with pytest.raises(NotFound):
                    threads.move(session, actor, identifier, command, text="Let me in", at=LATER)
    for name, actor in cast.everybody.items():
        if name != "researcher":
            with pytest.raises(NotFound):
                enquiries.get_own(session, actor, enquiry.identifier)
            assert enquiries.list_own(session, actor) == ()


def test_the_desk_lists_what_its_people_may_open_and_nothing_else(session: Session, cast: Cast) -> None:
    ask(session, cast, cast.tarn_dataset, cast.beck_dataset, cast.unclaimed_dataset)
    every = session.scalars(select(EnquiryThread)).all()
    for actor in cast.everybody.values():
        listed = {each.id for tray in Tray for each in desk.inbox(session, actor, tray=tray).items}
        opened = set()
        for thread in every:
            try:
                arrived = threads.arrive(session, actor, thread.identifier)
            except NotFound:
                continue
            opened |= {thread.id} if arrived.is_desk else set()
        assert listed == opened


def test_who_asks_their_own_organisation_is_not_on_the_other_side(session: Session, cast: Cast) -> None:
    asked = question(cast.tarn_dataset, cast.unclaimed_dataset)
    enquiries.submit(session, cast.tarn_handler, asked, at=ASKED)
    thread = thread_with(session, TARN)
    assert threads.arrive(session, cast.tarn_handler, thread.identifier).parties == {Party.APPLICANT}
    assert desk.inbox(session, cast.tarn_handler).items == ()
    assert [to for to, _ in asked_mails(session)].count("tom@tarn.example") == 1
    with pytest.raises(Refused):
        threads.move(session, cast.tarn_handler, thread.identifier, "answer", text="Yes, Tom.", at=LATER)
    # his colleague answers
    threads.move(session, cast.tarn_administrator, thread.identifier, "answer", text="Yes.", at=LATER)


def test_a_question_of_the_only_handler_goes_to_the_alliance(session: Session, cast: Cast) -> None:
    accounts.set_active(session, "bel@beck.example", is_active=False)
    enquiries.submit(session, cast.beck_handler, question(cast.beck_dataset), at=ASKED)
    assert thread_with(session, BECK).desk is Desk.ALLIANCE


def test_notes_are_read_by_the_desk_that_wrote_them_alone(session: Session, cast: Cast) -> None:
    enquiry = ask(session, cast)
    thread = thread_with(session, TARN)
    threads.move(session, cast.tarn_handler, thread.identifier, "note", text="Call legal first", at=LATER)
    [colleague] = [
        entry
        for entry in thread_reading.view(
            session, threads.arrive(session, cast.tarn_administrator, thread.identifier)
        ).entries
        if entry.is_note
    ]
    assert colleague.text == "Call legal first"
    [seen] = enquiries.get_own(session, cast.researcher, enquiry.identifier).threads
    assert "legal" not in repr(seen.entries)
    assert {"note", "assign"}.isdisjoint(entry.command for entry in seen.entries)


def test_the_custodian_that_takes_requests_for_another_gets_the_question(session: Session, cast: Cast) -> None:
    access = Access(alternative_custodian=AccessBody(name="beck cohort"), apply_elsewhere="https://apply.example/")
    lent = replace(described("Lent to another desk"), accessibility=Accessibility(access=access))
    identifier = publish(session, lent, by=TARN)
    ask(session, cast, identifier, cast.beck_dataset)
    assert len(session.scalars(select(EnquiryThread)).all()) == 1
    assert thread_with(session, BECK).desk is Desk.CUSTODIAN
    datasets = enquiry_routing.published(session, [identifier]).values()
    [route] = enquiry_routing.destinations(session, datasets, researcher_id=None, at=ASKED)
    assert route.apply_elsewhere == ("https://apply.example/",)


def test_a_text_that_is_too_long_is_refused(session: Session, cast: Cast) -> None:
    ask(session, cast)
    thread = thread_with(session, TARN)
    with pytest.raises(Invalid, match="10,001 characters"):
        threads.move(session, cast.tarn_handler, thread.identifier, "answer", text="x" * 10_001, at=LATER)
    assert thread_with(session, TARN).state is State.AWAITING_CUSTODIAN


def test_events_are_the_history_of_the_state(session: Session, cast: Cast) -> None:
    ask(session, cast, cast.tarn_dataset, cast.unclaimed_dataset)
    thread = thread_with(session, TARN)
    threads.move(session, cast.tarn_handler, thread.identifier, "answer", text="Yes.", at=LATER)
    for each in session.scalars(select(EnquiryThread)):
        events = session.scalars(
            select(ThreadEvent).where(ThreadEvent.thread_id == each.id).order_by(ThreadEvent.number)
        ).all()
        assert [event.number for event in events] == list(range(1, each.event_count + 1))
        assert events[0].before is State.DRAFT
        assert [event.before for event in events[1:]] == [event.after for event in events[:-1]]
        assert events[-1].after is each.state


def test_a_draft_is_kept_for_a_browser_until_its_person_signs_in(session: Session, cast: Cast) -> None:
    browser, person = Writer(browser="token"), Writer(user_id=cast.researcher.user_id)
    enquiry_drafts.keep(session, browser, Draft("A title", "Half a question", (cast.tarn_dataset,)), at=ASKED)
    assert enquiry_drafts.find(session, person) is None
    assert enquiry_drafts.find(session, Writer(browser="another")) is None
    assert enquiry_drafts.find(session, Writer()) is None
    both = Writer(user_id=cast.researcher.user_id, browser="token")
    found = enquiry_drafts.find(session, both)
    assert found is not None
    assert (found.project_title, found.question, found.datasets) == ("A title", "Half a question", (cast.tarn_dataset,))
    enquiry_drafts.keep(session, both, Draft("A title", "A whole question"), at=LATER)
    assert enquiry_drafts.find(session, browser) is None
    ask(session, cast)
    assert enquiry_drafts.find(session, person) is None


def test_a_draft_can_be_discarded_and_is_dropped_when_nobody_comes_back(session: Session, cast: Cast) -> None:
    person = Writer(user_id=cast.researcher.user_id)
    enquiry_drafts.keep(session, person, Draft("A", "B"), at=ASKED)
    enquiry_drafts.keep(session, Writer(browser="old"), Draft("A", "B"), at=ASKED)
    enquiry_drafts.keep(session, Writer(browser="new"), Draft("A", "B"), at=ASKED + timedelta(days=8))
    assert enquiry_drafts.find(session, Writer(browser="old")) is None
    assert enquiry_drafts.find(session, person)
    enquiry_drafts.discard(session, person, at=LATER)
    assert enquiry_drafts.find(session, person) is None
