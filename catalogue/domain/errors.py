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


class Refused(CatalogueError):
    """It cannot be done as things stand; the message says why, for the person who tried."""


class NotAllowed(CatalogueError):
    """This actor may not do it; a visitor may be able to after signing in."""

    def __init__(self, permission: str, sentence: str) -> None:
        super().__init__(f"You may not {_to_you(sentence)}.")
        self.permission = permission


def _to_you(sentence: str) -> str:
    """A sentence about others, said to the one it is about."""
    return sentence.replace("they were", "you were").replace("their", "your")


class LinkEnded(CatalogueError):
    """A link that was sent has ended, was used, or never was; which of these is nobody's business."""

    def __init__(self) -> None:
        super().__init__("This link has ended or was used already.")


class TooMany(CatalogueError):
    """It was tried too often in a while."""
