"""What mails about enquiries say: one letter for each event and each side that is told of it.

None holds what anybody wrote, who asked, or about what: mail is read on the way.
"""

from dataclasses import dataclass
from types import MappingProxyType

from catalogue.domain.enquiries import Side


@dataclass(frozen=True, slots=True)
class Letter:
    """Subject and text; `{custodian}` and `{due}` are filled in. `action` names the link, if there is one to follow."""

    subject: str
    text: str
    action: str = ""


A, D, R = Side.APPLICANT, Side.DESK, Side.RESPONDENT

LETTERS = MappingProxyType(
    {
        ("route_failed", A): Letter(
            "Your question to {custodian} is with the alliance desk",
            "Nobody at {custodian} could be reached by us to answer your question. The alliance desk has it now:"
            " it answers itself, or finds somebody who can.",
            "See your question",
        ),
        ("reroute", A): Letter(
            "Your question was passed on to {custodian}",
            "The alliance desk has passed your question on to somebody at {custodian}, who can answer it.",
            "See your question",
        ),
        ("recall", A): Letter(
            "Your question to {custodian} is with the alliance desk again",
            "The alliance desk has taken your question to {custodian} back. It answers itself, or finds somebody"
            " else who can.",
            "See your question",
        ),
        ("answer", A): Letter(
            "{custodian} has answered your question",
            "There is an answer to your question. If it leaves something open, write back on the same page.",
            "Read the answer",
        ),
        ("reply", A): Letter(
            "{custodian} asks you something",
            "Before your question can be answered, {custodian} needs to know something from you. It is your turn.",
            "Read and write back",
        ),
        ("add", A): Letter(
            "{custodian} has written again",
            "{custodian} has added something to what it wrote to you.",
            "Read it",
        ),
        ("resolve", A): Letter(
            "Your question to {custodian} was marked as answered",
            "{custodian} takes your question to be answered. If it is not, write back on the same page within two"
            " weeks.",
            "See your question",
        ),
        ("refer", A): Letter(
            "{custodian} has handed your question on",
            "{custodian} has handed your question on to another custodian, who will answer it. The page says to"
            " whom and why.",
            "See your question",
        ),
        ("close", A): Letter(
            "Your question to {custodian} is closed",
            "Your question to {custodian} is closed. What was written stays on the page. You can ask anew at any time.",
            "See your question",
        ),
        ("withdraw", A): Letter(
            "You have withdrawn your question to {custodian}",
            "Your question to {custodian} is withdrawn, and nobody will answer it. What was written stays on the page.",
            "See your question",
        ),
        ("lapse", A): Letter(
            "Your question to {custodian} has lapsed",
            "Nothing has been written about your question to {custodian} for so long that it has ended by itself."
            " You can ask anew at any time.",
            "See your question",
        ),
        ("remind", A): Letter(
            "{custodian} still waits for your answer",
            "{custodian} asked you something two weeks ago. If nothing is written for 30 days, your question ends"
            " by itself.",
            "Read and write back",
        ),
        ("report_late", A): Letter(
            "The answer from {custodian} is late",
            "Your question to {custodian} should have been answered by now, and those who have it were told so."
            " You need do nothing; if you cannot wait any longer, you can withdraw it.",
            "See your question",
        ),
        ("submit", D): Letter(
            "A new question for {custodian}",
            "A researcher has asked a question about your datasets. An answer is due by {due}.",
            "Open the question",
        ),
        ("receive", D): Letter(
            "A question was handed on to {custodian}",
            "Another custodian has handed a researcher's question on to you. An answer is due by {due}.",
            "Open the question",
        ),
        ("route_failed", D): Letter(
            "A question for {custodian} lies on the alliance desk",
            "A researcher's question is for {custodian}, where nobody can be reached through the catalogue."
            " Answer it, forward it or hand it on by {due}.",
            "Open the question",
        ),
        ("reroute", D): Letter(
            "A question for {custodian} was passed on",
            "The alliance desk has passed on a researcher's question for {custodian}. An answer is due by {due}.",
            "Open the question",
        ),
        ("transfer", D): Letter(
            "A question for {custodian} is on your desk now",
            "A researcher's question for {custodian} was on the alliance desk, and is on yours now. Nothing has"
            " to be done at the moment.",
            "Open the question",
        ),
        ("post", D): Letter(
            "The researcher has written back",
            "A researcher has written back about a question for {custodian}. It is your turn; an answer is due by"
            " {due}.",
            "Open the question",
        ),
        ("add", D): Letter(
            "The researcher has added to a question",
            "A researcher has added something to a question for {custodian} that waits for an answer.",
            "Open the question",
        ),
        ("resolve", D): Letter(
            "A question for {custodian} is answered",
            "The researcher takes a question for {custodian} to be answered. Nothing has to be done.",
            "Open the question",
        ),
        ("close", D): Letter(
            "A question for {custodian} is closed",
            "A question for {custodian} is closed. Nothing has to be done.",
            "Open the question",
        ),
        ("withdraw", D): Letter(
            "A question for {custodian} was withdrawn",
            "The researcher has withdrawn a question for {custodian}. Nothing has to be done.",
            "Open the question",
        ),
        ("lapse", D): Letter(
            "A question for {custodian} has lapsed",
            "Nothing has been written about a question for {custodian} for so long that it has ended by itself.",
            "Open the question",
        ),
        ("report_late", D): Letter(
            "An answer for {custodian} is late",
            "A researcher's question for {custodian} should have been answered by now, and the researcher was"
            " told that the answer is late.",
            "Open the question",
        ),
        ("assign", D): Letter(
            "A question for {custodian} was assigned to you",
            "A colleague has asked you to take on a researcher's question for {custodian}.",
            "Open the question",
        ),
        ("reroute", R): Letter(
            "A researcher has a question about data of {custodian}",
            "A researcher has asked a question about datasets that {custodian} holds. You can read and answer it"
            " on the page below. You need no account. The link is for you: whoever has it can answer in your"
            " place. It works until {link_ends}.",
            "Read and answer",
        ),
        ("post", R): Letter(
            "The researcher has written back about data of {custodian}",
            "The researcher whose question you were sent has written back, and waits for your answer. This link"
            " works until {link_ends}.",
            "Read and answer",
        ),
        ("add", R): Letter(
            "The researcher has added to the question about data of {custodian}",
            "The researcher whose question you were sent has added something to it. This link works until {link_ends}.",
            "Read and answer",
        ),
        ("report_late", R): Letter(
            "A researcher still waits for an answer about data of {custodian}",
            "You were sent a researcher's question about datasets that {custodian} holds. It has not been"
            " answered yet. This link works until {link_ends}.",
            "Read and answer",
        ),
        ("resolve", R): Letter(
            "The question about data of {custodian} is answered",
            "The researcher whose question you were sent takes it to be answered. Nothing has to be done.",
        ),
        ("close", R): Letter(
            "The question about data of {custodian} is closed",
            "The question that you were sent is closed. Nothing has to be done. Its link does not work any longer.",
        ),
        ("withdraw", R): Letter(
            "The question about data of {custodian} was withdrawn",
            "The researcher has withdrawn the question that you were sent. Its link does not work any longer.",
        ),
        ("lapse", R): Letter(
            "The question about data of {custodian} has lapsed",
            "Nothing has been written about the question that you were sent for so long that it has ended by"
            " itself. Its link does not work any longer.",
        ),
    }
)
