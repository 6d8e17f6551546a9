"""The engines that are compared, each doing the same with its own means.

A full page is the number of results, 25 hits with a snippet, and the counts of all facets (20 values each).
The peers get what makes them fast, not what makes them comparable in every detail: no synonyms, no typing errors
mended beyond a fuzzy term, no counts "as if this were the only value chosen".
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import tantivy

from bench.corpus import STOP_WORDS
from catalogue.search.backend import SearchDocument, SearchQuery
from catalogue.search.fields import FACET_NAMES
from catalogue.search.whoosh_backend import WhooshBackend

HITS = 25
VALUES = 20
STOPS = frozenset(STOP_WORDS)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the benchmark: words with a kind, for each engine to put in its own way."""

    kind: str
    words: tuple[str, ...]
    custodian: str = ""

    @property
    def text(self) -> str:
        """As a person types it."""
        match self.kind:
            case "phrase":
                return '"{}"'.format(" ".join(self.words))
            case "either":
                return " OR ".join(self.words)
            case "beginning":
                return f"{self.words[0]}*"
            case _:
                return " ".join(self.words)


class Engine(Protocol):
    """What is compared."""

    name: str

    def build(self, found: Iterable[SearchDocument]) -> None:
        """Index descriptions."""

    def page(self, asked: Asked) -> int:
        """Make a full page; the number of results."""


class Ours:
    """This project's backend."""

    name = "catalogue"

    def __init__(self, folder: Path) -> None:
        self._backend = WhooshBackend(folder / self.name)

    def build(self, found: Iterable[SearchDocument]) -> None:
        self._backend.rebuild(found)

    def page(self, asked: Asked) -> int:
        result = self._backend.search(
            SearchQuery(
                asked.text,
                filters={"custodian": (asked.custodian,)} if asked.custodian else {},
                sort="changed" if asked.kind == "newest" else "relevance",
                per_page=HITS,
            )
        )
        for counts in result.facets.values():
            _ = counts[:VALUES]
        return result.total

    def change(self, document: SearchDocument) -> None:
        """Replace one description and make it visible."""
        self._backend.index_many([document])
        self._backend.search(SearchQuery("data"))


class Tantivy:
    """A Rust library in the manner of Lucene."""

    name = "tantivy"
    boosts = {"title": 8.0, "keywords": 4.0, "custodian": 3.0, "abstract": 3.0, "columns": 1.5, "description": 1.0}  # noqa: RUF012 - a constant

    def __init__(self, folder: Path) -> None:
        self._folder = folder / self.name
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("identifier", stored=True, tokenizer_name="raw", index_option="basic")
        for name in self.boosts:
            stored = name in {"title", "abstract"}
            builder.add_text_field(name, stored=stored, tokenizer_name="english", index_option="position")
        for name in FACET_NAMES:
            builder.add_text_field(f"f_{name}", fast=True, tokenizer_name="raw", index_option="basic")
        builder.add_integer_field("changed", fast=True, indexed=True, stored=True)
        self._schema = builder.build()

    def build(self, found: Iterable[SearchDocument]) -> None:
        self._folder.mkdir()
        index = tantivy.Index(self._schema, path=str(self._folder))
        analyser = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        for step in (
            tantivy.Filter.remove_long(40),
            tantivy.Filter.lowercase(),
            tantivy.Filter.custom_stopword(sorted(STOPS)),
            tantivy.Filter.stemmer("english"),
        ):
            analyser = analyser.filter(step)
        index.register_tokenizer("english", analyser.build())
        writer = index.writer(heap_size=128_000_000, num_threads=1)
        for document in found:
            writer.add_document(self._document(document))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._index, self._searcher = index, index.searcher()

    def _document(self, document: SearchDocument) -> Any:  # noqa: ANN401 - tantivy's own class
        made = tantivy.Document()
        made.add_text("identifier", document.identifier)
        for name in ("title", "abstract", "description", "custodian"):
            made.add_text(name, getattr(document, name))
        made.add_text("keywords", " ; ".join(document.keywords))
        made.add_text("columns", " ".join(f"{n.replace('_', ' ')} {d}" for n, d in document.columns))
        for name in FACET_NAMES:
            for term in document.facets.get(name, ()):
                made.add_text(f"f_{name}", term.value)
        made.add_integer("changed", document.changed_at)
        return made

    def _query(self, asked: Asked) -> Any:  # noqa: ANN401 - tantivy's own class
        should, boosted = tantivy.Occur.Should, tantivy.Query.boost_query
        word = asked.words[0]
        if asked.kind == "beginning":
            parts = [(n, tantivy.Query.regex_query(self._schema, n, f"{word}.*")) for n in self.boosts]
            return tantivy.Query.boolean_query([(should, boosted(part, self.boosts[n])) for n, part in parts])
        if asked.kind == "mistyped":
            parts = [(n, tantivy.Query.fuzzy_term_query(self._schema, n, word, distance=1)) for n in self.boosts]
            return tantivy.Query.boolean_query([(should, boosted(part, self.boosts[n])) for n, part in parts])
        query = self._index.parse_query(
            '"{}"'.format(" ".join(asked.words)) if asked.kind == "phrase" else " ".join(asked.words),
            list(self.boosts),
            field_boosts=self.boosts,
            conjunction_by_default=asked.kind not in {"either", "phrase"},
        )
        if asked.custodian:
            only = tantivy.Query.term_query(self._schema, "f_custodian", asked.custodian, index_option="basic")
            must = tantivy.Occur.Must
            query = tantivy.Query.boolean_query([(must, query), (must, tantivy.Query.const_score_query(only, 0.0))])
        return query

    def page(self, asked: Asked) -> int:
        query = self._query(asked)
        order = {"order_by_field": "changed"} if asked.kind == "newest" else {}
        found = self._searcher.search(query, HITS, **order)
        self._searcher.aggregate(query, {n: {"terms": {"field": f"f_{n}", "size": VALUES}} for n in FACET_NAMES})
        if found.hits:
            snippets = tantivy.SnippetGenerator.create(self._searcher, query, self._schema, "abstract")
            snippets.set_max_num_chars(220)
            for _, address in found.hits:
                snippets.snippet_from_doc(self._searcher.doc(address)).to_html()
        return int(found.count)


