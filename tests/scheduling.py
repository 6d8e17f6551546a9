"""Which tests one worker runs, where several work at a time."""

from functools import cache
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).resolve().parent.parent
MAKES = ('scope="module"',)
SERVES = ("served(", "stage(")


class SharedTogether(LoadScopeScheduling):
    """Tests that share something go to one worker, which makes it once; all others go to whoever is free.

    The groups that tests can be marked with would do, but xdist 3.8 loses them without a word with pytest 9.2.
    """

    def __init__(self, config: pytest.Config, log: Producer) -> None:
        # a group of many tests need not be a long one: they go in the order in which they were collected
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def group_of(nodeid: str) -> str:
    """The group of a test: all with a browser, which share it and a server; those of a module that makes something.

    Those that serve a catalogue of their own take half of the time that browsers take, and share nothing with others.
    """
    path = nodeid.partition("::")[0]
    if path.startswith("tests/browser/"):
        return "tests/browser/ by itself" if _holds(path, SERVES) else "tests/browser/"
    return path if _holds(path, MAKES) else nodeid


@cache
def _holds(path: str, signs: tuple[str, ...]) -> bool:
    text = (ROOT / path).read_text(encoding="utf-8")
    return any(sign in text for sign in signs)
