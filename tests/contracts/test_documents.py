"""What the documents tell people to type can be typed."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import catalogue.cli
import harvesters
from catalogue.cli.root import root
from catalogue.plugins import find

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#:]+)\)")


def typed(program: str) -> Iterator[list[str]]:
    """Yield the arguments of each line that runs the program, in the blocks of all documents."""
    for document in DOCUMENTS:
        for block in BLOCK.findall(document.read_text(encoding="utf-8")):
            for line in block.splitlines():
                words = shlex.split(line, comments=True)
                if words[:1] == [program]:
                    yield words[1:]


@pytest.mark.parametrize("words", list(typed("catalogue")), ids=" ".join)
def test_a_command_in_the_documents_is_one_of_ours(words: list[str]) -> None:
    find(catalogue.cli)
    find(harvesters)
    command: click.Command = root
    context = click.Context(root, info_name="catalogue")
    while isinstance(command, click.Group):
        _, found, words = command.resolve_command(context, words)
        assert found is not None
        command = found
    # reads the arguments, refuses what it does not know, and runs nothing
    command.make_context(command.name, list(words), parent=context)


@pytest.mark.parametrize("words", list(typed("make")), ids=" ".join)
def test_a_target_in_the_documents_is_in_the_makefile(words: list[str]) -> None:
    assert re.search(rf"^{words[0]}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_link_leads_somewhere(document: Path) -> None:
    targets = LINK.findall(document.read_text(encoding="utf-8"))
    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_every_page_is_in_the_index() -> None:
    listed = set(LINK.findall((ROOT / "docs/README.md").read_text(encoding="utf-8")))
    assert {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"} <= listed


def test_decisions_are_numbered_one_by_one() -> None:
    decisions = sorted((ROOT / "docs/adr").glob("*.md"))
    assert [path.name[:4] for path in decisions] == [f"{number:04}" for number in range(1, len(decisions) + 1)]
    titles = [path.read_text(encoding="utf-8").split(". ", 1)[0] for path in decisions]
    assert titles == [f"# {number}" for number in range(1, len(decisions) + 1)]


def test_the_readme_begins_with_the_two_commands() -> None:
    (first, *_) = BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    assert [line.split("#")[0].split() for line in first.splitlines()] == [["make", "demo"], ["make", "test"]]
