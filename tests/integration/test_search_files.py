"""What becomes of the index when processes die, files are damaged and several people write."""

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from catalogue.search import index_writing
from catalogue.search.backend import FacetTerm, IndexBusy, IndexUnavailable, SearchDocument, SearchQuery
from catalogue.search.index_folder import IndexFolder
from catalogue.search.snapshots import Snapshot
from catalogue.search.whoosh_backend import WhooshBackend


def document(number: int, **values: object) -> SearchDocument:
    given = {
        "title": f"Cohort {number}",
        "abstract": "Asthma in children of the north",
        "columns": (("nhs_number", "Pseudonymised"),),
        "facets": {"keyword": (FacetTerm("asthma", "Asthma"),)},
        "changed_at": number,
        **values,
    }
    return SearchDocument(identifier=f"d{number:03}", revision="1", custodian="Trust", **given)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def backend(folder: Path) -> WhooshBackend:
    made = WhooshBackend(folder)
    made.index_many(map(document, range(20)))
    made.index_many([document(20)], delete=["d000"])
    return made


def total(backend: WhooshBackend, text: str = "") -> int:
    return backend.search(SearchQuery(text)).total


def generation(folder: Path) -> Path:
    (found,) = (folder / "generations").iterdir()
    return found


def test_only_the_owner_can_reach_the_index(folder: Path, backend: WhooshBackend) -> None:
    assert folder.stat().st_mode & 0o077 == 0
    assert generation(folder).stat().st_mode & 0o077 == 0


def test_a_rebuild_leaves_one_generation(folder: Path, backend: WhooshBackend) -> None:
    assert backend.rebuild(map(document, range(5))) == 5
    generation(folder)
    assert total(WhooshBackend(folder)) == total(backend) == 5


def test_merging_drops_what_was_deleted_and_answers_the_same(folder: Path, backend: WhooshBackend) -> None:
    before = backend.search(SearchQuery("asthma", per_page=100))
    assert backend.merge() == 20
    assert backend.search(SearchQuery("asthma", per_page=100)) == before
    assert len(list(generation(folder).glob("*.doc"))) == 1


def test_many_small_commits_do_not_leave_many_files(folder: Path, backend: WhooshBackend) -> None:
    for number in range(100, 140):
        backend.index_many([document(number)])
    for number in range(100, 110):
        backend.index_many([document(number, title="Again")])
    assert total(backend) == 60
    assert total(backend, "again") == 10
    assert len(list(generation(folder).glob("*.doc"))) < 12


def test_segments_of_like_size_are_put_together(
    folder: Path, backend: WhooshBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_writing, "SMALL_SEGMENTS", ((3, 4), (10, 2)))
    for number in range(100, 112):
        backend.index_many([document(number), document(number + 100)])
    assert total(backend) == 44
    backend.index_many([], delete=[f"d{number}" for number in range(100, 112)])
    assert total(backend) == 32
    sizes = [view.count for view in backend._reader.newest().segments]
    assert sum(size < 3 for size in sizes) <= 4
    assert sum(3 <= size < 10 for size in sizes) <= 2


def test_what_is_written_is_found_before_segments_are_put_together(
    folder: Path, backend: WhooshBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_writing, "SMALL_SEGMENTS", ((64, 4),))
    reader, put_together, found = WhooshBackend(folder), index_writing.put_together, []

    def watched(snapshot: Snapshot, generation: Path) -> bool:
        before = total(reader)
        found.append((before, put_together(snapshot, generation), total(reader)))
        return found[-1][1]

    monkeypatch.setattr(index_writing, "put_together", watched)
    for number in range(100, 103):
        backend.index_many([document(number)])
    assert found == [(21, False, 21), (22, True, 22), (23, False, 23)]


def test_a_segment_without_living_documents_goes(folder: Path, backend: WhooshBackend) -> None:
    backend.index_many([], delete=["d020"])
    assert len(list(generation(folder).glob("*.doc"))) == 1
    backend.index_many([], delete=[f"d{number:03}" for number in range(20)])
    assert list(generation(folder).glob("*.doc")) == []
    assert total(backend) == 0


def test_nothing_to_do_writes_nothing(folder: Path, backend: WhooshBackend) -> None:
    before = sorted(path.name for path in generation(folder).iterdir())
    backend.index_many([], delete=["unheard-of"])
    assert sorted(path.name for path in generation(folder).iterdir()) == before


class Broken(Exception):
    pass


def breaking() -> Iterator[SearchDocument]:
    yield document(1)
    raise Broken


