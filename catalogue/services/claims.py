"""Claiming an organisation that nobody here speaks for: by its published contact, or with the alliance office."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from catalogue.domain.enquiries import OPEN, Desk, State
from catalogue.domain.errors import Invalid, LinkEnded, NotFound, Refused
from catalogue.domain.mail_addresses import folded
from catalogue.domain.permissions import Actor, Role, check
from catalogue.models import (
    Claim,
    ClaimState,
    Enquiry,
    EnquiryThread,
    Membership,
    Organisation,
    OrganisationKind,
    RoleChangeKind,
)
from catalogue.services import accounts, attempts, enquiry_routing, links, mailing, organisations, role_changes, threads
from catalogue.services.mailing import LinkOrder
from schemas.metadata import Problem, Severity

LINK = "claim.confirm"
"""The purpose of the links by which a published contact confirms a claim."""
LINK_PATH = "/claims/{token}"
LINK_LIFETIME = timedelta(days=14)
LONGEST_REASON = 2_000
PER_WINDOW = 5
"""Claims that one person can make in a quarter of an hour."""


def claimable(session: Session, slug: str) -> Organisation:
    """The organisation, if it can be claimed. Raises `NotFound`, and `Refused` when somebody speaks for it already."""
    organisation = organisations.get(session, slug)
    if organisation.is_claimed or organisation.kind is OrganisationKind.ALLIANCE:
        raise Refused(f"{organisation.name} has joined already. Ask its administrator, or the alliance office.")
    return organisation


def contact_of(organisation: Organisation) -> str | None:
    """The published contact, when it is an address that mail can be sent to."""
    return folded(organisation.contact_point or "")


def find_own(session: Session, actor: Actor, organisation: Organisation) -> Claim | None:
    """The actor's claim to the organisation that waits to be decided."""
    return session.scalars(
        select(Claim).where(
            Claim.organisation_id == organisation.id,
            Claim.user_id == actor.user_id,
            Claim.state == ClaimState.WAITING,
        )
    ).first()


def make(session: Session, actor: Actor, slug: str, *, reason: str, at: datetime) -> Claim:
    """Claim the organisation; a claim that waits already stays the one claim.

    Its published contact gets a link that confirms it, and the office is told. Raises `Invalid`, `NotAllowed`,
    `NotFound`, `Refused`, `TooMany`.
    """
    check(actor, "organisation:claim")
    organisation = claimable(session, slug)
    waiting = find_own(session, actor, organisation)
    if waiting is not None:
        return waiting
    _check_reason(reason)
    attempts.count(session, {f"claim:{actor.user_id}": PER_WINDOW}, at=at)
    claim = Claim(
        identifier=str(uuid4()),
        organisation=organisation,
        user=accounts.get(session, actor.user_id),
        state=ClaimState.WAITING,
        reason=reason.strip(),
        sent_to=contact_of(organisation),
        asked_at=at,
    )
    session.add(claim)
    session.flush()
    _ask(session, claim, at=at)
    session.commit()
    return claim


def get_by_link(session: Session, token: str, *, at: datetime) -> Claim:
    """The claim that a link confirms, for showing it. Raises `LinkEnded`, also when it was decided meanwhile."""
    claim = _get(session, links.find(session, LINK, token, at=at).subject)
    if claim.state is not ClaimState.WAITING:
        raise LinkEnded
    return claim


def confirm(session: Session, token: str, *, at: datetime) -> Claim:
    """Let the published contact confirm a claim. Raises `LinkEnded`, `Refused`."""
    claim = _get_locked(session, links.find(session, LINK, token, at=at).subject)
    links.redeem(session, LINK, token, at=at)
    if claim.state is not ClaimState.WAITING:
        raise LinkEnded
    _approve(session, claim, by=None, at=at)
    session.commit()
    return claim


def list_waiting(session: Session, actor: Actor) -> Sequence[Claim]:
    """Every claim that waits to be decided, the oldest first. Raises `NotAllowed`."""
    check(actor, "claim:decide")
    wanted = select(Claim).where(Claim.state == ClaimState.WAITING).order_by(Claim.asked_at, Claim.id)
    return session.scalars(wanted.options(joinedload(Claim.organisation), joinedload(Claim.user))).all()


def approve(session: Session, actor: Actor, identifier: str, *, at: datetime) -> Claim:
    """Let the office approve a claim. Raises `NotAllowed`, `NotFound`, `Refused`."""
    claim = _to_decide(session, actor, identifier)
    _approve(session, claim, by=actor.user_id, at=at)
    session.commit()
    return claim


def refuse(session: Session, actor: Actor, identifier: str, *, at: datetime) -> Claim:
    """Let the office refuse a claim. Raises `NotAllowed`, `NotFound`, `Refused`."""
    claim = _to_decide(session, actor, identifier)
    _refuse(session, claim, by=actor.user_id, at=at)
    session.commit()
    return claim


def _check_reason(reason: str) -> None:
    if not reason.strip():
        fix = "The alliance office reads it if the published contact does not answer."
        raise Invalid(Problem("reason", "Say what you do there.", Severity.ERROR, fix))
    if len(reason) > LONGEST_REASON:
        message = f"This has more than {LONGEST_REASON:,} characters."
        raise Invalid(Problem("reason", message, Severity.ERROR, "Shorten it."))


