"""What several tests of services and adapters ask for by name."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import opened
from tests.integration.feeds import Bench, bench


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every address that anything connects to over the network while the test runs."""
    made: list[object] = []
    connect = socket.socket.connect

    def watched(self: socket.socket, address: object) -> None:
        if self.family != socket.AF_UNIX:
            made.append(address)
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", watched)
    return made


@pytest.fixture
def harbour(database_url: str, tmp_path: Path) -> Iterator[Bench]:
    """A catalogue with one organisation, and nothing harvested yet."""
    with opened(database_url) as engine:
        yield bench(engine, tmp_path)
