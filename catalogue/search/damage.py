"""What goes wrong when the files of the index are not what they should be, told in one way."""

import pickle
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from whoosh.filedb.filetables import FileFormatError  # type: ignore[import-untyped]
from whoosh.index import EmptyIndexError, IndexVersionError  # type: ignore[import-untyped]
from whoosh.index import IndexError as WhooshIndexError

from catalogue.search.backend import IndexUnavailable

DAMAGE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EmptyIndexError,
    EOFError,
    FileFormatError,
    ImportError,
    IndexVersionError,
    LookupError,
    MemoryError,
    OSError,
    TypeError,
    ValueError,
    WhooshIndexError,
    pickle.UnpicklingError,
    struct.error,
    zlib.error,
)
"""What reading them raises, here and inside Whoosh, which reads pickles."""


class DamagedFile(ValueError):
    """A file is shorter than it says, or is not what its name says."""


class reading:  # noqa: N801 - used as a statement, and a class because one written with `yield` costs thrice as much
    """Turn whatever reading raises into `IndexUnavailable`."""

    __slots__ = ("_path",)

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, DAMAGE):
            raise IndexUnavailable(self._path, "its files are damaged or incomplete") from error


@contextmanager
def writing_files(path: Path) -> Iterator[None]:
    """Turn what the disk refuses into `IndexUnavailable`: no room, no permission."""
    try:
        yield
    except OSError as error:
        raise IndexUnavailable(path, f"it cannot be written ({error.strerror or error})") from error
