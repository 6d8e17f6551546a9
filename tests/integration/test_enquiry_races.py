"""Two people who press at the same moment: one is done, the other is told."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from catalogue import clock
from catalogue.config import Settings
from catalogue.domain.errors import LinkEnded, Refused
from catalogue.domain.permissions import Role
from catalogue.models import (
    Claim,
    ClaimState,
    Enquiry,
    EnquiryThread,
    OutboxMessage,
    RoleChange,
    RoleChangeKind,
    ThreadEvent,
)
from catalogue.runtime import Runtime
from catalogue.services import accounts, claims, enquiries, invitations, links, people, threads
from tests.asking import BECK, TARN, Cast, ask, gather, question, somebody, thread_with
from tests.databases import opened
from tests.people import CHEAP, PASSWORD
from tests.publishing import custodian

AT_ONCE = 4


@pytest.fixture
def runtime(settings: Settings) -> Iterator[Runtime]:
    with opened(settings.database) as engine:
        yield Runtime.build(settings, engine)


@pytest.fixture
def cast(runtime: Runtime) -> Cast:
    with runtime.sessions() as session:
        return gather(session)


def at_once(work: Callable[[int], object]) -> list[object]:
    """Do the work several times at the same moment; each result, or the refusal."""
    barrier = Barrier(AT_ONCE)

    def run(number: int) -> object:
        barrier.wait()
        try:
            return work(number)
        except Refused as refusal:
            return refusal

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


def test_of_several_answers_one_is_given(runtime: Runtime, cast: Cast) -> None:
    with runtime.sessions() as session:
        ask(session, cast, at=clock.now())
        thread = thread_with(session, TARN).identifier
        mails = session.scalar(select(func.count()).select_from(OutboxMessage)) or 0
    handlers = (cast.tarn_handler, cast.tarn_administrator)

    def answer(number: int) -> str:
        with runtime.sessions() as session:
            done = threads.move(session, handlers[number % 2], thread, "answer", text=f"{number}", at=clock.now())
            return done.state

    results = at_once(answer)
    assert sum(isinstance(each, Refused) for each in results) == AT_ONCE - 1
    with runtime.sessions() as session:
        assert thread_with(session, TARN).event_count == 2
        assert session.scalar(select(func.count()).select_from(ThreadEvent)) == 2
        assert session.scalar(select(func.count()).select_from(OutboxMessage)) == mails + 1


def test_the_same_form_sent_at_once_is_one_enquiry(runtime: Runtime, cast: Cast) -> None:
    asked = question(cast.tarn_dataset, cast.beck_dataset)

    def send(_number: int) -> str:
        with runtime.sessions() as session:
            return enquiries.submit(session, cast.researcher, asked, at=clock.now()).identifier

    assert set(at_once(send)) == {asked.identifier}
    with runtime.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Enquiry)) == 1
        assert session.scalar(select(func.count()).select_from(EnquiryThread)) == 2
        keys = session.scalars(select(OutboxMessage.key)).all()
        assert len(keys) == len(set(keys)) == 3


def test_of_several_claims_approved_at_once_one_is(runtime: Runtime, cast: Cast) -> None:
    with runtime.sessions() as session:
        claimants = [somebody(session, f"p{number}@fell.example", f"Person {number}") for number in range(AT_ONCE)]
        made = [
            claims.make(session, person, "fell-and-dale-trust", reason="Mine", at=clock.now()).identifier
            for person in claimants
        ]

    def approve(number: int) -> str:
        with runtime.sessions() as session:
            return claims.approve(session, cast.office, made[number], at=clock.now()).state

    results = at_once(approve)
    assert results.count(ClaimState.APPROVED) == 1
    with runtime.sessions() as session:
        states = session.scalars(select(Claim.state)).all()
        assert sorted(states) == [ClaimState.APPROVED, *[ClaimState.REFUSED] * (AT_ONCE - 1)]


def test_of_administrators_who_remove_each_other_at_once_one_stays(runtime: Runtime, cast: Cast) -> None:
    with runtime.sessions() as session:
        beck = custodian(session, BECK)
        named = [(f"p{number}@beck.example", f"Person {number}") for number in range(AT_ONCE - 1)]
        others = [somebody(session, email, name, (Role.ADMINISTRATOR, beck)) for email, name in named]
    ring = [cast.beck_administrator, *others]

    def remove(number: int) -> object:
        with runtime.sessions() as session:
            return people.remove(session, cast.office, beck.slug, ring[number].user_id or 0, at=clock.now())

    assert sum(isinstance(each, Refused) for each in at_once(remove)) == 1
    with runtime.sessions() as session:
        assert len(accounts.handlers_of(session, beck.id, Role.ADMINISTRATOR)) == 1


def test_an_invitation_that_is_accepted_several_times_at_once_makes_one_account(runtime: Runtime, cast: Cast) -> None:
    lifetime = timedelta(days=1)
    with runtime.sessions() as session:
        sent = invitations.invite(
            session, cast.beck_administrator, "beck-cohort", email="n@beck.example", roles=["handler"], at=clock.now()
        )
        token = links.issue(session, invitations.LINK, sent.identifier, at=clock.now(), lifetime=lifetime)
        session.commit()

    def accept(_number: int) -> object:
        with runtime.sessions() as session:
            try:
                return invitations.join(session, token, name="Nia", password=PASSWORD, at=clock.now(), hasher=CHEAP)
            except LinkEnded:
                return None

    assert sum(each is not None for each in at_once(accept)) == 1
    with runtime.sessions() as session:
        user = accounts.find(session, "n@beck.example")
        assert user is not None
        assert [each.role for each in user.memberships] == [Role.HANDLER]


def test_an_invitation_that_is_accepted_and_declined_at_once_is_answered_once(runtime: Runtime, cast: Cast) -> None:
    ada = cast.researcher
    with runtime.sessions() as session:
        sent = invitations.invite(
            session, cast.beck_administrator, "beck-cohort", email=ada.email, roles=["handler"], at=clock.now()
        )

    def answer(number: int) -> RoleChangeKind | None:
        with runtime.sessions() as session:
            try:
                accepts = number % 2 == 0
                return invitations.answer(session, ada, sent.identifier, accepts=accepts, at=clock.now()).kind
            except Refused:
                return None

    answers = at_once(answer)
    (kind,) = set(answers) - {None}
    assert answers.count(kind) == AT_ONCE // 2
    with runtime.sessions() as session:
        written = session.scalars(select(RoleChange.kind).where(RoleChange.email == ada.email)).all()
        assert sorted(written) == sorted([RoleChangeKind.INVITED, kind])
        held = accounts.actor_of(session, ada.user_id or 0).organisations(Role.HANDLER)
        assert (held != frozenset()) is (kind is RoleChangeKind.ACCEPTED)
