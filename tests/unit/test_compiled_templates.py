"""Templates are compiled once a process, and once a folder."""

from pathlib import Path
from typing import Any

import pytest
from jinja2 import DictLoader, Environment

from catalogue.web import compiled_templates
from catalogue.web.compiled_templates import CompiledTemplates

TEXT = "Good {{ time }}"


class Counting(Environment):
    """Counts what it compiles."""

    count = 0

    def compile(self, *values: Any, **named: Any) -> Any:
        self.count += 1
        return super().compile(*values, **named)


@pytest.fixture(autouse=True)
def _forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled_templates, "_compiled", {})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "templates"


@pytest.fixture
def unwritable(tmp_path: Path) -> Path:
    """A folder that cannot be made, whoever asks."""
    (tmp_path / "file").write_text("")
    return tmp_path / "file" / "templates"


def rendering(folder: Path, kind: str = "page", text: str = TEXT) -> Counting:
    environment = Counting(loader=DictLoader({"a.html": text}), bytecode_cache=CompiledTemplates(folder, kind))
    assert environment.get_template("a.html").render(time="morning") == text.replace("{{ time }}", "morning")
    return environment


def test_the_next_application_of_the_process_compiles_nothing(folder: Path, tmp_path: Path) -> None:
    assert rendering(folder).count == 1
    assert rendering(tmp_path / "elsewhere").count == 0


def test_the_next_process_compiles_nothing(folder: Path) -> None:
    rendering(folder)
    compiled_templates._compiled.clear()
    assert rendering(folder).count == 0
    assert rendering(folder).count == 0


def test_a_changed_template_and_one_of_another_kind_are_compiled(folder: Path) -> None:
    rendering(folder)
    assert rendering(folder, text="Bad {{ time }}").count == 1
    assert rendering(folder, kind="component").count == 1


def test_a_folder_that_cannot_be_written_is_done_without(unwritable: Path) -> None:
    assert rendering(unwritable).count == 1
    assert rendering(unwritable).count == 0


def test_a_folder_that_has_gone_is_done_without(folder: Path) -> None:
    environment = Counting(loader=DictLoader({"a.html": TEXT}), bytecode_cache=CompiledTemplates(folder, "page"))
    folder.rmdir()
    assert environment.get_template("a.html").render(time="night") == "Good night"
