"""Whoosh as its documentation has it: one field each, the English analyser, `MultifieldParser`, BM25F."""

from collections.abc import Iterable
from pathlib import Path

from whoosh import fields, index, qparser
from whoosh.analysis import StemmingAnalyzer
from whoosh.scoring import BM25F

from catalogue.search.backend import SearchDocument

NAMES = ("title", "keywords", "custodian", "abstract", "codes", "columns", "description", "other")


class StockWhoosh:
    """The same documents in an index of stock Whoosh. With `any_word` one of the words is enough to be found."""

    def __init__(self, folder: Path, found: Iterable[SearchDocument]) -> None:
        text = fields.TEXT(analyzer=StemmingAnalyzer())
        schema = fields.Schema(identifier=fields.ID(stored=True), **dict.fromkeys(NAMES, text))
        folder.mkdir(parents=True, exist_ok=True)
        made = index.create_in(str(folder), schema)
        writer = made.writer()
        for document in found:
            writer.add_document(identifier=document.identifier, **_texts(document))
        writer.commit()
        self._schema = schema
        self._searcher = made.searcher(weighting=BM25F())

    def search(self, text: str, limit: int, *, any_word: bool = False) -> list[str]:
        """The identifiers of the best results."""
        group = qparser.OrGroup if any_word else qparser.AndGroup
        parser = qparser.MultifieldParser(list(NAMES), self._schema, group=group)
        return [hit["identifier"] for hit in self._searcher.search(parser.parse(text), limit=limit)]


def _texts(document: SearchDocument) -> dict[str, str]:
    texts = {name: getattr(document, name) for name in ("title", "custodian", "abstract", "description")}
    texts |= {name: " ; ".join(getattr(document, name)) for name in ("keywords", "codes", "other")}
    texts["columns"] = " ".join(f"{name} {description}" for name, description in document.columns)
    return texts
