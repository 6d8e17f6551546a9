"""Modules are found, not listed."""

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from catalogue.plugins import find, postponed


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """A package of two modules, and somebody else's module behind an entry point."""
    before = set(sys.modules)
    (tmp_path / "plugged").mkdir()
    for name in ("__init__", "one", "two"):
        (tmp_path / "plugged" / f"{name}.py").write_text("", encoding="utf-8")
    (tmp_path / "elsewhere.py").write_text("class Third: pass\n", encoding="utf-8")
    metadata = tmp_path / "elsewhere-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: elsewhere\nVersion: 1.0\n", encoding="utf-8")
    (metadata / "entry_points.txt").write_text("[catalogue.plugged]\nthird = elsewhere:Third\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield import_module("plugged")
    for name in set(sys.modules) - before:
        del sys.modules[name]


def test_every_module_of_the_package_is_imported(package: ModuleType) -> None:
    find(package)
    assert {"plugged.one", "plugged.two"} <= set(sys.modules)
    assert "elsewhere" not in sys.modules


def test_entry_points_of_the_group_are_loaded(package: ModuleType) -> None:
    find(package, "catalogue.plugged")
    assert "elsewhere" in sys.modules


def test_a_module_that_cannot_be_imported_is_not_passed_over(package: ModuleType) -> None:
    Path(package.__path__[0], "broken.py").write_text("import no_such_module\n", encoding="utf-8")
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        find(package)


def test_a_postponed_module_is_imported_when_it_is_used(package: ModuleType) -> None:
    Path(package.__path__[0], "one.py").write_text("ANSWER = 42\n", encoding="utf-8")
    one = postponed("plugged.one")
    assert "plugged.one" not in sys.modules
    assert one.ANSWER == 42
    assert "plugged.one" in sys.modules
    with pytest.raises(AttributeError, match="QUESTION"):
        _ = one.QUESTION
