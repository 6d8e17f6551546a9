"""What every kind of source has in common: where records come from, how a gather ends, the registry of kinds."""

from abc import ABC, abstractmethod
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, Final, Protocol, Self

import marshmallow
from marshmallow import fields, validate

from harvesters.errors import FetchError, GatherError
from harvesters.http import GuardedClient, Limits
from schemas.crosswalks.dates import DateEvidence, DateOrder
from schemas.crosswalks.reading import Reading
from schemas.metadata import Problem, Severity

NO_DATES: Final = DateEvidence()
LONGEST_INTERVAL: Final = 24 * 366


@dataclass(frozen=True, slots=True)
class Raw:
    """One record as received.

    `identifier` is the remote identifier in its normal form, or None when the record has none; `url` where
    it was fetched from, or the file's name; `position` the place in that, such as `dataModels[3]`;
    `dates` counts the dates in it that show in which order its source writes day and month; `stamp` is what the
    source said of the record's version before it was fetched, or empty; `problems` are findings that the record alone
    does not show, such as a name that two records share. `digest` is that of bytes which were kept in an earlier run,
    where `data` is empty because the source has not changed.
    """

    identifier: str | None
    data: bytes
    media_type: str
    url: str
    position: str = ""
    dates: DateEvidence = NO_DATES
    stamp: str = ""
    problems: tuple[Problem, ...] = ()
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Remembered:
    """A record as it was received before, and was good."""

    identifier: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Unsent:
    """A good record of the last run, by the digest of its bytes; with the first, what the dates of all proved."""

    identifier: str
    digest: str
    dates: DateEvidence = NO_DATES


class Memory(Protocol):
    """What is known of a source from its last runs, so that what has not changed need not be fetched again."""

    def cursor(self) -> Mapping[str, str]:
        """What the harvester noted at the end of the last run, if that was complete and without problems."""

    def recall(self, stamp: str) -> Remembered | None:
        """The record that came with this stamp, if it was good."""

    def recall_all(self) -> Iterator[Unsent]:
        """Every record of the last run; to be used only where `cursor` is not empty."""


class NoMemory:
    """Of a source that is harvested for the first time, and of a file."""

    def cursor(self) -> Mapping[str, str]:
        return {}

    def recall(self, stamp: str) -> Remembered | None:  # noqa: ARG002 - there is nothing to compare it with
        return None

    def recall_all(self) -> Iterator[Unsent]:
        return iter(())


@dataclass(frozen=True, slots=True)
class GatherOutcome:
    """How a gather ended. Only after a complete one may anything be taken for missing.

    Complete is: every page was good, the declared total was reached, the list was not empty.
    """

    complete: bool
    declared_total: int | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a harvester takes its records from: an address, or what an operator named on the command line.

    An address comes from a form or the database and is only ever fetched, so it cannot name a local file.
    """

    url: str = ""
    path: Path | None = None
    stream: BinaryIO | None = None


UNFINISHED: Final = GatherOutcome(complete=False)


class UnusableSettings(Exception):
    """The settings of a source are not what its kind of harvester takes; `problems` says which."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


class Settings(marshmallow.Schema):
    """What every source may set; a kind of harvester adds its own fields, each with a label and help."""

    class Meta:
        unknown = marshmallow.RAISE

    allow_private = fields.Boolean(
        load_default=False,
        metadata={
            "label": "Allow a private address",
            "help": "For a peer on your own network: the source's host may have a private or loopback address.",
        },
    )
    every = fields.Integer(
        validate=validate.Range(1, LONGEST_INTERVAL),
        metadata={
            "label": "Hours between harvests",
            "help": "A source is due again so many hours after its last harvest began; 24 if not said.",
        },
    )
    hold_new = fields.Boolean(
        metadata={
            "label": "Hold new records for review",
            "help": "New datasets of this source are published only when somebody has looked at them.",
        }
    )
    absences_before_withdrawal = fields.Integer(
        validate=validate.Range(1, 100),
        metadata={
            "label": "Absences before a withdrawal",
            "help": "After so many complete harvests in a row without a record it is withdrawn; 2 if not said.",
        },
    )
    withdraw_at_most = fields.Integer(
        validate=validate.Range(0, 1_000_000),
        metadata={
            "label": "Most withdrawals without a person",
            "help": "One harvest withdraws at most so many records, or the share below if that is more; 5 if not said.",
        },
    )
    withdraw_share = fields.Float(
        validate=validate.Range(0, 1),
        metadata={
            "label": "Largest share withdrawn without a person",
            "help": "The share of the source's records that one harvest may withdraw, from 0 to 1; 0.1 if not said.",
        },
    )


