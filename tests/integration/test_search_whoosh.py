"""Guards what is used of Whoosh beyond its documented interface, and that the index remains one that Whoosh reads."""

from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from whoosh import codec, index, query, writing
from whoosh.codec import whoosh3
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.scoring import Frequency

from catalogue.search import fields
from catalogue.search.analysis import term_of
from catalogue.search.backend import SearchDocument, SearchQuery
from catalogue.search.index_folder import IndexFolder
from catalogue.search.index_writing import _Writer, create
from catalogue.search.postings import (
    FIELD_SHIFT,
    LAST_PLACE,
    TermPostings,
    encode,
    read_places,
    read_positions,
    read_postings,
)
from catalogue.search.snapshots import INDEX_NAME, latest_commit, read_segments
from catalogue.search.whoosh_backend import WhooshBackend
from catalogue.search.whoosh_codec import TEXT, CatalogueCodec, make_schema

TITLES = ("Asthma cohort", "Kidney and asthma registry", "Cohort of cohorts", "Heart failure", "Asthma, asthma, asthma")


@pytest.fixture
def backend(tmp_path: Path) -> WhooshBackend:
    made = WhooshBackend(tmp_path)
    documents = [SearchDocument(f"d{n}", "1", title, "Trust", abstract="linked") for n, title in enumerate(TITLES)]
    made.index_many(documents[:3])
    made.index_many(documents[3:], delete=["d0"])
    return made


def stock_index(folder: Path) -> Any:
    return index.open_dir(str(IndexFolder(folder).live()))


def test_the_release_is_the_one_that_was_tried() -> None:
    assert version("whoosh-reloaded") == "2.7.5"


def test_the_attributes_that_are_relied_on_are_there(tmp_path: Path) -> None:
    create(tmp_path)
    writer = _Writer(tmp_path)
    try:
        assert (writer.docnum, writer._added, writer.is_closed) == (0, False, False)
        assert writer.perdocwriter.is_closed is False
        assert writer.fieldwriter._postfile.tell() > 0
        assert writer.fieldwriter._tindex.extras["fieldmap"] == {}
    finally:
        writer.cancel()
    assert writer.is_closed
    assert codec.default_codec().length_stats is True
    assert CatalogueCodec().length_stats is False
    assert INDEX_NAME == index._DEF_INDEX_NAME
    assert issubclass(_Writer, writing.SegmentWriter)
    assert isinstance(RamStorage().files, dict)


def test_a_cancelled_writer_gives_the_lock_back_and_leaves_nothing(tmp_path: Path) -> None:
    create(tmp_path)
    for _ in range(2):
        writer = _Writer(tmp_path)
        writer.add(SearchDocument("a", "1", "Asthma", "Trust"))
        writer.cancel()
    writer = _Writer(tmp_path)
    writer.commit()
    assert latest_commit(tmp_path) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["MAIN_WRITELOCK", "_MAIN_1.toc"]


def test_a_deleted_document_is_deleted_by_its_number_over_all_segments(tmp_path: Path, backend: WhooshBackend) -> None:
    live = IndexFolder(tmp_path).live()
    assert live is not None
    first, second = read_segments(live, latest_commit(live))
    assert (first.doc_count_all(), list(first.deleted_docs())) == (3, [0])
    assert (second.doc_count_all(), list(second.deleted_docs())) == (2, [])


def test_whoosh_itself_finds_the_same_documents(tmp_path: Path, backend: WhooshBackend) -> None:
    with stock_index(tmp_path).searcher(weighting=Frequency()) as searcher:
        for word in ("asthma", "cohort", "heart", "linked", "trust", "kidney"):
            numbers = set(query.Term(TEXT, term_of(word)).docs(searcher))
            result = backend.search(SearchQuery(word))
            assert {f"d{number}" for number in numbers} == {hit.identifier for hit in result.hits}


