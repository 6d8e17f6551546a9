"""Which function does which kind of message, and what is looked after beside; `catalogue.outbox.handlers` has both."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from catalogue.models import OutboxMessage
from catalogue.runtime import Runtime

Handler = Callable[[Runtime, Sequence[OutboxMessage]], None]
Duty = Callable[[Runtime, datetime], None]


class Unavailable(Exception):
    """Nothing of this kind can be done now, so there is no use in trying the messages one by one."""


_handlers: dict[str, Handler] = {}
_duties: list[Duty] = []


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the function as the one that does messages of this kind.

    It is given several messages at a time, may be given the same again after a crash, and acts on what the
    database says now, not on what it said when the message was written.
    """

    def register(handler: Handler) -> Handler:
        if kind in _handlers:
            message = f"two handlers for {kind!r}"
            raise ValueError(message)
        _handlers[kind] = handler
        return handler

    return register


def handlers() -> Mapping[str, Handler]:
    """Every kind with its handler."""
    return MappingProxyType(_handlers)


def looks_after(duty: Duty) -> Duty:
    """Register the function to be called before each pass of the worker, for what becomes due without a message.

    It does what is due at the moment it is given and keeps in the database what it has done.
    """
    _duties.append(duty)
    return duty


def duties() -> tuple[Duty, ...]:
    """Everything that is looked after."""
    return tuple(_duties)
