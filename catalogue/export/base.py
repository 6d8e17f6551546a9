"""What an export format is, and the registry of them."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, ClassVar

from schemas.metadata import Description, Problem


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
class Shortfall:
    """What the format asks for and the dataset's description does not have."""

    identifier: str
    title: str
    problems: tuple[Problem, ...]


class Format(ABC):
    """A format with its media type and the suffix that chooses it in addresses and file names."""

    name: ClassVar[str]
    label: ClassVar[str]
    media_type: ClassVar[str]
    suffix: ClassVar[str]

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        if cls.name in _formats:
            message = f"two export formats are called {cls.name!r}"
            raise TypeError(message)
        _formats[cls.name] = cls()

    @abstractmethod
    def one(self, dataset: Exportable) -> bytes:
        """The document of one dataset."""

    @abstractmethod
    def many(self, datasets: Iterable[Exportable], out: BinaryIO) -> Iterator[Shortfall]:
        """Write a whole catalogue to `out` in constant memory; yields what each dataset falls short of."""


_formats: dict[str, Format] = {}


def formats() -> Mapping[str, Format]:
    """Every format by name."""
    return dict(sorted(_formats.items()))
