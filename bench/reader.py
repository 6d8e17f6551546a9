"""A process that searches, as a worker of a server does: `python -m bench.reader FOLDER read|find`.

`read` takes a JSON list of questions as its first line, tells `ready` when it has its first answer, asks them over and
over until its standard input ends, and prints what it met. `find` takes a word a line, looks for it until it is found,
and prints the seconds this took, or -1.
"""

import json
import sys
import threading
import time
from pathlib import Path

from catalogue.search.backend import SearchQuery
from catalogue.search.whoosh_backend import WhooshBackend

PER_PAGE = 25
VALUES = 20
PATIENCE_SECONDS = 20.0


def read(backend: WhooshBackend) -> None:
    """Ask without a pause; one JSON object with milliseconds a page, errors and megabytes."""
    queries = [SearchQuery(text, per_page=PER_PAGE) for text in json.loads(sys.stdin.readline())]
    ending = threading.Event()
    taken: list[float] = []
    errors: list[str] = []
    _page(backend, queries[0])
    print("ready", flush=True)
    threading.Thread(target=lambda: (sys.stdin.read(), ending.set()), daemon=True).start()
    while not ending.is_set():
        for query in queries:
            began = time.perf_counter()
            try:
                _page(backend, query)
            except Exception as error:  # noqa: BLE001 - every error is what is counted here
                errors.append(type(error).__name__)
            taken.append((time.perf_counter() - began) * 1000)
            if ending.is_set():
                break
    print(json.dumps({"milliseconds": taken, "errors": errors, "megabytes": _resident()}), flush=True)


def find(backend: WhooshBackend) -> None:
    """Look for each word from the moment it is named."""
    for line in sys.stdin:
        began = time.monotonic()
        query = SearchQuery(f'"{line.strip()}"')
        while not (found := backend.search(query).total) and time.monotonic() - began < PATIENCE_SECONDS:
            time.sleep(0.01)
        print(time.monotonic() - began if found else -1, flush=True)


def _page(backend: WhooshBackend, query: SearchQuery) -> None:
    for counts in backend.search(query).facets.values():
        _ = counts[:VALUES]


def _resident() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


if __name__ == "__main__":
    {"read": read, "find": find}[sys.argv[2]](WhooshBackend(Path(sys.argv[1])))