@pytest.mark.parametrize("write", [WhooshBackend.index_many, WhooshBackend.rebuild])
def test_documents_that_cannot_be_read_leave_the_index_as_it_was(
    folder: Path, backend: WhooshBackend, write: Callable[..., object]
) -> None:
    with pytest.raises(Broken):
        write(backend, breaking())
    assert total(backend) == 20
    generation(folder)
    backend.index_many([document(30)])
    assert total(backend) == 21


def test_an_error_in_the_middle_of_a_commit_leaves_the_index_writable(
    folder: Path, backend: WhooshBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("catalogue.search.whoosh_codec.write_arrays", full)
        with pytest.raises(IndexUnavailable, match="No space left"):
            backend.index_many([document(30)])
    assert total(backend) == 20
    backend.index_many([document(30)])
    assert total(backend) == 21


def test_a_writer_waits_for_another_one_and_gives_up_in_the_end(folder: Path, backend: WhooshBackend) -> None:
    impatient = WhooshBackend(folder, patience=0.01)
    with IndexFolder(folder).writing(1), pytest.raises(IndexBusy, match="Try again"):
        impatient.index_many([document(30)])
    impatient.index_many([document(30)])
    assert total(backend) == 21


def test_threads_that_write_wait_for_each_other(folder: Path, backend: WhooshBackend) -> None:
    threads = [
        threading.Thread(target=backend.index_many, args=([document(number)],), name=str(number))
        for number in range(50, 56)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert total(backend) == 26


def test_readers_see_whole_indexes_while_others_write(folder: Path, backend: WhooshBackend) -> None:
    """Every answer is the index before or after a change, never a mixture, and never an error."""
    seen: set[int] = set()
    errors: list[Exception] = []
    stop = threading.Event()

    def read(reader: WhooshBackend) -> None:
        while not stop.is_set():
            try:
                result = reader.search(SearchQuery("asthma", per_page=50))
                seen.add(result.total)
                assert len(result.hits) == result.total
                assert [count.count for count in result.facets["keyword"]] == [result.total]
            except Exception as error:  # noqa: BLE001 - told to the thread that asserts
                errors.append(error)
                return

    readers = [threading.Thread(target=read, args=(each,)) for each in (backend, backend, WhooshBackend(folder))]
    for thread in readers:
        thread.start()
    for size in (20, 30, 40) * 3:
        backend.rebuild(map(document, range(size)))
        backend.index_many(map(document, range(size, size + 5)), delete=["d000"])
    stop.set()
    for thread in readers:
        thread.join()
    assert errors == []
    assert seen <= {20, 24, 30, 34, 40, 44}


WRITER = """
import sys
from pathlib import Path
from catalogue.search.backend import SearchDocument
from catalogue.search.whoosh_backend import WhooshBackend

backend = WhooshBackend(Path(sys.argv[1]))
for number in range(1, 10_000):
    backend.index_many(
        SearchDocument(f"r{place}", str(number), f"Round {number}", "Trust", abstract="asthma") for place in range(40)
    )
    print(number, flush=True)
"""


@pytest.mark.parametrize("seed", range(4))
def test_a_writer_that_is_killed_leaves_all_or_nothing_of_a_commit(folder: Path, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - the same moments every time, as far as a machine allows
    with subprocess.Popen([sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        for _ in range(dice.randint(1, 4)):
            acknowledged = int(writer.stdout.readline())
        time.sleep(dice.random() * 0.08)
        writer.send_signal(signal.SIGKILL)
        acknowledged = int(([str(acknowledged), *writer.stdout.read().split()])[-1])
    backend = WhooshBackend(folder)
    assert total(backend, "asthma") == 40
    assert any(
        backend.check({f"r{place}": str(number) for place in range(40)}).agree
        for number in range(acknowledged, acknowledged + 2)
    )
    backend.index_many([document(1)])
    assert total(backend) == 41
    assert not list(generation(folder).glob("*.toc.*"))


def test_a_commit_that_was_never_given_its_name_is_taken_away_by_the_next(folder: Path) -> None:
    backend = WhooshBackend(folder)
    backend.index_many([document(1)])
    unnamed = generation(folder) / "_MAIN_2.toc.1795401524.1132007"
    unnamed.write_bytes(b"half")
    backend.index_many([document(2)])
    assert not unnamed.exists()
    assert total(backend) == 2


def test_a_rebuild_that_is_killed_leaves_the_old_index(folder: Path, backend: WhooshBackend) -> None:
    code = WRITER.replace("backend.index_many(", "backend.rebuild(").replace("range(40)", "range(4_000)")
    with subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE) as writer:
        while len(list((folder / "generations").iterdir())) < 2:
            time.sleep(0.01)
        writer.kill()
    assert total(backend) == 20
    backend.index_many([document(30)])
    assert total(backend) == 21
    backend.rebuild([document(1)])
    generation(folder)


def test_a_first_index_that_is_being_built_is_an_empty_one(folder: Path) -> None:
    backend = WhooshBackend(folder)
    seen: list[int] = []

    def documents() -> Iterator[SearchDocument]:
        yield document(1)
        seen.append(total(backend))

    backend.rebuild(documents())
    assert seen == [0]
    assert total(backend) == 1


def damage_current(folder: Path) -> None:
    (folder / "CURRENT").write_text("rubbish")


def damage_format(folder: Path) -> None:
    (folder / "CURRENT").write_text("0.old 000001")


def lose_current(folder: Path) -> None:
    (folder / "CURRENT").unlink()


def lose_generation(folder: Path) -> None:
    shutil.rmtree(generation(folder))


def lose(pattern: str) -> Callable[[Path], None]:
    return lambda folder: next(generation(folder).glob(pattern)).unlink()


def halve(pattern: str) -> Callable[[Path], None]:
    def cut(folder: Path) -> None:
        path = next(generation(folder).glob(pattern))
        os.truncate(path, path.stat().st_size // 2)

    return cut


def empty(pattern: str) -> Callable[[Path], None]:
    return lambda folder: next(generation(folder).glob(pattern)).write_bytes(b"")


@pytest.mark.parametrize(
    "damage",
    [
        damage_current,
        damage_format,
        lose_current,
        lose_generation,
        *(make(f"*.{suffix}") for make in (lose, halve, empty) for suffix in ("toc", "trm", "pst", "doc")),
    ],
)
def test_a_damaged_index_says_so_and_can_be_built_again(
    folder: Path, backend: WhooshBackend, damage: Callable[[Path], None]
) -> None:
    damage(folder)
    damaged = WhooshBackend(folder)
    for use in (
        lambda: damaged.search(SearchQuery("asthma")),
        lambda: damaged.check({}),
        lambda: damaged.index_many([document(1)]),
        damaged.merge,
    ):
        with pytest.raises(IndexUnavailable, match="catalogue index rebuild"):
            use()
    assert damaged.rebuild(map(document, range(7))) == 7
    assert total(damaged, "asthma") == 7
    assert total(backend, "asthma") == 7


@pytest.mark.parametrize("suffix", ["toc", "trm", "pst", "doc"])
def test_bytes_that_changed_never_end_in_anything_else(folder: Path, backend: WhooshBackend, suffix: str) -> None:
    path = next(generation(folder).glob(f"*.{suffix}"))
    whole = path.read_bytes()
    dice = random.Random(suffix)  # noqa: S311 - the same bytes every time
    for _ in range(30):
        content = bytearray(whole)
        for _ in range(dice.randint(1, 30)):
            content[dice.randrange(len(content))] = dice.randrange(256)
        path.write_bytes(content)
        damaged = WhooshBackend(folder)
        for text in ("asthma", '"children of the north"', "nort*", "cohrot"):
            try:
                damaged.search(SearchQuery(text, filters={"keyword": ("asthma",)}))
            except IndexUnavailable as error:
                assert "catalogue index rebuild" in str(error)  # noqa: PT017 - one of two good ends


@pytest.mark.parametrize("place", ["file", "file/inside"])
def test_a_folder_that_cannot_be_made_is_said_plainly(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(IndexUnavailable, match="cannot be written"):
        WhooshBackend(tmp_path / place).index_many([document(1)])


@pytest.mark.parametrize("sort", ["relevance", "changed", "title"])
def test_few_and_many_results_are_put_in_the_same_order(
    backend: WhooshBackend, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    backend.index_many([document(number, title="Same", changed_at=5) for number in range(7, 0, -1)])
    query = SearchQuery("asthma", sort=sort, per_page=30)
    by_identifier = backend.search(query).hits
    monkeypatch.setattr("catalogue.search.searching.FEW", 0)
    assert backend.search(query).hits == by_identifier


def test_the_cache_stays_within_its_bytes(folder: Path) -> None:
    backend = WhooshBackend(folder, cache_bytes=40_000)
    backend.rebuild(
        document(number, title=" ".join(f"word{number}x{place}" for place in range(30))) for number in range(60)
    )
    for number in range(60):
        assert total(backend, f'"word{number}x1 word{number}x2" asthma') == 1
    assert backend._cache.used <= 40_000
