"""Where the command begins: everything else is loaded from here, so that loading it is quick."""

from importlib import import_module

from catalogue import collector


def main() -> None:
    """Run the command line."""
    with collector.paused():
        entry = import_module("catalogue.cli.entry")
    collector.pass_over_what_is_there()
    entry.main()
