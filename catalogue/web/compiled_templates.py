"""What templates are compiled to: compiled once a release, since that takes longer than all else that a page needs."""

import os
from contextlib import suppress
from pathlib import Path
from types import CodeType

from jinja2 import BytecodeCache, FileSystemBytecodeCache
from jinja2.bccache import Bucket

_compiled: dict[tuple[str, str, str], CodeType] = {}
"""By the kind of template, its name and place, and its text."""


class CompiledTemplates(BytecodeCache):
    """Kept in the process, for every application in it, and in a folder, for the processes that start later.

    `kind` is the same for templates that are compiled in the same way. Where the folder cannot be written, every
    process compiles for itself.
    """

    def __init__(self, folder: Path, kind: str) -> None:
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._kind = kind
        self._files = FileSystemBytecodeCache(str(folder), f"{kind}-%s.cache") if os.access(folder, os.W_OK) else None

    def load_bytecode(self, bucket: Bucket) -> None:
        """See `BytecodeCache.load_bytecode`."""
        known = _compiled.get(self._place(bucket))
        if known is not None:
            bucket.code = known
        elif self._files is not None:
            self._files.load_bytecode(bucket)
            self._remember(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """See `BytecodeCache.dump_bytecode`."""
        self._remember(bucket)
        # A folder that has gone since, or is full, is no reason to show no page.
        with suppress(OSError):
            if self._files is not None:
                self._files.dump_bytecode(bucket)

    def _remember(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            _compiled[self._place(bucket)] = bucket.code

    def _place(self, bucket: Bucket) -> tuple[str, str, str]:
        return self._kind, bucket.key, bucket.checksum
