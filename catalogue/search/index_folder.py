"""The folder that holds the index: generations beside each other, and which of them is live.

    CURRENT              the format of the index and the name of the live generation
    LOCK                 held by the one process that writes
    generations/NAME/    a Whoosh index
    generations/NAME.new one that is being filled

A rebuild fills a new generation and then replaces `CURRENT`, which is atomic; a crash leaves the old one live.
Whoosh's files hold pickles, so the folder is for its owner only: who can write there can run code here.
"""

import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from catalogue.search.backend import IndexBusy, IndexUnavailable
from catalogue.search.damage import writing_files
from catalogue.search.fields import FINGERPRINT

FORMAT = f"4.{FINGERPRINT}"
"""How the index is written. An index that is written otherwise is refused, and built again."""

_UNFINISHED = ".new"
_POLL = 0.05


class IndexFolder:
    """Knows the layout above."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._current = path / "CURRENT"
        self._generations = path / "generations"

    def live(self) -> Path | None:
        """The live generation's folder, or nothing when there is no index yet. Raises `IndexUnavailable`."""
        try:
            text = self._current.read_text(encoding="utf-8")
        except FileNotFoundError:
            if any(path.suffix != _UNFINISHED for path in self._generations.glob("*")):
                raise IndexUnavailable(self.path, "it does not say which generation is current") from None
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise IndexUnavailable(self.path, "it cannot be read") from error
        written_as, _, name = text.strip().partition(" ")
        if written_as != FORMAT or not name or Path(name).name != name:
            raise IndexUnavailable(self.path, "it was written by another release of the catalogue")
        return self._generations / name

    @contextmanager
    def writing(self, patience: float) -> Iterator[None]:
        """Hold the write lock. Waits up to `patience` seconds, then raises `IndexBusy`.

        Raises `IndexUnavailable` when the folder cannot be made.

        The lock is the kernel's, so it is free again when the process that held it dies.
        """
        with ExitStack() as held:
            with writing_files(self.path):
                self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
                self.path.chmod(0o700)
                lock = held.enter_context((self.path / "LOCK").open("ab"))
            deadline = time.monotonic() + patience
            while not _locked(lock.fileno()):
                if time.monotonic() >= deadline:
                    raise IndexBusy(self.path)
                time.sleep(_POLL)
            yield

    @contextmanager
    def replacing(self) -> Iterator[Path]:
        """A folder for a new generation, which goes live at the end; only while `writing`.

        When filling it fails it is removed, and the old generation stays.
        """
        with writing_files(self.path):
            generation = self._make_generation()
            try:
                yield generation
                generation = generation.rename(generation.with_suffix(""))
                self._make_live(generation)
            except BaseException:
                shutil.rmtree(generation, ignore_errors=True)
                raise
            self._remove_others(generation)

    def _make_generation(self) -> Path:
        # Never a name that was used before: readers tell generations apart by name, even after all were deleted.
        folder = self._generations / f"{secrets.token_hex(8)}{_UNFINISHED}"
        folder.mkdir(mode=0o700, parents=True)
        return folder

    def _make_live(self, generation: Path) -> None:
        """Swap. Readers that still use the old generation have its files open."""
        written = self.path / "CURRENT.new"
        with written.open("w", encoding="utf-8") as file:
            file.write(f"{FORMAT} {generation.name}\n")
            file.flush()
            os.fsync(file.fileno())
        written.replace(self._current)

    def _remove_others(self, generation: Path) -> None:
        """Remove every generation but one: old ones, and what a crash left half built."""
        for path in self._generations.iterdir():
            if path != generation:
                shutil.rmtree(path, ignore_errors=True)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