class Sqlite:
    """SQLite with FTS5, facets by SQL."""

    name = "SQLite FTS5"
    columns = ("title", "keywords", "custodian", "abstract", "columns", "description")

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(folder / "fts5.sqlite")
        self._connection.executescript(
            f"""pragma journal_mode=wal; pragma cache_size=-64000; pragma mmap_size=2000000000;
            create virtual table text using fts5({", ".join(self.columns)}, tokenize='porter unicode61', prefix='5');
            create virtual table vocabulary using fts5vocab(text, 'row');
            create table document(id integer primary key, changed integer);
            create table facet(document integer, facet integer, value text,
                primary key(document, facet, value)) without rowid;
            create temp table result(id integer primary key);"""
        )

    def build(self, found: Iterable[SearchDocument]) -> None:
        connection = self._connection
        for number, document in enumerate(found, 1):
            columns = " ".join(f"{n.replace('_', ' ')} {d}" for n, d in document.columns)
            row = (document.title, " ; ".join(document.keywords), document.custodian, document.abstract, columns)
            connection.execute("insert into document values(?, ?)", (number, document.changed_at))
            connection.execute(
                "insert into text(rowid, title, keywords, custodian, abstract, columns, description)"
                " values(?, ?, ?, ?, ?, ?, ?)",
                (number, *row, document.description),
            )
            connection.executemany(
                "insert into facet values(?, ?, ?)",
                [(number, n, t.value) for n, name in enumerate(FACET_NAMES) for t in document.facets.get(name, ())],
            )
        connection.execute("create index by_value on facet(facet, value, document)")
        connection.execute("insert into text(text) values('optimize')")
        connection.execute("analyze")
        connection.commit()

    def _match(self, asked: Asked) -> str:
        if asked.kind == "phrase":
            return '"{}"'.format(" ".join(asked.words))
        if asked.kind == "beginning":
            return f'"{asked.words[0]}"*'
        if asked.kind == "either":
            return " OR ".join(f'"{word}"' for word in asked.words)
        return " AND ".join(f'"{word}"' for word in asked.words)

    def page(self, asked: Asked) -> int:
        run = self._connection.execute
        match, only, values = self._match(asked), "", (asked.custodian,) if asked.custodian else ()
        if asked.custodian:
            only = " and rowid in (select document from facet where facet = 0 and value = ?)"
        run("delete from result")
        run(f"insert into result select rowid from text where text match ?{only}", (match, *values))  # noqa: S608 - no text from outside
        total = int(run("select count(*) from result").fetchone()[0])
        if asked.kind == "newest":
            best = run("select id from result join document using (id) order by changed desc limit ?", (HITS,))
        else:
            ranked = f"select rowid from text where text match ?{only} and rank match 'bm25(8,4,3,3,1.5,1)'"  # noqa: S608
            best = run(f"{ranked} order by rank limit ?", (match, *values, HITS))
        hits = [row[0] for row in best]
        marks = ",".join("?" * len(hits))
        snippet = "select rowid, snippet(text, 3, '<b>', '</b>', '…', 30) from text"
        run(f"{snippet} where text match ? and rowid in ({marks})", (match, *hits)).fetchall()
        counts: dict[int, list[tuple[str, int]]] = {}
        for facet, value, number in run(
            "select facet, value, count(*) from result cross join facet on document = id group by facet, value"
        ):
            counts.setdefault(facet, []).append((value, number))
        for found in counts.values():
            found.sort(key=lambda pair: -pair[1])
        return total