class Harvester(ABC):
    """Takes records from one source. A subclass with a `kind` registers itself.

    `gather` talks to the network and decides nothing; `parse` is pure, so that stored records can be read
    again without it.
    """

    kind: ClassVar[str]
    label: ClassVar[str]
    revision: ClassVar[str]
    """Changes whenever the same bytes may be read or judged differently: unchanged records are then parsed again."""
    Config: ClassVar[type[marshmallow.Schema]] = Settings

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        kind = cls.__dict__.get("kind")
        if kind is None:
            return
        if kind in _registry:
            raise TypeError(f"the kind {kind!r} is both {_registry[kind].__qualname__} and {cls.__qualname__}")
        _registry[kind] = cls

    def __init__(self, origin: Origin, settings: Mapping[str, Any], client: GuardedClient | None = None) -> None:
        self.origin = origin
        self.settings = settings
        self.client = client
        self.memory: Memory = NoMemory()
        self.cursor: dict[str, str] = {}
        """What to remember until the next run; it is kept only if this one is complete and without problems."""
        self.outcome = UNFINISHED
        self._problems: list[Problem] = []
        self._is_complete = True
        self._expected = 0
        self._is_declared = False

    @classmethod
    def from_source(cls, origin: Origin, options: Mapping[str, Any], client: GuardedClient | None = None) -> Self:
        """Make a harvester with checked options. Without a client one is made for the origin's address.

        Raises `UnusableSettings`, also for an address that can never be fetched.
        """
        try:
            settings = cls.Config().load(options)
            if client is None and origin.url:
                allow_private = settings["allow_private"]
                client = GuardedClient.for_source(origin.url, allow_private=allow_private, limits=cls.limits(settings))
        except marshmallow.ValidationError as error:
            raise UnusableSettings(tuple(_settings_problems(error.messages_dict))) from error
        except FetchError as error:
            raise UnusableSettings((error.problem,)) from error
        return cls(origin, settings, client)

    @classmethod
    def limits(cls, settings: Mapping[str, Any]) -> Limits | None:  # noqa: ARG003 - a kind may decide by them
        """What one fetch may take; None for as much as a large file needs."""
        return None

    def gather(self) -> Generator[Raw, None, None]:
        """Yield the records as received. What went wrong is in `outcome` afterwards; nothing is raised for it.

        Until the last record is taken, and after a gather that was left early, `outcome` is not complete.
        """
        self.outcome = UNFINISHED
        self._problems, self._is_complete = [], True
        self._expected, self._is_declared = 0, False
        self.cursor = {}
        try:
            yield from self._records()
        except GatherError as error:
            self._give_up(error.problem)
        except GeneratorExit:
            self.outcome = GatherOutcome(complete=False, problems=tuple(self._problems))
            raise
        finally:
            if self.client is not None:
                self.client.close()
        total = self._expected if self._is_declared else None
        self.outcome = GatherOutcome(self._is_complete, total, tuple(self._problems))

    @abstractmethod
    def _records(self) -> Iterator[Raw]:
        """Yield the records; report with `_report` and `_give_up`. A `GatherError` may pass through."""

    @classmethod
    @abstractmethod
    def parse(cls, raw: Raw, *, date_order: DateOrder | None, today: date) -> Reading:
        """Read the record. Bytes that cannot be read give a reading without a description, and never raise."""

    def _report(self, problem: Problem) -> None:
        self._problems.append(problem)

    def _give_up(self, problem: Problem) -> None:
        """Report what kept a part of the source from being read: nothing may be taken for missing after it."""
        self._is_complete = False
        self._report(problem)

    def _expect(self, declared: int | None, received: int) -> None:
        """Note what one answer declared to hold; one that declares nothing holds what was received."""
        self._expected += received if declared is None else declared
        self._is_declared |= declared is not None


_registry: dict[str, type[Harvester]] = {}


def kinds() -> Mapping[str, type[Harvester]]:
    """Return the registered kinds of harvester, by name in order."""
    return dict(sorted(_registry.items()))


def _settings_problems(messages: Mapping[str, Any]) -> Iterator[Problem]:
    for name, found in messages.items():
        for message in found if isinstance(found, list) else [found]:
            yield Problem(str(name), f"The option {name!s:.80}: {message}", Severity.ERROR)
