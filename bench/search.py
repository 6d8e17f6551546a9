"""Search beside tantivy, SQLite and PostgreSQL with full text: the same descriptions, questions and answers.

python -m bench.search [--documents N...] [--alone] [--json]
"""

import argparse
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from bench.corpus import SEED, documents
from bench.engine_postgres import Postgres
from bench.engines import STOPS, Asked, Engine, Ours, Sqlite, Tantivy
from catalogue.search.analysis import words
from catalogue.search.backend import SearchDocument

TIMES = {"tantivy": 2.0, "SQLite FTS5": 1.0, "PostgreSQL": 1.0}
"""What a page may take, as a multiple of what each peer takes."""
DOCUMENTS_A_SECOND = 250.0
MEASURED_ON = 10_000
"""Descriptions that budgets are meant for: above it pages are only told, below it an index is mostly new words."""
TIMES_GROWN = 8.0
GROWTH = (1_000, 100_000)
QUESTIONS = 200
CHANGES = 11


def questions(sample: Sequence[SearchDocument]) -> list[Asked]:
    """`QUESTIONS` questions about the first thousand descriptions, so that they are the same at every size."""
    random = np.random.default_rng(SEED + 2)
    texts = [[word for word in words(f"{d.title} {d.abstract} {d.description}") if len(word) > 2] for d in sample]
    counts: dict[str, int] = {}
    for text in texts:
        for word in set(text) - STOPS:
            counts[word] = counts.get(word, 0) + 1
    ranges = {"common": (250, 10_000), "medium": (8, 60), "rare": (2, 4)}
    pools = {name: sorted(w for w, n in counts.items() if low <= n <= high) for name, (low, high) in ranges.items()}

    def some(name: str) -> str:
        return pools[name][int(random.integers(len(pools[name])))]

    def together(low: int, number: int) -> tuple[str, ...]:
        """Words of one description, the first of which is frequent."""
        while True:
            text = texts[int(random.integers(len(texts)))]
            frequent = sorted({w for w in text if counts.get(w, 0) >= low})
            seldom = sorted({w for w in text if 4 <= counts.get(w, 0) < low})
            if frequent and len(seldom) >= number - 1:
                picked = [frequent[int(random.integers(len(frequent)))]]
                return tuple(picked + random.choice(seldom, number - 1, replace=False).tolist())

    def pair() -> tuple[str, ...]:
        while True:
            text = words(sample[int(random.integers(len(sample)))].abstract)
            start = int(random.integers(len(text) - 1))
            if not STOPS & set(text[start : start + 2]):
                return tuple(text[start : start + 2])

    def mistyped() -> str:
        word = max((some("medium") for _ in range(5)), key=len)
        place = int(random.integers(2, len(word) - 1))
        return word[:place] + word[place + 1 :]

    makers: list[tuple[str, int, Callable[[], tuple[str, ...]]]] = [
        ("medium", 30, lambda: (some("medium"),)),
        ("rare", 10, lambda: (some("rare"),)),
        ("common", 15, lambda: (some("common"),)),
        ("two", 40, lambda: together(100, 2)),
        ("three", 20, lambda: together(100, 3)),
        ("either", 20, lambda: (some("common"), some("medium"))),
        ("phrase", 20, pair),
        ("beginning", 15, lambda: (some("medium")[:5],)),
        ("mistyped", 10, lambda: (mistyped(),)),
        ("narrowed", 15, lambda: (some("common"),)),
        ("newest", 5, lambda: (some("common"),)),
    ]
    asked = [
        Asked(kind, make(), sample[int(random.integers(len(sample)))].custodian if kind == "narrowed" else "")
        for kind, number, make in makers
        for _ in range(number)
    ]
    return [asked[place] for place in random.permutation(len(asked)).tolist()]


@dataclass(frozen=True, slots=True)
class Measured:
    """What one engine did.

    Milliseconds a page, descriptions built a CPU second, megabytes, results of all questions together, milliseconds
    until one changed description is found.
    """

    engine: str
    documents: int
    p50: float
    p95: float
    worst: float
    built: float
    size: float
    results: int
    change: float | None


class Metered:
    """Descriptions as they are generated, with the processor time that this takes."""

    def __init__(self, size: int) -> None:
        self._size = size
        self.seconds = 0.0

    def __iter__(self) -> Iterator[SearchDocument]:
        iterator = documents(self._size)
        while True:
            before = time.process_time()
            document = next(iterator, None)
            self.seconds += time.process_time() - before
            if document is None:
                return
            yield document


