"""Finds out by itself when stored records must be read again."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Final

READ: Final = (".py", ".json")


def revision_of(*modules: ModuleType) -> str:
    """A short text that changes with the code and data of the given modules and packages.

    A number raised by hand would be forgotten, and a mapping mended in one release would then never reach
    records whose bytes stay the same. A changed comment only costs one slower run.
    """
    digest = sha256()
    for module in modules:
        for path in sorted(_files(module)):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _files(module: ModuleType) -> Iterator[Path]:
    if not hasattr(module, "__path__"):
        yield Path(module.__file__ or "")
    else:
        for folder in module.__path__:
            yield from (path for path in Path(folder).rglob("*") if path.suffix in READ)
