"""HDR UK's contract with custodians: one address lists the datasets, another gives the description of one.

    GET {base}{datasets} -> {"query": {"total", "limit", "offset"}, "items": [{"persistentId", "version", "modified"}]}
    GET {base}{dataset with {id}} -> the description

The contract has `limit` and `offset`, and few servers heed them: a list is asked for as it is, and only what its own
total says is still missing is asked for page by page.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from marshmallow import ValidationError, fields, validates_schema

from harvesters.credentials import CredentialSettings
from harvesters.errors import GatherError
from harvesters.hdruk_answers import answer_of, declared_total, items_of, kind_of
from schemas.crosswalks.identifiers import MAXIMUM_LENGTH
from schemas.crosswalks.text import clean
from schemas.metadata import Problem, Severity

MOST_PAGES: Final = 1_000
MOST_ITEMS: Final = 200_000
_PATH: Final = re.compile(r"/[\x21-\x7e]{0,500}\Z")


class FederationSettings(CredentialSettings):
    """Options of a source that follows the contract; without `datasets` its address is one file of descriptions."""

    datasets = fields.String(
        metadata={
            "label": "Path of the list",
            "help": "Where the custodian's server lists its datasets, after the source's address: /datasets.",
        }
    )
    dataset = fields.String(
        metadata={
            "label": "Path of a description",
            "help": "The same for one description, with {id} in its identifier's place; else /{id} after the list's.",
        }
    )
    always_fetch = fields.Boolean(
        metadata={
            "label": "Fetch every description each time",
            "help": "Else one is fetched again only when the list has another version or date of change for it.",
        }
    )

    @validates_schema
    def check_paths(self, data: Mapping[str, Any], **_: object) -> None:
        """Paths are of the source's own server, and that of a description says where the identifier goes."""
        for name in ("datasets", "dataset"):
            path = data.get(name, "/")
            if not _PATH.match(path) or path.startswith("//") or "#" in path or "\\" in path:
                raise ValidationError("Give a path that begins with one slash, such as /datasets.", name)
        if "dataset" in data and "datasets" not in data:
            raise ValidationError("Give the path of the list too.", "datasets")
        if "{" in data.get("datasets", "") or data.get("dataset", "{id}").count("{id}") != 1:
            raise ValidationError(
                "Write {id} once in the path of a description, and not in that of the list.", "dataset"
            )


