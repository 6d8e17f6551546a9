"""Claiming an organisation: by its published contact, by the office, by two people at once; and what comes with it."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.domain.enquiries import Desk, State
from catalogue.domain.errors import Invalid, LinkEnded, NotAllowed, NotFound, Refused, TooMany
from catalogue.domain.permissions import VISITOR, Actor, Role
from catalogue.models import Claim, ClaimState, Organisation, OutboxMessage
from catalogue.services import accounts, claims, desk, desk_work, links, organisations, threads
from catalogue.services.enquiries import submit
from catalogue.services.mailing import LinkOrder
from tests.asking import ASKED, TARN, UNCLAIMED, Cast, ask, gather, question, somebody, thread_with
from tests.publishing import custodian

LATER = ASKED + timedelta(hours=2)
SLUG = "fell-and-dale-trust"


@pytest.fixture
def cast(session: Session) -> Cast:
    cast = gather(session)
    custodian(session, UNCLAIMED).contact_point = "Data@Fell.example"
    session.commit()
    return cast


@pytest.fixture
def claimant(session: Session, cast: Cast) -> Actor:
    return somebody(session, "fay@fell.example", "Fay Gill")


def mails(session: Session) -> list[tuple[str, str]]:
    """Address and template of every mail about claims that was asked for."""
    rows = session.scalars(
        select(OutboxMessage).where(OutboxMessage.key.startswith("claim:")).order_by(OutboxMessage.id)
    )
    return [(each.payload["to"], each.payload["template"]) for each in rows]


def token_of(session: Session, claim: Claim) -> str:
    """The link of a claim, made as the worker makes it."""
    row = session.scalars(select(OutboxMessage).where(OutboxMessage.key == f"claim:{claim.identifier}:link")).one()
    order = LinkOrder.from_json(row.payload["links"]["link"])
    token = links.issue(session, order.purpose, order.subject, at=LATER, lifetime=order.lifetime)
    session.commit()
    return token


def again(session: Session, actor: Actor) -> Actor:
    """The person as they are now."""
    session.expire_all()
    return accounts.actor_of(session, actor.user_id or 0)


def test_the_published_contact_confirms_a_claim(session: Session, cast: Cast, claimant: Actor) -> None:
    ask(session, cast, cast.unclaimed_dataset)
    claim = claims.make(session, claimant, SLUG, reason="I run the registry.", at=LATER)
    assert mails(session) == [
        ("data@fell.example", "claim_link"),
        ("olu@alliance.example", "claim_office"),
        ("oda@alliance.example", "claim_office"),
    ]
    token = token_of(session, claim)
    assert claims.get_by_link(session, token, at=LATER).id == claim.id
    assert not organisations.get(session, SLUG).is_claimed
    claims.confirm(session, token, at=LATER)
    assert organisations.get(session, SLUG).is_claimed
    administrator = again(session, claimant)
    assert administrator.organisations(Role.ADMINISTRATOR) == {organisations.get(session, SLUG).id}
    assert mails(session)[-1] == ("fay@fell.example", "claim_approved")
    # its datasets and threads wait on the desk
    assert [(each.organisation.name, each.datasets) for each in desk.own_desks(session, administrator)] == [
        (UNCLAIMED, 1)
    ]
    [thread] = desk.inbox(session, administrator).items
    assert (thread.state, thread.desk) == (State.AWAITING_CUSTODIAN, Desk.CUSTODIAN)
    assert desk.inbox(session, cast.office).items == ()
    for stale in (claims.get_by_link, claims.confirm):
        with pytest.raises(LinkEnded):
            stale(session, token, at=LATER)


def test_threads_in_every_state_come_along_and_links_die(session: Session, cast: Cast, claimant: Actor) -> None:
    for _ in range(4):
        ask(session, cast, cast.unclaimed_dataset)
    every = list(desk.inbox(session, cast.office).items)
    threads.move(session, cast.office, every[0].identifier, "reply", text="Which?", at=LATER)
    threads.move(session, cast.office, every[1].identifier, "answer", text="Here.", at=LATER)
    desk_work.forward(session, cast.office, every[2].identifier, "rec@fell.example", at=LATER)
    threads.move(session, cast.researcher, every[3].identifier, "withdraw", at=LATER)
    forwarded = links.issue(
        session, "enquiry.reply", every[2].identifier, at=LATER, lifetime=timedelta(days=1), details={"forward": 2}
    )
    assert threads.arrive_by_link(session, forwarded, at=LATER)
    claim = claims.make(session, claimant, SLUG, reason="I run it.", at=LATER)
    claims.approve(session, cast.office, claim.identifier, at=LATER)
    administrator = again(session, claimant)
    states = [threads.arrive(session, administrator, each.identifier).thread.state for each in every[:3]]
    assert states == [State.AWAITING_APPLICANT, State.RESOLVED, State.AWAITING_CUSTODIAN]
    with pytest.raises(NotFound):
        threads.arrive(session, administrator, every[3].identifier)
    with pytest.raises(LinkEnded):
        threads.arrive_by_link(session, forwarded, at=LATER)


def test_the_office_approves_or_refuses(session: Session, cast: Cast, claimant: Actor) -> None:
    claim = claims.make(session, claimant, SLUG, reason="I run it.", at=LATER)
    assert [each.id for each in claims.list_waiting(session, cast.office)] == [claim.id]
    claims.refuse(session, cast.office, claim.identifier, at=LATER)
    assert claim.state is ClaimState.REFUSED
    assert mails(session)[-1] == ("fay@fell.example", "claim_refused")
    assert not organisations.get(session, SLUG).is_claimed
    assert claims.list_waiting(session, cast.office) == []
    with pytest.raises(Refused):
        claims.approve(session, cast.office, claim.identifier, at=LATER)
    # there is another chance
    second = claims.make(session, claimant, SLUG, reason="Ask my director.", at=LATER)
    assert second.id != claim.id
    claims.approve(session, cast.office, second.identifier, at=LATER)
    assert second.decided_by_id == cast.office.user_id


def test_of_two_claims_the_first_that_is_approved_wins(session: Session, cast: Cast, claimant: Actor) -> None:
    other = somebody(session, "gus@fell.example", "Gus Ford")
    first = claims.make(session, claimant, SLUG, reason="I run it.", at=LATER)
    second = claims.make(session, other, SLUG, reason="No, I do.", at=LATER)
    token = token_of(session, first)
    claims.approve(session, cast.office, second.identifier, at=LATER)
    session.expire_all()
    assert (first.state, second.state) == (ClaimState.REFUSED, ClaimState.APPROVED)
    assert mails(session)[-2:] == [("gus@fell.example", "claim_approved"), ("fay@fell.example", "claim_refused")]
    with pytest.raises(LinkEnded):
        claims.confirm(session, token, at=LATER)
    assert again(session, claimant).roles == frozenset()


def test_claiming_twice_is_one_claim(session: Session, cast: Cast, claimant: Actor) -> None:
    first = claims.make(session, claimant, SLUG, reason="I run it.", at=LATER)
    assert claims.make(session, claimant, SLUG, reason="Again", at=LATER).id == first.id
    assert len(mails(session)) == 3


def test_an_organisation_without_an_address_is_for_the_office(session: Session, cast: Cast, claimant: Actor) -> None:
    custodian(session, UNCLAIMED).contact_point = "Ring the front desk"
    session.commit()
    claim = claims.make(session, claimant, SLUG, reason="I run it.", at=LATER)
    assert claim.sent_to is None
    assert [template for _, template in mails(session)] == ["claim_office"] * 2


def test_only_what_nobody_speaks_for_can_be_claimed(session: Session, cast: Cast, claimant: Actor) -> None:
    for slug in ("tarn-hospital", "northern-data-alliance"):
        with pytest.raises(Refused):
            claims.make(session, claimant, slug, reason="Mine", at=LATER)
    with pytest.raises(NotFound):
        claims.make(session, claimant, "nowhere", reason="Mine", at=LATER)
    with pytest.raises(NotAllowed):
        claims.make(session, VISITOR, SLUG, reason="Mine", at=LATER)


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 2001])
def test_a_claim_says_why(session: Session, cast: Cast, claimant: Actor, reason: str) -> None:
    with pytest.raises(Invalid):
        claims.make(session, claimant, SLUG, reason=reason, at=LATER)
    assert mails(session) == []


def test_nobody_but_the_office_decides_and_nobody_on_their_own(session: Session, cast: Cast, claimant: Actor) -> None:
    claim = claims.make(session, claimant, SLUG, reason="I run it.", at=LATER)
    for name, actor in {**cast.everybody, "claimant": claimant}.items():
        if name not in {"office", "second_office"}:
            for work in (claims.approve, claims.refuse):
                with pytest.raises(NotAllowed):
                    work(session, actor, claim.identifier, at=LATER)
            with pytest.raises(NotAllowed):
                claims.list_waiting(session, actor)
    own = claims.make(session, cast.office, SLUG, reason="Me too", at=LATER)
    with pytest.raises(Refused, match="their own claim"):
        claims.approve(session, cast.office, own.identifier, at=LATER)
    with pytest.raises(NotFound):
        claims.approve(session, cast.office, "nothing", at=LATER)
    assert not organisations.get(session, SLUG).is_claimed


def test_a_closed_account_gets_nothing(session: Session, cast: Cast, claimant: Actor) -> None:
    claim = claims.make(session, claimant, SLUG, reason="I run it.", at=LATER)
    accounts.set_active(session, "fay@fell.example", is_active=False)
    with pytest.raises(Refused, match="closed"):
        claims.approve(session, cast.office, claim.identifier, at=LATER)


def test_who_is_administrator_already_can_claim_all_the_same(session: Session, cast: Cast, claimant: Actor) -> None:
    held = accounts.HeldRole(Role.ADMINISTRATOR, SLUG)
    accounts.add(session, "fay@fell.example", name="Fay Gill", roles=[held], at=ASKED)
    claim = claims.make(session, claimant, SLUG, reason="I run it.", at=LATER)
    assert claims.approve(session, cast.office, claim.identifier, at=LATER).state is ClaimState.APPROVED
    assert organisations.get(session, SLUG).is_claimed


def test_a_question_of_the_only_administrator_stays_with_the_alliance(
    session: Session, cast: Cast, claimant: Actor
) -> None:
    submit(session, claimant, question(cast.unclaimed_dataset), at=ASKED)
    claim = claims.make(session, claimant, SLUG, reason="I run it.", at=LATER)
    claims.approve(session, cast.office, claim.identifier, at=LATER)
    assert thread_with(session, UNCLAIMED).desk is Desk.ALLIANCE


def test_claims_are_bounded(session: Session, cast: Cast, claimant: Actor) -> None:
    for number in range(claims.PER_WINDOW):
        custodian(session, f"Small Trust {number}")
        session.commit()
        claims.make(session, claimant, f"small-trust-{number}", reason="Mine", at=LATER)
    with pytest.raises(TooMany):
        claims.make(session, claimant, SLUG, reason="Mine", at=LATER)


def test_a_question_asked_after_a_claim_goes_straight_to_the_custodian(
    session: Session, cast: Cast, claimant: Actor
) -> None:
    claim = claims.make(session, claimant, SLUG, reason="I run it.", at=LATER)
    claims.approve(session, cast.office, claim.identifier, at=LATER)
    ask(session, cast, cast.unclaimed_dataset, at=LATER)
    assert thread_with(session, UNCLAIMED).desk is Desk.CUSTODIAN
    assert session.scalars(select(Organisation).where(Organisation.name == TARN)).one().is_claimed
