"""Finds modules that register themselves, so that a new one is a new file and nothing else."""

from collections.abc import Callable
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules
from types import ModuleType

from catalogue import collector


def find(package: ModuleType, group: str | None = None, only: Callable[[str], bool] = bool) -> None:
    """Import every module of the package that `only` takes by its name, then every entry point of the group.

    What a module defines registers itself while it is imported. A module that cannot be imported stops the start:
    a catalogue that runs without one of its harvesters or formats would lose records without a word.
    """
    with collector.paused():
        for module in iter_modules(package.__path__):
            if only(module.name):
                import_module(f"{package.__name__}.{module.name}")
        if group is not None:
            for entry_point in entry_points(group=group):
                entry_point.load()
