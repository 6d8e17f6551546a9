"""The files of a segment, as a codec that Whoosh's own writer and readers work with.

Whoosh keeps postings as pickled blocks that only Python can take apart, one posting at a time. This codec writes
each term's postings as columns (`postings`) and everything known of the documents as arrays (`arrays`), so that a
search reads both with a few numpy calls. Terms, segments, deletions, commits and locks remain Whoosh's.

A segment has three files: `.trm` (Whoosh's table of terms), `.pst` (postings), `.doc` (documents).
"""

import mmap
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from whoosh import fields, formats  # type: ignore[import-untyped]
from whoosh.codec import base, whoosh3  # type: ignore[import-untyped]
from whoosh.filedb.structfile import StructFile  # type: ignore[import-untyped]
from whoosh.matching import ListMatcher  # type: ignore[import-untyped]
from whoosh.system import pack_ushort  # type: ignore[import-untyped]

from catalogue.search.arrays import write_arrays
from catalogue.search.damage import DamagedFile
from catalogue.search.document_store import DocumentRows, StoredDocument
from catalogue.search.postings import TermPostings, encode, read_positions, read_postings

TEXT = "text"
DOCUMENTS_EXTENSION = ".doc"

_POSTINGS_MAGIC = b"HDCPST1\n"
"""Also keeps the file from being empty, which could not be mapped."""
_POSTINGS_BYTES = "postings_bytes"
_BATCH = 2_000
"""Terms whose records are worked out together."""


class MappedFile(StructFile):  # type: ignore[misc]
    """A file mapped into memory. `get` does not move the position of the file, so that threads may share it."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self.mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        super().__init__(self.mapped, name=path.name)

    def get(self, position: int, length: int) -> bytes:
        return self.mapped[position : position + length]


class WeightedPositions(formats.Format):  # type: ignore[misc]
    """What a posting holds: the term's weight and its positions, four bytes each."""

    def decode_frequency(self, value: bytes) -> int:
        return len(value) >> 2


class TextFieldType(fields.FieldType):  # type: ignore[misc]
    """The one field that is searched. Documents are analysed before Whoosh sees them (`indexing`)."""

    def __init__(self) -> None:
        super().__init__(WeightedPositions(), analyzer=None)

    def to_bytes(self, value: str | bytes) -> bytes:
        return value.encode() if isinstance(value, str) else value


def make_schema() -> Any:  # noqa: ANN401 - Whoosh has no types
    """The schema of the index."""
    return fields.Schema(**{TEXT: TextFieldType()})


class PostingsPool:
    """Gathers the postings of a segment in memory, already sorted by document.

    Takes the place of Whoosh's pool, which sorts one tuple a posting.
    """

    def __init__(self) -> None:
        self.terms: dict[bytes, TermPostings] = {}

    def add(self, document: int, postings: Iterable[tuple[bytes, float, bytes]]) -> None:
        """Add a document's terms, with weight and positions."""
        terms = self.terms
        for term, weight, positions in postings:
            known = terms.get(term)
            if known is None:
                known = terms[term] = TermPostings()
            known.add(document, weight, positions)

    def iter_postings(self) -> Iterator[tuple[bytes, TermPostings]]:
        return iter(sorted(self.terms.items()))

    def cleanup(self) -> None:
        self.terms.clear()


