"""Candidates to judge: the best of several engines for each question, in an order that says nothing of the engines.

python -m bench.pooling reference QUESTIONS FOLDER, with a question a line; those already judged are left out.
"""

import re
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import tantivy

from bench.judged import collection, judgements
from bench.stock_whoosh import StockWhoosh
from catalogue.search.backend import SearchDocument, SearchQuery
from catalogue.search.whoosh_backend import WhooshBackend

DEPTH = 10
LESS_DEPTH = 5
"""Of engines that only widen the pool."""
TEXTS = ("title", "keywords", "custodian", "abstract", "codes", "columns", "description", "other")
SHOWN = 200


def engines(found: Sequence[SearchDocument], folder: Path) -> list[Callable[[str], list[str]]]:
    """What answers a question with identifiers, best first."""
    ours = WhooshBackend(folder / "ours")
    ours.rebuild(found)
    stock = StockWhoosh(folder / "stock", found)

    def of_ours(text: str) -> list[str]:
        answer = ours.search(SearchQuery(text, per_page=DEPTH))
        return [hit.identifier for hit in (*answer.hits, *answer.more)][:DEPTH]

    return [
        of_ours,
        lambda text: stock.search(text, DEPTH),
        lambda text: stock.search(text, DEPTH, any_word=True),
        _sqlite(found),
        _tantivy(found),
    ]


def _whole(document: SearchDocument) -> tuple[str, ...]:
    columns = " ".join(f"{name} {text}" for name, text in document.columns)
    lists = (" ; ".join(values) for values in (document.keywords, document.codes, document.other))
    keywords, codes, other = lists
    return (
        document.title,
        keywords,
        document.custodian,
        document.abstract,
        codes,
        columns,
        document.description,
        other,
    )


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())


def _sqlite(found: Sequence[SearchDocument]) -> Callable[[str], list[str]]:
    connection = sqlite3.connect(":memory:")
    connection.execute(f"create virtual table t using fts5(id unindexed, {','.join(TEXTS)}, tokenize='porter')")
    marks = ",".join("?" * (len(TEXTS) + 1))
    connection.executemany(f"insert into t values({marks})", [(d.identifier, *_whole(d)) for d in found])

    def search(text: str) -> list[str]:
        asked = " OR ".join(f'"{word}"' for word in _words(text))
        rows = connection.execute(
            "select id from t where t match ? order by bm25(t,0,5,3,2,2,1,1,1,1) limit ?", (asked, LESS_DEPTH)
        )
        return [row[0] for row in rows]

    return search


def _tantivy(found: Sequence[SearchDocument]) -> Callable[[str], list[str]]:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("identifier", stored=True, tokenizer_name="raw")
    for name in TEXTS:
        builder.add_text_field(name, tokenizer_name="en_stem")
    index = tantivy.Index(builder.build())
    writer = index.writer()
    for document in found:
        made = tantivy.Document()
        made.add_text("identifier", document.identifier)
        for name, text in zip(TEXTS, _whole(document), strict=True):
            made.add_text(name, text)
        writer.add_document(made)
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def search(text: str) -> list[str]:
        query = index.parse_query(" ".join(_words(text)), list(TEXTS), field_boosts={"title": 3.0, "keywords": 2.0})
        return [searcher.doc(address)["identifier"][0] for _, address in searcher.search(query, LESS_DEPTH).hits]

    return search


def shown(document: SearchDocument, text: str, *, is_known: bool) -> str:
    """As much of a candidate as it takes to judge it: the beginning once, and what is around the question's words."""
    wanted = [word[:5] for word in _words(text) if len(word) > 1]
    body = " ".join(f"{document.abstract} || {document.description}".split())
    around = [] if is_known else [body[:SHOWN]]
    for word in wanted[:4]:
        place = body.lower().find(word, 0 if is_known else SHOWN)
        if place >= 0 and not any(word in each.lower() for each in (document.title, *around)):
            around.append(body[max(0, place - 40) : place + 50])
    tags = [] if is_known else [", ".join(document.keywords)[:80]]
    tags += [each for each in document.keywords if is_known and any(word in each.lower() for word in wanted)][:3]
    columns = [name for name, about in document.columns if any(word in f"{name} {about}".lower() for word in wanted)]
    parts = [document.title[:100], document.custodian[:14], " … ".join(around), "K:" + ";".join(tags) if tags else ""]
    parts.append(f"C{len(columns)}:{','.join(columns[:4])[:90]}" if columns else "")
    return " | ".join(filter(None, parts))


def main(name: str, questions: Path, out: Path) -> None:
    """Write what is to be judged, each candidate with the number of its description."""
    found = collection(name)
    known = {document.identifier: (number, document) for number, document in enumerate(found)}
    seen: set[str] = set()
    judged = {each.text: each.grades for each in judgements(name)}
    with tempfile.TemporaryDirectory() as folder, out.open("w", encoding="utf-8") as file:
        answers = engines(found, Path(folder))
        for place, text in enumerate(questions.read_text(encoding="utf-8").splitlines()):
            pool = {identifier for answer in answers for identifier in answer(text)} - set(judged.get(text, {}))
            if pool:
                file.write(f"\n#{place} {text}\n")
            for identifier in sorted(pool):
                number, document = known[identifier]
                file.write(f"{number} {shown(document, text, is_known=identifier in seen)}\n")
                seen.add(identifier)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
