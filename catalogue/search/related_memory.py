"""What is like a dataset, found once for each state of the index: it takes longer than the rest of a dataset's page."""

import threading
from collections import OrderedDict
from collections.abc import Callable

from catalogue.search.backend import Related
from catalogue.search.snapshots import EMPTY, Snapshot

MOST_REMEMBERED = 5_000
"""Answers of a few hundred bytes each; of more datasets than that, those that were looked at last."""


class RelatedMemory:
    """Answers about one snapshot, which are forgotten when a newer one is asked about."""

    def __init__(self, most: int = MOST_REMEMBERED) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._snapshot = EMPTY
        self._answers: OrderedDict[tuple[str, int], Related] = OrderedDict()

    def recall(self, snapshot: Snapshot, identifier: str, limit: int, find: Callable[[], Related]) -> Related:
        """The answer that is remembered, else what `find` finds."""
        key = identifier, limit
        with self._lock:
            if snapshot is not self._snapshot:
                self._snapshot = snapshot
                self._answers = OrderedDict()
            answers = self._answers
            if key in answers:
                answers.move_to_end(key)
                return answers[key]
        found = find()
        with self._lock:
            # Of another snapshot by now, perhaps; then nobody will ask these any more.
            answers[key] = found
            if len(answers) > self._most:
                answers.popitem(last=False)
        return found
