"""What the desk's page shows."""

from collections.abc import Mapping
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
from catalogue.web.paging import pagination
from catalogue.web.view_models import Tab

TRAYS = {
    Tray.TURN: "Your turn",
    Tray.WAITING: "Waiting for others",
    Tray.ANSWERED: "Answered",
    Tray.ENDED: "Ended",
}


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
    pagination: Mapping[str, Any] | None
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
        pagination=pagination(
            inbox.page,
            inbox.pages,
            lambda number: url_for("desk.index", show=inbox.tray.value, page=number),
            label="Pages of questions",
        ),
        shows_custodian=actor.is_office or len(actor.organisations()) > 1,
    )


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
