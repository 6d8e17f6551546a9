"""Mails are written from templates in `templates/email`: the first line is the subject, each other one a paragraph."""

from collections.abc import Mapping
from functools import cache
from textwrap import fill
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from catalogue.mail.message import LONGEST_SUBJECT
from catalogue.paths import asset_folder

SUBJECT = "Subject: "
WIDTH = 76
LONGEST_WORDS = 2000
"""Characters of a value that somebody typed."""


def write(template: str, context: Mapping[str, Any]) -> tuple[str, str]:
    """The subject and the text of a mail. Raises Jinja's `TemplateNotFound` and `UndefinedError`."""
    page = _environment().get_template(f"{template}.txt").render(context)
    first, _, rest = page.partition("\n")
    subject = line(first.removeprefix(SUBJECT))
    if len(subject) > LONGEST_SUBJECT:
        subject = subject[: LONGEST_SUBJECT - 1].rstrip() + "…"
    return subject, _tidy(rest)


def line(text: object) -> str:
    """Somebody's words as part of a line."""
    plain = str(text)[:LONGEST_WORDS]
    return " ".join("".join(each if each.isprintable() else " " for each in plain).split())


def _tidy(text: str) -> str:
    """The text in lines that fit a narrow window, without blank ones that conditions left behind."""
    lines = [each.strip() for each in text.strip().splitlines()]
    kept = [each for number, each in enumerate(lines) if each or (number and lines[number - 1])]
    return "\n".join(_wrapped(each) for each in kept) + "\n"


def _wrapped(text: str) -> str:
    indent = "  " if text.startswith("- ") else ""
    return fill(text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


@cache
def _environment() -> Environment:
    return Environment(  # noqa: S701 - plain text has nothing to escape
        loader=FileSystemLoader(asset_folder("templates") / "email"),
        undefined=StrictUndefined,
        finalize=lambda value: line(value) if isinstance(value, str) else value,
    )
