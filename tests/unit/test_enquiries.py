"""The enquiry table against its golden matrix, written by hand: every state, every party, every command."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations, permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.domain.enquiries import (
    COMMANDS,
    FINAL,
    MOVES,
    OPEN,
    Desk,
    EnquiryState,
    Move,
    Party,
    Side,
    State,
    Turn,
    allowed,
    decide,
    enquiry_state,
    in_words,
    turn,
)
from catalogue.domain.enquiry_timers import answer_due, timers
from catalogue.domain.errors import Refused

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
GOLDEN: dict[State, dict[str, str]] = {
    State.DRAFT: {"applicant": "submit discard", "system": "discard receive"},
    State.AWAITING_CUSTODIAN: {
        "applicant": "add resolve withdraw",
        "handler": "answer reply refer assign note",
        "concierge": "reroute recall answer reply refer assign note",
        "respondent": "answer reply",
        "system": "route_failed reroute report_late",
    },
    State.UNROUTABLE: {
        "applicant": "add resolve withdraw",
        "concierge": "reroute answer reply refer assign note",
        "system": "reroute lapse report_late",
    },
    State.AWAITING_APPLICANT: {
        "applicant": "post resolve withdraw",
        "handler": "add resolve assign note",
        "concierge": "add resolve assign note",
        "respondent": "add",
        "system": "transfer lapse remind",
    },
    State.RESOLVED: {
        "applicant": "post close",
        "handler": "add assign note",
        "concierge": "add assign note",
        "respondent": "add",
        "system": "transfer close",
    },
}
RESEARCHERS_OWN = {"submit", "post", "withdraw"}
ANSWERS = {"answer", "reply"}


def refusal(state: State, party: Party, command: str, moves: Sequence[Move]) -> bool:
    try:
        decide(state, {party}, command, at=AT, text="why", moves=moves)
    except Refused:
        return True
    return False


def disagreements(moves: Sequence[Move]) -> list[tuple[State, Party, str]]:
    """Every single step that the table decides otherwise than the golden matrix."""
    wrong = []
    for state, party, command in product(State, Party, COMMANDS):
        golden = command in GOLDEN.get(state, {}).get(party, "").split()
        open_now = command in {move.command for move in allowed(state, {party}, moves)}
        if open_now is not golden or refusal(state, party, command, moves) is golden:
            wrong.append((state, party, command))
    return wrong


def test_every_state_role_and_command_agrees_with_the_golden_matrix() -> None:
    assert len(State) * len(Party) * len(COMMANDS) == 10 * 5 * 20
    assert disagreements(MOVES) == []


def planted(command: str, **change: object) -> list[Move]:
    """The table with one row changed; a set is added to what the row has."""
    number = next(number for number, move in enumerate(MOVES) if move.command == command)
    values = {name: getattr(MOVES[number], name) | value for name, value in change.items()}
    return [*MOVES[:number], replace(MOVES[number], **values), *MOVES[number + 1 :]]


@pytest.mark.parametrize(
    ("command", "change"),
    [
        ("answer", {"parties": {Party.APPLICANT}}),
        ("withdraw", {"parties": {Party.HANDLER}}),
        ("note", {"parties": {Party.RESPONDENT}}),
        ("note", {"parties": {Party.APPLICANT}}),
        ("reroute", {"parties": {Party.HANDLER}}),
        ("recall", {"parties": {Party.RESPONDENT}}),
        ("refer", {"parties": {Party.RESPONDENT}}),
        ("close", {"parties": {Party.HANDLER}}),
        ("lapse", {"sources": {State.AWAITING_CUSTODIAN}}),
        ("post", {"sources": {State.CLOSED}}),
        ("answer", {"sources": {State.WITHDRAWN}}),
        ("submit", {"parties": {Party.SYSTEM}}),
    ],
)
def test_a_planted_permission_is_caught(command: str, change: dict[str, set[object]]) -> None:
    assert disagreements(planted(command, **change))


@pytest.mark.parametrize("number", range(len(MOVES)), ids=lambda number: f"{number}-{MOVES[number].command}")
def test_every_row_matters(number: int) -> None:
    assert disagreements([*MOVES[:number], *MOVES[number + 1 :]])


def test_every_state_is_reached_and_only_final_states_have_no_way_out() -> None:
    reached, edge = {State.DRAFT}, {State.DRAFT}
    while edge:
        edge = {move.target for move in MOVES if move.target and move.sources & edge} - reached
        reached |= edge
    assert reached == set(State)
    assert {state for state in State if not any(move.target for move in allowed(state, set(Party)))} == FINAL
    assert all(not allowed(state, set(Party)) for state in FINAL)
    assert {State.DRAFT} | OPEN | FINAL == set(State)


def test_nobody_can_hold_up_a_thread_alone() -> None:
    for state in OPEN:
        leaving = {party for move in MOVES if move.target and state in move.sources for party in move.parties}
        assert leaving & {Party.HANDLER, Party.CONCIERGE, Party.SYSTEM}, f"only the researcher can end {state}"
        assert leaving & {Party.APPLICANT, Party.SYSTEM}, f"only the custodian can end {state}"


def test_a_command_means_one_thing_in_a_state_for_a_role() -> None:
    for state, party in product(State, Party):
        commands = [move.command for move in allowed(state, {party})]
        assert len(commands) == len(set(commands))


def test_nobody_writes_in_the_name_of_the_other_side() -> None:
    for move in MOVES:
        if move.command in RESEARCHERS_OWN:
            assert move.parties == {Party.APPLICANT}
        if move.command in ANSWERS:
            assert move.parties <= {Party.HANDLER, Party.CONCIERGE, Party.RESPONDENT}


def test_notes_and_assignments_are_never_told_to_the_researcher() -> None:
    for move in MOVES:
        if move.command in {"note", "assign"}:
            assert not move.tells & {Side.APPLICANT, Side.RESPONDENT}
            assert move.target is None


def test_whatever_one_side_says_or_does_the_other_is_told() -> None:
    for move in MOVES:
        if move.sources & {State.DRAFT} or move.command in {"note", "assign", "transfer"}:
            continue
        if move.parties == {Party.APPLICANT}:
            assert {Side.DESK, Side.RESPONDENT} <= move.tells, move.command
        else:
            assert Side.APPLICANT in move.tells, move.command


def test_a_text_is_asked_for_where_words_are_the_point() -> None:
    with pytest.raises(Refused, match="needs a text"):
        decide(State.AWAITING_CUSTODIAN, {Party.HANDLER}, "answer", at=AT, text=" \n")
    assert decide(State.AWAITING_CUSTODIAN, {Party.APPLICANT}, "resolve", at=AT).after is State.RESOLVED


def test_a_refusal_says_what_and_why() -> None:
    with pytest.raises(Refused, match="“Answer” is not open to you while this is withdrawn"):
        decide(State.WITHDRAWN, {Party.HANDLER}, "answer", at=AT, text="x")
    with pytest.raises(Refused, match="“fly” is not open"):
        decide(State.AWAITING_CUSTODIAN, set(Party), "fly", at=AT)


def test_without_a_role_nothing_can_be_done() -> None:
    assert all(allowed(state, ()) == [] for state in State)


@pytest.mark.parametrize(
    ("state", "desk", "is_forwarded", "expected"),
    [
        (State.AWAITING_CUSTODIAN, Desk.CUSTODIAN, False, Turn.CUSTODIAN),
        (State.AWAITING_CUSTODIAN, Desk.ALLIANCE, False, Turn.ALLIANCE),
        (State.AWAITING_CUSTODIAN, Desk.ALLIANCE, True, Turn.CUSTODIAN),
        (State.UNROUTABLE, Desk.ALLIANCE, False, Turn.ALLIANCE),
        (State.AWAITING_APPLICANT, Desk.ALLIANCE, True, Turn.APPLICANT),
        (State.RESOLVED, Desk.CUSTODIAN, False, Turn.NOBODY),
        (State.DRAFT, Desk.CUSTODIAN, False, Turn.APPLICANT),
    ],
)
def test_whose_turn_it_is(state: State, desk: Desk, is_forwarded: bool, expected: Turn) -> None:
    assert turn(state, desk, is_forwarded=is_forwarded) is expected


@pytest.mark.parametrize("state", State)
def test_somebody_can_act_on_every_turn(state: State) -> None:
    parties = {
        Turn.CUSTODIAN: {Party.HANDLER},
        Turn.ALLIANCE: {Party.CONCIERGE},
        Turn.APPLICANT: {Party.APPLICANT},
        Turn.NOBODY: set(),
    }[turn(state)]
    assert any(move.target for move in allowed(state, parties)) is bool(parties)
    assert in_words(state)


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ((), EnquiryState.DRAFT),
        (("draft", "draft"), EnquiryState.DRAFT),
        (("discarded", "discarded"), EnquiryState.DISCARDED),
        (("closed", "awaiting_custodian"), EnquiryState.OPEN),
        (("resolved", "withdrawn"), EnquiryState.OPEN),
        (("withdrawn", "withdrawn"), EnquiryState.WITHDRAWN),
        (("withdrawn", "closed"), EnquiryState.CONCLUDED),
        (("referred", "lapsed"), EnquiryState.CONCLUDED),
    ],
)
def test_an_enquiry_stands_where_its_threads_stand(states: tuple[str, ...], expected: EnquiryState) -> None:
    for order in permutations(map(State, states)):
        assert enquiry_state(order) is expected


def test_an_enquiry_with_an_open_thread_is_open() -> None:
    for states in combinations(State, 3):
        if set(states) & OPEN:
            assert enquiry_state(states) is EnquiryState.OPEN


steps = st.lists(st.tuples(st.sampled_from(Party), st.sampled_from(COMMANDS)), max_size=60)


@given(steps)
def test_any_sequence_of_commands_keeps_the_rules(walk: list[tuple[Party, str]]) -> None:
    state, history = State.DRAFT, []
    for party, command in walk:
        open_now = {move.command for move in allowed(state, {party})}
        try:
            done = decide(state, {party}, command, at=AT, text="why")
        except Refused:
            assert command not in open_now
            continue
        assert command in open_now
        assert state not in FINAL
        assert (done.before, done.party) == (state, party)
        state = done.after
        history.append(done)
    assert state is (history[-1].after if history else State.DRAFT)
    answers = [done for done in history if done.move.command in ANSWERS]
    assert all(done.party not in {Party.APPLICANT, Party.SYSTEM} for done in answers)
    assert [done.before for done in history[1:]] == [done.after for done in history[:-1]]


@given(st.data())
def test_a_walk_of_open_commands_can_always_be_ended(data: st.DataObject) -> None:
    state = State.DRAFT
    for _ in range(30):
        choices = [(party, move.command) for party in Party for move in allowed(state, {party})]
        if not choices:
            break
        party, command = data.draw(st.sampled_from(choices))
        state = decide(state, {party}, command, at=AT, text="why").after
    reached = {state}
    while not reached & FINAL:
        further = {move.target for move in MOVES if move.target and move.sources & reached} - reached
        assert further
        reached |= further


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("is_forwarded", [False, True])
def test_what_happens_by_itself_is_open_to_the_system(state: State, is_forwarded: bool) -> None:
    for timer in timers(state, AT, is_forwarded=is_forwarded):
        assert decide(state, {Party.SYSTEM}, timer.command, at=timer.due_at)
        assert timer.due_at > AT
    assert list(timers(state, AT)) == sorted(timers(state, AT), key=lambda timer: timer.due_at)


def test_a_thread_that_waits_for_the_researcher_is_reminded_then_lapses() -> None:
    found = timers(State.AWAITING_APPLICANT, AT)
    assert [(timer.command, (timer.due_at - AT).days) for timer in found] == [("remind", 14), ("lapse", 30)]


def test_an_answer_is_due_in_five_working_days() -> None:
    friday = datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert answer_due(State.AWAITING_CUSTODIAN, friday) == friday + timedelta(days=7)
    assert answer_due(State.RESOLVED, friday) is None
    late = [timer.due_at for timer in timers(State.UNROUTABLE, friday) if timer.command == "report_late"]
    assert late == [friday + timedelta(days=7), friday + timedelta(days=14)]


def test_a_forwarded_thread_comes_back_when_its_link_ends() -> None:
    assert "route_failed" in {timer.command for timer in timers(State.AWAITING_CUSTODIAN, AT, is_forwarded=True)}
    assert "route_failed" not in {timer.command for timer in timers(State.AWAITING_CUSTODIAN, AT)}
