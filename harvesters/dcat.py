"""DCAT in any form of RDF: files and folders of files, addresses of documents, and paged feeds."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar, Final

import marshmallow
from marshmallow import fields, validate

import schemas.crosswalks
import schemas.metadata
import schemas.validation
import schemas.vocabularies
from harvesters.base import Origin, Raw
from harvesters.credentials import Credentials, CredentialSettings
from harvesters.documents import DocumentHarvester
from harvesters.errors import GatherError
from harvesters.files import read_stream, unpack
from harvesters.http import Fetched, GuardedClient
from harvesters.last_run import LastRun, Seen, digest_of, seen_of
from harvesters.rdf_paging import Paging, next_of, total_of
from harvesters.rdf_reading import ACCEPT, LARGEST, MEDIA_TYPES, SUFFIXES, RdfDocument, read_rdf
from harvesters.rdf_records import Described, Document, listed_only
from harvesters.revision import revision_of
from schemas.crosswalks import dcat
from schemas.crosswalks.dates import DateOrder, date_evidence
from schemas.crosswalks.rdf_graph import value_of
from schemas.crosswalks.rdf_terms import DCT, SCHEMA, SCHEMA_HTTP
from schemas.crosswalks.reading import Reading
from schemas.metadata import Problem, Severity

MEDIA_TYPE: Final = "application/n-triples"
MOST_PAGES: Final = 1_000
MOST_HELD: Final = 64 * 1024 * 1024
"""Bytes of pages that are held while it is found out whether any has changed; of more, the rest is fetched twice."""
LONGEST_IDENTIFIER: Final = 500
SHOWN: Final = 5

_SLASH_DATE = re.compile(r'"([0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4})"')
_IDENTIFIERS: Final = (
    DCT.identifier,
    SCHEMA.identifier,
    SCHEMA_HTTP.identifier,
    SCHEMA.url,
    SCHEMA_HTTP.url,
)


class DcatSettings(CredentialSettings):
    """Options of a source of DCAT."""

    most_pages = fields.Integer(
        load_default=MOST_PAGES,
        validate=validate.Range(1, 100_000),
        metadata={
            "label": "Most pages",
            "help": f"Pages of a feed that are read at most; {MOST_PAGES:,} if not said.",
        },
    )


class DcatHarvester(DocumentHarvester):
    """Reads what portals publish for each other: DCAT, DCAT-AP, HealthDCAT-AP, and datasets of schema.org.

    A record is a dataset with its own address, compared character by character, or else with `dct:identifier`.
    """

    kind: ClassVar[str] = "dcat"
    label: ClassVar[str] = "DCAT, DCAT-AP (RDF)"
    revision: ClassVar[str] = revision_of(
        schemas.crosswalks, schemas.metadata, schemas.validation, schemas.vocabularies
    )
    Config: ClassVar[type[marshmallow.Schema]] = DcatSettings
    media_type: ClassVar[str] = MEDIA_TYPE
    suffixes: ClassVar[tuple[str, ...]] = tuple(SUFFIXES)
    largest: ClassVar[int] = LARGEST
    _credentials = Credentials()

    def __init__(self, origin: Origin, settings: Mapping[str, Any], client: GuardedClient | None = None) -> None:
        super().__init__(origin, settings, client)
        self._identified: dict[str, str] = {}
        self._listed: set[str] = set()
        self._seen: set[str] = set()
        self._pages_elsewhere: list[str] = []
        self._found_problems = False

    def _records(self) -> Iterator[Raw]:
        self._identified, self._listed, self._seen = {}, set(), set()
        self._pages_elsewhere, self._documents, self._total = [], [], 0
        self._found_problems = False
        if self.origin.url:
            self._credentials = Credentials.of(self.settings)
            yield from self._pages(self.origin.url)
        elif self.origin.stream is not None:
            yield from self._opened(read_stream(self.origin.stream, limit=LARGEST), "-")
        elif self.origin.path is not None:
            yield from self._files(self.origin.path)
        else:
            raise GatherError("The source has neither an address nor a file.")
        self._check_end()
        if not self._found_problems:
            self._note_documents()

    @classmethod
    def parse(cls, raw: Raw, *, date_order: DateOrder | None, today: date) -> Reading:
        """See `Harvester.parse`."""
        text = raw.data.decode("utf-8", "replace")
        return dcat.read(text, identifier=raw.identifier, date_order=date_order, today=today)

    def _report(self, problem: Problem) -> None:
        """A server may repeat the secret in what it sends."""
        hide = self._credentials.hide
        super()._report(replace(problem, message=hide(problem.message), path=hide(problem.path)))

    def _pages(self, url: str) -> Iterator[Raw]:
        paging = Paging(url, self.settings.get("most_pages", MOST_PAGES))
        held: dict[str, Fetched] = {}
        before = LastRun.of(self.memory.cursor(), url)
        unchanged = self._unchanged(before, held) if before is not None else None
        if unchanged is not None:
            yield from self._unsent(unchanged, url)
            return
        following: str | None = url
        bodies: set[str] = set()
        while following is not None:
            fetched = held.pop(following, None) or self._get(following)
            seen = seen_of(following, fetched)
            digest = digest_of(fetched.data)
            if digest in bodies:
                message = f"The page at {fetched.url.partition('?')[0][:200]} is the same as one before it."
                raise GatherError(message, "Serve every page under its own address.")
            bodies.add(digest)
            self._documents.append(seen)
            document = self._read(fetched.data, fetched.url, fetched.media_type, fetched.url)
            yield from self._described(document, fetched.url)
            following = paging.next(document.statements, fetched.url, fetched.headers)
        self._total = paging.total or 0

    def _unchanged(self, before: LastRun, held: dict[str, Fetched]) -> LastRun | None:
        """The pages of the last run as their server knows them now, or None where one has changed.

        Pages that were sent are put into `held`.
        """
        size, pages = 0, list[Seen]()
        for page in before.documents:
            try:
                fetched = self._get(page.name, page)
            except GatherError:
                # Met again, and told, when the pages are read.
                return None
            if fetched.not_modified:
                pages.append(page)
                continue
            size += len(fetched.data)
            if size <= MOST_HELD:
                held[page.name] = fetched
            pages.append(seen_of(page.name, fetched))
            if pages[-1].digest != page.digest:
                return None
        return replace(before, documents=tuple(pages))

    def _get(self, url: str, known: Seen | None = None) -> Fetched:
        if self.client is None:
            raise GatherError("No client was given to fetch with.")
        conditions = {"etag": known.etag, "last_modified": known.last_modified} if known else {}
        fetched = self.client.get(url, headers={"Accept": ACCEPT, **self._credentials.headers}, **conditions)
        if fetched.data and fetched.media_type not in MEDIA_TYPES:
            message = f"The source calls its answer “{fetched.media_type:.60}”, which is no form of RDF."
            self._report(Problem("", message, Severity.NOTE, "Serve Turtle as text/turtle, and so on."))
        return fetched

    def _unsent(self, before: LastRun, url: str) -> Iterator[Raw]:
        for raw in super()._unsent(before, url):
            self._seen.add(str(raw.identifier))
            yield raw

    def _opened(self, data: bytes, url: str) -> Iterator[Raw]:
        document = self._read(data, url, "", None)
        yield from self._described(document, url)
        self._total = max(self._total, total_of(document.statements) or 0)
        if next_of(document.statements, url) is not None:
            self._pages_elsewhere.append(url)

    def _read(self, data: bytes, url: str, media_type: str, base: str | None) -> RdfDocument:
        unpacked = unpack(data, limit=LARGEST, name=url)
        document = read_rdf(unpacked, media_type=media_type, url=url, base=base)
        for problem in document.problems:
            self._report(Problem(problem.path, f"{url}: {problem.message}", problem.severity, problem.fix))
        return document

    def _described(self, document: RdfDocument, url: str) -> Iterator[Raw]:
        self._listed |= listed_only(document.statements)
        for number, described in enumerate(Document(document.statements).datasets()):
            self._seen.add(described.root)
            yield self._raw(described, document.statements[described.root], url, f"dataset[{number}]")

    def _raw(self, described: Described, about: Mapping[str, list[str]], url: str, position: str) -> Raw:
        named = [value_of(term) for each in _IDENTIFIERS for term in sorted(about.get(each, ()))]
        identifier = value_of(described.root) if described.root.startswith("<") else next(iter(named), None)
        problems = [*self._shared(described.root, about)]
        if identifier is not None and not 0 < len(identifier) <= LONGEST_IDENTIFIER:
            message = f"An identifier has 1 to {LONGEST_IDENTIFIER} characters; this has {len(identifier):,}."
            problems.append(Problem("dct:identifier", message, Severity.ERROR, "Give the dataset a shorter address."))
            identifier = None
        if described.is_cut:
            message = "The description is endless; what comes after its first lines was left out."
            problems.append(Problem("", message, Severity.WARNING, "Leave out what does not belong to the dataset."))
        # The bytes that are kept of a record do not show them.
        self._found_problems |= bool(problems)
        data = described.lines.encode()
        dates = date_evidence(_SLASH_DATE.findall(described.lines))
        return Raw(identifier, data, MEDIA_TYPE, url, position, dates, problems=tuple(problems))

    def _shared(self, root: str, about: Mapping[str, list[str]]) -> Iterator[Problem]:
        """A stated identifier that an earlier dataset has too: both stand, but only one can be right."""
        for term in sorted(about.get(DCT.identifier, ())):
            first = self._identified.setdefault(value_of(term), root)
            if first != root:
                message = f"The identifier “{value_of(term):.100}” is also that of {value_of(first):.200}."
                yield Problem("dct:identifier", message, Severity.ERROR, "Give every dataset an identifier of its own.")

    def _check_end(self) -> None:
        """An empty feed, one that is cut, and one that lists more than it describes say nothing about what is gone."""
        received = len(self._seen)
        self._expect(self._total or None, received)
        if not received:
            fix = "If the source really has none left, withdraw its datasets by hand."
            raise GatherError("There is no dataset in this.", fix)
        if received < self._total:
            message = f"The feed says that it has {self._total:,} datasets, and {received:,} came."
            raise GatherError(message, "Nothing is taken for missing until all come.")
        if self._pages_elsewhere and not self._total:
            message = f"{self._pages_elsewhere[0]} is one page of a feed; the next is not read from a file."
            self._give_up(Problem("", message, Severity.WARNING, "Harvest the feed by its address."))
        missing = sorted(self._listed - self._seen)
        if missing:
            shown = ", ".join(value_of(each)[:200] for each in missing[:SHOWN])
            self._give_up(
                Problem(
                    "dcat:dataset",
                    f"The catalogue lists {len(missing):,} datasets that it does not describe: {shown}.",
                    Severity.WARNING,
                    "Publish the descriptions with the list.",
                )
            )