def _ask(session: Session, claim: Claim, *, at: datetime) -> None:
    """Ask the published contact, if there is one, and tell the office in any case."""
    about = {"organisation": claim.organisation.name, "person": claim.user.name, "email": claim.user.email}
    if claim.sent_to is not None:
        order = LinkOrder(purpose=LINK, path=LINK_PATH, lifetime=LINK_LIFETIME, subject=claim.identifier)
        mailing.queue(
            session,
            "claim_link",
            claim.sent_to,
            key=f"claim:{claim.identifier}:link",
            at=at,
            context=about,
            links={"link": order},
        )
    for user in accounts.office(session):
        mailing.queue(
            session,
            "claim_office",
            user.email,
            key=f"claim:{claim.identifier}:office:{user.id}",
            at=at,
            context={**about, "name": user.name, "sent_to": claim.sent_to or ""},
        )


def _get(session: Session, identifier: str) -> Claim:
    wanted = select(Claim).where(Claim.identifier == identifier).execution_options(populate_existing=True)
    claim = session.scalars(wanted.options(joinedload(Claim.organisation), joinedload(Claim.user))).one_or_none()
    if claim is None:
        raise NotFound(f"There is no claim {identifier!r}.")
    return claim


def _get_locked(session: Session, identifier: str) -> Claim:
    """The claim, when nobody else decides on one to the same organisation until the transaction ends.

    The organisation is locked before anything else: whoever decides first refuses the other claims.
    """
    claim = _get(session, identifier)
    session.execute(select(Organisation.id).where(Organisation.id == claim.organisation_id).with_for_update())
    return _get(session, identifier)


def _to_decide(session: Session, actor: Actor, identifier: str) -> Claim:
    check(actor, "claim:decide")
    claim = _get_locked(session, identifier)
    if claim.state is not ClaimState.WAITING:
        raise Refused("This claim was decided already.")
    if claim.user_id == actor.user_id:
        raise Refused("Nobody decides on their own claim. Ask a colleague of the office.")
    return claim


def _approve(session: Session, claim: Claim, *, by: int | None, at: datetime) -> None:
    organisation = claim.organisation
    if organisation.is_claimed:
        raise Refused(f"{organisation.name} has joined already.")
    if not claim.user.is_active:
        raise Refused(f"The account of {claim.user.name} is closed.")
    organisation.is_claimed = True
    claim.state, claim.decided_at, claim.decided_by_id = ClaimState.APPROVED, at, by
    _make_administrator(session, claim, at=at)
    links.revoke(session, LINK, at=at, subject=claim.identifier)
    _tell(session, claim, "claim_approved", at=at)
    others = select(Claim).where(Claim.organisation_id == organisation.id, Claim.state == ClaimState.WAITING)
    for other in session.scalars(others.options(joinedload(Claim.organisation), joinedload(Claim.user))):
        _refuse(session, other, by=by, at=at)
    _bring_threads(session, organisation, at=at)


def _make_administrator(session: Session, claim: Claim, *, at: datetime) -> None:
    """Let the person of the claim look after the organisation, if an operator has not done so before."""
    held = {"user_id": claim.user_id, "organisation_id": claim.organisation_id, "role": Role.ADMINISTRATOR}
    if session.scalars(select(Membership).filter_by(**held)).one_or_none() is None:
        session.add(Membership(**held, created_at=at))
        session.flush()
        session.refresh(claim.user, ["memberships"])
        roles = accounts.roles_held(claim.user, claim.organisation_id)
        kind = RoleChangeKind.CLAIMED
        role_changes.record(session, kind, claim.organisation_id, claim.user, roles, by=claim.decided_by_id, at=at)


def _refuse(session: Session, claim: Claim, *, by: int | None, at: datetime) -> None:
    claim.state, claim.decided_at, claim.decided_by_id = ClaimState.REFUSED, at, by
    links.revoke(session, LINK, at=at, subject=claim.identifier)
    _tell(session, claim, "claim_refused", at=at)


def _tell(session: Session, claim: Claim, template: str, *, at: datetime) -> None:
    mailing.queue(
        session,
        template,
        claim.user.email,
        key=f"claim:{claim.identifier}:{template}",
        at=at,
        context={
            "name": claim.user.name,
            "organisation": claim.organisation.name,
            "slug": claim.organisation.slug,
        },
    )


def _bring_threads(session: Session, organisation: Organisation, *, at: datetime) -> None:
    """Put what the alliance kept for the organisation on its own desk."""
    kept = session.scalars(
        select(EnquiryThread)
        .join(Enquiry, Enquiry.id == EnquiryThread.enquiry_id)
        .where(
            EnquiryThread.custodian_id == organisation.id,
            EnquiryThread.desk == Desk.ALLIANCE,
            EnquiryThread.state.in_(OPEN),
        )
        .options(
            joinedload(EnquiryThread.enquiry).joinedload(Enquiry.researcher),
            joinedload(EnquiryThread.custodian),
        )
        .with_for_update(of=EnquiryThread)
        .execution_options(populate_existing=True)
    )
    for thread in kept.unique().all():
        researcher = thread.enquiry.researcher_id
        if enquiry_routing.desk_for(session, organisation, researcher_id=researcher) is not Desk.CUSTODIAN:
            # Only whoever asked speaks for it so far, and nobody answers their own question.
            continue
        waits = thread.state in {State.AWAITING_CUSTODIAN, State.UNROUTABLE}
        threads.give(session, thread, "reroute" if waits else "transfer", at=at, effect=threads.to_desk(Desk.CUSTODIAN))
