"""Every mail that the table of enquiries asks for can be written, and says why it comes."""

import pytest

from catalogue.domain.enquiries import MOVES, Side
from catalogue.mail import write
from catalogue.services.enquiry_letters import LETTERS

SITE = {"name": "Health Dataset Catalogue", "base_url": "https://catalogue.example"}
ASKED_FOR = {(move.command, side) for move in MOVES for side in move.tells}
SAID_BY_THE_RECEIPT = {("submit", Side.APPLICANT)}


def test_there_is_a_letter_for_every_event_and_side_and_none_beside() -> None:
    assert set(LETTERS) == ASKED_FOR - SAID_BY_THE_RECEIPT


@pytest.mark.parametrize(("command", "side"), sorted(LETTERS))
def test_a_letter_can_be_written(command: str, side: Side) -> None:
    letter = LETTERS[command, side]
    words = {"custodian": "Tarn Hospital", "due": "30 November 2026", "link_ends": "23 December 2026"}
    context = {
        "site": SITE,
        "name": "Ada Moss" if side is not Side.RESPONDENT else "",
        "subject": letter.subject.format(**words),
        "text": letter.text.format(**words),
        "action": letter.action,
        "why": "you asked this question",
        "path": "/requests/1",
        "reference": "3F2A91BC",
    }
    context |= {"page": "https://catalogue.example/reply/token"} if side is Side.RESPONDENT else {}
    subject, text = write("enquiry", context)
    assert subject.endswith("(3F2A91BC)")
    assert "You get this mail because you asked this question." in text
    assert "{" not in subject + text
    address = (
        "https://catalogue.example/reply/token" if side is Side.RESPONDENT else "https://catalogue.example/requests/1"
    )
    assert (address in text.splitlines()) is bool(letter.action)


def test_the_receipt_says_who_reads_the_question() -> None:
    readers = [
        {"custodian": "Tarn Hospital", "is_alliance": False, "due": "30 November 2026"},
        {"custodian": "Fell and Dale Trust", "is_alliance": True, "due": "30 November 2026"},
    ]
    context = {"site": SITE, "name": "Ada Moss", "reference": "3F2A91BC", "path": "/requests/1", "readers": readers}
    subject, text = write("enquiry_receipt", context)
    assert subject == "Your question was sent (3F2A91BC)"
    assert "- Tarn Hospital: an answer is due by 30 November 2026" in text
    folded = " ".join(text.split())
    assert "- the alliance desk, for Fell and Dale Trust: an answer is due by 30 November 2026" in folded
    assert "https://catalogue.example/requests/1" in text.splitlines()
