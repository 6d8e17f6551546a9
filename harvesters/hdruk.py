"""HDR UK dataset descriptions in JSON: bulk files, folders of files, single documents, and addresses of them."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, Final

import schemas.crosswalks
import schemas.metadata
import schemas.validation
import schemas.vocabularies
from harvesters.base import Harvester, Raw
from harvesters.errors import FileError, GatherError
from harvesters.files import list_folder, read_file, read_stream, unpack
from harvesters.revision import revision_of
from schemas.crosswalks import hdruk
from schemas.crosswalks.dates import DateOrder
from schemas.crosswalks.reading import Reading
from schemas.metadata import Problem, Severity
from schemas.validation import Unreadable, read_json
from schemas.validation.json_text import LARGEST

MEDIA_TYPE: Final = "application/json"
ACCEPTED_TYPES: Final = frozenset(
    {"", "application/gzip", "application/octet-stream", "application/x-gzip", "text/plain"}
)
SUFFIXES: Final = (".json", ".json.gz")
LIST_KEYS: Final = ("dataModels", "datasets", "items", "data", "results")
TOTAL_KEYS: Final = ("count", "total")
DEEPEST_WRAPPING: Final = 3
LONGEST_QUOTE: Final = 200


class HdrukHarvester(Harvester):
    """Reads what the Gateway and its members publish, of any HDR UK version."""

    kind: ClassVar[str] = "hdruk"
    label: ClassVar[str] = "HDR UK descriptions (JSON)"
    revision: ClassVar[str] = revision_of(
        schemas.crosswalks, schemas.metadata, schemas.validation, schemas.vocabularies
    )

    def _records(self) -> Iterator[Raw]:
        if self.origin.url:
            yield from self._fetched(self.origin.url)
        elif self.origin.stream is not None:
            yield from self._opened(read_stream(self.origin.stream, limit=LARGEST), "-")
        elif self.origin.path is not None:
            yield from self._from_path(self.origin.path)
        else:
            raise GatherError("The source has neither an address nor a file.")

    @classmethod
    def parse(cls, raw: Raw, *, date_order: DateOrder | None, today: date) -> Reading:
        """See `Harvester.parse`."""
        try:
            text = read_json(raw.data)
        except Unreadable as error:
            return _unread(error.problem)
        if not isinstance(text.value, dict):
            return _unread(Problem("", f"A description is an object, not {_kind_of(text.value)}.", Severity.ERROR))
        reading = hdruk.read(text.value, identifier=raw.identifier, date_order=date_order, today=today)
        return Reading(
            reading.description, text.problems + reading.problems, reading.schema_name, reading.schema_version
        )

    def _fetched(self, url: str) -> Iterator[Raw]:
        if self.client is None:
            raise GatherError("No client was given to fetch with.")
        fetched = self.client.get(url, headers={"Accept": MEDIA_TYPE})
        if "json" not in fetched.media_type and fetched.media_type not in ACCEPTED_TYPES:
            message = f"The source calls its answer “{fetched.media_type:.60}”, and not JSON."
            self._report(Problem("", message, Severity.NOTE, f"Serve it as {MEDIA_TYPE}."))
        yield from self._opened(fetched.data, fetched.url)

    def _from_path(self, path: Path) -> Iterator[Raw]:
        if path.is_symlink() or not path.is_dir():
            yield from self._opened(read_file(path, limit=LARGEST), path.name)
            return
        listing = list_folder(path, SUFFIXES)
        for refused in listing.refused:
            self._give_up(refused.problem)
        if not listing.files:
            raise FileError("The folder holds no .json file.", "Check that it is the right folder.", path.name)
        for file in listing.files:
            try:
                yield from self._opened(read_file(file, limit=LARGEST), file.name)
            except GatherError as error:
                self._give_up(error.problem)

    def _opened(self, data: bytes, url: str) -> Iterator[Raw]:
        """Yield the records of one document; one that cannot be used is reported under its name."""
        try:
            text = read_json(unpack(data, limit=LARGEST, name=url))
        except Unreadable as error:
            raise FileError(error.problem.message, error.problem.fix, url) from error
        for problem in text.problems:
            self._report(Problem(problem.path, f"{url}: {problem.message}", problem.severity, problem.fix))
        if isinstance(text.value, dict) and _is_description(text.value):
            self._expect(None, 1)
            yield _raw(text.value, url, "")
            return
        answer = _answer(text.value)
        items, place = _items(answer, url)
        declared = _declared_total(answer)
        self._expect(declared, len(items))
        for position, item in enumerate(items):
            yield _raw(item, url, f"{place}[{position}]")
        if declared is not None and declared != len(items):
            raise FileError(
                f"The list says that it has {declared:,} descriptions, and {len(items):,} came.",
                "Nothing is taken for missing until both numbers are the same.",
                url,
            )


def _raw(item: object, url: str, position: str) -> Raw:
    document = _unwrapped(item)
    identifier = None
    for candidate in (document, item):
        if identifier is None and isinstance(candidate, dict):
            identifier = hdruk.remote_identifier(candidate)
    data = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    dates = hdruk.date_evidence(document if isinstance(document, dict) else {})
    return Raw(identifier, data, MEDIA_TYPE, url, position, dates)


def _unwrapped(item: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Take the description out of the `metadata` that the Gateway's interface wraps it in, once or twice."""
    for _ in range(DEEPEST_WRAPPING):
        if not isinstance(item, dict) or "summary" in item or not isinstance(item.get("metadata"), dict):
            return item
        item = item["metadata"]
    return item