def test_whoosh_itself_reads_weights_and_positions(tmp_path: Path, backend: WhooshBackend) -> None:
    snapshot = backend._reader.newest()
    reader = stock_index(tmp_path).reader()
    for (leaf, base), view in zip(reader.leaf_readers(), snapshot.segments, strict=True):
        for name, term in leaf.all_terms():
            ours = view.postings(term)
            matcher = leaf.postings(name, term)
            theirs = []
            while matcher.is_active():
                theirs.append((matcher.id(), matcher.weight(), matcher.value()))
                matcher.next()
            alive = snapshot.live[ours.documents + base]
            assert [number for number, *_ in theirs] == ours.documents[alive].tolist()
            assert [weight for _, weight, _ in theirs] == ours.weights[alive].tolist()
            places = view.places(term, ours.documents[alive])
            assert [value for *_, value in theirs] == [found.astype("<u4").tobytes() for found in places]
            assert leaf.doc_frequency(name, term) == len(ours.documents)
    reader.close()


def test_a_term_that_is_not_there_is_told_apart_from_damage(backend: WhooshBackend) -> None:
    segment = backend._reader.newest().segments[0]
    assert segment.postings(b"zebra").start is None
    assert segment.places(b"zebra", np.array([0])) == []
    assert len(segment.positions(b"zebra").positions) == 0


def test_positions_say_field_and_place(backend: WhooshBackend) -> None:
    segment = backend._reader.newest().segments[0]
    (places,) = segment.places(b"cohort", np.array([2]))
    names = [field.name for field in fields.TEXT_FIELDS]
    assert [(names[place >> FIELD_SHIFT], place & LAST_PLACE) for place in places.tolist()] == [
        ("title", 0),
        ("title", 2),
    ]


@pytest.mark.parametrize("far", [0, 300, 9_000, 70_000, LAST_PLACE])
@pytest.mark.parametrize("many", [1, 300])
def test_records_of_every_size_are_read_as_written(far: int, many: int) -> None:
    wanted = {number * 300: sorted({number % 7, 5 << FIELD_SHIFT, (7 << FIELD_SHIFT) + far}) for number in range(many)}
    term = TermPostings()
    for number, places in wanted.items():
        term.add(number, number / 4, np.array(places, np.uint32).tobytes())
    other = TermPostings()
    other.add(70_000, 1e9, np.arange(70_000, dtype=np.uint32).tobytes())
    content = b"before" + b"".join(encode([term, other]))
    postings, positions = read_postings(content, 6), read_positions(content, 6)
    assert postings.documents.tolist() == list(wanted)
    assert postings.weights == pytest.approx(np.array(list(wanted)) / 4, rel=1e-3)
    assert set(postings.fields.tolist()) <= {0b10100001, 0b10100000}
    assert positions.positions.tolist() == [place for places in wanted.values() for place in places]
    asked = np.array([0, 1, max(wanted)])
    expected = [wanted.get(number, []) for number in asked.tolist()]
    assert [places.tolist() for places in read_places(content, 6, asked)] == expected
    second = len(content) - len(next(encode([other])))
    assert read_postings(content, second).documents.tolist() == [70_000]
    assert read_postings(content, second).weights.tolist() == [65504.0]
    assert len(read_positions(content, second).positions) == 70_000


def test_the_extent_of_a_term_begins_where_its_record_does(tmp_path: Path) -> None:
    facts = whoosh3.W3TermInfo(weight=1.0, df=1, maxweight=1.0, minid=0, maxid=0)
    facts.set_extent(2**40, 0)
    assert whoosh3.W3TermInfo.from_bytes(facts.to_bytes()).extent()[0] == 2**40


def test_an_index_without_documents_is_read(tmp_path: Path) -> None:
    index.FileIndex.create(FileStorage(str(tmp_path)), make_schema(), INDEX_NAME)
    assert read_segments(tmp_path, latest_commit(tmp_path)) == []
