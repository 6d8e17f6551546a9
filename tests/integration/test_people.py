"""The people of an organisation: inviting, changing, letting go; never without an administrator, never elsewhere."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from catalogue.domain.errors import Invalid, LinkEnded, NotAllowed, NotFound, Refused, TooMany
from catalogue.domain.permissions import VISITOR, Actor, Role
from catalogue.mail import write
from catalogue.models import OutboxMessage, RoleChange, User
from catalogue.services import accounts, claims, desk_work, invitations, links, people, registration, role_changes
from catalogue.services.accounts import HeldRole
from catalogue.services.deliveries import Site
from catalogue.services.mailing import Letter, LinkOrder
from tests.asking import ASKED, TARN, Cast, ask, gather, somebody, thread_with
from tests.people import CHEAP, PASSWORD

LATER = ASKED + timedelta(hours=2)
SLUG, ALLIANCE = "tarn-hospital", "northern-data-alliance"
NEW = "nia@tarn.example"


@pytest.fixture
def cast(session: Session) -> Cast:
    return gather(session)


def mails(session: Session) -> list[tuple[str, str]]:
    """Address and template of every mail about people."""
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "email.send").order_by(OutboxMessage.id))
    return [(row.payload["to"], row.payload["template"]) for row in rows]


def token_of(session: Session, invitation: RoleChange) -> str:
    """The link of an invitation, made as the worker makes it."""
    key = f"invitation:{invitation.identifier}"
    row = session.scalars(select(OutboxMessage).where(OutboxMessage.key == key)).one()
    order = LinkOrder.from_json(row.payload["links"]["link"])
    token = links.issue(session, order.purpose, order.subject, at=LATER, lifetime=order.lifetime)
    session.commit()
    return token


def roles_of(session: Session, email: str) -> set[Role]:
    session.expire_all()
    user = accounts.find(session, email)
    return {each.role for each in user.memberships} if user is not None else set()


def invited(session: Session, cast: Cast, *roles: str, email: str = NEW) -> RoleChange:
    wanted = roles or ("handler",)
    return invitations.invite(session, cast.tarn_administrator, SLUG, email=email, roles=wanted, at=LATER)


def number(actor: Actor) -> int:
    assert actor.user_id is not None
    return actor.user_id


def join(session: Session, token: str):
    return invitations.join(session, token, name="Nia Fold", password=PASSWORD, at=LATER, hasher=CHEAP)


def answer(session: Session, actor: Actor, invitation: RoleChange, *, accepts: bool = True) -> RoleChange:
    return invitations.answer(session, actor, invitation.identifier, accepts=accepts, at=LATER)


def written(session: Session) -> list[tuple[str, str, bool]]:
    """What was done, to which address, and whether it names an account."""
    rows = session.scalars(select(RoleChange).where(RoleChange.by_id.is_not(None) | (RoleChange.kind == "declined")))
    return [(each.kind.value, each.email, each.user_id is not None) for each in rows]


def test_somebody_without_an_account_makes_one_by_the_link(session: Session, cast: Cast) -> None:
    invitation = invited(session, cast, "handler", "editor", email=" Nia@Tarn.example ")
    assert mails(session) == [(NEW, "invitation")]
    # nothing is known of the person before the link is used
    assert accounts.find(session, NEW) is None
    token = token_of(session, invitation)
    assert invitations.get_by_link(session, token, at=LATER) == (invitation, None)
    opened = join(session, token)
    assert opened is not None
    assert opened[0].organisations(Role.HANDLER) == opened[0].organisations(Role.EDITOR) != frozenset()
    assert roles_of(session, NEW) == {Role.HANDLER, Role.EDITOR}
    page = people.people_of(session, cast.tarn_administrator, SLUG, at=LATER)
    assert page.invitations == ()
    assert [each.user.name for each in page.colleagues] == ["Ann Scree", "Esk Force", "Nia Fold", "Tom Rill"]
    for stale in (lambda: invitations.get_by_link(session, token, at=LATER), lambda: join(session, token)):
        with pytest.raises(LinkEnded):
            stale()


@pytest.mark.parametrize("email", [NEW, "ada@university.example", "closed@university.example"])
def test_inviting_is_the_same_with_an_account_without_one_and_with_a_closed_one(
    session: Session, cast: Cast, email: str
) -> None:
    somebody(session, "closed@university.example", "Cleo Sand")
    accounts.set_active(session, "closed@university.example", is_active=False)
    sent = invited(session, cast, "editor", email=email)
    assert (sent.user_id, sent.roles) == (None, ["editor"])
    assert roles_of(session, email) == set()
    assert mails(session) == [(email, "invitation")]
    page = people.people_of(session, cast.tarn_administrator, SLUG, at=LATER)
    assert [each.id for each in page.invitations] == [page.history[0].id] == [sent.id]
    row = session.scalars(select(OutboxMessage).where(OutboxMessage.key == f"invitation:{sent.identifier}")).one()
    assert row.payload["context"] == {
        "organisation": "Tarn Hospital",
        "labels": ["editor"],
        "by": "Ann Scree (ann@tarn.example)",
    }
    for _ in range(invitations.PER_ADDRESS - 1):
        invited(session, cast, "editor", email=email)
    with pytest.raises(TooMany):
        invited(session, cast, "editor", email=email)


def test_inviting_asks_the_database_the_same_whoever_it_is(session: Session, cast: Cast) -> None:
    said: list[str] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *about: said.append(about[2]))

    def asked(email: str) -> list[str]:
        session.expunge_all()
        said.clear()
        invited(session, cast, email=email)
        return [each for each in said if "SAVEPOINT" not in each]

    accounts.set_active(session, "eve@university.example", is_active=False)
    assert len(asked(NEW)) > 5
    assert asked("other@tarn.example") == asked("ada@university.example") == asked("eve@university.example")


def test_somebody_with_an_account_has_the_roles_when_they_accept(session: Session, cast: Cast) -> None:
    ada, sent = cast.researcher, invited(session, cast, "editor", email="ada@university.example")
    token = token_of(session, sent)
    assert [each.id for each in invitations.own(session, ada, at=LATER)] == [sent.id]
    # the link alone does not speak for somebody who has an account
    with pytest.raises(Refused, match="Sign in"):
        join(session, token)
    session.rollback()
    accepted = answer(session, ada, sent)
    assert roles_of(session, ada.email) == {Role.EDITOR}
    assert answer(session, ada, sent).id == accepted.id
    assert invitations.own(session, ada, at=LATER) == []
    with pytest.raises(LinkEnded):
        invitations.get_by_link(session, token, at=LATER)
    with pytest.raises(Refused):
        answer(session, ada, sent, accepts=False)
    assert written(session) == [("invited", ada.email, False), ("accepted", ada.email, True)]
    assert mails(session) == [(ada.email, "invitation")]


def test_who_declines_has_no_role_and_stays_an_address(session: Session, cast: Cast) -> None:
    ada = cast.researcher
    sent, other = invited(session, cast, email=ada.email), invited(session, cast)
    declined = answer(session, ada, sent, accepts=False)
    assert answer(session, ada, sent, accepts=False).id == declined.id
    with pytest.raises(Refused):
        answer(session, ada, sent)
    session.rollback()
    token = token_of(session, other)
    invitations.decline_by_link(session, token, at=LATER)
    for use in (invitations.get_by_link, invitations.decline_by_link):
        with pytest.raises(LinkEnded):
            use(session, token, at=LATER)
    page = people.people_of(session, cast.tarn_administrator, SLUG, at=LATER)
    assert (page.invitations, invitations.own(session, ada, at=LATER)) == ((), [])
    both = (ada.email, NEW)
    assert written(session) == [(kind, email, False) for kind in ("invited", "declined") for email in both]
    assert roles_of(session, ada.email) == roles_of(session, NEW) == set()
    # both can be asked once more
    assert answer(session, ada, invited(session, cast, email=ada.email)).roles == ["handler"]
    role_changes.forget_old(session, at=LATER + timedelta(days=60))
    assert NEW not in {each.email for each in session.scalars(select(RoleChange))}


def test_nobody_answers_for_another_address(session: Session, cast: Cast) -> None:
    sent = invited(session, cast, email="ada@university.example")
    for actor in (cast.other_researcher, cast.tarn_administrator, cast.office, VISITOR):
        for accepts in (True, False):
            with pytest.raises(NotFound):
                answer(session, actor, sent, accepts=accepts)
        assert invitations.own(session, actor, at=LATER) == []
    for unknown in ("nothing", "\x00"):
        with pytest.raises(NotFound):
            invitations.answer(session, cast.researcher, unknown, accepts=True, at=LATER)
    late = LATER + role_changes.INVITATION_LIFETIME
    assert invitations.own(session, cast.researcher, at=late) == []
    with pytest.raises(Refused):
        invitations.answer(session, cast.researcher, sent.identifier, accepts=True, at=late)
    session.rollback()
    invitations.take_back(session, cast.tarn_administrator, SLUG, sent.identifier, at=LATER)
    with pytest.raises(Refused):
        answer(session, cast.researcher, sent)


def test_who_works_there_already_is_not_invited(session: Session, cast: Cast) -> None:
    for email, name in (("tom@tarn.example", "Tom Rill"), ("ann@tarn.example", "Ann Scree")):
        with pytest.raises(Invalid, match=f"{name} works here already"):
            invited(session, cast, "editor", email=email)
    assert mails(session) == []


def test_an_account_that_was_made_meanwhile_takes_the_roles(session: Session, cast: Cast) -> None:
    sent = invited(session, cast)
    answer(session, somebody(session, NEW, "Nia Fold"), sent)
    assert roles_of(session, NEW) == {Role.HANDLER}


@pytest.mark.parametrize(
    ("email", "roles", "paths"),
    [
        ("no address", (), ["email", "roles"]),
        (NEW, (), ["roles"]),
        (NEW, ("office",), ["roles"]),
        (NEW, ("handler", "king\x00"), ["roles"]),
        ("a@b.example\r\nBcc: c@d.example", ("handler",), ["email"]),
    ],
)
def test_every_problem_of_an_invitation_is_told_at_once(
    session: Session, cast: Cast, email: str, roles: tuple[str, ...], paths: list[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        invitations.invite(session, cast.tarn_administrator, SLUG, email=email, roles=roles, at=LATER)
    assert [each.path for each in refused.value.problems] == paths
    assert mails(session) == []


def test_every_problem_of_a_new_colleague_is_told_at_once_and_the_link_stays(session: Session, cast: Cast) -> None:
    token = token_of(session, invited(session, cast))
    with pytest.raises(Invalid) as refused:
        invitations.join(session, token, name=" ", password="short", at=LATER, hasher=CHEAP)
    assert [each.path for each in refused.value.problems] == ["name", "password"]
    session.rollback()
    assert join(session, token) is not None


def test_an_invitation_ends_when_it_is_taken_back_sent_again_or_old(session: Session, cast: Cast) -> None:
    ann, first = cast.tarn_administrator, invited(session, cast)
    second = invitations.send_again(session, ann, SLUG, first.identifier, at=LATER)
    # as when the mails were still on their way
    old, new = token_of(session, first), token_of(session, second)
    with pytest.raises(LinkEnded):
        join(session, old)
    with pytest.raises(LinkEnded):
        invitations.get_by_link(session, new, at=LATER + role_changes.INVITATION_LIFETIME)
    assert [each.id for each in people.people_of(session, ann, SLUG, at=LATER).invitations] == [second.id]
    for work in (invitations.send_again, invitations.take_back):
        with pytest.raises(Refused):
            work(session, ann, SLUG, first.identifier, at=LATER)
        for unknown in ("nothing", "\x00"):
            with pytest.raises(NotFound):
                work(session, ann, SLUG, unknown, at=LATER)
    invitations.take_back(session, ann, SLUG, second.identifier, at=LATER)
    late = token_of(session, second)
    for token in (new, late):
        with pytest.raises(LinkEnded):
            join(session, token)
    assert accounts.find(session, NEW) is None
    # an address that never came is forgotten
    role_changes.forget_old(session, at=LATER + timedelta(days=60))
    assert NEW not in {each.email for each in session.scalars(select(RoleChange))}


def test_roles_are_changed_and_who_answers_no_more_has_nothing_assigned(session: Session, cast: Cast) -> None:
    ask(session, cast)
    thread = thread_with(session, TARN)
    tom, ann = number(cast.tarn_handler), cast.tarn_administrator
    desk_work.assign(session, ann, thread.identifier, tom, at=LATER)
    before = len(mails(session))
    people.change_roles(session, ann, SLUG, tom, ["handler", "editor"], at=LATER)
    assert thread_with(session, TARN).handler_id == tom
    assert people.change_roles(session, ann, SLUG, tom, ["editor", "handler"], at=LATER) is None
    people.change_roles(session, ann, SLUG, tom, ["editor"], at=LATER)
    assert roles_of(session, "tom@tarn.example") == {Role.EDITOR}
    assert thread_with(session, TARN).handler_id is None
    people.remove(session, ann, SLUG, tom, at=LATER)
    assert roles_of(session, "tom@tarn.example") == set()
    assert mails(session)[before:] == [("tom@tarn.example", "roles_changed")] * 3
    with pytest.raises(NotFound):
        people.change_roles(session, ann, SLUG, tom, ["editor"], at=LATER)


def test_the_last_administrator_stays(session: Session, cast: Cast) -> None:
    ann = number(cast.tarn_administrator)
    tom = number(cast.tarn_handler)
    for actor in (cast.tarn_administrator, cast.office):
        with pytest.raises(Refused, match=r"only administrator of Tarn Hospital\. Make somebody else"):
            people.remove(session, actor, SLUG, ann, at=LATER)
        with pytest.raises(Invalid, match="only administrator"):
            people.change_roles(session, actor, SLUG, ann, ["editor"], is_sure=True, at=LATER)
        session.rollback()
    people.change_roles(session, cast.tarn_administrator, SLUG, tom, ["administrator"], at=LATER)
    # one whose account is closed looks after nobody
    accounts.set_active(session, "tom@tarn.example", is_active=False)
    with pytest.raises(Refused):
        people.remove(session, cast.office, SLUG, ann, at=LATER)
    session.rollback()
    people.remove(session, cast.office, SLUG, tom, at=LATER)
    assert roles_of(session, "ann@tarn.example") == {Role.ADMINISTRATOR}


def test_nobody_locks_themselves_out_without_saying_so(session: Session, cast: Cast) -> None:
    ann = cast.tarn_administrator
    people.change_roles(session, ann, SLUG, number(cast.tarn_handler), ["administrator"], at=LATER)
    with pytest.raises(Invalid) as refused:
        people.change_roles(session, ann, SLUG, number(ann), ["editor"], at=LATER)
    assert [each.path for each in refused.value.problems] == ["sure"]
    session.rollback()
    people.change_roles(session, ann, SLUG, number(ann), ["editor"], is_sure=True, at=LATER)
    assert roles_of(session, "ann@tarn.example") == {Role.EDITOR}


def test_only_its_administrators_and_the_office_look_after_people(session: Session, cast: Cast) -> None:
    sent = invited(session, cast)
    tom = number(cast.tarn_handler)
    for name, actor in {**cast.everybody, "visitor": VISITOR}.items():
        if name in {"tarn_administrator", "office", "second_office"}:
            assert len(people.people_of(session, actor, SLUG, at=LATER).colleagues) == 3
            continue
        for work in (
            lambda by: people.people_of(session, by, SLUG, at=LATER),
            lambda by: people.get(session, by, SLUG, tom),
            lambda by: people.change_roles(session, by, SLUG, tom, ["editor"], at=LATER),
            lambda by: people.remove(session, by, SLUG, tom, at=LATER),
            lambda by: invitations.invite(session, by, SLUG, email=NEW, roles=["handler"], at=LATER),
            lambda by: invitations.send_again(session, by, SLUG, sent.identifier, at=LATER),
            lambda by: invitations.take_back(session, by, SLUG, sent.identifier, at=LATER),
        ):
            with pytest.raises(NotAllowed):
                work(actor)
    # what belongs to one organisation is not there in another
    with pytest.raises(NotFound):
        people.remove(session, cast.beck_administrator, "beck-cohort", tom, at=LATER)
    with pytest.raises(NotFound):
        invitations.take_back(session, cast.beck_administrator, "beck-cohort", sent.identifier, at=LATER)
    assert roles_of(session, "tom@tarn.example") == {Role.HANDLER}


def test_the_office_looks_after_its_own_people_and_nobody_else_does(session: Session, cast: Cast) -> None:
    held = HeldRole(Role.ADMINISTRATOR, ALLIANCE)
    accounts.add(session, "ada@university.example", name="Ada Moss", roles=[held], at=ASKED)
    ada = accounts.actor_of(session, number(cast.researcher))
    with pytest.raises(NotAllowed):
        invitations.invite(session, ada, ALLIANCE, email=NEW, roles=["office"], at=LATER)
    sent = invitations.invite(session, cast.office, ALLIANCE, email="esk@tarn.example", roles=["office"], at=LATER)
    answer(session, cast.tarn_editor, sent)
    assert Role.OFFICE in roles_of(session, "esk@tarn.example")
    for each in ("esk@tarn.example", "oda@alliance.example"):
        user = accounts.find(session, each)
        assert user is not None
        people.remove(session, cast.office, ALLIANCE, user.id, at=LATER)
    with pytest.raises(Refused, match=r"only person in the office of Northern Data Alliance\. Let somebody"):
        people.remove(session, cast.office, ALLIANCE, number(cast.office), at=LATER)


def test_what_nobody_speaks_for_has_no_people(session: Session, cast: Cast) -> None:
    with pytest.raises(Refused, match="not claimed yet"):
        people.people_of(session, cast.office, "fell-and-dale-trust", at=LATER)
    with pytest.raises(NotFound):
        people.people_of(session, cast.office, "nowhere", at=LATER)


def test_what_was_done_is_written_down(session: Session, cast: Cast) -> None:
    fay = somebody(session, "fay@fell.example", "Fay Gill")
    claim = claims.make(session, fay, "fell-and-dale-trust", reason="I run it.", at=LATER)
    claims.approve(session, cast.office, claim.identifier, at=LATER)
    fay = accounts.actor_of(session, number(fay))
    slug = "fell-and-dale-trust"
    sent = invitations.invite(session, fay, slug, email=NEW, roles=["handler"], at=LATER)
    join(session, token_of(session, sent))
    accounts.revoke(session, NEW, [HeldRole(Role.HANDLER, slug)], at=LATER)
    page = people.people_of(session, fay, slug, at=LATER)
    assert [(each.kind.value, each.by and each.by.name, each.roles) for each in page.history] == [
        ("removed", None, []),
        ("accepted", "Nia Fold", ["handler"]),
        ("invited", "Fay Gill", ["handler"]),
        ("claimed", "Olu Carr", ["administrator"]),
    ]


def test_the_mails_say_what_for_and_why(session: Session, cast: Cast) -> None:
    invited(session, cast)
    people.change_roles(
        session, cast.tarn_administrator, SLUG, number(cast.tarn_handler), ["editor", "handler"], at=LATER
    )
    people.remove(session, cast.tarn_administrator, SLUG, number(cast.tarn_handler), at=LATER)
    site, link = Site("Catalogue", "https://catalogue.example"), "https://catalogue.example/invitations/x"
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "email.send").order_by(OutboxMessage.id))
    letters = [Letter.from_json(row.key, row.payload) for row in rows]
    written = [write(each.template, {"name": "", **each.context, "link": link, "site": site}) for each in letters]
    assert [subject for subject, _ in written] == [
        "Join Tarn Hospital in the Catalogue",
        "What you do for Tarn Hospital has changed",
        "You have no role for Tarn Hospital any more",
    ]
    for (_, text), said in zip(written, (link, "- editor\n- request handler", "You have no role"), strict=True):
        assert said in text
        assert "You get this mail because Ann Scree (ann@tarn.example)" in text.replace("\n", " ")


def test_invitations_are_bounded(session: Session, cast: Cast) -> None:
    for _ in range(invitations.PER_ADDRESS):
        invited(session, cast)
    with pytest.raises(TooMany):
        invited(session, cast)
    # the same mailbox, whatever sends to it
    with pytest.raises(TooMany):
        registration.request_account(session, NEW, name="Nia", affiliation="", origin="", at=LATER)
    assert session.scalars(select(User).where(User.email == NEW)).one_or_none() is None
