"""The policy: roles count for their own organisation, the office's everywhere, and what no row says nobody may."""

import pytest

from catalogue.domain.errors import NotAllowed
from catalogue.domain.permissions import (
    EVERYBODY,
    HELD_ROLES,
    PERMISSIONS,
    SIGNED_IN,
    VISITOR,
    Actor,
    Role,
    check,
    may,
    require,
    roles_for,
    stands_in,
)

HERE, THERE = 1, 2


def holder(role: Role, organisation: int = HERE) -> Actor:
    return Actor(user_id=7, email="ada@people.example", name="Ada", roles=frozenset({(role, organisation)}))


@pytest.mark.parametrize("role", HELD_ROLES)
def test_a_role_counts_for_its_own_organisation_and_the_office_for_all(role: Role) -> None:
    actor = holder(role)
    assert role in roles_for(actor)
    assert role in roles_for(actor, HERE)
    assert (role in roles_for(actor, THERE)) == (role is Role.OFFICE)
    assert actor.organisations(role) == actor.organisations() == {HERE}


def test_everybody_is_a_visitor_and_whoever_is_signed_in_a_researcher() -> None:
    assert roles_for(VISITOR) == {Role.VISITOR}
    assert roles_for(Actor(user_id=7)) == {Role.VISITOR, Role.RESEARCHER}
    assert not VISITOR.is_signed_in


@pytest.mark.parametrize("permission", PERMISSIONS.values(), ids=lambda row: row.name)
def test_a_permission_is_granted_to_whom_its_row_names_and_to_nobody_else(permission) -> None:
    actors = {Role.VISITOR: VISITOR, Role.RESEARCHER: Actor(user_id=7)} | {role: holder(role) for role in HELD_ROLES}
    for role, actor in actors.items():
        expected = (
            Role.VISITOR in permission.who
            or (Role.RESEARCHER in permission.who and actor.is_signed_in)
            or role in permission.who
        )
        is_stand_in = permission.office_stands_in and role is Role.OFFICE
        assert may(actor, permission.name) == (expected or is_stand_in)
        assert may(actor, permission.name, HERE) == expected
        for_another = expected and (role is Role.OFFICE or not permission.who.isdisjoint(EVERYBODY | SIGNED_IN))
        assert may(actor, permission.name, THERE) == for_another
        assert may(actor, permission.name, THERE, is_claimed=False) == (for_another or is_stand_in)
        if not expected and not is_stand_in:
            with pytest.raises(NotAllowed) as refused:
                check(actor, permission.name)
            assert refused.value.permission == permission.name


@pytest.mark.parametrize("role", HELD_ROLES)
def test_the_office_decides_on_facts_of_who_is_unclaimed_alone(role: Role) -> None:
    actor, own = holder(role), role in {Role.EDITOR, Role.ADMINISTRATOR}
    answers = [
        may(actor, "fact:decide", each, is_claimed=claimed) for each in (HERE, THERE) for claimed in (True, False)
    ]
    assert answers == ([False, True, False, True] if role is Role.OFFICE else [own, own, False, False])
    assert stands_in(actor, "fact:decide") == (role is Role.OFFICE)
    assert not stands_in(actor, "enquiry:handle")


def test_who_is_refused_is_spoken_to() -> None:
    with pytest.raises(NotAllowed, match=r"^You may not see what lies on your desk\.$"):
        check(Actor(user_id=7), "enquiry:handle")


def test_what_no_row_says_nobody_may() -> None:
    for role in HELD_ROLES:
        assert not may(holder(role), "dataset:burn")
    with pytest.raises(NotAllowed):
        check(holder(Role.OFFICE), "dataset:burn")


@pytest.mark.parametrize("permission", PERMISSIONS.values(), ids=lambda row: row.name)
def test_a_row_can_be_read_aloud(permission) -> None:
    resource, _, action = permission.name.partition(":")
    assert resource
    assert action
    assert permission.who
    assert permission.sentence[0].islower()
    assert not permission.sentence.endswith(".")


def test_a_view_states_its_permission_and_stays_what_it_is() -> None:
    def view() -> str:
        return "shown"

    stated = require("site:read")(view)
    assert stated() == "shown"
    assert stated.permission == "site:read"  # type: ignore[attr-defined]
