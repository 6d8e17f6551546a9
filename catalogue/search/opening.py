"""Which search engine a catalogue uses, by its address."""

from pathlib import Path

from catalogue.search.backend import SearchBackend
from catalogue.search.whoosh_backend import WhooshBackend


def open_backend(url: str, *, folder: Path, synonyms: Path | None = None) -> SearchBackend:
    """The engine at the address; an empty one means the embedded index in `folder`, which is made when needed."""
    if url:
        message = f"there is no search engine for {url!r}"
        raise ValueError(message)
    return WhooshBackend(folder, synonyms=synonyms)
