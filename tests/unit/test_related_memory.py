"""What is like a dataset is found once for each state of the index."""

import numpy as np

from catalogue.search.backend import Alike, Related
from catalogue.search.related_memory import RelatedMemory
from catalogue.search.snapshots import Snapshot
from catalogue.search.vocabulary import Vocabulary

ANSWER = Related(alike=(Alike("b", ("asthma",)),))


def snapshot(commit: int) -> Snapshot:
    return Snapshot("one", commit, (), (), np.zeros(0, bool), Vocabulary())


class Finder:
    def __init__(self) -> None:
        self.asked = 0

    def __call__(self) -> Related:
        self.asked += 1
        return ANSWER


def test_an_answer_is_found_once_for_each_number_of_datasets_that_is_wanted() -> None:
    memory, find, first = RelatedMemory(), Finder(), snapshot(1)
    assert [memory.recall(first, "a", 5, find) for _ in range(3)] == [ANSWER] * 3
    assert find.asked == 1
    memory.recall(first, "a", 6, find)
    memory.recall(first, "b", 5, find)
    assert find.asked == 3


def test_a_newer_state_of_the_index_is_asked_anew() -> None:
    memory, find = RelatedMemory(), Finder()
    memory.recall(snapshot(1), "a", 5, find)
    memory.recall(snapshot(2), "a", 5, find)
    assert find.asked == 2


def test_those_that_were_asked_for_longest_ago_are_forgotten_first() -> None:
    memory, find, first = RelatedMemory(most=2), Finder(), snapshot(1)
    for identifier in ("a", "b", "a", "c"):
        memory.recall(first, identifier, 5, find)
    assert find.asked == 3
    memory.recall(first, "a", 5, find)
    assert find.asked == 3
    memory.recall(first, "b", 5, find)
    assert find.asked == 4


def test_an_answer_that_comes_too_late_is_told_and_not_remembered() -> None:
    memory, find, older, newer = RelatedMemory(), Finder(), snapshot(1), snapshot(2)

    def overtaken() -> Related:
        memory.recall(newer, "b", 5, find)
        return Related()

    assert memory.recall(older, "a", 5, overtaken) == Related()
    assert memory.recall(newer, "a", 5, find) == ANSWER
    assert find.asked == 2
