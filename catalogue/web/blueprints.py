"""The sections of the site: a module of `catalogue.web` that makes one is found and served."""

from flask import Blueprint

_sections: dict[str, Blueprint] = {}


def section(name: str, *, url_prefix: str | None = None) -> Blueprint:
    """A blueprint that the application serves; its templates are in the folder of the same name."""
    if name in _sections:
        message = f"two sections of the site are called {name!r}"
        raise ValueError(message)
    _sections[name] = Blueprint(name, "catalogue.web", url_prefix=url_prefix)
    return _sections[name]


def registered() -> tuple[Blueprint, ...]:
    """Every section, in the order of their names."""
    return tuple(_sections[name] for name in sorted(_sections))
