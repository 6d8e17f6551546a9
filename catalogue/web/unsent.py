"""Forms whose words are never lost: whatever page answers one that could not be taken gives back what was typed."""

from urllib.parse import urlsplit

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import validate_csrf
from werkzeug.exceptions import HTTPException
from wtforms import ValidationError

from catalogue.web.actors import current_actor
from catalogue.web.forms import local_path, plain_lines

UNSURE = 400
"""The status of a form of which it is not known who sent it."""
CHECKED_BY_VIEWS = (
    "alerts.stop",
    "basket.choose",
    "enquiries.create",
    "enquiries.move",
    "desk.move",
    "library.write_note",
    "replies.move",
)
"""Addresses that check the token of their form themselves, so that a page can say more than that it is too old."""
SECRETS = ("password", "current", "token")
"""What the names of fields begin with, or end on, that are never written into a page."""


def install(app: Flask) -> None:
    """Leave the check of the token to the views that give back what was typed; let the pages of errors give it back."""
    app.context_processor(lambda: {"typed_words": typed_words})
    for endpoint in CHECKED_BY_VIEWS:
        app.extensions["csrf"].exempt(app.view_functions[endpoint])


def has_token() -> bool:
    """Whether the form carries the token of this browser's session."""
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return False
    return True


def typed_words() -> str:
    """What was typed into the form that is answered: more than one word, since one is soon typed again."""
    try:
        fields = list(request.form.items(multi=True)) if request.method == "POST" else []
    except HTTPException:
        # Larger than anything that is taken.
        return ""
    shown = (value for name, value in fields if not name.startswith(SECRETS) and not name.endswith(SECRETS))
    return "\n\n".join(plain_lines(value) for value in shown if len(value.split()) > 1)


def page_of_form() -> str:
    """The page on which the form stood, as far as the browser says it; else the first page."""
    sent_from = urlsplit(request.referrer or "")
    return local_path(sent_from.path) if sent_from.netloc == request.host else "/"


def given_back(text: str, target: str) -> ResponseReturnValue:
    """The page that gives back what was typed, and leads on to where it can be sent."""
    actor = current_actor()
    return render_template("errors/unsent.html", text=text, target=target, is_signed_in=actor.is_signed_in), UNSURE
