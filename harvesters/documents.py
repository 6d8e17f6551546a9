"""What kinds of source have in common whose records stand together in documents: files, folders of them, pages."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from harvesters.base import Harvester, Origin, Raw
from harvesters.errors import FileError, GatherError
from harvesters.files import list_folder, read_file
from harvesters.http import GuardedClient
from harvesters.last_run import File, LastRun, Seen, digest_of
from schemas.metadata import Severity


class DocumentHarvester(Harvester):
    """Takes records out of documents, and nothing out of those that are what they were in the last run."""

    media_type: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]]
    """How the names of files end, packed or not."""
    largest: ClassVar[int]
    """Bytes of a document."""

    def __init__(self, origin: Origin, settings: Mapping[str, Any], client: GuardedClient | None = None) -> None:
        super().__init__(origin, settings, client)
        self._documents: list[Seen] = []
        self._total = 0

    @abstractmethod
    def _opened(self, data: bytes, url: str) -> Iterator[Raw]:
        """Yield the records of one document."""

    def _unsent(self, before: LastRun, url: str) -> Iterator[Raw]:
        """No document has changed since the run `before`: the records are those of that run."""
        self._documents, self._total = list(before.documents), before.total
        for each in self.memory.recall_all():
            yield Raw(each.identifier, b"", self.media_type, url, dates=each.dates, digest=each.digest)

    def _note_documents(self) -> None:
        """Remember what the documents were, unless there is something to be told again in every run."""
        if all(each.severity is Severity.NOTE for each in self._problems):
            self.cursor = LastRun(tuple(self._documents), self._total).cursor(self.origin.url)

    def _files(self, path: Path) -> Iterator[Raw]:
        files = self._named(path)
        before = LastRun.of(self.memory.cursor(), "")
        if before is not None and not self._problems and before.holds(files):
            yield from self._unsent(before, files[0][0])
            return
        for name, read in files:
            try:
                data = read()
                self._documents.append(Seen(name, digest_of(data)))
                yield from self._opened(data, name)
            except GatherError as error:
                if len(files) == 1:
                    raise
                self._give_up(error.problem)

    def _named(self, path: Path) -> Sequence[File]:
        """The files of a path by name, with what reads them."""
        if path.is_symlink() or not path.is_dir():
            return [(path.name, partial(read_file, path, limit=self.largest))]
        listing = list_folder(path, (*self.suffixes, *(f"{suffix}.gz" for suffix in self.suffixes)))
        for refused in listing.refused:
            self._give_up(refused.problem)
        if not listing.files:
            message = f"The folder holds no file with a name that ends in {' or '.join(self.suffixes)}."
            raise FileError(message, "Check that it is the right folder.", path.name)
        return [(file.name, partial(read_file, file, limit=self.largest)) for file in listing.files]
