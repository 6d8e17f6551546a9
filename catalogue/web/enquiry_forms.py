"""The forms of enquiries."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Self
from uuid import UUID, uuid4

from wtforms import Form, HiddenField, SelectField, StringField, TextAreaField

from catalogue.services.enquiries import Question
from catalogue.services.enquiry_drafts import Draft
from catalogue.web.forms import plain_lines

LENGTH_OF_KEY = 60
LONGEST_NUMBER = 10
"""Digits of the number of a person, whatever a form says."""


class QuestionForm(Form):
    """A question about the chosen datasets. `identifier` becomes that of the enquiry, so that it is sent once."""

    identifier = HiddenField()
    project_title = StringField("Title of your project")
    question = TextAreaField("Your question")
    datasets = HiddenField()
    """Never filled in: it is where the page shows what is wrong with the chosen datasets."""

    @classmethod
    def blank(cls, draft: Draft | None) -> "QuestionForm":
        """The form as it is first shown, with what was typed before."""
        data = {"identifier": str(uuid4())}
        if draft is not None:
            data |= {"project_title": draft.project_title, "question": draft.question}
        return cls(data=data)

    def begin_anew(self) -> None:
        """Let it become another enquiry than the one that was sent with it."""
        self.identifier.data = str(uuid4())

    def draft(self, datasets: Sequence[str]) -> Draft:
        """What was typed."""
        return Draft(plain_lines(self.project_title.data), plain_lines(self.question.data), tuple(datasets))

    def to_send(self, datasets: Sequence[str]) -> Question:
        """What is to be sent."""
        return Question(
            identifier=_identifier(self.identifier.data),
            project_title=plain_lines(self.project_title.data),
            text=plain_lines(self.question.data),
            datasets=tuple(datasets),
        )


class ThreadForm(Form):
    """Something to do in a thread, with or without words. `key` is made with the form, so that it is done once."""

    key = HiddenField()
    command = HiddenField()
    text = TextAreaField("Your message")

    @classmethod
    def blank(cls) -> Self:
        """A form that nothing was typed into."""
        return cls(data={"key": str(uuid4())})

    @property
    def words(self) -> str:
        """What was typed, with the ends of lines that everything else has."""
        return plain_lines(self.text.data)

    @property
    def wanted(self) -> str:
        """The command of the button that was pressed."""
        return self.command.data or ""

    @property
    def once(self) -> str | None:
        """The key under which it is done once: that of the form and of all that is in it.

        Whoever goes back, changes what they typed and sends it again wants something else done.
        """
        if not self.key.data:
            return None
        filled = "\0".join(f"{name}={value}" for name, value in sorted(self.data.items()))
        return sha256(filled.encode(errors="replace")).hexdigest()[:LENGTH_OF_KEY]


class DeskForm(ThreadForm):
    """What a desk can do with a thread; each command reads its own field."""

    handler = SelectField("Who takes it on", validate_choice=False)
    organisation = SelectField("Who answers instead", validate_choice=False)
    reason = TextAreaField("Why you hand it on")
    address = StringField("E-mail address")
    note = TextAreaField("Note")

    def text_for(self, command: str) -> str:
        """The words that belong to a command."""
        field = {"note": self.note, "refer": self.reason}.get(command, self.text)
        return plain_lines(field.data)

    @property
    def typed(self) -> str:
        """Everything that was typed."""
        return "\n\n".join(filter(None, (plain_lines(each.data) for each in (self.text, self.reason, self.note))))

    @property
    def handler_id(self) -> int | None:
        """The chosen person; None stands for nobody in particular."""
        chosen = self.handler.data or ""
        return int(chosen) if chosen.isdecimal() and len(chosen) < LONGEST_NUMBER else None


def _identifier(text: str | None) -> str:
    """The identifier that the form was given, or another one where it was spoilt on the way."""
    try:
        return str(UUID(text or ""))
    except ValueError:
        return str(uuid4())
