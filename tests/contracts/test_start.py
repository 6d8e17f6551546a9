"""What a server loads before its first answer: nothing that only other work needs, since somebody waits for it."""

import subprocess
import sys

import pytest

SERVING = """
import sys
import catalogue.cli.entry
import catalogue.cli.serve
from catalogue import api, web
from catalogue.plugins import find
find(web)
find(api)
print(*sys.modules)
"""
FOR_OTHER_WORK = (
    "alembic",
    "catalogue.outbox",
    "harvesters.http",
    "marshmallow",
    "pyoxigraph",
    "requests",
    "rich",
    "urllib3",
)


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    done = subprocess.run([sys.executable, "-c", SERVING], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("name", FOR_OTHER_WORK)
def test_a_server_starts_without(name: str, loaded: set[str]) -> None:
    assert "catalogue.services.exchange" in loaded
    assert name not in loaded


def test_the_command_begins_before_anything_large_is_loaded() -> None:
    code = "import sys; from catalogue.cli import main; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"sqlalchemy", "flask", "click"} & set(done.stdout.split()) == set()
