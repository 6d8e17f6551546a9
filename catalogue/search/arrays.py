"""Named numpy arrays in one file, read by mapping it into memory.

The file is a magic word, the length of a JSON table of contents, the table, and the arrays, each on a boundary of
16 bytes. The table also says how long the file is, so that a half-written one is known before anything is read.
"""

import itertools
import json
import mmap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from catalogue.search.damage import DamagedFile

Array: TypeAlias = NDArray[Any]

_MAGIC = b"HDCARR1\n"
_ALIGNMENT = 16
_CONTENT, _OFFSETS = ".content", ".offsets"


def write_arrays(path: Path, arrays: Mapping[str, Array]) -> None:
    """Write arrays of one dimension. `path` must not exist."""
    offset, entries = 0, {}
    for name, array in arrays.items():
        entries[name] = (array.dtype.str, len(array), offset)
        offset += _padded(array.nbytes)
    contents = json.dumps({"arrays": entries, "bytes": offset}).encode()
    with path.open("xb") as file:
        file.write(_MAGIC + len(contents).to_bytes(8, "little"))
        file.write(contents.ljust(_padded(len(contents))))
        for array in arrays.values():
            file.write(array.tobytes())
            file.write(bytes(_padded(array.nbytes) - array.nbytes))


def read_arrays(path: Path) -> dict[str, Array]:
    """The arrays of a file as read-only views of the mapped file. Raises `DamagedFile` and `OSError`."""
    with path.open("rb") as file:
        magic, length = file.read(len(_MAGIC)), int.from_bytes(file.read(8), "little")
        if magic != _MAGIC:
            raise DamagedFile(f"{path.name} is not a file of arrays")
        start = len(_MAGIC) + 8 + _padded(length)
        if path.stat().st_size < start:
            raise DamagedFile(f"{path.name} is cut short")
        contents = json.loads(file.read(length))
        if path.stat().st_size != start + contents["bytes"]:
            raise DamagedFile(f"{path.name} is not as long as it says")
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return {
        name: np.frombuffer(mapped, dtype=np.dtype(kind), count=count, offset=start + offset)
        for name, (kind, count, offset) in contents["arrays"].items()
    }


def _padded(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT


@dataclass(frozen=True, slots=True)
class Texts:
    """Many texts or byte strings, end to end, with the offset of each and of the end."""

    content: Array
    offsets: Array

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, position: int) -> bytes:
        return self.content[self.offsets[position] : self.offsets[position + 1]].tobytes()

    def __iter__(self) -> Iterator[bytes]:
        content, offsets = self.content.tobytes(), self.offsets.tolist()
        return (content[start:end] for start, end in itertools.pairwise(offsets))


def pack(name: str, texts: Sequence[bytes]) -> dict[str, Array]:
    """Byte strings as the two arrays that `unpack` puts together again."""
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(text) for text in texts], out=offsets[1:])
    return {f"{name}{_CONTENT}": np.frombuffer(b"".join(texts), np.uint8), f"{name}{_OFFSETS}": offsets}


def unpack(name: str, arrays: Mapping[str, Array]) -> Texts:
    """Byte strings that `pack` took apart."""
    return Texts(arrays[f"{name}{_CONTENT}"], arrays[f"{name}{_OFFSETS}"])


def unpack_all(arrays: Mapping[str, Array]) -> dict[str, Texts]:
    """All byte strings that `pack` took apart, by name."""
    names = (name.removesuffix(_CONTENT) for name in arrays if name.endswith(_CONTENT))
    return {name: unpack(name, arrays) for name in names}
