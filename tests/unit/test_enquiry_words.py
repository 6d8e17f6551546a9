from datetime import UTC, datetime

import pytest

from catalogue.domain.enquiries import COMMANDS, FINAL, Desk, Party, State
from catalogue.models import EnquiryThread, Organisation
from catalogue.services.thread_reading import Entry
from catalogue.web.enquiry_words import DONE, author, standing, told

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
DUE = datetime(2026, 11, 30, 9, tzinfo=UTC)
PAST = datetime(2026, 11, 20, 9, tzinfo=UTC)


def thread(state: State, *, desk: Desk = Desk.CUSTODIAN, due: datetime | None = None, to: str | None = None):
    return EnquiryThread(
        state=state, desk=desk, answer_due_at=due, forwarded_to=to, custodian=Organisation(name="Tarn Hospital")
    )


@pytest.mark.parametrize(
    ("state", "desk", "to", "reader", "words"),
    [
        (State.AWAITING_CUSTODIAN, Desk.CUSTODIAN, None, Party.APPLICANT, "Waiting for Tarn Hospital"),
        (State.AWAITING_CUSTODIAN, Desk.CUSTODIAN, None, Party.HANDLER, "Your turn"),
        (State.UNROUTABLE, Desk.ALLIANCE, None, Party.APPLICANT, "Waiting for the alliance desk"),
        (State.UNROUTABLE, Desk.ALLIANCE, None, Party.CONCIERGE, "Your turn"),
        (State.AWAITING_CUSTODIAN, Desk.ALLIANCE, None, Party.CONCIERGE, "Your turn"),
        (State.AWAITING_CUSTODIAN, Desk.ALLIANCE, "a@b.example", Party.CONCIERGE, "Waiting for Tarn Hospital"),
        (State.AWAITING_CUSTODIAN, Desk.ALLIANCE, "a@b.example", Party.APPLICANT, "Waiting for Tarn Hospital"),
        (State.AWAITING_CUSTODIAN, Desk.ALLIANCE, "a@b.example", Party.RESPONDENT, "Your turn"),
        (State.AWAITING_APPLICANT, Desk.CUSTODIAN, None, Party.APPLICANT, "Your turn"),
        (State.AWAITING_APPLICANT, Desk.CUSTODIAN, None, Party.HANDLER, "Waiting for the researcher"),
        (State.RESOLVED, Desk.CUSTODIAN, None, Party.HANDLER, "Answered"),
        (State.REFERRED, Desk.CUSTODIAN, None, Party.APPLICANT, "Handed on"),
    ],
)
def test_whose_turn_it_is_is_said_to_each_reader(state, desk, to, reader, words):
    found = standing(thread(state, desk=desk, due=DUE, to=to), at=NOW, reader=reader)
    assert found.words == words
    assert not found.is_late


def test_a_deadline_and_a_delay_are_said_with_their_day():
    due = standing(thread(State.AWAITING_CUSTODIAN, due=DUE), at=NOW, reader=Party.HANDLER)
    assert due.sentence == "An answer is due by 30 November 2026."
    late = standing(thread(State.AWAITING_CUSTODIAN, due=PAST), at=NOW, reader=Party.HANDLER)
    assert (late.words, late.is_late) == ("Late", True)
    assert late.sentence == "An answer was due on 20 November 2026."
    told_to_researcher = standing(thread(State.AWAITING_CUSTODIAN, due=PAST), at=NOW, reader=Party.APPLICANT)
    assert "it was due on 20 November 2026" in told_to_researcher.sentence
    # in words as well: not everybody sees the colour
    assert told_to_researcher.words == "Late: waiting for Tarn Hospital"


def test_what_ends_by_itself_says_when():
    answered = standing(thread(State.RESOLVED), at=NOW, reader=Party.APPLICANT, ends_at=DUE)
    assert "closes by itself on 30 November 2026" in answered.sentence
    asked = standing(thread(State.AWAITING_APPLICANT), at=NOW, reader=Party.APPLICANT, ends_at=DUE)
    assert "ends by itself on 30 November 2026" in asked.sentence


@pytest.mark.parametrize("state", sorted(FINAL))
def test_an_end_is_an_end_for_everybody(state):
    assert {standing(thread(state), at=NOW, reader=party).words for party in Party} == {
        standing(thread(state), at=NOW, reader=Party.APPLICANT).words
    }


def entry(command: str, party: Party, who: str = "Ada Moss", *, is_mine: bool = False) -> Entry:
    return Entry(1, NOW, command, party, who, "", State.DRAFT, State.DRAFT, is_mine=is_mine)


@pytest.mark.parametrize("command", sorted(command for command in COMMANDS if command != "discard"))
def test_every_command_can_be_told(command):
    sentence = told(entry(command, Party.HANDLER), thread(State.RESOLVED))
    assert sentence
    assert "{" not in sentence
    assert set(DONE) == set(COMMANDS) - {"discard"}


def test_who_speaks_for_whom():
    about = thread(State.RESOLVED)
    assert author(entry("add", Party.APPLICANT), about) == "Ada Moss"
    assert author(entry("add", Party.APPLICANT, is_mine=True), about) == "You"
    assert author(entry("answer", Party.HANDLER), about) == "Ada Moss, Tarn Hospital"
    assert author(entry("answer", Party.CONCIERGE), about) == "Ada Moss, alliance desk"
    assert author(entry("answer", Party.RESPONDENT, ""), about) == "Somebody at Tarn Hospital"
    assert told(entry("close", Party.SYSTEM, ""), about) == "It closed by itself"
