"""Files and folders named on the command line, read without following links and unpacked within bounds."""

import os
import stat
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from harvesters.errors import FileError

GZIP_MAGIC: Final = b"\x1f\x8b"
GZIP_WINDOW: Final = 31
CHUNK: Final = 1024 * 1024
LARGEST_RATIO: Final = 200
"""Bytes unpacked for each byte packed. Descriptions pack twenty to one; a bomb packs a thousand to one."""
SMALL: Final = 10 * 1024 * 1024
"""Bytes below which no ratio is suspicious."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a folder in the order of their names, and what in it was refused."""

    files: tuple[Path, ...]
    refused: tuple[FileError, ...]


def list_folder(folder: Path, suffixes: tuple[str, ...]) -> Listing:
    """Find the regular files with these suffixes; links and folders within are refused, hidden ones passed over."""
    files, refused = [], []
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise FileError(f"The folder cannot be read: {error.strerror}.", path=folder.name) from error
    for entry in found:
        if entry.name.startswith("."):
            continue
        if entry.is_symlink():
            refused.append(_link(entry.name))
        elif entry.is_dir(follow_symlinks=False):
            refused.append(FileError("Folders within the folder are not read.", "Name each folder.", entry.name))
        elif entry.is_file(follow_symlinks=False) and entry.name.lower().endswith(suffixes):
            files.append(Path(entry.path))
    return Listing(tuple(files), tuple(refused))


def read_file(path: Path, *, limit: int) -> bytes:
    """Read a regular file of at most `limit` bytes. Raises `FileError`.

    It is opened first and looked at then, so that nothing can be put in its place in between; not waiting
    keeps a named pipe from holding the run.
    """
    if path.is_symlink():
        raise _link(path.name)
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise FileError(f"The file cannot be read: {error.strerror}.", path=path.name) from error
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise FileError("This is not a file.", path=path.name)
        return read_stream(file, limit=limit, name=path.name)


def read_stream(stream: BinaryIO, *, limit: int, name: str = "") -> bytes:
    """Read a stream to its end, at most `limit` bytes. Raises `FileError`."""
    try:
        data = stream.read(limit + 1)
    except OSError as error:
        raise FileError(f"Reading broke off: {error.strerror}.", path=name) from error
    if len(data) > limit:
        raise FileError(f"There are more than {limit:,} bytes.", "Split it into several files.", name)
    return data


def unpack(data: bytes, *, limit: int, name: str = "") -> bytes:
    """Return the data, unpacked when it is gzip, at most `limit` bytes and no more than text packs to.

    Raises `FileError`.
    """
    if not data.startswith(GZIP_MAGIC):
        return data
    largest = min(limit, max(SMALL, len(data) * LARGEST_RATIO))
    parts: list[bytes] = []
    size = 0
    while data:
        unpacker = zlib.decompressobj(GZIP_WINDOW)
        while not unpacker.eof:
            part = _unpack_part(unpacker, data, name)
            size += len(part)
            if size > largest:
                raise FileError(
                    f"The file unpacks to more than {largest:,} bytes.", "Split it into several files.", name
                )
            parts.append(part)
            if not part and not unpacker.unconsumed_tail and not unpacker.eof:
                raise FileError("The packed file ends in the middle.", "Fetch it again: it is not complete.", name)
            data = unpacker.unconsumed_tail
        # Another member may follow, and zero bytes to fill a block.
        data = unpacker.unused_data.lstrip(b"\0")
    return b"".join(parts)


def _unpack_part(unpacker: "zlib._Decompress", data: bytes, name: str) -> bytes:
    try:
        return unpacker.decompress(data, CHUNK)
    except zlib.error as error:
        raise FileError("The packed file is damaged.", "Pack it again with gzip.", name) from error


def _link(name: str) -> FileError:
    return FileError("This is a link, and links are not followed.", "Name the file that it points to.", name)
