"""What tests ask for by name. A test that uses `engine`, or anything built on it, runs on SQLite and on PostgreSQL."""

import os
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent.parent
REFERENCE_DATA = Path(os.environ.get("CATALOGUE_REFERENCE_DATA", ROOT.parent / "shared" / "data"))

# A test never depends on how fast the machine is, nor on luck; HYPOTHESIS_PROFILE=explore looks for new examples.
hypothesis.settings.register_profile("project", deadline=None, derandomize=True, database=None)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=1000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "project"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs PostgreSQL, and refuse a unit test that asks for a database or the application."""
    for item in items:
        if getattr(item, "callspec", None) and item.callspec.params.get("databases") == "postgresql":
            item.add_marker(pytest.mark.postgres)
        asked = {"databases", "app"} & set(getattr(item, "fixturenames", ()))
        if asked and "unit" in item.path.relative_to(ROOT).parts:
            raise pytest.UsageError(f"{item.nodeid}: a unit test uses {', '.join(sorted(asked))}; it is not one")


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The folder of real and hostile documents, which is kept outside the project."""
    if not REFERENCE_DATA.is_dir():
        pytest.skip(f"no reference data at {REFERENCE_DATA}; set CATALOGUE_REFERENCE_DATA")
    return REFERENCE_DATA
