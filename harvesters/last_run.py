"""What a source's documents were in its last run: where none has changed, none of them is read again."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self, TypeAlias

import harvesters
import schemas.crosswalks
import schemas.validation
from harvesters.errors import GatherError
from harvesters.http import Fetched
from harvesters.revision import revision_of

MOST_DOCUMENTS: Final = 1_000
REVISION: Final = revision_of(harvesters, schemas.crosswalks, schemas.validation)
"""Changes with the way of taking records, their identifiers and dates out of documents: what an older release took out
is not relied on."""

File: TypeAlias = tuple[str, Callable[[], bytes]]
"""A file by its name, with what reads it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A document by its address or name, with a digest of what it said, and what its server knows it by."""

    name: str
    digest: str
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class LastRun:
    """The documents of a run in their order, and how many datasets they said that there are (0: they did not say)."""

    documents: tuple[Seen, ...]
    total: int = 0

    @classmethod
    def of(cls, cursor: Mapping[str, str], origin: str) -> Self | None:
        """What `cursor` noted of this origin; None when nothing in it can be used."""
        if (cursor.get("origin"), cursor.get("revision")) != (origin, REVISION):
            return None
        try:
            documents = tuple(Seen(*each) for each in json.loads(cursor["documents"]))
            return cls(documents, int(cursor["total"])) if documents else None
        except (KeyError, TypeError, ValueError):  # damaged: everything is read
            return None

    def cursor(self, origin: str) -> dict[str, str]:
        """The note that `of` reads; nothing when there is too much to note."""
        if not 0 < len(self.documents) <= MOST_DOCUMENTS:
            return {}
        documents = [[each.name, each.digest, each.etag, each.last_modified] for each in self.documents]
        return {
            "origin": origin,
            "revision": REVISION,
            "documents": json.dumps(documents),
            "total": str(self.total),
        }

    def holds(self, files: Sequence[File]) -> bool:
        """Whether these are its documents, in this order, and none has changed."""
        if [each.name for each in self.documents] != [name for name, _ in files]:
            return False
        try:
            return all(digest_of(read()) == each.digest for each, (_, read) in zip(self.documents, files, strict=True))
        except GatherError:
            return False


def digest_of(data: bytes, link: str = "") -> str:
    """A digest of a document, and of the header that may say where the next one is."""
    return hashlib.sha256(data + b"\n" + link.encode("utf-8", "replace")).hexdigest()


def seen_of(name: str, fetched: Fetched, *, is_followed: bool = True) -> Seen:
    """A page as it was sent. A header that links to other pages is no part of what its server knows the page by.

    It makes no difference where `is_followed` says that nobody follows it.
    """
    link = next((value for key, value in fetched.headers.items() if key.lower() == "link"), "") if is_followed else ""
    digest = digest_of(fetched.data, link)
    return Seen(name, digest) if link else Seen(name, digest, fetched.etag or "", fetched.last_modified or "")
