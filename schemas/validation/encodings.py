"""The text that bytes from outside are, in the encoding that their first bytes tell."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

# The mark of UTF-16 is the beginning of one of UTF-32, which is looked for first.
_BYTE_ORDER_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the encoding that it was in, and how many bytes of a byte order mark stood before it."""

    text: str
    encoding: str
    mark: int = 0


class Undecodable(Exception):
    """The bytes are no text in their encoding; says where, and what mends it."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.message, self.fix = message, fix


def decode(data: bytes, unmarked: Callable[[bytes], str]) -> Decoded:
    """The text of some bytes; without a byte order mark they are in the encoding that `unmarked` says.

    Raises `Undecodable`.
    """
    encoding, start = next(((name, len(mark)) for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)), ("", 0))
    encoding = encoding or unmarked(data)
    try:
        return Decoded(data[start:].decode(encoding), encoding, start)
    except UnicodeDecodeError as error:
        offset = start + error.start
        line = data.count(b"\n", 0, offset) + 1
        raise Undecodable(
            f"The byte at position {offset:,} (line {line:,}) is not valid {encoding.upper()}.",
            "Save the file in UTF-8. Text from a spreadsheet is often in Windows-1252 instead.",
        ) from error
