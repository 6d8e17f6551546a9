"""The collector of garbage, and when it works."""

import gc
from contextlib import suppress

from catalogue import collector


def test_it_rests_while_things_are_loaded_and_works_again_after_a_failure() -> None:
    assert gc.isenabled()
    found = []
    with suppress(KeyError), collector.paused():
        found.append(gc.isenabled())
        raise KeyError
    found.append(gc.isenabled())
    assert found == [False, True]


def test_it_stays_off_where_it_was_off() -> None:
    gc.disable()
    try:
        with collector.paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_it_passes_over_what_is_there() -> None:
    before = gc.get_freeze_count()
    collector.pass_over_what_is_there()
    try:
        assert gc.get_freeze_count() > before
    finally:
        gc.unfreeze()
