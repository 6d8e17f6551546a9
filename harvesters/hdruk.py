"""HDR UK dataset descriptions in JSON: bulk files, folders of files, single documents, and addresses of them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar, Final

import marshmallow

import schemas.crosswalks
import schemas.metadata
import schemas.validation
import schemas.vocabularies
from harvesters.base import Origin, Raw, Remembered, UnusableSettings
from harvesters.credentials import Credentials
from harvesters.documents import DocumentHarvester
from harvesters.errors import FileError, GatherError
from harvesters.files import read_stream, unpack
from harvesters.hdruk_answers import (
    MEDIA_TYPE,
    answer_of,
    declared_total,
    excuse,
    is_description,
    is_listing,
    items_of,
    kind_of,
    raw_of,
    unwrapped,
)
from harvesters.hdruk_federation import Addresses, FederationSettings, Listed, Listing
from harvesters.http import Fetched, GuardedClient, Limits
from harvesters.last_run import LastRun, Seen, seen_of
from harvesters.revision import revision_of
from schemas.crosswalks import hdruk
from schemas.crosswalks.dates import DateOrder
from schemas.crosswalks.reading import Reading
from schemas.metadata import Problem, Severity
from schemas.validation import Unreadable, read_json
from schemas.validation.json_text import LARGEST

ACCEPTED_TYPES: Final = frozenset(
    {"", "application/gzip", "application/octet-stream", "application/x-gzip", "text/plain"}
)
ONE_DOCUMENT: Final = Limits(size=50 * 1024 * 1024, seconds=120.0, longest_wait=60.0)
MOST_FAILURES: Final = 10
"""Descriptions in a row that fail before the rest is not asked for: a server that is down has answered enough."""


class HdrukHarvester(DocumentHarvester):
    """Reads what the Gateway and its members publish, of any HDR UK version.

    An address is one file of descriptions, or the base of a server that follows the contract for custodians
    (`hdruk_federation`), when its options say where the list is.
    """

    kind: ClassVar[str] = "hdruk"
    label: ClassVar[str] = "HDR UK descriptions (JSON)"
    revision: ClassVar[str] = revision_of(
        schemas.crosswalks, schemas.metadata, schemas.validation, schemas.vocabularies
    )
    Config: ClassVar[type[marshmallow.Schema]] = FederationSettings
    media_type: ClassVar[str] = MEDIA_TYPE
    suffixes: ClassVar[tuple[str, ...]] = (".json",)
    largest: ClassVar[int] = LARGEST
    _credentials = Credentials()

    @classmethod
    def from_source(
        cls, origin: Origin, options: Mapping[str, Any], client: GuardedClient | None = None
    ) -> "HdrukHarvester":
        """See `Harvester.from_source`."""
        made = super().from_source(origin, options, client)
        if "datasets" in made.settings and set("?#") & set(origin.url):
            message = "The address of a custodian's server has nothing after a ? or #; put that into the paths."
            raise UnusableSettings((Problem("url", message, Severity.ERROR, "Shorten the address."),))
        return made

    @classmethod
    def limits(cls, settings: Mapping[str, Any]) -> Limits | None:
        """See `Harvester.limits`."""
        return ONE_DOCUMENT if "datasets" in settings else None

    def _records(self) -> Iterator[Raw]:
        self._documents = []
        if self.origin.url:
            self._credentials = Credentials.of(self.settings)
            is_federation = "datasets" in self.settings
            yield from self._federated() if is_federation else self._fetched(self.origin.url)
        elif self.origin.stream is not None:
            yield from self._opened(read_stream(self.origin.stream, limit=LARGEST), "-")
        elif self.origin.path is not None:
            yield from self._files(self.origin.path)
        else:
            raise GatherError("The source has neither an address nor a file.")
        self._note_documents()

    @classmethod
    def parse(cls, raw: Raw, *, date_order: DateOrder | None, today: date) -> Reading:
        """See `Harvester.parse`."""
        try:
            text = read_json(raw.data)
        except Unreadable as error:
            return _unread(error.problem)
        if not isinstance(text.value, dict):
            return _unread(Problem("", f"A description is an object, not {kind_of(text.value)}.", Severity.ERROR))
        reading = hdruk.read(text.value, identifier=raw.identifier, date_order=date_order, today=today)
        return Reading(
            reading.description, text.problems + reading.problems, reading.schema_name, reading.schema_version
        )

    def _report(self, problem: Problem) -> None:
        """A server may repeat the secret in what it says of an error."""
        hide = self._credentials.hide
        super()._report(replace(problem, message=hide(problem.message), path=hide(problem.path)))

    def _get(self, url: str, **conditions: str | None) -> Fetched:
        if self.client is None:
            raise GatherError("No client was given to fetch with.")
        return self.client.get(url, headers={"Accept": MEDIA_TYPE, **self._credentials.headers}, **conditions)

    def _fetched(self, url: str) -> Iterator[Raw]:
        before = LastRun.of(self.memory.cursor(), url)
        known = before.documents[0] if before is not None else Seen(url, "")
        fetched = self._get(url, etag=known.etag or None, last_modified=known.last_modified or None)
        seen = known if fetched.not_modified else seen_of(url, fetched, is_followed=False)
        if before is not None and seen.digest == known.digest:
            yield from self._unsent(replace(before, documents=(seen,)), url)
            return
        if "json" not in fetched.media_type and fetched.media_type not in ACCEPTED_TYPES:
            message = f"The source calls its answer “{fetched.media_type:.60}”, and not JSON."
            self._report(Problem("", message, Severity.NOTE, f"Serve it as {MEDIA_TYPE}."))
        self._documents.append(seen)
        yield from self._opened(fetched.data, fetched.url)

    def _unsent(self, before: LastRun, url: str) -> Iterator[Raw]:
        for raw in super()._unsent(before, url):
            self._expect(None, 1)
            yield raw

    def _federated(self) -> Iterator[Raw]:
        """Take in the list, then each description; one that fails is reported, and the others go on."""
        addresses = Addresses.of(self.origin.url, self.settings)
        listed = self._list(addresses)
        failures = 0
        for item in listed:
            try:
                raw = self._described(item, addresses.description_of(item.identifier))
            except GatherError as error:
                failures += 1
                message = f"{item.identifier:.100}: {error.problem.message}"
                self._give_up(replace(error.problem, path=item.position, message=message))
                if failures == MOST_FAILURES:
                    message = f"{failures} descriptions in a row could not be fetched; the others were not asked for."
                    raise GatherError(message, "Look at the server, then harvest again.") from error
            else:
                failures = 0
                yield raw

    def _list(self, addresses: Addresses) -> list[Listed]:
        listing = Listing(lambda url: _json(self._get(url)), addresses)
        items: list[Listed] = []
        try:
            items.extend(listing)
        except GatherError as error:
            self._give_up(error.problem)
        for problem in listing.problems:
            self._report(problem)
        self._is_complete &= listing.is_complete
        self._expect(listing.declared, listing.received)
        return items

    def _described(self, item: Listed, url: str) -> Raw:
        """The description of a listed dataset, from memory when the list says nothing new of it."""
        remembered = None
        if item.stamp and not self.settings.get("always_fetch"):
            remembered = self.memory.recall(item.stamp)
        if remembered is not None:
            return _again(remembered, url, item.position, item.stamp)
        value = answer_of(_json(self._get(url)))
        if isinstance(value, dict) and isinstance(value.get("data"), dict):
            value = value["data"]
        if not isinstance(value, dict) or not is_description(value):
            what = excuse(value) if isinstance(value, dict) else f"It is {kind_of(value)}."
            raise GatherError(f"The answer is no description. {what}")
        raw = raw_of(value, url, item.position)
        self._compare(item, unwrapped(value), raw.identifier)
        return replace(raw, identifier=raw.identifier or hdruk.identifier_of(item.identifier), stamp=item.stamp)

    def _compare(self, item: Listed, document: Mapping[str, Any], identifier: str | None) -> None:
        """Where list and description disagree, the description counts, and its custodian is told."""
        version = document.get("version") or document.get("documentationVersion")
        if item.version and isinstance(version, str) and version.strip() != item.version:
            message = f"{item.identifier:.100} has the version {item.version:.40} in the list and {version:.40} itself."
            self._report(Problem(item.position, message, Severity.WARNING, "State the same version in both."))
        if identifier is not None and identifier != hdruk.identifier_of(item.identifier):
            message = f"The list calls it {item.identifier:.100}, and it calls itself {identifier:.100}."
            self._report(Problem(item.position, message, Severity.WARNING, "Use the same identifier in both."))

    def _opened(self, data: bytes, url: str) -> Iterator[Raw]:
        """Yield the records of one document; one that cannot be used is reported under its name."""
        try:
            text = read_json(unpack(data, limit=LARGEST, name=url))
        except Unreadable as error:
            raise FileError(error.problem.message, error.problem.fix, url) from error
        for problem in text.problems:
            self._report(Problem(problem.path, f"{url}: {problem.message}", problem.severity, problem.fix))
        if isinstance(text.value, dict) and is_description(text.value):
            self._expect(None, 1)
            yield raw_of(text.value, url, "")
            return
        answer = answer_of(text.value)
        items, place = items_of(answer, url)
        if is_listing(items):
            raise FileError(
                "This lists datasets without describing them.",
                "Set the option datasets to the path of the list, and the address to what stands before it.",
                url,
            )
        declared = declared_total(answer)
        self._expect(declared, len(items))
        for position, item in enumerate(items):
            yield raw_of(item, url, f"{place}[{position}]")
        if declared is not None and declared != len(items):
            raise FileError(
                f"The list says that it has {declared:,} descriptions, and {len(items):,} came.",
                "Nothing is taken for missing until both numbers are the same.",
                url,
            )


def _json(fetched: Fetched) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return read_json(unpack(fetched.data, limit=ONE_DOCUMENT.size)).value
    except Unreadable as error:
        raise GatherError(error.problem.message, error.problem.fix) from error


def _again(remembered: Remembered, url: str, position: str, stamp: str) -> Raw:
    """A record as it came the last time."""
    raw = raw_of(read_json(remembered.data).value, url, position)
    return replace(raw, identifier=remembered.identifier, data=remembered.data, stamp=stamp)


def _unread(problem: Problem) -> Reading:
    return Reading(None, (problem,), "", "")
