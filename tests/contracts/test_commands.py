"""Every command is in the file of its name, since only that is imported when it is asked for."""

import subprocess
import sys

import click
import pytest

from catalogue.cli.root import root

COMMANDS = root.list_commands(click.Context(root))


def _leaves(name: str, command: click.Command | None) -> list[tuple[str, click.Command]]:
    assert command is not None
    if isinstance(command, click.Group):
        return [(f"{name} {each}", command.commands[each]) for each in command.commands]
    return [(name, command)]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_in_a_file_of_its_name(name: str) -> None:
    for words, command in _leaves(name, root.get_command(click.Context(root), name)):
        stem = getattr(command.callback, "__module__", "").rpartition(".")[2]
        assert stem == name.replace("-", "_") or stem.startswith(f"{name.replace('-', '_')}_"), words


def test_serving_does_not_import_other_commands() -> None:
    program = (
        "import sys\n"
        "from catalogue.cli.root import root\n"
        "import click\n"
        "assert root.get_command(click.Context(root), 'serve') is not None\n"
        "print(*sorted(name for name in sys.modules if name.startswith(('catalogue.cli.', 'harvesters.'))))\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    imported = set(ran.stdout.split())
    assert "catalogue.cli.serve" in imported
    assert not {"catalogue.cli.demo", "catalogue.cli.users", "harvesters.hdruk", "harvesters.http"} & imported


def test_a_command_that_is_not_there_is_refused() -> None:
    assert root.get_command(click.Context(root), "sing") is None
