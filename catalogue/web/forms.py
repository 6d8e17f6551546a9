"""Forms: protected against other sites, and shown again as they were typed, with every problem beside its field."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from wtforms import Field, Form, SelectField

from schemas.metadata import Problem

REFUSED_FORM = 422
"""The status of a form that is shown again."""


def install(app: Flask) -> None:
    """Refuse what is sent without the token of this site."""
    # A form may be filled in for hours; its token lives as long as the browser's session.
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    # The token is enough, and browsers that never say where they come from stay welcome.
    app.config["WTF_CSRF_SSL_STRICT"] = False
    CSRFProtect(app)
    app.jinja_env.globals.update(field_parameters=field_parameters, choices_of=choices_of)


def take(form: Form, problems: Iterable[Problem]) -> None:
    """Show what a use case found wrong: beside the field of the problem's path, or above the form."""
    for problem in problems:
        message = " ".join(part for part in (problem.message, problem.fix) if part)
        if problem.path in form:
            field = form[problem.path]
            field.errors = (*field.errors, message)
        else:
            form.form_errors.append(message)


def field_parameters(field: Field, hint: str, classes: str, more: dict[str, Any]) -> dict[str, Any]:
    """What every component of a field is given: its name, label, hint and first error."""
    parameters = {"id": field.id, "name": field.name, "label": {"text": field.label.text}, "classes": classes, **more}
    parameters |= {"hint": {"text": hint}} if hint else {}
    parameters |= {"errorMessage": {"text": field.errors[0]}} if field.errors else {}
    parameters |= {"value": _showable(more["value"])} if isinstance(more.get("value"), str) else {}
    return parameters


def plain_lines(text: str | None) -> str:
    """What was typed, with one kind of ends of lines and without characters that no page can show."""
    return _showable((text or "").replace("\r\n", "\n").replace("\r", "\n")).strip()


def choices_of(field: SelectField) -> list[dict[str, str]]:
    """The choices of a list, as the component is given them."""
    return [{"value": str(value), "text": str(text)} for value, text, *_ in field.iter_choices()]


def local_path(text: str | None) -> str:
    """The path that a form or an address asks to go on to, when it is one of this site; else the first page."""
    path = text or "/"
    # Browsers read a backslash as a slash and skip control characters, so both could name another host.
    is_plain = path.isprintable() and "\\" not in path and path.startswith("/") and not path.startswith("//")
    return path if is_plain and not urlsplit(path).netloc else "/"


def _showable(text: str) -> str:
    return "".join(each for each in text if each.isprintable() or each in "\r\n\t")
