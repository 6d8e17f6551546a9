"""What machines are answered: a module of `catalogue.api` that makes a resource is found and served."""

from flask import Blueprint


class Resource(Blueprint):
    """Addresses for machines, all of which ask for one permission (`domain.permissions`)."""

    def __init__(self, name: str, *, permission: str) -> None:
        super().__init__(name, "catalogue.api")
        self.permission = permission


_resources: dict[str, Resource] = {}


def resource(name: str, *, permission: str) -> Resource:
    """A blueprint that the application serves."""
    if name in _resources:
        message = f"two resources are called {name!r}"
        raise ValueError(message)
    _resources[name] = Resource(name, permission=permission)
    return _resources[name]


def registered() -> tuple[Resource, ...]:
    """Every resource, in the order of their names."""
    return tuple(_resources[name] for name in sorted(_resources))
