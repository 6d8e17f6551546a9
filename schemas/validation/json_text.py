"""JSON from outside, read so that no input can crash, hang or silently lose something."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, Final

from schemas.metadata import Problem, Severity
from schemas.validation.encodings import Undecodable, decode

LARGEST: Final = 200 * 1024 * 1024
"""Bytes. A federation of a hundred catalogues the size of the largest known one fits."""
DEEPEST: Final = 64
"""Levels of lists and objects. The deepest known description has eight."""
MOST_VALUES: Final = 10_000_000
"""A short text of empty lists would else fill the memory: a list takes thirty times its text."""
LONGEST_INTEGER: Final = 18
"""Digits that every database keeps exactly."""
LONGEST_FLOAT: Final = 400
MOST_PROBLEMS: Final = 100
SHOWN_KEY: Final = 80

# RFC 4627, section 3: where the zero bytes of the first characters stand tells the encoding.
_ZERO_BYTES: Final = (
    (b"\x00\x00\x00", 0, "utf-32-be"),
    (b"\x00\x00\x00", 1, "utf-32-le"),
    (b"\x00", 0, "utf-16-be"),
    (b"\x00", 1, "utf-16-le"),
)
# Control characters but tab and line ends, halves of characters, and the marks that turn the reading direction:
# PostgreSQL refuses the first two, and the last can make a text read as what it is not.
_UNWANTED: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
# The same, looked for in the bytes, where it takes a tenth of the time: as escapes, in one byte, and in three.
_UNWANTED_ESCAPE: Final = re.compile(rb"\\u(?:00[017]|[dD][89a-fA-F]|20[26]|[fF]{3})")
_UNWANTED_BYTES: Final = bytes(set(range(0x20)) - set(b"\t\n\r")) + b"\x7f"
_UNWANTED_SEQUENCE: Final = re.compile(rb"\xe2(?:\x80[\xaa-\xae]|\x81[\xa6-\xa9])|\xef\xbf[\xbe\xbf]")
_NOT_STRUCTURE: Final = bytes(set(range(256)) - set(b'[]{},"'))
_NOT_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))
_STEP: Final = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_REASONS: Final = (
    ("Expecting property name", "a field name in double quotes was expected"),
    ("Expecting ',' delimiter", "a comma or a closing bracket was expected"),
    ("Expecting ':' delimiter", "a colon was expected after the field name"),
    ("Expecting value", "a value was expected"),
    ("Illegal trailing comma", "there is a comma before a closing bracket"),
    ("Invalid \\escape", "a backslash stands before a character that cannot be escaped"),
    ("Invalid \\uXXXX escape", "\\u is not followed by four hexadecimal digits"),
    ("Extra data", "the document has ended, but more text follows"),
)


@dataclass(frozen=True, slots=True)
class JsonText:
    """What a JSON text says, and what had to be left out of it."""

    value: Any
    problems: tuple[Problem, ...] = ()


class Unreadable(Exception):
    """The text is not JSON that can be used; `problem` says why and where."""

    def __init__(self, message: str, fix: str = "", path: str = "") -> None:
        super().__init__(message)
        self.problem = Problem(path, message, Severity.ERROR, fix)


def read_json(data: bytes, *, limit: int = LARGEST) -> JsonText:
    """Read one JSON document of at most `limit` bytes in UTF-8, UTF-16 or UTF-32 (RFC 8259).

    Of a key given twice the first value is kept. `NaN`, `Infinity`, numbers too large to keep, control
    characters and halves of characters are left out and reported with their paths. Raises `Unreadable`,
    and nothing else.
    """
    if len(data) > limit:
        raise Unreadable(
            f"The file has {len(data):,} bytes; at most {limit:,} are read.", "Split it into several files."
        )
    text, encoded = _decode(data)
    _refuse_other_formats(text)
    _refuse_excess(encoded)
    parser = _Parser()
    value = parser.parse(text)
    if parser.found or parser.repeated or _holds_unwanted(encoded):
        value = parser.tidy(value, "")
    return JsonText(value, tuple(_bounded(parser.problems)))


def _decode(data: bytes) -> tuple[str, bytes]:
    """The text, and the same in UTF-8, without a byte order mark."""
    try:
        decoded = decode(data, _encoding_of)
    except Undecodable as error:
        raise Unreadable(error.message, error.fix) from error
    return decoded.text, data[decoded.mark :] if decoded.encoding == "utf-8" else decoded.text.encode()


def _encoding_of(data: bytes) -> str:
    found = (name for zeros, place, name in _ZERO_BYTES if data[place : place + len(zeros)] == zeros)
    return next(found, "utf-8")


def _holds_unwanted(encoded: bytes) -> bool:
    # Whether there is a byte of the rarer kinds at all is told much faster than what it begins.
    return (
        len(encoded.translate(None, _UNWANTED_BYTES)) != len(encoded)
        or (not encoded.isascii() and _UNWANTED_SEQUENCE.search(encoded) is not None)
        or (b"\\u" in encoded and _UNWANTED_ESCAPE.search(encoded) is not None)
    )


def _refuse_other_formats(text: str) -> None:
    start = text[:2000].lstrip().casefold()
    if not start and not text.strip():
        raise Unreadable("The file is empty.", "Check that the address or the file is the right one.")
    if not start.startswith("<"):
        return
    if "<html" in start or start.startswith("<!doctype html"):
        raise Unreadable(
            "This is an HTML page, perhaps a sign-in page, and not JSON.",
            "Check the address, and whether the source asks for a key or a sign-in.",
        )
    raise Unreadable("This is XML, not JSON.", "Choose the kind of source that reads this format.")


def _refuse_excess(encoded: bytes) -> None:
    """Refuse, before anything is built, a text that is nested too deep or holds too many values.

    What stands between quotes is taken out first: escaped backslashes, then escaped quotes, then every
    second part between the quotes that remain. A text that fools this, with a backslash outside quotes,
    is not JSON before it is deep, so the parser cannot run out of stack. All of it runs at the speed of `bytes`.
    """
    unescaped = encoded.replace(b"\\\\", b"").replace(b'\\"', b"") if b"\\" in encoded else encoded
    structure = unescaped.translate(None, _NOT_STRUCTURE)
    outside = b"".join(structure.split(b'"')[::2])
    brackets = outside.translate(None, _NOT_BRACKETS)
    if outside.count(b",") + len(brackets) > MOST_VALUES:
        raise Unreadable(f"The file holds more than {MOST_VALUES:,} values.", "Split it into several files.")
    if max(accumulate(map(_STEP.__getitem__, brackets)), default=0) > DEEPEST:
        raise Unreadable(
            f"Lists and objects are nested more than {DEEPEST} levels deep.",
            "A dataset description needs fewer than ten levels.",
        )


@dataclass(frozen=True, slots=True)
class _LeftOut:
    """Stands in the parsed value for a number that cannot be kept, until its path is known."""

    message: str


@dataclass(slots=True)
class _Parser:
    found: bool = False
    repeated: dict[int, tuple[dict[str, Any], list[str]]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def parse(self, text: str) -> Any:  # noqa: ANN401 - any JSON value
        try:
            return self._loads(text, strict=True)
        except json.JSONDecodeError as error:
            if not error.msg.startswith("Invalid control character"):
                raise _unreadable(error, text) from error
            self.repeated.clear()
        return self._loads_loosely(text)

    def _loads_loosely(self, text: str) -> Any:  # noqa: ANN401 - any JSON value
        """Read text with raw line ends between quotes: not JSON, but what hand-made files have."""
        try:
            value = self._loads(text, strict=False)
        except json.JSONDecodeError as error:
            raise _unreadable(error, text) from error
        self.problems.append(
            Problem(
                "",
                "A text runs over a line end or holds another control character, which JSON does not allow.",
                Severity.WARNING,
                "Write line ends inside a text as \\n.",
            )
        )
        return value

    def _loads(self, text: str, *, strict: bool) -> Any:  # noqa: ANN401 - any JSON value
        return json.loads(
            text,
            strict=strict,
            object_pairs_hook=self._object,
            parse_constant=self._constant,
            parse_int=self._integer,
            parse_float=self._float,
        )

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(pairs)
        if len(value) == len(pairs):
            return value
        value, repeated = {}, []
        for key, item in pairs:
            if key in value:
                repeated.append(key)
            else:
                value[key] = item
        # The object is kept beside its keys, so that no later one gets its id.
        self.repeated[id(value)] = (value, repeated)
        return value

    def _left_out(self, message: str) -> _LeftOut:
        self.found = True
        return _LeftOut(message)

    def _constant(self, name: str) -> _LeftOut:
        return self._left_out(f"{name} is not a number that JSON knows; it is read as not stated.")

    def _integer(self, text: str) -> int | _LeftOut:
        if len(text) > LONGEST_INTEGER:
            return self._left_out(
                f"A number of {len(text.lstrip('-')):,} digits is too large; it is read as not stated."
            )
        return int(text)

    def _float(self, text: str) -> float | _LeftOut:
        value = float(text) if len(text) <= LONGEST_FLOAT else float("inf")
        if value in (float("inf"), float("-inf")):
            return self._left_out("A number is too large or too long; it is read as not stated.")
        return value

    def tidy(self, value: Any, path: str) -> Any:  # noqa: ANN401 - any JSON value
        """Take out what must not stay, now that the path of everything is known."""
        if isinstance(value, str):
            return self._tidy_text(value, path)
        if isinstance(value, list):
            return [self.tidy(item, f"{path}[{position}]") for position, item in enumerate(value)]
        if isinstance(value, dict):
            return self._tidy_object(value, path)
        if isinstance(value, _LeftOut):
            self.problems.append(Problem(path, value.message, Severity.WARNING, "Leave the field out, or mend it."))
            return None
        return value

    def _tidy_text(self, value: str, path: str) -> str:
        tidied, count = _UNWANTED.subn("", value)
        if count:
            message = f"The text held {count:,} control characters or halves of characters, which were removed."
            self.problems.append(Problem(path, message, Severity.WARNING, "Type the text again without them."))
        return tidied

    def _tidy_object(self, value: dict[str, Any], path: str) -> dict[str, Any]:
        for key in self.repeated.get(id(value), (value, []))[1]:
            self._report_repeated(_below(path, key))
        tidied: dict[str, Any] = {}
        for key, item in value.items():
            name = self._tidy_text(key, _below(path, key))
            if name in tidied:
                self._report_repeated(_below(path, name))
            else:
                tidied[name] = self.tidy(item, _below(path, name))
        return tidied

    def _report_repeated(self, path: str) -> None:
        message = "The field is given more than once; the first value was kept."
        self.problems.append(Problem(path, message, Severity.ERROR, "Give the field once."))


def _below(path: str, key: str) -> str:
    shown = _UNWANTED.sub("", key[:SHOWN_KEY])
    return f"{path}.{shown}" if path else shown


def _unreadable(error: json.JSONDecodeError, text: str) -> Unreadable:
    end = len(text.rstrip())
    if error.msg.startswith("Unterminated string") or error.pos >= end:
        line, column = text.count("\n", 0, end) + 1, end - text.rfind("\n", 0, end) - 1
        return Unreadable(
            f"The text ends in the middle of the document, after line {line:,}, column {column:,}.",
            "Fetch it again: it is not complete.",
        )
    place = f"line {error.lineno:,}, column {error.colno:,}"
    reason = next((words for start, words in _REASONS if error.msg.startswith(start)), "the text is not JSON")
    return Unreadable(f"The text is not JSON: at {place}, {reason}.", "Mend the file where it is written.")


def _bounded(problems: list[Problem]) -> Iterator[Problem]:
    yield from problems[:MOST_PROBLEMS]
    if len(problems) > MOST_PROBLEMS:
        yield Problem("", f"There are {len(problems) - MOST_PROBLEMS:,} more such problems.", Severity.NOTE)
