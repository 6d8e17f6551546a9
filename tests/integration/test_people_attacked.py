"""People who should not be let in any more, or try to get around what keeps an organisation's people in order."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.domain.errors import Invalid, LinkEnded, NotAllowed, Refused, TooMany
from catalogue.domain.permissions import Role
from catalogue.models import MailState, OutboxMessage, RoleChange
from catalogue.services import accounts, deliveries, desk_work, invitations, links, people, role_changes
from catalogue.services.accounts import HeldRole
from catalogue.services.mailing import Letter
from tests.asking import ASKED, TARN, UNCLAIMED, Cast, ask, gather, thread_with
from tests.people import CHEAP, PASSWORD

LATER = ASKED + timedelta(hours=2)
SLUG, ALLIANCE = "tarn-hospital", "northern-data-alliance"
NEW, ANN, TOM = "nia@tarn.example", "ann@tarn.example", "tom@tarn.example"

pytestmark = pytest.mark.usefixtures("second_administrator")


@pytest.fixture
def cast(session: Session) -> Cast:
    return gather(session)


@pytest.fixture
def second_administrator(session: Session, cast: Cast) -> None:
    held = [HeldRole(Role.ADMINISTRATOR, SLUG)]
    accounts.add(session, "sue@tarn.example", name="Sue Gill", roles=held, at=ASKED)


def number(session: Session, email: str) -> int:
    user = accounts.find(session, email)
    assert user is not None
    return user.id


def link_of(session: Session, invitation: RoleChange) -> str:
    lifetime = role_changes.INVITATION_LIFETIME
    return links.issue(session, invitations.LINK, invitation.identifier, at=LATER, lifetime=lifetime)


def invited(session: Session, cast: Cast, role: str = "administrator", email: str = NEW) -> RoleChange:
    return invitations.invite(session, cast.tarn_administrator, SLUG, email=email, roles=[role], at=LATER)


def join(session: Session, invitation: RoleChange):
    token = link_of(session, invitation)
    return invitations.join(session, token, at=LATER, name="Nia", password=PASSWORD, hasher=CHEAP)


def removed(session: Session, cast: Cast) -> None:
    people.remove(session, cast.office, SLUG, number(session, ANN), at=LATER)


def made_editor(session: Session, cast: Cast) -> None:
    people.change_roles(session, cast.office, SLUG, number(session, ANN), ["editor"], at=LATER)


def revoked(session: Session, _cast: Cast) -> None:
    accounts.revoke(session, ANN, [HeldRole(Role.ADMINISTRATOR, SLUG)], at=LATER)


def closed(session: Session, _cast: Cast) -> None:
    accounts.set_active(session, ANN, is_active=False)


@pytest.mark.parametrize("leave", [removed, made_editor, revoked, closed])
def test_what_somebody_sent_who_may_not_invite_any_more_opens_nothing(
    session: Session, cast: Cast, leave: Callable[[Session, Cast], None]
) -> None:
    sent = invited(session, cast)
    token = link_of(session, sent)
    assert invitations.get_by_link(session, token, at=LATER)[0].id == sent.id
    leave(session, cast)
    for use in (invitations.get_by_link, invitations.decline_by_link):
        with pytest.raises(LinkEnded):
            use(session, token, at=LATER)
    with pytest.raises(LinkEnded):
        join(session, sent)
    assert people.people_of(session, cast.office, SLUG, at=LATER).invitations == ()
    with pytest.raises(Refused):
        invitations.send_again(session, cast.office, SLUG, sent.identifier, at=LATER)
    session.rollback()
    # whoever may can invite the same person anew
    again = invitations.invite(session, cast.office, SLUG, email=NEW, roles=["handler"], at=LATER)
    assert join(session, again)


@pytest.mark.parametrize("leave", [removed, made_editor, revoked, closed])
def test_what_somebody_sent_who_may_not_invite_any_more_is_nobodys_to_accept(
    session: Session, cast: Cast, leave: Callable[[Session, Cast], None]
) -> None:
    sent = invited(session, cast, email="ada@university.example")
    leave(session, cast)
    assert invitations.own(session, cast.researcher, at=LATER) == []
    with pytest.raises(Refused):
        invitations.answer(session, cast.researcher, sent.identifier, accepts=True, at=LATER)
    assert accounts.actor_of(session, number(session, "ada@university.example")).roles == frozenset()


def test_an_invitation_of_the_office_does_not_end_with_an_administrator(session: Session, cast: Cast) -> None:
    sent = invitations.invite(session, cast.office, SLUG, email=NEW, roles=["handler"], at=LATER)
    removed(session, cast)
    assert [each.id for each in people.people_of(session, cast.office, SLUG, at=LATER).invitations] == [sent.id]
    assert invitations.get_by_link(session, link_of(session, sent), at=LATER)[0].id == sent.id


def test_whoever_lost_the_role_since_the_request_began_does_nothing(session: Session, cast: Cast) -> None:
    # the actor is as it was read when the request began
    ann, tom = cast.tarn_administrator, number(session, TOM)
    sent = invited(session, cast)
    removed(session, cast)
    for work in (
        lambda: people.change_roles(session, ann, SLUG, tom, ["administrator"], at=LATER),
        lambda: people.remove(session, ann, SLUG, tom, at=LATER),
        lambda: invitations.invite(session, ann, SLUG, email=ANN, roles=["administrator"], at=LATER),
        lambda: invitations.take_back(session, ann, SLUG, sent.identifier, at=LATER),
    ):
        with pytest.raises(NotAllowed):
            work()
        session.rollback()
    assert accounts.actor_of(session, number(session, ANN)).roles == frozenset()


def test_who_invited_those_who_came_is_not_forgotten(session: Session, cast: Cast) -> None:
    sent = invited(session, cast)
    join(session, sent)
    invited(session, cast, email="never@tarn.example")
    role_changes.forget_old(session, at=LATER + timedelta(days=60))
    kinds = [(each.kind.value, each.email) for each in session.scalars(select(RoleChange).order_by(RoleChange.id))]
    assert kinds[-2:] == [("invited", NEW), ("accepted", NEW)]


def test_what_lies_with_somebody_of_the_office_who_leaves_goes_back_to_the_office(session: Session, cast: Cast) -> None:
    ask(session, cast, cast.unclaimed_dataset)
    identifier, oda = thread_with(session, UNCLAIMED).identifier, number(session, "oda@alliance.example")
    desk_work.assign(session, cast.office, identifier, oda, at=LATER)
    people.change_roles(session, cast.office, ALLIANCE, oda, ["office", "editor"], at=LATER)
    assert thread_with(session, UNCLAIMED).handler_id == oda
    people.change_roles(session, cast.office, ALLIANCE, oda, ["editor"], at=LATER)
    assert thread_with(session, UNCLAIMED).handler_id is None


@pytest.mark.parametrize(
    "leave",
    [
        lambda session: accounts.revoke(session, TOM, [HeldRole(Role.HANDLER, SLUG)], at=LATER),
        lambda session: accounts.set_active(session, TOM, is_active=False),
    ],
    ids=["revoked", "closed"],
)
def test_what_lies_with_somebody_whom_an_operator_lets_go_goes_back_to_the_desk(
    session: Session, cast: Cast, leave: Callable[[Session], object]
) -> None:
    ask(session, cast)
    tom = number(session, TOM)
    desk_work.assign(session, cast.tarn_administrator, thread_with(session, TARN).identifier, tom, at=LATER)
    leave(session)
    assert thread_with(session, TARN).handler_id is None


def test_no_operator_takes_the_last_administrator_by_mistake(session: Session, cast: Cast) -> None:
    removed(session, cast)
    with pytest.raises(Refused, match="only administrator of Tarn Hospital"):
        accounts.revoke(session, "sue@tarn.example", [HeldRole(Role.ADMINISTRATOR, SLUG)], at=LATER)
    session.rollback()
    accounts.revoke(session, "oda@alliance.example", [HeldRole(Role.OFFICE, ALLIANCE)], at=LATER)
    with pytest.raises(Refused, match="only person in the office"):
        accounts.revoke(session, "olu@alliance.example", [HeldRole(Role.OFFICE, ALLIANCE)], at=LATER)


def test_nobody_is_flooded_with_mail_by_changing_their_roles(session: Session, cast: Cast) -> None:
    def toggle(times: int) -> None:
        for turn in range(times):
            roles = ["editor"] if turn % 2 == 0 else ["handler"]
            people.change_roles(session, cast.tarn_administrator, SLUG, number(session, TOM), roles, at=LATER)

    with pytest.raises(TooMany):
        toggle(people.CHANGES_PER_PERSON + 1)
    session.rollback()
    mails = session.scalars(select(OutboxMessage).where(OutboxMessage.key.startswith("roles:"))).all()
    assert len(mails) == people.CHANGES_PER_PERSON
    # who must go can go at any time
    people.remove(session, cast.tarn_administrator, SLUG, number(session, TOM), at=LATER)


def test_pressing_twice_sends_one_invitation_whose_link_works(session: Session, cast: Cast) -> None:
    first = invited(session, cast)
    second = invited(session, cast)
    assert second.id == first.id
    assert invitations.get_by_link(session, link_of(session, first), at=LATER)[0].id == first.id
    # another role is another invitation
    assert invited(session, cast, "editor").id != first.id
    assert [each.roles for each in people.people_of(session, cast.office, SLUG, at=LATER).invitations] == [["editor"]]


def test_nobody_of_the_office_lets_themselves_into_an_organisation(session: Session, cast: Cast) -> None:
    def invite(email: str) -> RoleChange:
        return invitations.invite(session, cast.office, SLUG, email=email, roles=["handler"], at=LATER)

    with pytest.raises(Invalid, match="Nobody lets themselves in"):
        invite("olu@alliance.example")
    session.rollback()
    olu, oda = number(session, "olu@alliance.example"), number(session, "oda@alliance.example")
    people.change_roles(session, cast.office, ALLIANCE, olu, ["office", "editor"], at=LATER)
    # a colleague can, and what one has one can give back
    sent = invitations.invite(
        session, cast.second_office, SLUG, email="olu@alliance.example", roles=["editor"], at=LATER
    )
    invitations.answer(session, cast.office, sent.identifier, accepts=True, at=LATER)
    with pytest.raises(Invalid, match="Nobody lets themselves in"):
        people.change_roles(session, cast.office, SLUG, olu, ["editor", "administrator"], at=LATER)
    session.rollback()
    people.remove(session, cast.office, SLUG, olu, at=LATER)
    sent = invite("oda@alliance.example")
    invitations.answer(session, cast.second_office, sent.identifier, accepts=True, at=LATER)
    people.change_roles(session, cast.tarn_administrator, SLUG, oda, ["administrator"], at=LATER)
    # an administrator may do all of it already
    at_home = accounts.actor_of(session, oda)
    people.change_roles(session, at_home, SLUG, oda, ["administrator", "editor"], at=LATER)
    people.change_roles(
        session, cast.tarn_administrator, SLUG, number(session, ANN), ["administrator", "editor"], at=LATER
    )


def test_administrators_are_told_what_the_office_does_among_their_people(session: Session, cast: Cast) -> None:
    def told() -> list[tuple[str, str]]:
        rows = session.scalars(select(OutboxMessage).where(OutboxMessage.key.startswith("told:")))
        return sorted((row.payload["to"], row.payload["context"]["what"]) for row in rows)

    invited(session, cast, "handler", "by-ann@tarn.example")
    people.change_roles(session, cast.tarn_administrator, SLUG, number(session, TOM), ["editor"], at=LATER)
    people.change_roles(session, cast.office, ALLIANCE, number(session, "oda@alliance.example"), ["editor"], at=LATER)
    assert told() == []
    invitations.invite(session, cast.office, SLUG, email=NEW, roles=["handler"], at=LATER)
    people.remove(session, cast.office, SLUG, number(session, TOM), at=LATER)
    removed(session, cast)
    assert told() == [
        (ANN, f"invited {NEW} as request handler"),
        (ANN, "took every role from Tom Rill (tom@tarn.example)"),
        ("sue@tarn.example", f"invited {NEW} as request handler"),
        ("sue@tarn.example", "took every role from Ann Scree (ann@tarn.example)"),
        ("sue@tarn.example", "took every role from Tom Rill (tom@tarn.example)"),
    ]


@pytest.mark.parametrize("end", ["taken back", "another link", "accepted"])
def test_a_refused_mail_of_an_invitation_that_ended_does_not_go_again(session: Session, cast: Cast, end: str) -> None:
    def refused(sent: RoleChange) -> str:
        row = session.scalars(select(OutboxMessage).where(OutboxMessage.key == f"invitation:{sent.identifier}")).one()
        letter = Letter.from_json(row.key, row.payload)
        deliveries.settle(session, letter, MailState.REFUSED, at=LATER, error="unknown sender")
        deliveries.send_again(session, cast.office, letter.key, at=LATER)
        again = session.scalars(select(OutboxMessage).where(OutboxMessage.key.startswith(deliveries.AGAIN))).one()
        letter = Letter.from_json(again.key, again.payload)
        deliveries.settle(session, letter, MailState.REFUSED, at=LATER, error="unknown sender")
        return letter.key

    sent = invited(session, cast)
    key = refused(sent)
    if end == "taken back":
        invitations.take_back(session, cast.tarn_administrator, SLUG, sent.identifier, at=LATER)
    elif end == "another link":
        invitations.send_again(session, cast.tarn_administrator, SLUG, sent.identifier, at=LATER)
    else:
        join(session, sent)
    with pytest.raises(Refused, match="cannot be sent again"):
        deliveries.send_again(session, cast.office, key, at=LATER)
