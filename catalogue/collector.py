"""When Python looks for garbage: not while a program starts, and not among what it started with."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

SELDOM: Final = (50_000, 20, 50)
"""After so many new objects, and so on: a few megabytes, where Python looks among 700."""


@contextmanager
def paused() -> Iterator[None]:
    """Look for no garbage meanwhile: what is loaded stays, and looking costs a tenth of the time that loading takes."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def pass_over_what_is_there() -> None:
    """Never look again among what there is now: half a million objects that stay as long as the process does.

    Processes that are forked later share its memory for longer, since looking writes to it.
    """
    gc.freeze()


@contextmanager
def passing_over() -> Iterator[None]:
    """Pass over what is there for so long, and look seldom; what was passed over before, it still is afterwards."""
    had_any, before = gc.get_freeze_count() > 0, gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        if not had_any:
            gc.unfreeze()