class TermsWriter(whoosh3.W3FieldWriter):  # type: ignore[misc]
    """Writes the terms of a segment from a `PostingsPool`."""

    def __init__(self, codec: base.Codec, storage: Any, segment: Any) -> None:  # noqa: ANN401
        super().__init__(codec, storage, segment)
        self._postfile.write(_POSTINGS_MAGIC)

    def add_postings(self, schema: Any, lengths: object, items: Iterable[tuple[bytes, TermPostings]]) -> None:  # noqa: ANN401, ARG002
        self.start_field(TEXT, schema[TEXT])
        prefix = pack_ushort(self._fieldid)
        iterator = iter(items)
        while batch := list(islice(iterator, _BATCH)):
            records = encode([postings for _, postings in batch])
            for (term, postings), record in zip(batch, records, strict=True):
                self._tindex.add(prefix + term, self._facts(postings).to_bytes())
                self._postfile.write(record)
        self.finish_field()

    def close(self) -> None:
        self._tindex.extras[_POSTINGS_BYTES] = self._postfile.tell()
        super().close()

    def _facts(self, postings: TermPostings) -> Any:  # noqa: ANN401
        """What the table of terms says of a term: how many documents, and where its record starts."""
        documents = postings.documents
        facts = whoosh3.W3TermInfo(df=len(documents), minid=documents[0], maxid=documents[-1])
        facts.set_extent(self._postfile.tell(), 0)
        return facts


class TermsReader(whoosh3.W3TermsReader):  # type: ignore[misc]
    """Finds the terms of a segment. Whoosh's files are read by seeking; these are mapped, for threads to share."""

    def __init__(self, codec: base.Codec, terms: MappedFile, postings: MappedFile) -> None:
        super().__init__(codec, terms, len(terms.mapped), postings)
        self.postings_file = postings
        if self._tindex.extras.get(_POSTINGS_BYTES) != len(postings.mapped):
            raise DamagedFile("the postings of a segment are not as long as its terms say")


class DocumentsWriter(base.PerDocumentWriter):  # type: ignore[misc]
    """Gathers what is kept of each document, and writes it when the segment is closed."""

    def __init__(self, storage: Any, segment: Any) -> None:  # noqa: ANN401
        self._path = Path(storage.folder) / segment.make_filename(DOCUMENTS_EXTENSION)
        self._rows = DocumentRows()
        self.is_closed = False

    def add(self, stored: StoredDocument) -> None:
        """Add the next document."""
        self._rows.add(stored)

    def discard(self) -> None:
        """Close without writing."""
        self.is_closed = True

    def close(self) -> None:
        if not self.is_closed and len(self._rows):
            write_arrays(self._path, self._rows.arrays())
        self.is_closed = True


class DocumentsReader(whoosh3.W3PerDocReader):  # type: ignore[misc]
    """What Whoosh itself asks about documents: how many there are, and which are deleted."""

    def stored_fields(self, docnum: int) -> dict[str, object]:  # noqa: ARG002
        return {}


class CatalogueCodec(whoosh3.W3Codec):  # type: ignore[misc]
    """Puts the parts above together."""

    length_stats = False

    def field_writer(self, storage: Any, segment: Any) -> TermsWriter:  # noqa: ANN401
        return TermsWriter(self, storage, segment)

    def per_document_writer(self, storage: Any, segment: Any) -> DocumentsWriter:  # noqa: ANN401
        return DocumentsWriter(storage, segment)

    def per_document_reader(self, storage: Any, segment: Any) -> DocumentsReader:  # noqa: ANN401
        return DocumentsReader(storage, segment)

    def terms_reader(self, storage: Any, segment: Any) -> "TermsReader":  # noqa: ANN401
        folder = Path(storage.folder)
        terms = folder / segment.make_filename(self.TERMS_EXT)
        postings = folder / segment.make_filename(self.POSTS_EXT)
        return TermsReader(self, MappedFile(terms), MappedFile(postings))

    def postings_reader(self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None) -> Any:  # noqa: ANN401
        """One posting after the other, for Whoosh's own searcher; the executor reads the record in one go."""
        start = terminfo.extent()[0]
        postings, positions = read_postings(dbfile.mapped, start), read_positions(dbfile.mapped, start)
        starts = [0, *positions.ends[:-1].tolist()]
        values = [
            positions.positions[start:end].astype("<u4").tobytes()
            for start, end in zip(starts, positions.ends.tolist(), strict=True)
        ]
        documents, weights = postings.documents.tolist(), postings.weights.tolist()
        return ListMatcher(documents, weights, values, format_, scorer=scorer, term=term, terminfo=terminfo)
