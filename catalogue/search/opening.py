"""Which search engine a catalogue uses, by its address."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from catalogue.config import PREFIX, SettingsError
from catalogue.search.backend import SearchBackend
from catalogue.search.opensearch.address import WrongAddress, parse_address
from catalogue.search.whoosh_backend import WhooshBackend


def check_address(url: str) -> None:
    """Raise `SettingsError` when there can be no engine at an address: it is none, or its client is not installed."""
    if not url:
        return
    try:
        address = parse_address(url)
    except WrongAddress as error:
        raise SettingsError([f"{PREFIX}SEARCH_URL {error}."]) from None
    if address.ca_file and not Path(address.ca_file).is_file():
        raise SettingsError([f"{PREFIX}SEARCH_URL: there is no file of certificates at {address.ca_file}."])
    if find_spec("opensearchpy") is None:
        install = "pip install 'health-dataset-catalogue[opensearch]'"
        said = f"{PREFIX}SEARCH_URL names an OpenSearch server, whose client is not installed. Run: {install}"
        raise SettingsError([said])


def open_backend(url: str, *, folder: Path, synonyms: Path | None = None) -> SearchBackend:
    """The engine at the address; an empty one means the embedded index in `folder`, which is made when needed.

    Raises like `check_address`.
    """
    if not url:
        return WhooshBackend(folder, synonyms=synonyms)
    check_address(url)
    # The client is an extra, and takes a while to import where it is installed and not used.
    backend: SearchBackend = import_module("catalogue.search.opensearch.backend").open_server(url, synonyms=synonyms)
    return backend
