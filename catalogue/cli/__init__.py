"""The command line."""

from catalogue.cli.entry import main

__all__ = ["main"]
