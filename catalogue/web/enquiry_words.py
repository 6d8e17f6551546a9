"""How enquiries are told on pages: whose turn it is, since when, and what was done, in plain English."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from catalogue.domain.enquiries import Party, State, Turn, turn
from catalogue.models import EnquiryThread
from catalogue.services.thread_reading import Entry
from catalogue.web import wording

GOOD, WARN, PLAIN = "good", "warn", ""
LONGEST_NAME = 50
"""Characters of an organisation's name where it stands elsewhere on the page as well."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a thread stands for its reader: a few words, how urgent, and the sentence that explains them."""

    words: str
    tone: str
    sentence: str
    is_late: bool = False


ENDED = MappingProxyType(
    {
        State.CLOSED: ("Closed", "It is closed. What was written stays here."),
        State.REFERRED: ("Handed on", "It was handed on to another custodian, who answers it now."),
        State.WITHDRAWN: ("Withdrawn", "It was withdrawn, and nobody will answer it."),
        State.LAPSED: ("Lapsed", "Nothing was written for so long that it has ended by itself."),
        State.DISCARDED: ("Discarded", "It was never sent."),
    }
)


def standing(thread: EnquiryThread, *, at: datetime, reader: Party, ends_at: datetime | None = None) -> Standing:
    """Where the thread stands, in the words for whoever reads it."""
    if thread.state in ENDED:
        return Standing(ENDED[thread.state][0], PLAIN, ENDED[thread.state][1])
    if thread.state is State.RESOLVED:
        closing = f" It closes by itself on {wording.day(ends_at)}, unless something is asked." if ends_at else ""
        return Standing("Answered", GOOD, f"Nothing has to be done.{closing}")
    whose = turn(thread.state, thread.desk, is_forwarded=thread.is_forwarded)
    if whose is Turn.APPLICANT:
        ending = f" Without a word it ends by itself on {wording.day(ends_at)}." if ends_at else ""
        if reader is Party.APPLICANT:
            return Standing("Your turn", WARN, f"{thread.custodian.name} asks you something.{ending}")
        return Standing("Waiting for the researcher", PLAIN, f"The researcher was asked something.{ending}")
    return _owed(thread, whose, at=at, reader=reader)


def _owed(thread: EnquiryThread, whose: Turn, *, at: datetime, reader: Party) -> Standing:
    """An answer is owed: by whom, and until when."""
    due = thread.answer_due_at
    is_late = due is not None and due < at
    when = wording.day(due)
    deadline = f"An answer was due on {when}." if is_late else f"An answer is due by {when}."
    is_mine = reader is Party.RESPONDENT or (
        reader in {Party.HANDLER, Party.CONCIERGE} and not (whose is Turn.CUSTODIAN and thread.is_forwarded)
    )
    if is_mine:
        return Standing("Late" if is_late else "Your turn", WARN, deadline, is_late)
    who = "the alliance desk" if whose is Turn.ALLIANCE else thread.custodian.name
    words = f"{'Late: waiting' if is_late else 'Waiting'} for {wording.shortened(who, LONGEST_NAME)}"
    if reader is Party.APPLICANT and is_late:
        deadline = f"The answer is late: it was due on {when}. Those who have it were told so."
    return Standing(words, WARN if is_late else PLAIN, deadline, is_late)


DONE = MappingProxyType(
    {
        "submit": "{who} asked this question",
        "receive": "{custodian} was handed this question by another custodian",
        "route_failed": "The question went to the alliance desk, since {custodian} has nobody here who could answer",
        "reroute": "The alliance desk passed the question on to {custodian}",
        "transfer": "The question went to the desk of {custodian}",
        "recall": "The alliance desk took the question back",
        "answer": "{who} answered",
        "reply": "{who} asked back",
        "post": "{who} wrote back",
        "add": "{who} added",
        "resolve": "{who} marked it as answered",
        "refer": "{who} handed it on",
        "close": "{who} closed it",
        "withdraw": "{who} withdrew the question",
        "lapse": "It ended by itself",
        "remind": "A reminder went to the researcher",
        "report_late": "Everybody was told that the answer is late",
        "assign": "{who} changed who has it",
        "note": "{who} wrote a note",
    }
)
BY_ITSELF = MappingProxyType({"close": "It closed by itself", "reroute": "The question went to {custodian}"})


def told(entry: Entry, thread: EnquiryThread) -> str:
    """What was done, and by whom, as a sentence without its full stop."""
    sentences = BY_ITSELF if entry.party is Party.SYSTEM and entry.command in BY_ITSELF else DONE
    return sentences[entry.command].format(who=author(entry, thread), custodian=thread.custodian.name)


def author(entry: Entry, thread: EnquiryThread) -> str:
    """Who did it: a person, with whom they speak for."""
    if entry.is_mine:
        return "You"
    if entry.party is Party.RESPONDENT:
        return f"Somebody at {thread.custodian.name}"
    if entry.party is Party.HANDLER:
        return f"{entry.who}, {thread.custodian.name}"
    return f"{entry.who}, alliance desk" if entry.party is Party.CONCIERGE else entry.who


def pointing_to(custodian: str, addresses: Sequence[str]) -> str:
    """An answer, to be read over before it is sent, that leads to where the custodian takes requests."""
    parts = (
        f"{custodian} takes requests on its own site:",
        "\n".join(addresses),
        "If you get no answer there, write back.",
    )
    return "\n\n".join(parts)
