"""The enquiry workflow of one custodian's thread: states, commands, who may give them, and who is told.

Everything that depends on a state is read from this table: the buttons on a page, what a service accepts, the mails
and `docs/workflow.md`. Why it has the rows it has: docs/adr/0007-enquiries.md.
"""

from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from catalogue.domain.errors import Refused


class TextNeeded(Refused):
    """The command is open, but it is about words, and there are none."""


class State(StrEnum):
    """Where a thread stands."""

    DRAFT = "draft"
    AWAITING_CUSTODIAN = "awaiting_custodian"
    UNROUTABLE = "unroutable"
    AWAITING_APPLICANT = "awaiting_applicant"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REFERRED = "referred"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    DISCARDED = "discarded"


class Party(StrEnum):
    """As whom somebody acts on a thread; a respondent holds a reply link and has no account."""

    APPLICANT = "applicant"
    HANDLER = "handler"
    CONCIERGE = "concierge"
    RESPONDENT = "respondent"
    SYSTEM = "system"


class Side(StrEnum):
    """Who is told: the researcher, the people of the desk that has the thread, the holder of its reply link."""

    APPLICANT = "applicant"
    DESK = "desk"
    RESPONDENT = "respondent"


class Desk(StrEnum):
    """Whose desk a thread lies on."""

    CUSTODIAN = "custodian"
    ALLIANCE = "alliance"


class Turn(StrEnum):
    """Who has to do something next."""

    CUSTODIAN = "custodian"
    ALLIANCE = "alliance"
    APPLICANT = "applicant"
    NOBODY = "nobody"


class EnquiryState(StrEnum):
    """Where an enquiry stands, which follows from its threads and is never stored."""

    DRAFT = "draft"
    OPEN = "open"
    CONCLUDED = "concluded"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"


FINAL = frozenset({State.CLOSED, State.REFERRED, State.WITHDRAWN, State.LAPSED, State.DISCARDED})
OPEN = frozenset(State) - FINAL - {State.DRAFT}


@dataclass(frozen=True, slots=True)
class Move:
    """One row: in any of `sources`, `parties` may do `command`; without a target the state stays.

    Mails go to the sides that it `tells`. Whoever did it gets none, unless it `confirms` with a receipt.
    """

    command: str
    label: str
    sources: AbstractSet[State]
    target: State | None
    parties: AbstractSet[Party]
    tells: AbstractSet[Side] = frozenset()
    needs_text: bool = False
    confirms: bool = False


A, H, C, R, S = Party.APPLICANT, Party.HANDLER, Party.CONCIERGE, Party.RESPONDENT, Party.SYSTEM
DRAFT, ASKED, UNROUTED = {State.DRAFT}, {State.AWAITING_CUSTODIAN}, {State.UNROUTABLE}
ASKING, ANSWERED = {State.AWAITING_APPLICANT}, {State.RESOLVED}
TO_APPLICANT = frozenset({Side.APPLICANT})
TO_DESK = frozenset({Side.DESK})
TO_BOTH = TO_APPLICANT | TO_DESK
TO_CUSTODIAN = frozenset({Side.DESK, Side.RESPONDENT})
TO_ALL = TO_APPLICANT | TO_CUSTODIAN

