"""Text from outside as safe HTML: paragraphs, lists and links, everything else escaped."""

import re
from collections.abc import Iterator
from itertools import groupby

from markupsafe import Markup, escape

# Bounded, and every character is looked at once: the text is anybody's.
_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\]{1,2000}", re.IGNORECASE)
_BULLET = re.compile(r"\s{0,20}[•·●▪*\u2013-][\s\u00a0]{1,20}(?=\S)")
_CLOSERS = {")": "(", "]": "[", "}": "{"}
_PUNCTUATION = ".,;:!?'*”\u2019"

LINK = Markup('<a class="govuk-link" href="{0}" rel="nofollow noopener">{1}</a>')


def linked(text: object) -> Markup:
    """A line of text with its web addresses as links."""
    parts: list[Markup] = []
    line, position = str(text), 0
    for match in _ADDRESS.finditer(line):
        address = _without_closing(match.group())
        if len(address) <= len("https://"):
            continue
        parts += [escape(line[position : match.start()]), LINK.format(address, address)]
        position = match.start() + len(address)
    parts.append(escape(line[position:]))
    return Markup().join(parts)


def prose(text: object) -> Markup:
    """Text of any length as paragraphs; lines are kept, lines that begin with a bullet become a list."""
    return Markup().join(_block(lines) for lines in _blocks(str(text)))


def opening(text: str, characters: int) -> tuple[str, str]:
    """The text in two: whole paragraphs up to about so many characters, and the rest, empty when it is short."""
    if len(text) <= characters * 1.3:
        return text, ""
    end = text.rfind("\n", characters // 2, characters)
    end = end if end > 0 else text.rfind(". ", characters // 2, characters) + 1
    end = end if end > 0 else text.rfind(" ", 0, characters)
    end = end if end > 0 else characters
    return text[:end].rstrip(), text[end:].strip()


def _blocks(text: str) -> Iterator[list[str]]:
    for is_blank, lines in groupby(text.splitlines(), key=lambda line: not line.strip()):
        if not is_blank:
            yield list(lines)


def _block(lines: list[str]) -> Markup:
    return Markup().join(
        _list(list(group)) if is_bullet else _paragraph(list(group))
        for is_bullet, group in groupby(lines, key=lambda line: _BULLET.match(line) is not None)
    )


def _paragraph(lines: list[str]) -> Markup:
    return Markup('<p class="govuk-body">{}</p>').format(Markup("<br>").join(linked(line.strip()) for line in lines))


def _list(lines: list[str]) -> Markup:
    items = Markup().join(
        Markup("<li>{}</li>").format(linked(_BULLET.sub("", line, count=1).strip())) for line in lines
    )
    return Markup('<ul class="govuk-list govuk-list--bullet">{}</ul>').format(items)


def _without_closing(address: str) -> str:
    """An address without the punctuation of the sentence it stands in; brackets that it opened itself stay."""
    end = len(address)
    unopened = {closer: address.count(closer) - address.count(opener) for closer, opener in _CLOSERS.items()}
    while end:
        last = address[end - 1]
        if unopened.get(last, 0) > 0:
            unopened[last] -= 1
        elif last not in _PUNCTUATION:
            break
        end -= 1
    return address[:end]