@dataclass(frozen=True, slots=True)
class Listed:
    """A dataset in a list: what it is called there, and what the list says of its version and last change."""

    identifier: str
    version: str
    modified: str
    position: str

    @property
    def stamp(self) -> str:
        """The same as long as the list says the same of it; empty where it does not say enough to tell."""
        if not (self.version and self.modified):
            return ""
        return hashlib.sha256(f"{self.identifier}\n{self.version}\n{self.modified}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a custodian's server has its list and its descriptions."""

    listing: str
    description: str

    @classmethod
    def of(cls, base: str, settings: Mapping[str, Any]) -> "Addresses":
        """Join the paths to the source's address, as the contract does."""
        start = base.rstrip("/")
        listing = settings["datasets"]
        description = settings.get("dataset", f"{listing.partition('?')[0].rstrip('/')}/{{id}}")
        return cls(start + listing, start + description)

    def description_of(self, identifier: str) -> str:
        """The address of one description."""
        return self.description.replace("{id}", quote(identifier, safe=""))

    def page(self, *, limit: int, offset: int) -> str:
        """The address of a page of the list."""
        parts = urlsplit(self.listing)
        paging = urlencode({"limit": limit, "offset": offset})
        return urlunsplit(parts._replace(query=f"{parts.query}&{paging}" if parts.query else paging))


class Listing:
    """A list as it is taken in, page by page; its problems and totals are there when it has been."""

    def __init__(self, fetch: Callable[[str], Any], addresses: Addresses) -> None:
        self._fetch, self._addresses = fetch, addresses
        self.declared: int | None = None
        self.received = 0
        self.problems: list[Problem] = []
        self.is_complete = True
        self._known: set[str] = set()

    def __iter__(self) -> Iterator[Listed]:
        """Yield each dataset once. A `GatherError` may pass through; what was yielded before stays good."""
        url, offset = self._addresses.listing, 0
        for _ in range(MOST_PAGES):
            answer = answer_of(self._fetch(url))
            items, limit = _page_of(answer, url, is_first=not offset)
            self._declare(declared_total(answer))
            if offset and items and not self._has_news(items):
                raise GatherError(
                    f"The list goes on after {self.received:,} datasets, but brings nothing new.",
                    "Have the server heed limit and offset, or list everything at once.",
                )
            offset += len(items)
            yield from self._each(items)
            if self.received > MOST_ITEMS:
                raise GatherError(f"The list has more than {MOST_ITEMS:,} datasets.", "Split it into several sources.")
            if not self._has_more(offset, len(items), limit):
                break
            url = self._addresses.page(limit=limit or len(items), offset=offset)
        else:
            raise GatherError(f"The list has more than {MOST_PAGES:,} pages.", "Have the server send longer ones.")
        self._compare()

    def _each(self, items: list[Any]) -> Iterator[Listed]:
        for number, item in enumerate(items):
            position = f"items[{number}]"
            found = _listed(item, position)
            if isinstance(found, Problem):
                self.is_complete = False
                self.problems.append(found)
            elif found.identifier in self._known:
                message = f"The list has {found.identifier:.100} more than once."
                self.problems.append(Problem(position, message, Severity.WARNING, "List every dataset once."))
            else:
                self._known.add(found.identifier)
                self.received += 1
                yield found

    def _has_news(self, items: list[Any]) -> bool:
        found = (_listed(item, "") for item in items)
        return any(isinstance(each, Listed) and each.identifier not in self._known for each in found)

    def _declare(self, total: int | None) -> None:
        if self.declared is not None and total is not None and total != self.declared:
            message = f"The list's total changed from {self.declared:,} to {total:,} between its pages."
            self.problems.append(Problem("", message, Severity.WARNING, "Nothing need be done if the next run agrees."))
        self.declared = total if total is not None else self.declared

    def _has_more(self, offset: int, size: int, limit: int) -> bool:
        if size == 0:
            return False
        return offset < self.declared if self.declared is not None else 0 < limit <= size

    def _compare(self) -> None:
        if self.declared is not None and self.declared != self.received:
            message = f"The list says that it has {self.declared:,} datasets, and {self.received:,} came."
            fix = "Nothing is taken for missing until both numbers are the same."
            self.is_complete = False
            self.problems.append(Problem("", message, Severity.ERROR, fix))


def _page_of(answer: Any, url: str, *, is_first: bool) -> tuple[list[Any], int]:  # noqa: ANN401 - any JSON value
    """The items of a page, and the page size that the server states, or 0. A later page may be empty."""
    query = answer.get("query") if isinstance(answer, Mapping) else None
    limit = query.get("limit") if isinstance(query, Mapping) else None
    size = limit if isinstance(limit, int) and not isinstance(limit, bool) and 0 < limit <= MOST_ITEMS else 0
    if not is_first and isinstance(answer, Mapping) and answer.get("items") == []:
        return [], size
    return items_of(answer, url)[0], size


def _listed(item: Any, position: str) -> Listed | Problem:  # noqa: ANN401 - any JSON value
    if not isinstance(item, Mapping):
        return Problem(position, f"The list has {kind_of(item)} in the place of a dataset.", Severity.ERROR)
    identifier = _text(item.get("persistentId"))
    if not 0 < len(identifier) <= MAXIMUM_LENGTH:
        message = "The list has a dataset without a persistentId, which cannot be asked for."
        return Problem(position, message, Severity.ERROR, "Give every item of the list its persistentId.")
    return Listed(identifier, _text(item.get("version")), _text(item.get("modified")), position)


def _text(value: Any) -> str:  # noqa: ANN401 - any JSON value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return clean(value) if isinstance(value, str) else ""