# fmt: off
MOVES: tuple[Move, ...] = (
    Move("submit", "Send", DRAFT, State.AWAITING_CUSTODIAN, {A}, TO_BOTH, needs_text=True, confirms=True),
    Move("discard", "Discard", DRAFT, State.DISCARDED, {A, S}),
    Move("receive", "Receive", DRAFT, State.AWAITING_CUSTODIAN, {S}, TO_DESK),
    Move("route_failed", "Put on the alliance desk", ASKED, State.UNROUTABLE, {S}, TO_BOTH),
    Move("reroute", "Forward", ASKED | UNROUTED, State.AWAITING_CUSTODIAN, {C, S}, TO_ALL),
    Move("transfer", "Move to the custodian's desk", ASKING | ANSWERED, None, {S}, TO_DESK),
    Move("recall", "Take back", ASKED, State.UNROUTABLE, {C}, TO_APPLICANT),
    Move("answer", "Answer", ASKED, State.RESOLVED, {H, C, R}, TO_APPLICANT, needs_text=True),
    Move("answer", "Answer", UNROUTED, State.RESOLVED, {C}, TO_APPLICANT, needs_text=True),
    Move("reply", "Ask back", ASKED, State.AWAITING_APPLICANT, {H, C, R}, TO_APPLICANT, needs_text=True),
    Move("reply", "Ask back", UNROUTED, State.AWAITING_APPLICANT, {C}, TO_APPLICANT, needs_text=True),
    Move("post", "Write back", ASKING | ANSWERED, State.AWAITING_CUSTODIAN, {A}, TO_CUSTODIAN, needs_text=True),
    Move("add", "Add a message", ASKED | UNROUTED, None, {A}, TO_CUSTODIAN, needs_text=True),
    Move("add", "Add a message", ASKING | ANSWERED, None, {H, C, R}, TO_APPLICANT, needs_text=True),
    Move("resolve", "Mark as answered", ASKED | ASKING | UNROUTED, State.RESOLVED, {A}, TO_CUSTODIAN),
    Move("resolve", "Mark as answered", ASKING, State.RESOLVED, {H, C}, TO_APPLICANT),
    Move("refer", "Hand on", ASKED, State.REFERRED, {H, C}, TO_APPLICANT, needs_text=True),
    Move("refer", "Hand on", UNROUTED, State.REFERRED, {C}, TO_APPLICANT, needs_text=True),
    Move("close", "Close", ANSWERED, State.CLOSED, {A, S}, TO_ALL, confirms=True),
    Move("withdraw", "Withdraw", ASKED | ASKING | UNROUTED, State.WITHDRAWN, {A}, TO_ALL, confirms=True),
    Move("lapse", "Let lapse", ASKING | UNROUTED, State.LAPSED, {S}, TO_ALL),
    Move("remind", "Remind the researcher", ASKING, None, {S}, TO_APPLICANT),
    Move("report_late", "Say that an answer is late", ASKED | UNROUTED, None, {S}, TO_ALL),
    Move("assign", "Assign", ASKED | ASKING | ANSWERED, None, {H, C}, TO_DESK),
    Move("assign", "Assign", UNROUTED, None, {C}, TO_DESK),
    Move("note", "Write a note", ASKED | ASKING | ANSWERED, None, {H, C}, needs_text=True),
    Move("note", "Write a note", UNROUTED, None, {C}, needs_text=True),
)
# fmt: on
COMMANDS = tuple(dict.fromkeys(move.command for move in MOVES))


@dataclass(frozen=True, slots=True)
class Done:
    """What a command did to a thread."""

    move: Move
    party: Party
    before: State
    after: State
    at: datetime
    text: str


def allowed(state: State, parties: Collection[Party], moves: Sequence[Move] = MOVES) -> list[Move]:
    """The moves that are open to somebody in these parties, in the order of the table."""
    return [move for move in moves if state in move.sources and move.parties & set(parties)]


def decide(
    state: State,
    parties: Collection[Party],
    command: str,
    *,
    at: datetime,
    text: str = "",
    moves: Sequence[Move] = MOVES,
) -> Done:
    """What the command does. Raises `Refused` when the table does not allow it, or a text is needed and missing."""
    found = next((move for move in allowed(state, parties, moves) if move.command == command), None)
    if found is None:
        known = next((move.label for move in moves if move.command == command), command)
        raise Refused(f"“{known}” is not open to you while this is {in_words(state)}.")
    if found.needs_text and not text.strip():
        raise TextNeeded(f"“{found.label}” needs a text.")
    party = next(party for party in Party if party in found.parties and party in parties)
    return Done(found, party, state, found.target or state, at, text.strip())


def turn(state: State, desk: Desk = Desk.CUSTODIAN, *, is_forwarded: bool = False) -> Turn:
    """Whose turn it is; what lies on the alliance's desk is the alliance's until it is forwarded."""
    if state in {State.DRAFT, State.AWAITING_APPLICANT}:
        return Turn.APPLICANT
    if state is State.UNROUTABLE:
        return Turn.ALLIANCE
    if state is State.AWAITING_CUSTODIAN:
        return Turn.ALLIANCE if desk is Desk.ALLIANCE and not is_forwarded else Turn.CUSTODIAN
    return Turn.NOBODY


def enquiry_state(states: Collection[State]) -> EnquiryState:
    """Where an enquiry stands when its threads stand like this; their order makes no difference."""
    found = set(states)
    if found <= DRAFT:
        return EnquiryState.DRAFT
    if found == {State.DISCARDED}:
        return EnquiryState.DISCARDED
    if not found <= FINAL:
        return EnquiryState.OPEN
    return EnquiryState.WITHDRAWN if found == {State.WITHDRAWN} else EnquiryState.CONCLUDED


def in_words(state: State) -> str:
    """The state as part of a sentence: "this is waiting for the custodian"."""
    return {
        State.DRAFT: "a draft",
        State.AWAITING_CUSTODIAN: "waiting for the custodian",
        State.UNROUTABLE: "waiting for the alliance desk",
        State.AWAITING_APPLICANT: "waiting for the researcher",
        State.RESOLVED: "answered",
        State.CLOSED: "closed",
        State.REFERRED: "handed on",
        State.WITHDRAWN: "withdrawn",
        State.LAPSED: "lapsed",
        State.DISCARDED: "discarded",
    }[state]
