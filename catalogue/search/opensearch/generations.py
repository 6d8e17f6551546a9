"""Generations of the indices on a server: one is live, another may be filling; and the lock of the one writer.

A generation is an index of datasets and one of their words. Aliases say which is live, and are moved together in one
step, so that a search sees the old or the new one. Names hold the format: a release that writes otherwise has aliases
of its own, and the indices of the release before stay until `catalogue index merge` removes them.
"""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager

from catalogue.search.backend import IndexBusy
from catalogue.search.opensearch.connection import Connection, NoIndex, ServerUnavailable, Taken
from catalogue.search.opensearch.schema import Names, templates

LEASE = 25.0
"""Seconds after which a lock whose holder gives no sign of life is taken over."""
BEAT = 5.0
"""Seconds between signs of life."""
_POLL = 0.25
_WRITER = "writer"


class Lock:
    """Held by the one that writes, as a document on the server. A holder that died is told by its silence.

    No clocks are compared: whoever waits looks whether the document changes.
    """

    def __init__(self, connection: Connection, names: Names) -> None:
        self._connection = connection
        self._names = names
        self._seen: tuple[object, float] = (None, 0.0)
        self._held: dict[str, object] = {}
        self._beaten = 0.0

    @contextmanager
    def held(self, patience: float) -> Iterator[None]:
        """Hold it. Waits up to `patience` seconds, then raises `IndexBusy`."""
        deadline = time.monotonic() + patience
        while not self._taken():
            if time.monotonic() >= deadline:
                raise ServerBusy(str(self._connection.address))
            time.sleep(_POLL)
        try:
            yield
        finally:
            self._release()

    def beat(self, *, now: bool = False) -> None:
        """Give a sign of life, if the last was a while ago. Raises `IndexBusy` when somebody else took over."""
        if not now and time.monotonic() - self._beaten < BEAT:
            return
        try:
            self._hold(**self._held)
        except Taken:
            raise ServerBusy(str(self._connection.address)) from None

    def _taken(self) -> bool:
        try:
            self._hold(op_type="create")
        except Taken:
            return self._taken_over()
        return True

    def _taken_over(self) -> bool:
        """Whether the lock could be had from somebody who is gone."""
        try:
            found = self._connection.get(self._names.lock, _WRITER)
        except NoIndex:
            return False
        conditions = {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}
        if self._seen[0] != conditions:
            self._seen = (conditions, time.monotonic())
        if time.monotonic() - self._seen[1] < LEASE:
            return False
        try:
            self._hold(**conditions)
        except Taken:
            return False
        return True

    def _hold(self, **conditions: object) -> None:
        written = self._connection.put(self._names.lock, _WRITER, {"sign": secrets.token_hex(8)}, **conditions)
        self._held = {"if_seq_no": written["_seq_no"], "if_primary_term": written["_primary_term"]}
        self._beaten = time.monotonic()

    def _release(self) -> None:
        try:
            self._connection.delete(self._names.lock, _WRITER, **self._held)
        except (Taken, NoIndex):
            return


class ServerBusy(IndexBusy):
    """Somebody else has been writing to the server for too long to wait."""

    def __init__(self, address: str) -> None:
        Exception.__init__(self, f"The search index on {address} is being written to. Try again later.")


class Generations:
    """Knows the layout above."""

    def __init__(self, connection: Connection, names: Names) -> None:
        self._connection = connection
        self._names = names

    def live(self) -> frozenset[str]:
        """The index of the datasets that is live, if there is one."""
        return frozenset(self._having(self._names.datasets))

    def check_other_formats(self) -> None:
        """Raise `ServerUnavailable` when there is an index, but of another release."""
        if any(self._connection.indices(f"{self._names.prefix}-datasets-*")):
            said = "its index was written by another release of the catalogue. Run: catalogue index rebuild"
            raise ServerUnavailable(self._connection.address, said)

    def create(self) -> tuple[str, str]:
        """Make the empty indices of a new generation, which is not live yet: datasets and words."""
        for name, body in templates(self._names, self._connection.address).items():
            self._connection.put_template(name, body)
        made = self._names.generation(secrets.token_hex(6))
        for name in made:
            self._connection.create_index(name)
        return made

    def make_live(self, generation: tuple[str, str]) -> None:
        """Let searches use a generation instead of the one before, in one step."""
        actions = []
        for alias, name in zip((self._names.datasets, self._names.words), generation, strict=True):
            actions += [{"remove": {"index": old, "alias": alias}} for old in self._having(alias)]
            actions.append({"add": {"index": name, "alias": alias}})
        self._connection.change_aliases(actions)

    def _having(self, alias: str) -> list[str]:
        """The indices of an alias. Asked for by a pattern, since none is no mistake."""
        return [name for name, aliases in self._connection.indices(f"{alias}-*").items() if alias in aliases]

    def remove(self, generation: tuple[str, str]) -> None:
        """Remove a generation."""
        self._connection.delete_indices(generation)

    def remove_others(self, *, of_every_format: bool = False) -> None:
        """Remove what is not live: of this format, or of every one."""
        ours = (self._names.datasets, self._names.words)
        patterns = self._names.everything if of_every_format else tuple(f"{alias}-*" for alias in ours)
        gone = [
            name
            for pattern in patterns
            for name, aliases in self._connection.indices(pattern).items()
            if aliases.isdisjoint(ours)
        ]
        self._connection.delete_indices(sorted(gone))
