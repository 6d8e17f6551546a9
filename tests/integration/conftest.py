"""What several tests of services and adapters ask for by name."""

import socket

import pytest


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
