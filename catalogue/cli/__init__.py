"""The command line."""

from catalogue.cli.start import main

__all__ = ["main"]
