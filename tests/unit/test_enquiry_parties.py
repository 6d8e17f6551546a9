from itertools import product

import pytest

from catalogue.domain.enquiries import Desk, Party
from catalogue.domain.enquiry_parties import parties_of
from catalogue.domain.permissions import HELD_ROLES, VISITOR, Actor, Role

RESEARCHER, CUSTODIAN, OTHER, ALLIANCE = 1, 10, 11, 99


def somebody(*roles: tuple[Role, int], user_id: int = 2) -> Actor:
    return Actor(user_id=user_id, roles=frozenset(roles))


def found(actor: Actor, desk: Desk) -> set[Party]:
    return set(parties_of(actor, researcher_id=RESEARCHER, custodian_id=CUSTODIAN, desk=desk))


@pytest.mark.parametrize(
    ("role", "organisation", "desk"), list(product(HELD_ROLES, (CUSTODIAN, OTHER, ALLIANCE), Desk))
)
def test_only_the_desk_that_has_a_thread_knows_of_it(role: Role, organisation: int, desk: Desk) -> None:
    expected: set[Party] = set()
    if desk is Desk.CUSTODIAN and organisation == CUSTODIAN and role in {Role.HANDLER, Role.ADMINISTRATOR}:
        expected = {Party.HANDLER}
    if desk is Desk.ALLIANCE and role is Role.OFFICE:
        expected = {Party.CONCIERGE}
    assert found(somebody((role, organisation)), desk) == expected


@pytest.mark.parametrize("desk", Desk)
def test_who_asked_is_never_on_the_other_side(desk: Desk) -> None:
    everything = [(role, CUSTODIAN) for role in HELD_ROLES]
    assert found(somebody(*everything, user_id=RESEARCHER), desk) == {Party.APPLICANT}


@pytest.mark.parametrize("desk", Desk)
def test_visitors_and_other_researchers_are_nothing_to_a_thread(desk: Desk) -> None:
    assert found(VISITOR, desk) == set()
    assert found(somebody(), desk) == set()
