"""What the desk's page shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from catalogue.domain.enquiries import Desk, Party
from catalogue.domain.permissions import Actor
from catalogue.models import EnquiryThread
from catalogue.services.desk import Inbox, Tray
from catalogue.web import enquiry_words, wording
from catalogue.web.enquiry_words import Standing

TRAYS = {
    Tray.TURN: "Your turn",
    Tray.WAITING: "Waiting for others",
    Tray.ANSWERED: "Answered",
    Tray.ENDED: "Ended",
}
LONGEST_PAGE_NUMBER = 6


@dataclass(frozen=True, slots=True)
class Tab:
    """A tray, with the number of threads in it."""

    label: str
    count: int
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A thread in a tray."""

    thread: EnquiryThread
    standing: Standing
    about: str
    opening: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class DeskPage:
    """One tray."""

    tray: Tray
    tabs: tuple[Tab, ...]
    rows: tuple[Row, ...]
    pagination: dict[str, Any] | None
    shows_custodian: bool


def build(inbox: Inbox, actor: Actor, *, at: datetime) -> DeskPage:
    """The page of a tray."""
    return DeskPage(
        tray=inbox.tray,
        tabs=tuple(
            Tab(label, inbox.counts[tray], url_for("desk.index", show=tray.value), tray is inbox.tray)
            for tray, label in TRAYS.items()
        ),
        rows=tuple(_row(thread, actor, at=at) for thread in inbox.items),
        pagination=_pagination(inbox),
        shows_custodian=actor.is_office or len(actor.organisations()) > 1,
    )


def page_number(text: str | None) -> int:
    """The page that an address asks for; the first when it asks for none."""
    return int(text) if text and text.isdecimal() and len(text) <= LONGEST_PAGE_NUMBER else 1


def _row(thread: EnquiryThread, actor: Actor, *, at: datetime) -> Row:
    reader = Party.CONCIERGE if thread.desk is Desk.ALLIANCE else Party.HANDLER
    titles = [dataset.title for dataset in thread.datasets]
    more = f" and {wording.counted(len(titles) - 1, 'more dataset')}" if len(titles) > 1 else ""
    return Row(
        thread=thread,
        standing=enquiry_words.standing(thread, at=at, reader=reader),
        about=f"{wording.shortened(titles[0], 90)}{more}" if titles else "",
        opening=wording.shortened(thread.enquiry.question, 180),
        is_mine=thread.handler_id == actor.user_id,
    )


def _pagination(inbox: Inbox) -> dict[str, Any] | None:
    if inbox.pages < 2:  # noqa: PLR2004 - one page needs no links to others
        return None

    def href(number: int) -> str:
        return url_for("desk.index", show=inbox.tray.value, page=number)

    links: dict[str, Any] = {
        "items": [
            {"number": number, "href": href(number), "current": number == inbox.page}
            for number in range(1, inbox.pages + 1)
        ]
    }
    if inbox.page > 1:
        links["previous"] = {"href": href(inbox.page - 1)}
    if inbox.page < inbox.pages:
        links["next"] = {"href": href(inbox.page + 1)}
    return links
