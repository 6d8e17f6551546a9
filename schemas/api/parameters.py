"""Parameters of an address: each is read from the list of texts given for it, and never changed in silence."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from marshmallow import ValidationError, fields

LONGEST_VALUE: Final = 500
"""Characters of one value that is not the text of a search."""
SHOWN: Final = 40


class Text(fields.Field[str]):
    """One text without control characters, given at most once."""

    def __init__(self, *, longest: int = LONGEST_VALUE, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.longest = longest

    def _deserialize(
        self,
        value: Any,  # noqa: ANN401 - marshmallow's signature
        attr: str | None,  # noqa: ARG002 - marshmallow's signature
        data: Mapping[str, Any] | None,  # noqa: ARG002 - marshmallow's signature
        **kwargs: Any,  # noqa: ARG002 - marshmallow's signature
    ) -> Any:  # noqa: ANN401 - marshmallow's signature
        return self.read(plain(once(value), self.longest).strip())

    def read(self, text: str) -> str | int | None:
        """What the text stands for. Raises `ValidationError`."""
        return text


class Choice(Text):
    """One of a few words; nothing means the first of them."""

    def __init__(self, choices: Iterable[str], **kwargs: Any) -> None:
        self.choices = tuple(choices)
        super().__init__(load_default=self.choices[0], **kwargs)

    def read(self, text: str) -> str | int | None:
        """See `Text.read`."""
        if text and text not in self.choices:
            raise ValidationError(f"“{brief(text)}” is none of: {', '.join(self.choices)}.")
        return text or self.choices[0]


class WholeNumber(Text):
    """A whole number in the digits 0 to 9, between two bounds; nothing means the default."""

    def __init__(self, least: int, greatest: int, *, load_default: int | None, **kwargs: Any) -> None:
        super().__init__(load_default=load_default, **kwargs)
        self.default = load_default
        self.least, self.greatest = least, greatest

    def read(self, text: str) -> str | int | None:
        """See `Text.read`."""
        if not text:
            return self.default
        # int() takes digits of every script, and takes long over thousands of them.
        digits = text if text.isascii() and text.isdecimal() and len(text) <= len(str(self.greatest)) else ""
        if not digits or not self.least <= int(digits) <= self.greatest:
            raise ValidationError(f"“{brief(text)}” is no whole number from {self.least} to {self.greatest}.")
        return int(digits)


class Alternatives(fields.Field[tuple[str, ...]]):
    """Any number of texts, each kept once; with `choices`, only these."""

    def __init__(self, choices: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.choices = tuple(choices)

    def _deserialize(
        self,
        value: Any,  # noqa: ANN401 - marshmallow's signature
        attr: str | None,  # noqa: ARG002 - marshmallow's signature
        data: Mapping[str, Any] | None,  # noqa: ARG002 - marshmallow's signature
        **kwargs: Any,  # noqa: ARG002 - marshmallow's signature
    ) -> tuple[str, ...]:
        given = tuple(dict.fromkeys(text for each in value if (text := plain(each, LONGEST_VALUE).strip())))
        unknown = [text for text in given if self.choices and text not in self.choices]
        if unknown:
            shown = ", ".join(f"“{brief(text)}”" for text in unknown[:3])
            raise ValidationError(f"{shown} is none of: {', '.join(self.choices)}.")
        return given


def once(values: Sequence[str]) -> str:
    """The only one of the values that were given for a parameter. Raises `ValidationError`."""
    if len(values) > 1:
        raise ValidationError(f"It was given {len(values)} times, and once is all it takes.")
    return values[0] if values else ""


def plain(text: str, longest: int) -> str:
    """The text, if it is none that nobody types. Raises `ValidationError`."""
    if len(text) > longest:
        raise ValidationError(f"It has {len(text):,} characters; {longest:,} are the most.")
    if not text.isprintable():
        raise ValidationError("It holds control characters, or others that cannot be shown.")
    return text


def brief(text: str) -> str:
    """As much of a text as is enough to recognise it."""
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
