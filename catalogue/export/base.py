"""What an export format is, and the registry of them."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO, ClassVar, Protocol

from schemas.metadata import Description, Problem

if TYPE_CHECKING:
    from schemas.crosswalks.dcat import Catalogue


@dataclass(frozen=True, slots=True)
class Serialisation:
    """A way of writing a format down, with the media type and the suffix that choose it."""

    name: str
    label: str
    media_type: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Exportable:
    """A dataset as it leaves the catalogue: its public identifier, its address and what is said of it."""

    identifier: str
    url: str
    custodian: str
    issued_at: datetime
    changed_at: datetime
    description: Description


@dataclass(frozen=True, slots=True)
class InRdf:
    """A dataset as lines of N-Triples; `missing` is what DCAT-AP asks for and its description does not say.

    `made_from` is the same as long as the lines are.
    """

    identifier: str
    url: str
    title: str
    lines: bytes
    made_from: str
    missing: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What the format asks for and the dataset's description does not have."""

    identifier: str
    title: str
    problems: tuple[Problem, ...]


Teller = Callable[[Shortfall], None]


class Holdings(Protocol):
    """Datasets to be written, in a fixed order, read as the format needs them."""

    @property
    def catalogue(self) -> "Catalogue":
        """The catalogue that they are in."""

    def described(self) -> Iterator[Exportable]:
        """Each with its description."""

    def in_rdf(self) -> Iterator[InRdf]:
        """Each as lines of N-Triples that are at hand."""


class Format(ABC):
    """A format with its serialisations, the usual one first."""

    name: ClassVar[str]
    label: ClassVar[str]
    serialisations: ClassVar[tuple[Serialisation, ...]]

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        if cls.name in _formats:
            message = f"two export formats are called {cls.name!r}"
            raise TypeError(message)
        _formats[cls.name] = cls()

    @abstractmethod
    def one(self, holdings: Holdings, serialisation: Serialisation) -> bytes:
        """The document of the only dataset there is."""

    @abstractmethod
    def many(self, holdings: Holdings, serialisation: Serialisation, out: BinaryIO, tell: Teller) -> None:
        """Write a whole catalogue to `out` in constant memory; tells of every dataset what it falls short of."""


_formats: dict[str, Format] = {}


def formats() -> Mapping[str, Format]:
    """Every format by name."""
    return dict(sorted(_formats.items()))
