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


def test_it_passes_over_what_is_there_for_so_long() -> None:
    before = gc.get_freeze_count()
    with collector.passing_over():
        inside = gc.get_freeze_count()
    assert (before, gc.get_freeze_count()) == (0, 0)
    assert inside > 0


def test_it_goes_on_passing_over_what_it_passed_over_before() -> None:
    collector.pass_over_what_is_there()
    try:
        with collector.passing_over():
            pass
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
