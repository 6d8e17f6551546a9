"""What a page shows of a thread, to the researcher, to a desk, or to whoever holds its link."""

from dataclasses import dataclass
from datetime import datetime

from catalogue.domain.enquiries import Party
from catalogue.services.thread_reading import Entry, ThreadView
from catalogue.web import enquiry_words
from catalogue.web.enquiry_forms import ThreadForm
from catalogue.web.enquiry_words import Standing

WRITING = ("answer", "reply", "post", "add")
"""Commands for which the page has a box to write in, the likeliest first."""
BUTTONS = {
    "answer": "Send the answer",
    "reply": "Ask back instead",
    "post": "Send",
    "add": "Send",
}


@dataclass(frozen=True, slots=True)
class Line:
    """Something in the conversation: a message with its author, or a sentence about what was done."""

    entry: Entry
    author: str
    sentence: str
    is_own_side: bool


@dataclass(frozen=True, slots=True)
class ThreadPanel:
    """A thread on a page."""

    view: ThreadView
    standing: Standing
    lines: tuple[Line, ...]
    form: ThreadForm
    writing: tuple[tuple[str, str], ...]
    """Commands that send what is written, each with the words on its button."""

    @property
    def name(self) -> str:
        """What the thread is called in the page."""
        return f"thread-{self.view.thread.identifier[:8]}"


def build(view: ThreadView, form: ThreadForm, *, at: datetime) -> ThreadPanel:
    """The panel of a thread for whoever reads the view."""
    reader = next(iter(view.parties))
    return ThreadPanel(
        view=view,
        standing=enquiry_words.standing(view.thread, at=at, reader=reader, ends_at=view.ends_at),
        lines=tuple(_line(entry, view, reader) for entry in view.entries),
        form=form,
        writing=tuple((command, BUTTONS[command]) for command in WRITING if view.may(command)),
    )


def _line(entry: Entry, view: ThreadView, reader: Party) -> Line:
    is_researcher = entry.party is Party.APPLICANT
    return Line(
        entry=entry,
        author=enquiry_words.author(entry, view.thread),
        sentence=enquiry_words.told(entry, view.thread),
        is_own_side=is_researcher is (reader is Party.APPLICANT),
    )
