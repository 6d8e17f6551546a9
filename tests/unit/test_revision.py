"""Stored records are read again when, and only when, what reads them has changed."""

from pathlib import Path
from types import ModuleType

from harvesters.revision import revision_of


def a_package(folder: Path) -> ModuleType:
    package = ModuleType("package")
    package.__path__ = [str(folder)]
    return package


def test_code_and_data_of_a_package_count_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "mapping.py").write_text("A = 1")
    first = revision_of(a_package(tmp_path))
    (tmp_path / "notes.txt").write_text("read me")
    assert revision_of(a_package(tmp_path)) == first
    (tmp_path / "mapping.py").write_text("A = 2")
    second = revision_of(a_package(tmp_path))
    assert second != first
    (tmp_path / "words.json").write_text("{}")
    assert revision_of(a_package(tmp_path)) != second


def test_a_module_counts_alone(tmp_path: Path) -> None:
    module = ModuleType("module")
    module.__file__ = str(tmp_path / "mapping.py")
    (tmp_path / "mapping.py").write_text("A = 1")
    first = revision_of(module)
    (tmp_path / "other.py").write_text("B = 1")
    assert revision_of(module) == first
    (tmp_path / "mapping.py").write_text("A = 2")
    assert revision_of(module) != first
