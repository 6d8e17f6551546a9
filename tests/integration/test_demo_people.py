"""The people of the demo: there after every start, with the password of the last one."""

import pytest
from sqlalchemy.orm import Session

from catalogue import clock, samples
from catalogue.cli.demo_people import ALLIANCE, EDITED, MEMBER, PEOPLE, made_up_password, welcome
from catalogue.domain.errors import Refused
from catalogue.domain.permissions import Role
from catalogue.services import accounts, organisations, passwords, sign_ins


def test_a_second_start_changes_nothing_but_the_password(session: Session) -> None:
    for name in {MEMBER, EDITED}:
        organisations.add(session, name, at=clock.now())
    first, second = made_up_password(), made_up_password()
    welcome(session, first)
    welcome(session, second)
    assert {user.email for user in accounts.list_all(session)} == {person.email for person in PEOPLE}
    for person in PEOPLE:
        with pytest.raises(Refused):
            sign_ins.sign_in(session, person.email, first, origin="", at=clock.now())
        actor, _ = sign_ins.sign_in(session, person.email, second, origin="", at=clock.now())
        assert {role for role, _ in actor.roles} == ({person.role} - {Role.RESEARCHER})
    assert organisations.find_named(session, ALLIANCE).kind.value == "alliance"


def test_the_member_of_the_demo_is_one_of_the_samples_and_passwords_are_good_ones() -> None:
    assert {MEMBER, EDITED} <= {member.name for member in samples.members()}
    made = {made_up_password() for _ in range(50)}
    assert len(made) > 45
    assert all(passwords.problems(password, email=person.email) == () for password in made for person in PEOPLE)
