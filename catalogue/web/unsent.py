"""Forms whose words are never lost: when the session ended meanwhile, what was typed is given back."""

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

from catalogue.web.actors import current_actor

UNSURE = 400
"""The status of a form of which it is not known who sent it."""
CHECKED_BY_VIEWS = (
    "basket.choose",
    "enquiries.create",
    "enquiries.move",
    "desk.move",
    "library.write_note",
    "replies.move",
)
"""Addresses that check the token of their form themselves, so that a page can say more than that it is too old."""


def install(app: Flask) -> None:
    """Leave the check of the token to the views that give back what was typed."""
    for endpoint in CHECKED_BY_VIEWS:
        app.extensions["csrf"].exempt(app.view_functions[endpoint])


def has_token() -> bool:
    """Whether the form carries the token of this browser's session."""
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return False
    return True


def given_back(text: str, target: str) -> ResponseReturnValue:
    """The page that gives back what was typed, and leads on to where it can be sent."""
    actor = current_actor()
    return render_template("errors/unsent.html", text=text, target=target, is_signed_in=actor.is_signed_in), UNSURE
