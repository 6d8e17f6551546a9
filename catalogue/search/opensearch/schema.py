"""What the indices on an OpenSearch server look like, and what they are called.

Text is analysed here and not on the server: its fields hold terms with spaces between them and a mark for each stop
word, so that both engines find the same and no plugin is needed. The weight of each term in a document is a feature
of the document (`rank_features`), so that scores depend on nothing else on the server and are the same on every shard
and every copy.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias
from zlib import crc32

from catalogue.search.fields import FACET_NAMES, FINGERPRINT, TEXT_FIELDS
from catalogue.search.opensearch.address import OpenSearchAddress

Body: TypeAlias = dict[str, Any]

STOP = "_"
"""Stands for a stop word; no term has an underscore."""
TEXT, PARTS, WEIGHTS = "text", "part", "weights"
"""All terms; the terms of each part of the description; the weight of each term."""
VALUES, SPELLINGS = "value", "spelling"
"""For each facet the values to filter by, in one case, and the values with their labels as they are written."""

MOST_RESULTS = 10_000
"""Results that one search can reach; the server's own default. Later pages are reached step by step."""

PRIORITY = 500
"""Above the templates for everything that a cluster may have."""

_KEYWORD = {"type": "keyword"}
_LOOKED_UP = {"type": "keyword", "doc_values": False}
_COUNTED = {"type": "keyword", "index": False}
_KEPT = {"type": "keyword", "index": False, "doc_values": False}
_TERMS = {"type": "text", "analyzer": "terms", "norms": False}

_DATASETS: Body = {
    "identifier": _KEYWORD,
    "revision": _KEPT,
    "title_key": _COUNTED,
    "changed_at": {"type": "long"},
    "quality": {"type": "float"},
    "first_year": {"type": "integer"},
    "last_year": {"type": "integer"},
    WEIGHTS: {"type": "rank_features"},
    TEXT: _TERMS,
    PARTS: {"properties": {field.name: _TERMS for field in TEXT_FIELDS}},
    VALUES: {"properties": dict.fromkeys(FACET_NAMES, _LOOKED_UP)},
    SPELLINGS: {"properties": dict.fromkeys(FACET_NAMES, _COUNTED)},
    "word": _LOOKED_UP,
    "column_name": _LOOKED_UP,
    "document": {"type": "object", "enabled": False},
}
_WORDS: Body = {"word": _KEYWORD, "count": {"type": "integer"}}
_NOT_KEPT = [WEIGHTS, TEXT, PARTS, VALUES, SPELLINGS, "word", "column_name"]
_ANALYSIS: Body = {
    "analyzer": {"terms": {"type": "custom", "tokenizer": "whitespace", "filter": ["stops"]}},
    "filter": {"stops": {"type": "stop", "stopwords": [STOP]}},
}

FORMAT = f"1-{crc32(repr((FINGERPRINT, _DATASETS, _WORDS, _ANALYSIS)).encode()):08x}"
"""How indices are written. It is part of their names, so that one that is written otherwise is never read."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the indices of a catalogue are called."""

    prefix: str

    @property
    def datasets(self) -> str:
        """The alias of the datasets."""
        return f"{self.prefix}-datasets-{FORMAT}"

    @property
    def words(self) -> str:
        """The alias of the different words of all datasets."""
        return f"{self.prefix}-words-{FORMAT}"

    @property
    def lock(self) -> str:
        """The index of the document that the one writer holds."""
        return f"{self.prefix}-lock"

    @property
    def everything(self) -> tuple[str, str]:
        """Patterns of the datasets and words of every format."""
        return f"{self.prefix}-datasets-*", f"{self.prefix}-words-*"

    def generation(self, token: str) -> tuple[str, str]:
        """The indices of a generation: datasets and words."""
        return f"{self.datasets}-{token}", f"{self.words}-{token}"


def templates(names: Names, address: OpenSearchAddress) -> dict[str, Body]:
    """The index templates by name. New documents are seen when the writer says so, all of a batch together."""
    datasets = {"dynamic": "strict", "_source": {"excludes": _NOT_KEPT}, "properties": _DATASETS}
    words = {"dynamic": "strict", "properties": _WORDS}
    own = {"analysis": _ANALYSIS, "refresh_interval": "-1", "max_result_window": MOST_RESULTS}
    return {
        names.datasets: _template(names.datasets, address, datasets, address.shards, own),
        names.words: _template(names.words, address, words, 1, {"refresh_interval": "-1"}),
    }


def _template(alias: str, address: OpenSearchAddress, mappings: Body, shards: int, settings: Body) -> Body:
    copies = {"number_of_shards": shards, "number_of_replicas": address.replicas}
    described = {"_meta": {"format": FORMAT}, **mappings}
    return {
        "index_patterns": [f"{alias}-*"],
        "priority": PRIORITY,
        "template": {"settings": {"index": {**copies, **settings}}, "mappings": described},
    }
