"""Finds modules that register themselves, so that a new one is a new file and nothing else; and puts modules off."""

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import TYPE_CHECKING, Any

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
            for entry_point in metadata.entry_points(group=group):
                entry_point.load()


def postponed(name: str) -> Any:  # noqa: ANN401 - it has whatever the module has
    """The module of that name, imported when something of it is first used.

    For what no page needs that is waited for when a server starts. Whoever postpones a module imports it for the type
    checker, which also keeps the layers.
    """
    return _Postponed(name)


class _Postponed:
    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:  # noqa: ANN401 - whatever it is there
        return getattr(import_module(self._name), attribute)


if TYPE_CHECKING:
    from importlib import metadata
else:
    metadata = postponed("importlib.metadata")
