"""What a use case can refuse, mapped once to pages and once to API answers."""

from schemas.metadata import Problem


class CatalogueError(Exception):
    """The base of every refusal that a person is told about."""


class NotFound(CatalogueError):
    """There is nothing by that name, or not for this reader."""


class Gone(CatalogueError):
    """It was here and has been withdrawn."""

    def __init__(self, identifier: str) -> None:
        super().__init__(identifier)
        self.identifier = identifier


class Moved(CatalogueError):
    """It is known by another identifier now."""

    def __init__(self, identifier: str) -> None:
        super().__init__(identifier)
        self.identifier = identifier


class Invalid(CatalogueError):
    """What was given cannot be accepted; every problem is listed."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


class Busy(CatalogueError):
    """Something else is doing the same thing at this moment."""