class Trial:
    """One engine with so many descriptions, in a folder of its own."""

    def __init__(self, make: Callable[[Path], Engine], size: int, folder: Path) -> None:
        folder.mkdir()
        self._engine, self._size, self._folder = make(folder), size, folder
        self._asked = questions(list(documents(min(size, 1_000))))
        found = Metered(size)
        before = time.process_time()
        self._engine.build(found)
        self._built = size / (time.process_time() - before - found.seconds)
        self._results = sum(self._engine.page(asked) for asked in self._asked)
        self._taken: list[float] = []

    def ask(self, number: int) -> None:
        """Take the time of one question, the better of two."""
        asked = self._asked[number]
        self._taken.append(min(_milliseconds(self._engine, asked) for _ in range(2)))

    def measured(self) -> Measured:
        """What came out."""
        kept_elsewhere = self._engine.size() if isinstance(self._engine, Postgres) else 0
        megabytes = (
            kept_elsewhere + sum(each.stat().st_size for each in self._folder.rglob("*") if each.is_file())
        ) / 1e6
        taken = self._taken
        return Measured(
            self._engine.name,
            self._size,
            statistics.median(taken),
            statistics.quantiles(taken, n=20)[-1],
            max(taken),
            self._built,
            megabytes,
            self._results,
            _change(self._engine) if isinstance(self._engine, Ours) else None,
        )


def _change(engine: Ours) -> float:
    """Milliseconds until a changed description is found, half the time."""
    taken = []
    for document in documents(CHANGES):
        before = time.perf_counter()
        engine.change(document)
        taken.append((time.perf_counter() - before) * 1e3)
    return statistics.median(taken)


def _milliseconds(engine: Engine, asked: Asked) -> float:
    before = time.perf_counter()
    engine.page(asked)
    return (time.perf_counter() - before) * 1e3


ENGINES: tuple[Callable[[Path], Engine], ...] = (Ours, Tantivy, Sqlite, Postgres)


def run(trials: Iterable[tuple[Callable[[Path], Engine], int]]) -> list[Measured]:
    """Build everything, then ask all engines each question in turn, so that a busy machine is as unfair to each."""
    folder = Path(tempfile.mkdtemp(prefix="bench-search-"))
    try:
        built = [Trial(make, size, folder / str(number)) for number, (make, size) in enumerate(trials)]
        for number in range(QUESTIONS):
            for trial in built:
                trial.ask(number)
        return [trial.measured() for trial in built]
    finally:
        shutil.rmtree(folder)


@dataclass(frozen=True, slots=True)
class Budget:
    """What it is about, what was measured, what is allowed, and whether it is kept; nothing where it is only told."""

    about: str
    measured: float
    allowed: float
    kept: bool | None


def budgets(measured: Sequence[Measured]) -> list[Budget]:
    """Each budget, size by size, then the growth from the smallest to the largest."""
    by_size: dict[int, dict[str, Measured]] = {}
    for each in measured:
        by_size.setdefault(each.documents, {})[each.engine] = each
    found = [budget for engines in by_size.values() for budget in _of_size(engines)]
    if by_size.keys() >= set(GROWTH):
        small, large = (by_size[size][Ours.name].p95 for size in GROWTH)
        about = "p95 at {1:,} descriptions, times that at {0:,}".format(*GROWTH)
        found.append(Budget(about, large / small, TIMES_GROWN, large <= TIMES_GROWN * small))
    return found


def _of_size(engines: Mapping[str, Measured]) -> Iterator[Budget]:
    ours = engines[Ours.name]
    for name, allowed in TIMES.items():
        if name in engines:
            times = ours.p95 / engines[name].p95
            kept = times <= allowed if ours.documents <= MEASURED_ON else None
            yield Budget(f"full page of {ours.documents:,}, p95, times {name}", times, allowed, kept)
    if ours.documents >= MEASURED_ON:
        about = f"of {ours.documents:,} descriptions, indexed a CPU second"
        yield Budget(about, ours.built, DOCUMENTS_A_SECOND, ours.built >= DOCUMENTS_A_SECOND)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one table and the budgets; 1 when one is not kept."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, nargs="+", default=[MEASURED_ON], help="one size or several")
    parser.add_argument("--alone", action="store_true", help="this engine only")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    engines = ENGINES[:1] if chosen.alone else ENGINES
    measured = run([(engine, size) for size in chosen.documents for engine in engines])
    kept = budgets(measured)
    if chosen.json:
        print(json.dumps({"measured": list(map(asdict, measured)), "budgets": list(map(asdict, kept))}))
    else:
        _print(measured, kept)
    return 1 if any(each.kept is False for each in kept) else 0


def _print(measured: Sequence[Measured], kept: Sequence[Budget]) -> None:
    heads = f"{'p50 ms':>9}{'p95 ms':>9}{'worst':>9}{'built/s':>9}{'MB':>8}{'results':>10}{'change ms':>11}"
    print(f"{'full page':<14}{'documents':>10}{heads}")
    for each in measured:
        times = "".join(f"{value:>9.1f}" for value in (each.p50, each.p95, each.worst))
        rest = f"{each.built:>9,.0f}{each.size:>8,.0f}{each.results:>10,}"
        change = "" if each.change is None else f"{each.change:>11.1f}"
        print(f"{each.engine:<14}{each.documents:>10,}{times}{rest}{change}")
    said = {True: "kept", False: "MISSED", None: "told"}
    for budget in kept:
        print(f"{said[budget.kept]:<7} {budget.about}: {budget.measured:,.2f} (budget {budget.allowed:,.2f})")


if __name__ == "__main__":
    sys.exit(main())
