import pytest

from catalogue.domain.withdrawal import may_withdraw


@pytest.mark.parametrize(
    ("count", "known", "allowed"),
    [(0, 0, True), (5, 5, True), (6, 6, False), (6, 60, True), (7, 60, False), (40, 400, True), (41, 400, False)],
)
def test_at_most_the_larger_of_five_and_a_tenth_goes_without_a_person(count, known, allowed):
    assert may_withdraw(count, known, at_most=5, share=0.1) is allowed