def _is_description(value: dict[str, Any]) -> bool:
    """Whether an object is one description, and not an answer that says why there is none.

    A problem report has a title and perhaps an id, but neither a summary nor a publisher.
    """
    document = _unwrapped(value)
    if any(isinstance(document.get(key), dict) for key in ("summary", "@schema", "required")):
        return True
    has_title = any(document.get(key) for key in ("title", "label"))
    return has_title and any(key in document for key in ("publisher", "abstract", "dataClasses"))


def _answer(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """What stands under `result` in the answers of CKAN's and similar interfaces."""
    if isinstance(value, dict) and isinstance(value.get("result"), dict):
        return value["result"]
    return value


def _items(value: Any, url: str) -> tuple[list[Any], str]:  # noqa: ANN401 - any JSON value
    """The list of descriptions and the name it stands under. Raises `FileError` when there is none, or it is empty."""
    if isinstance(value, list):
        items, place = value, ""
    elif isinstance(value, dict):
        place = next((key for key in LIST_KEYS if isinstance(value.get(key), list)), "")
        if not place:
            raise FileError(
                f"There is no list of descriptions in this. {_excuse(value)}".strip(),
                f"A list stands under one of: {', '.join(LIST_KEYS)}.",
                url,
            )
        items = value[place]
    else:
        raise FileError(f"This is {_kind_of(value)}, not a description or a list of them.", "", url)
    if not items:
        raise FileError(
            f"The list of descriptions is empty.{_declared_words(value)}",
            "If the source really has none left, withdraw its datasets by hand.",
            url,
        )
    return items, place


def _declared_total(value: Any) -> int | None:  # noqa: ANN401 - any JSON value
    if not isinstance(value, dict):
        return None
    query = value.get("query")
    for holder in (value, query if isinstance(query, dict) else {}):
        for key in TOTAL_KEYS:
            total = holder.get(key)
            if isinstance(total, int) and not isinstance(total, bool) and total >= 0:
                return total
    return None


def _declared_words(value: Any) -> str:  # noqa: ANN401 - any JSON value
    declared = _declared_total(value)
    return f" It says that it has {declared:,}." if declared else ""


def _excuse(value: Mapping[str, Any]) -> str:
    """What an answer without descriptions says about itself."""
    if not value:
        return "It is an empty object."
    for key in ("error", "message", "detail"):
        said = value.get(key)
        if isinstance(said, dict):
            said = said.get("message")
        if isinstance(said, str) and said.strip():
            return f"It says: {said.strip()[:LONGEST_QUOTE]}"
    return f"It has {', '.join(sorted(value)[:5])}."[:LONGEST_QUOTE]


def _unread(problem: Problem) -> Reading:
    return Reading(None, (problem,), "", "")


def _kind_of(value: object) -> str:
    names = {list: "a list", str: "a text", bool: "true or false", type(None): "nothing", dict: "an object"}
    return names.get(type(value), "a number")
