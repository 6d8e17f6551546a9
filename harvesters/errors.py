"""What can keep a harvester from its records."""

from schemas.metadata import Problem, Severity


class GatherError(Exception):
    """A source, or a part of it, could not be read; `problem` says why in words for the source's owner."""

    def __init__(self, message: str, fix: str = "", path: str = "") -> None:
        super().__init__(message)
        self.problem = Problem(path, message, Severity.ERROR, fix)


class FetchError(GatherError):
    """Nothing usable was fetched from an address. `status` is the HTTP status, where there was an answer."""

    def __init__(self, message: str, fix: str = "", *, status: int | None = None) -> None:
        super().__init__(message, fix)
        self.status = status


class FileError(GatherError):
    """A file cannot be read, or is not one that may be."""
