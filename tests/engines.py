"""The search engines that the tests of the port run on.

In the place of OpenSearch stands `osmem-server`, which answers like it from memory. It is no OpenSearch: what it cannot
show is listed in docs/opensearch.md.
"""

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from catalogue.search.backend import SearchBackend
from catalogue.search.opensearch.address import OpenSearchAddress, parse_address
from catalogue.search.opensearch.backend import OpenSearchBackend
from catalogue.search.whoosh_backend import WhooshBackend

MakeBackend: TypeAlias = Callable[[], SearchBackend]
"""Opens the same index again and again, as the processes of a catalogue do."""

ENGINES = ("whoosh", "opensearch")


def engine(request: pytest.FixtureRequest, folder: Path) -> MakeBackend:
    """A new index on the engine that a fixture with `params=ENGINES` is asked for."""
    if request.param == "whoosh":
        return lambda: WhooshBackend(folder)
    address = new_address(request.getfixturevalue("search_server"))
    return lambda: OpenSearchBackend(address, grace=0.0)


def new_address(server: str, options: str = "replicas=0") -> OpenSearchAddress:
    """An address on a server where nothing is yet."""
    return parse_address(f"{server.replace('http', 'opensearch')}/t{secrets.token_hex(6)}?{options}")
