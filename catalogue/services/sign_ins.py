"""Signing in and out. A sign-in is a row: it ends there, whatever a browser still remembers."""

import secrets
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from catalogue.domain.errors import Refused
from catalogue.domain.mail_addresses import folded
from catalogue.domain.permissions import VISITOR, Actor
from catalogue.models import SignIn, User
from catalogue.services import accounts, attempts, links
from catalogue.services.links import TOKEN_BYTES, digest
from catalogue.services.passwords import STANDARD, Passwords

LIFETIME = timedelta(days=7)
PER_ACCOUNT = 10
PER_ADDRESS = 50
"""Sign-ins that may fail in a window: for one account from anywhere, and from one address for any account."""
SUBNET = 64
"""Bits of an IPv6 address that one subscriber is given (RFC 6177)."""
LINK = "sign-in"
LINK_PATH = "/sign-in/link/{token}"
LINK_LIFETIME = timedelta(days=3)

Opened = tuple[Actor, str]
"""Who is signed in now, and the token that the browser keeps."""


def sign_in(
    session: Session, email: str, password: str, *, origin: str, at: datetime, hasher: Passwords = STANDARD
) -> Opened:
    """Sign in with a password. `origin` is the address that the attempt came from.

    Raises `Refused`, the same and after the same work for an unknown address, a wrong password, an account without
    one and a closed account; `TooMany` when it was tried too often.
    """
    # The address as typed, so that accounts that do not exist are counted as those that do.
    account, places = f"account:{digest(folded(email) or email)}", origin_keys(origin)
    limits = {account: PER_ACCOUNT} | dict.fromkeys(places, PER_ADDRESS)
    attempts.count(session, limits, at=at)
    user = accounts.find(session, email)
    kept = user.password_hash if user is not None else None
    session.commit()
    matches = hasher.matches(kept, password)
    if user is None or not matches or not user.is_active:
        raise Refused("The e-mail address and the password do not belong together.")
    if kept is not None and hasher.is_outdated(kept):
        user.password_hash = hasher.hash(password)
    attempts.forget(session, [account])
    # Not what else was tried from there: else whoever has an account could try those of others without end.
    attempts.take_back(session, places)
    return open_for(session, user, at=at)


def open_for(session: Session, user: User, *, at: datetime) -> Opened:
    """Sign the person in, and commit."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.execute(delete(SignIn).where(SignIn.expires_at <= at))
    session.add(SignIn(user_id=user.id, token_hash=digest(token), created_at=at, expires_at=at + LIFETIME))
    user.last_sign_in_at = at
    actor = accounts.actor_from(user)
    session.commit()
    return actor, token


def with_link(session: Session, token: str, *, at: datetime) -> Opened:
    """Sign in with a link that an operator handed out. Raises `LinkEnded`."""
    link = links.redeem(session, LINK, token, at=at)
    user = accounts.get(session, link.user_id)
    if not user.is_active:
        raise Refused("This account is closed. Ask the alliance office.")
    return open_for(session, user, at=at)


def actor_of(session: Session, token: str, *, at: datetime) -> Actor:
    """Who is signed in with this token; a visitor when nobody is, or no longer."""
    wanted = select(SignIn).where(SignIn.token_hash == digest(token), SignIn.expires_at > at)
    found = session.scalars(wanted.options(joinedload(SignIn.user).selectinload(User.memberships))).one_or_none()
    return accounts.actor_from(found.user) if found is not None and found.user.is_active else VISITOR


def make_link(session: Session, user: User, *, at: datetime) -> str:
    """Make a link that signs the person in once, and commit; its path."""
    token = links.issue(session, LINK, at=at, lifetime=LINK_LIFETIME, user_id=user.id)
    session.commit()
    return LINK_PATH.replace("{token}", token)


def sign_out(session: Session, token: str) -> None:
    """End the sign-in of this token."""
    session.execute(delete(SignIn).where(SignIn.token_hash == digest(token)))
    session.commit()


def origin_keys(origin: str) -> tuple[str, ...]:
    """Under what the attempts of an address are counted, if they are.

    One on this machine is a proxy that speaks for everybody, so nothing is.
    """
    try:
        address = ip_address(origin)
    except ValueError:
        return ()
    if address.is_loopback:
        return ()
    if isinstance(address, IPv6Address):
        return (f"address:{ip_network((address, SUBNET), strict=False)}",)
    return (f"address:{address}",)
