"""What desks do with a question: assign, forward by a link, take back, hand on; and what happens by itself."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from catalogue.domain.enquiries import Desk, State
from catalogue.domain.errors import Invalid, LinkEnded, NotFound, Refused
from catalogue.domain.permissions import Actor
from catalogue.models import EnquiryThread, OneTimeLink, OutboxMessage, ThreadTimer
from catalogue.services import accounts, desk, desk_work, enquiries, enquiry_timers, links, thread_reading, threads
from catalogue.services.accounts import HeldRole
from catalogue.services.desk import Tray
from catalogue.services.mailing import LinkOrder
from tests.asking import ASKED, BECK, TARN, UNCLAIMED, Cast, ask, asked_mails, gather, thread_with

LATER = ASKED + timedelta(hours=2)
WEEK = timedelta(days=7)


@pytest.fixture
def cast(session: Session) -> Cast:
    return gather(session)


def last_link(session: Session, *, at: datetime) -> str:
    """Make the link that the last mail orders, as the worker does when it sends it; its token."""
    mails = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "email.send"))
    order = LinkOrder.from_json(list(mails)[-1].payload["links"]["page"])
    token = links.issue(
        session, order.purpose, order.subject, at=at, lifetime=order.lifetime, details=dict(order.details)
    )
    session.commit()
    return token


def forwarded(session: Session, cast: Cast, address: str = "records@fell.example") -> str:
    """A question about data of the unclaimed custodian, forwarded; the token of the link."""
    ask(session, cast, cast.unclaimed_dataset)
    identifier = thread_with(session, UNCLAIMED).identifier
    desk_work.forward(session, cast.office, identifier, address, at=LATER)
    return last_link(session, at=LATER)


def test_the_office_answers_for_who_is_not_here(session: Session, cast: Cast) -> None:
    ask(session, cast, cast.unclaimed_dataset)
    thread = thread_with(session, UNCLAIMED)
    threads.move(session, cast.office, thread.identifier, "reply", text="Which years?", at=LATER)
    threads.move(session, cast.researcher, thread.identifier, "post", text="All.", at=LATER)
    assert [each.id for each in desk.inbox(session, cast.office).items] == [thread.id]
    moved = threads.move(session, cast.second_office, thread.identifier, "answer", text="See their site.", at=LATER)
    assert moved.state is State.RESOLVED


def test_whoever_was_sent_a_link_answers_without_an_account(session: Session, cast: Cast) -> None:
    token = forwarded(session, cast)
    assert asked_mails(session)[-1] == (
        "records@fell.example",
        f"A researcher has a question about data of {UNCLAIMED}",
    )
    acting = threads.arrive_by_link(session, token, at=LATER)
    seen = thread_reading.view(session, acting)
    assert [move.command for move in seen.moves] == ["answer", "reply"]
    threads.move_by_link(session, token, "reply", text="All ages?", at=LATER)
    threads.move(session, cast.researcher, acting.thread.identifier, "post", text="Yes.", at=LATER)
    assert ("records@fell.example", f"The researcher has written back about data of {UNCLAIMED}") in asked_mails(
        session
    )
    moved = threads.move_by_link(session, token, "answer", text="There are some.", at=LATER)
    assert moved.state is State.RESOLVED
    [mine] = enquiries.get_own(session, cast.researcher, moved.enquiry.identifier).threads
    assert [entry.text for entry in mine.messages] == ["All ages?", "Yes.", "There are some."]
    assert "fell.example" not in repr(mine.entries)


@pytest.mark.parametrize("command", ["withdraw", "close", "reroute", "recall", "refer", "note", "assign", "post"])
def test_a_link_lets_nobody_do_more_than_answer(session: Session, cast: Cast, command: str) -> None:
    token = forwarded(session, cast)
    with pytest.raises(Refused):
        threads.move_by_link(session, token, command, text="Please", at=LATER)


def test_whoever_holds_a_link_reads_no_notes(session: Session, cast: Cast) -> None:
    token = forwarded(session, cast)
    identifier = thread_with(session, UNCLAIMED).identifier
    threads.move(session, cast.office, identifier, "note", text="They are slow", at=LATER)
    desk_work.assign(session, cast.office, identifier, cast.second_office.user_id, at=LATER)
    seen = thread_reading.view(session, threads.arrive_by_link(session, token, at=LATER))
    assert "slow" not in repr(seen.entries)
    assert {"note", "assign"}.isdisjoint(entry.command for entry in seen.entries)


def test_a_link_is_dead_when_it_is_taken_back_forwarded_anew_or_old(session: Session, cast: Cast) -> None:
    first = forwarded(session, cast)
    identifier = thread_with(session, UNCLAIMED).identifier
    with pytest.raises(LinkEnded):
        threads.arrive_by_link(session, first, at=LATER + timedelta(days=31))
    desk_work.forward(session, cast.office, identifier, "other@fell.example", at=LATER)
    second = last_link(session, at=LATER)
    with pytest.raises(LinkEnded):
        threads.arrive_by_link(session, first, at=LATER)
    assert threads.arrive_by_link(session, second, at=LATER)
    desk_work.recall(session, cast.office, identifier, at=LATER)
    with pytest.raises(LinkEnded):
        threads.move_by_link(session, second, "answer", text="Too late", at=LATER)
    # a mail that was still waiting to be sent makes its link afterwards
    thread = thread_with(session, UNCLAIMED)
    late = links.issue(
        session,
        "enquiry.reply",
        identifier,
        at=LATER,
        lifetime=WEEK,
        details={"forward": thread.forward_number},
    )
    with pytest.raises(LinkEnded):
        threads.arrive_by_link(session, late, at=LATER)
    assert thread.state is State.UNROUTABLE


def test_a_link_is_dead_when_the_question_has_ended(session: Session, cast: Cast) -> None:
    token = forwarded(session, cast)
    threads.move(session, cast.researcher, thread_with(session, UNCLAIMED).identifier, "withdraw", at=LATER)
    assert asked_mails(session)[-1] == ("records@fell.example", f"The question about data of {UNCLAIMED} was withdrawn")
    with pytest.raises(LinkEnded):
        threads.arrive_by_link(session, token, at=LATER)
    assert session.scalars(select(OneTimeLink).where(OneTimeLink.used_at.is_(None))).all() == []


def test_a_link_serves_its_own_thread_only(session: Session, cast: Cast) -> None:
    token = forwarded(session, cast)
    ask(session, cast, cast.tarn_dataset)
    assert threads.arrive_by_link(session, token, at=LATER).thread.custodian.name == UNCLAIMED
    session.execute(update(OneTimeLink).values(purpose="something.else"))
    with pytest.raises(LinkEnded):
        threads.arrive_by_link(session, token, at=LATER)


@pytest.mark.parametrize("address", ["", "nobody", "a@b", "a b@c.example", "a@c.example\nbcc: x@y.example"])
def test_a_question_is_forwarded_to_an_address_only(session: Session, cast: Cast, address: str) -> None:
    ask(session, cast, cast.unclaimed_dataset)
    with pytest.raises(Invalid):
        desk_work.forward(session, cast.office, thread_with(session, UNCLAIMED).identifier, address, at=LATER)
    assert thread_with(session, UNCLAIMED).forwarded_to is None


def test_only_the_office_forwards(session: Session, cast: Cast) -> None:
    ask(session, cast)
    identifier = thread_with(session, TARN).identifier
    for work in (desk_work.recall, desk_work.send_to_custodian):
        with pytest.raises(Refused):
            work(session, cast.tarn_handler, identifier, at=LATER)
    with pytest.raises(Refused):
        desk_work.forward(session, cast.tarn_handler, identifier, "a@b.example", at=LATER)
    with pytest.raises(NotFound):
        desk_work.forward(session, cast.office, identifier, "a@b.example", at=LATER)


def test_a_question_comes_to_the_custodian_once_it_has_people(session: Session, cast: Cast) -> None:
    ask(session, cast, cast.unclaimed_dataset)
    thread = thread_with(session, UNCLAIMED)
    threads.move(session, cast.office, thread.identifier, "note", text="Between us", at=LATER)
    with pytest.raises(Refused, match="nobody here"):
        desk_work.send_to_custodian(session, cast.office, thread.identifier, at=LATER)
    role = HeldRole.parse("handler@fell-and-dale-trust")
    fay = accounts.actor_from(accounts.add(session, "fay@fell.example", name="Fay", roles=[role], at=LATER))
    desk_work.send_to_custodian(session, cast.office, thread.identifier, at=LATER)
    assert asked_mails(session)[-1][0] == "fay@fell.example"
    seen = thread_reading.view(session, threads.arrive(session, fay, thread.identifier))
    assert seen.thread.state is State.AWAITING_CUSTODIAN
    assert "Between us" not in repr(seen.entries)
    with pytest.raises(NotFound):
        threads.arrive(session, cast.office, thread.identifier)


def test_a_question_is_handed_on_to_another_custodian(session: Session, cast: Cast) -> None:
    enquiry = ask(session, cast)
    thread = thread_with(session, TARN)
    threads.move(session, cast.tarn_handler, thread.identifier, "note", text="Not ours", at=LATER)
    desk_work.refer(session, cast.tarn_handler, thread.identifier, "beck-cohort", text="They hold it now.", at=LATER)
    assert asked_mails(session)[-2:] == [
        ("ada@university.example", f"{TARN} has handed your question on"),
        ("ben@beck.example", f"A question was handed on to {BECK}"),
    ]
    taken = thread_with(session, BECK)
    assert [each.title for each in enquiries.get_own(session, cast.researcher, enquiry.identifier).threads[1].datasets]
    seen = thread_reading.view(session, threads.arrive(session, cast.beck_handler, taken.identifier))
    assert [(entry.command, entry.text) for entry in seen.entries] == [("receive", "They hold it now.")]
    with pytest.raises(NotFound):
        threads.arrive(session, cast.beck_handler, thread.identifier)


def test_a_question_is_handed_on_once_and_to_somebody_new(session: Session, cast: Cast) -> None:
    ask(session, cast, cast.tarn_dataset, cast.beck_dataset)
    identifier = thread_with(session, TARN).identifier
    for slug in ("tarn-hospital", "beck-cohort", "nowhere"):
        with pytest.raises(Invalid):
            desk_work.refer(session, cast.tarn_handler, identifier, slug, text="Ask them", at=LATER)
    offered = [each.name for each in desk_work.could_take_over(session, thread_with(session, TARN))]
    assert TARN not in offered
    assert BECK not in offered
    for _ in range(2):
        desk_work.refer(
            session, cast.tarn_handler, identifier, "fell-and-dale-trust", text="Ask them", at=LATER, key="one"
        )
    assert len(session.scalars(select(EnquiryThread)).all()) == 3
    assert thread_with(session, UNCLAIMED).desk is Desk.ALLIANCE


def test_what_is_assigned_is_told_to_its_person_alone(session: Session, cast: Cast) -> None:
    ask(session, cast)
    identifier = thread_with(session, TARN).identifier
    desk_work.assign(session, cast.tarn_handler, identifier, cast.tarn_administrator.user_id, at=LATER)
    assert asked_mails(session)[-1] == ("ann@tarn.example", f"A question for {TARN} was assigned to you")
    threads.move(session, cast.researcher, identifier, "withdraw", at=LATER)
    assert [to for to, _ in asked_mails(session)[-2:]] == ["ada@university.example", "ann@tarn.example"]


def test_a_question_is_assigned_to_who_can_answer_it(session: Session, cast: Cast) -> None:
    ask(session, cast)
    identifier = thread_with(session, TARN).identifier
    for stranger in (cast.beck_handler, cast.researcher, cast.office):
        with pytest.raises(Invalid):
            desk_work.assign(session, cast.tarn_handler, identifier, stranger.user_id, at=LATER)
    mails = asked_mails(session)
    desk_work.assign(session, cast.tarn_handler, identifier, cast.tarn_handler.user_id, at=LATER)
    assert thread_with(session, TARN).handler_id == cast.tarn_handler.user_id
    desk_work.assign(session, cast.tarn_handler, identifier, None, at=LATER)
    assert thread_with(session, TARN).handler_id is None
    assert asked_mails(session) == mails


def test_who_left_is_not_told_any_more(session: Session, cast: Cast) -> None:
    ask(session, cast)
    identifier = thread_with(session, TARN).identifier
    desk_work.assign(session, cast.tarn_handler, identifier, cast.tarn_handler.user_id, at=LATER)
    accounts.set_active(session, "tom@tarn.example", is_active=False)
    threads.move(session, cast.researcher, identifier, "withdraw", at=LATER)
    assert asked_mails(session)[-1][0] == "ann@tarn.example"


def trays(session: Session, actor: Actor) -> dict[Tray, int]:
    return desk.inbox(session, actor).counts


def test_threads_are_sorted_by_whose_turn_it_is(session: Session, cast: Cast) -> None:
    for days in (2, 1, 0):
        ask(session, cast, at=ASKED + timedelta(days=days))
    found = desk.inbox(session, cast.tarn_handler).items
    assert [each.answer_due_at for each in found] == sorted(each.answer_due_at for each in found if each.answer_due_at)
    assert len(found) == 3
    threads.move(session, cast.tarn_handler, found[0].identifier, "reply", text="?", at=LATER)
    threads.move(session, cast.tarn_handler, found[1].identifier, "answer", text="!", at=LATER)
    assert trays(session, cast.tarn_handler) == {Tray.TURN: 1, Tray.WAITING: 1, Tray.ANSWERED: 1, Tray.ENDED: 0}
    following = desk.next_due(session, cast.tarn_handler, after=found[1])
    assert following is not None
    assert following.id == found[2].id
    assert desk.next_due(session, cast.tarn_handler, after=found[2]) is None
    threads.move(session, cast.researcher, found[1].identifier, "close", at=LATER)
    assert [each.id for each in desk.inbox(session, cast.tarn_handler, tray=Tray.ENDED).items] == [found[1].id]


def test_what_was_forwarded_waits_for_others(session: Session, cast: Cast) -> None:
    forwarded(session, cast)
    assert trays(session, cast.office)[Tray.WAITING] == 1
    assert trays(session, cast.office)[Tray.TURN] == 0


def test_a_long_tray_has_pages(session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "PER_PAGE", 2)
    for days in range(5):
        ask(session, cast, at=ASKED + timedelta(days=days))
    pages = [desk.inbox(session, cast.tarn_handler, page=number) for number in (1, 2, 3)]
    assert [len(each.items) for each in pages] == [2, 2, 1]
    assert len({thread.id for each in pages for thread in each.items}) == 5
    assert desk.inbox(session, cast.tarn_handler, page=99).page == 3


def test_an_administrator_sees_what_the_organisation_has(session: Session, cast: Cast) -> None:
    assert [(each.organisation.name, each.datasets) for each in desk.own_desks(session, cast.tarn_administrator)] == [
        (TARN, 1)
    ]
    assert desk.own_desks(session, cast.researcher) == ()


def test_what_is_late_is_said_twice_and_then_left(
    session: Session, session_factory: sessionmaker[Session], cast: Cast
) -> None:
    ask(session, cast)
    mails = asked_mails(session)
    assert enquiry_timers.fire_due(session_factory, session_factory, at=ASKED + WEEK - timedelta(minutes=1)) == 0
    assert enquiry_timers.fire_due(session_factory, session_factory, at=ASKED + WEEK) == 1
    assert enquiry_timers.fire_due(session_factory, session_factory, at=ASKED + WEEK) == 0
    late = [
        ("ada@university.example", f"The answer from {TARN} is late"),
        ("tom@tarn.example", f"An answer for {TARN} is late"),
    ]
    assert asked_mails(session)[len(mails) :] == late
    assert enquiry_timers.fire_due(session_factory, session_factory, at=ASKED + 9 * WEEK) == 1
    assert asked_mails(session)[len(mails) :] == late * 2
    assert thread_with(session, TARN).state is State.AWAITING_CUSTODIAN


def test_silence_is_reminded_of_and_ends_a_question(
    session: Session, session_factory: sessionmaker[Session], cast: Cast
) -> None:
    ask(session, cast)
    identifier = thread_with(session, TARN).identifier
    threads.move(session, cast.tarn_handler, identifier, "reply", text="Which?", at=LATER)
    enquiry_timers.fire_due(session_factory, session_factory, at=LATER + 2 * WEEK)
    assert asked_mails(session)[-1] == ("ada@university.example", f"{TARN} still waits for your answer")
    enquiry_timers.fire_due(session_factory, session_factory, at=LATER + timedelta(days=30))
    assert thread_with(session, TARN).state is State.LAPSED
    assert session.scalars(select(ThreadTimer)).all() == []


def test_an_answer_closes_by_itself_unless_somebody_writes_back(
    session: Session, session_factory: sessionmaker[Session], cast: Cast
) -> None:
    ask(session, cast)
    identifier = thread_with(session, TARN).identifier
    threads.move(session, cast.tarn_handler, identifier, "answer", text="Yes.", at=LATER)
    threads.move(session, cast.researcher, identifier, "post", text="Really?", at=LATER + WEEK)
    threads.move(session, cast.tarn_handler, identifier, "answer", text="Really.", at=LATER + WEEK)
    assert enquiry_timers.fire_due(session_factory, session_factory, at=LATER + 2 * WEEK) == 0
    assert enquiry_timers.fire_due(session_factory, session_factory, at=LATER + 3 * WEEK) == 1
    assert thread_with(session, TARN).state is State.CLOSED


def test_what_was_forwarded_in_vain_comes_back(
    session: Session, session_factory: sessionmaker[Session], cast: Cast
) -> None:
    forwarded(session, cast)
    enquiry_timers.fire_due(session_factory, session_factory, at=LATER + timedelta(days=30))
    thread = thread_with(session, UNCLAIMED)
    assert (thread.state, thread.desk, thread.forwarded_to) == (State.UNROUTABLE, Desk.ALLIANCE, None)
    assert trays(session, cast.office)[Tray.TURN] == 1


def test_a_question_on_a_desk_that_everybody_left_goes_to_the_alliance(
    session: Session, session_factory: sessionmaker[Session], cast: Cast
) -> None:
    ask(session, cast)
    for email in ("tom@tarn.example", "ann@tarn.example"):
        accounts.set_active(session, email, is_active=False)
    enquiry_timers.fire_due(session_factory, session_factory, at=ASKED + WEEK)
    thread = thread_with(session, TARN)
    assert (thread.state, thread.desk) == (State.UNROUTABLE, Desk.ALLIANCE)
    assert ("olu@alliance.example", f"A question for {TARN} lies on the alliance desk") in asked_mails(session)


def test_a_thread_that_cannot_be_moved_does_not_hold_up_the_others(
    session: Session, session_factory: sessionmaker[Session], cast: Cast
) -> None:
    ask(session, cast, cast.tarn_dataset, cast.beck_dataset)
    session.execute(
        update(ThreadTimer).where(ThreadTimer.thread_id == thread_with(session, BECK).id).values(command="fly")
    )
    session.commit()
    # a command that nobody knows is refused, and forgotten
    assert enquiry_timers.fire_due(session_factory, session_factory, at=ASKED + WEEK) == 2
    assert asked_mails(session)[-1] == ("tom@tarn.example", f"An answer for {TARN} is late")
