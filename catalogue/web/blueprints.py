"""The sections of the site: a module of `catalogue.web` that makes one is found and served."""

from flask import Blueprint


class Section(Blueprint):
    """A part of the site, whose addresses ask for one permission unless a view says another."""

    def __init__(self, name: str, *, permission: str | None, url_prefix: str | None) -> None:
        super().__init__(name, "catalogue.web", url_prefix=url_prefix)
        self.permission = permission


_sections: dict[str, Section] = {}


def section(name: str, *, permission: str | None = None, url_prefix: str | None = None) -> Section:
    """A blueprint that the application serves; its templates are in the folder of the same name.

    `permission` is a row of `domain.permissions`. An address whose section and view (`permissions.require`) both state
    none is refused to everybody.
    """
    if name in _sections:
        message = f"two sections of the site are called {name!r}"
        raise ValueError(message)
    _sections[name] = Section(name, permission=permission, url_prefix=url_prefix)
    return _sections[name]


def registered() -> tuple[Section, ...]:
    """Every section, in the order of their names."""
    return tuple(_sections[name] for name in sorted(_sections))
