"""The page that says how enquiries run, made from their table."""

from catalogue.domain.enquiries import FINAL, MOVES, Move, Party, Side, State, allowed, in_words
from catalogue.domain.enquiry_timers import ANSWER_WORKING_DAYS, RULES, TimerRule

PARTIES = {
    Party.APPLICANT: "the researcher who asked",
    Party.HANDLER: "a request handler or administrator of the custodian",
    Party.CONCIERGE: "the alliance office, for what lies on the alliance's desk",
    Party.RESPONDENT: "whoever holds the reply link that the alliance sent, without an account",
    Party.SYSTEM: "the catalogue itself, when a time has come or nobody else can",
}
SIDES = {Side.APPLICANT: "researcher", Side.DESK: "desk", Side.RESPONDENT: "holder of the reply link"}


def workflow_page() -> str:
    """Return the states, commands, mails and times of enquiries."""
    parts = [
        "# How enquiries run",
        "",
        "An enquiry is one question about one or several datasets. Each custodian concerned has a thread of its own",
        "and reads no other; the researcher sees them side by side. This page is made by `make docs` from",
        "`catalogue/domain/enquiries.py`; [why it is so](adr/0007-enquiries.md).",
        "",
        "## Who acts",
        "",
        *(f"- **{party.value}**: {words}" for party, words in PARTIES.items()),
        "",
        "Somebody who asked is never custodian-side on their own enquiry, wherever they work.",
        "",
        "## What is open to whom",
        "",
        "| state | meaning | who may do what |",
        "|---|---|---|",
        *(f"| `{state}` | {in_words(state)} | {_matrix(state)} |" for state in State),
        "",
        "## What each command does",
        "",
        "| command | by | from | to | mail to |",
        "|---|---|---|---|---|",
        *map(_row, MOVES),
        "",
        "Whoever did it gets no mail about it, but for a receipt where the table says so. A command with a star needs",
        "a text. No mail carries what was written: it says what happened, why it was sent, and leads to the page.",
        "",
        "## What happens by itself",
        "",
        f"An answer is due within {ANSWER_WORKING_DAYS} working days (bank holidays of England and Wales are none).",
        "",
        "| state | after | what |",
        "|---|---|---|",
        *map(_timer, RULES),
        "",
    ]
    return "\n".join(parts)


def _matrix(state: State) -> str:
    if state in FINAL:
        return "nothing: this is an end"
    found = {party: [f"`{move.command}`" for move in allowed(state, {party})] for party in Party}
    return "; ".join(f"{party}: {', '.join(commands)}" for party, commands in found.items() if commands)


def _row(move: Move) -> str:
    told = [words for side, words in SIDES.items() if side in move.tells]
    if move.confirms:
        told.append("receipt to whoever did it")
    return " | ".join(
        (
            f"| `{move.command}`{'*' if move.needs_text else ''} ({move.label})",
            _in_order(Party, move.parties),
            _in_order(State, move.sources),
            f"`{move.target}`" if move.target else "stays",
            f"{', '.join(told) or 'nobody'} |",
        )
    )


def _in_order(kind: type[Party] | type[State], chosen: object) -> str:
    return ", ".join(f"`{each}`" if kind is State else str(each) for each in kind if each in chosen)  # type: ignore[operator]


def _timer(rule: TimerRule) -> str:
    condition = ", when it was forwarded by a link" if rule.needs_link else ""
    days = "working days" if rule.counts_working_days else "days"
    return f"| `{rule.state}`{condition} | {rule.days} {days} | `{rule.command}` |"
