"""Getting an account, and getting back into one, by a link that only the owner of a mail address receives.

What a stranger is told never depends on whether there is an account: that is said in the mail alone.
"""

from datetime import datetime, timedelta
from urllib.parse import quote

from sqlalchemy.orm import Session

from catalogue.domain.errors import Invalid, LinkEnded
from catalogue.domain.mail_addresses import folded
from catalogue.models import OneTimeLink, User
from catalogue.services import accounts, attempts, links, mailing, sign_ins
from catalogue.services.links import digest
from catalogue.services.mailing import LinkOrder
from catalogue.services.passwords import STANDARD, Passwords
from catalogue.services.sign_ins import Opened
from schemas.metadata import Problem, Severity

NEW_ACCOUNT, NEW_PASSWORD = "account", "password"
"""Purposes of links."""
NEW_ACCOUNT_LIFETIME = timedelta(days=2)
NEW_PASSWORD_LIFETIME = timedelta(hours=2)
MAILS_PER_ADDRESS, MAILS_PER_ORIGIN = 3, 20
"""Mails that may be asked for in a window: to one address, and from one place."""


def request_account(
    session: Session, email: str, *, name: str, affiliation: str, origin: str, at: datetime, go_on_to: str = "/"
) -> None:
    """Send a link that makes the account; whoever has one already is told so, in the mail.

    `go_on_to` is a path of the site to come back to afterwards. Raises `Invalid` with every problem, `TooMany`.
    """
    address = folded(email)
    problems = accounts.detail_problems(name, affiliation)
    if address is None or problems:
        raise Invalid(*problems, *(() if address else (accounts.no_address(),)))
    _count(session, address, origin, at=at)
    user = accounts.find(session, address)
    if user is not None:
        _queue(session, "account_exists", address, at=at, name=user.name)
    else:
        order = LinkOrder(
            purpose=NEW_ACCOUNT,
            path="/account/confirm/{token}?next=" + quote(go_on_to, safe="/"),
            lifetime=NEW_ACCOUNT_LIFETIME,
            details={"email": address, "name": name, "affiliation": affiliation},
        )
        # Without the name: nobody has said yet that they want mail, and a name may be any words of a stranger.
        _queue(session, "account_link", address, at=at, link=order)
    session.commit()


def confirm_account(
    session: Session, token: str, password: str, *, at: datetime, hasher: Passwords = STANDARD
) -> Opened:
    """Make the account that a link stands for, with its password, and sign in. Raises `LinkEnded`, `Invalid`."""
    asked = links.redeem(session, NEW_ACCOUNT, token, at=at).details
    if accounts.find(session, asked["email"]) is not None:
        raise LinkEnded
    user = accounts.create(session, asked["email"], name=asked["name"], affiliation=asked["affiliation"], at=at)
    accounts.set_password(session, user, password, hasher=hasher)
    return sign_ins.open_for(session, user, at=at)


def forgotten(session: Session, email: str, *, origin: str, at: datetime) -> None:
    """Send a link to choose a password; an address without an account is told so, in the mail.

    Raises `Invalid` when it is no address, `TooMany`.
    """
    address = folded(email)
    if address is None:
        raise Invalid(accounts.no_address())
    _count(session, address, origin, at=at)
    user = accounts.find(session, address)
    if user is None or not user.is_active:
        _queue(session, "no_account", address, at=at)
    else:
        path, lifetime = "/password/new/{token}", NEW_PASSWORD_LIFETIME
        order = LinkOrder(purpose=NEW_PASSWORD, path=path, lifetime=lifetime, user_id=user.id)
        _queue(session, "password_link", address, at=at, link=order, name=user.name)
    session.commit()


def choose_password(
    session: Session, token: str, password: str, *, at: datetime, hasher: Passwords = STANDARD
) -> Opened:
    """Take a new password by a link, and sign in. Raises `LinkEnded`, `Invalid`."""
    user = owner(session, links.redeem(session, NEW_PASSWORD, token, at=at))
    _replace(session, user, password, at=at, hasher=hasher)
    return sign_ins.open_for(session, user, at=at)


def change_password(
    session: Session, user_id: int | None, *, current: str, password: str, at: datetime, hasher: Passwords = STANDARD
) -> Opened:
    """Take a new password from somebody who is signed in and, if there is one, knows the old one.

    Raises `Invalid`, `TooMany`.
    """
    user = accounts.get(session, user_id)
    if user.password_hash is not None:
        limits = {f"account:{digest(user.email)}": sign_ins.PER_ACCOUNT}
        attempts.count(session, limits, at=at)
        if not hasher.matches(user.password_hash, current):
            raise Invalid(Problem("current", "That is not your password.", Severity.ERROR, "Type it again."))
        attempts.forget(session, limits)
    _replace(session, user, password, at=at, hasher=hasher)
    return sign_ins.open_for(session, user, at=at)


def owner(session: Session, link: OneTimeLink) -> User:
    """The person of a link. Raises `LinkEnded` when the account was closed since."""
    user = session.get(User, link.user_id) if link.user_id is not None else None
    if user is None or not user.is_active:
        raise LinkEnded
    return user


def _replace(session: Session, user: User, password: str, *, at: datetime, hasher: Passwords) -> None:
    """A new password ends what the old one could still open: sign-ins, and links that were sent before."""
    accounts.set_password(session, user, password, hasher=hasher)
    for purpose in (NEW_PASSWORD, sign_ins.LINK):
        links.revoke(session, purpose, at=at, user_id=user.id)
    _queue(session, "password_changed", user.email, at=at, name=user.name)


def _count(session: Session, address: str, origin: str, *, at: datetime) -> None:
    limits = {f"mail:{digest(address)}": MAILS_PER_ADDRESS} | {
        f"mail:{place}": MAILS_PER_ORIGIN for place in sign_ins.origin_keys(origin)
    }
    attempts.count(session, limits, at=at)


def _queue(
    session: Session, template: str, address: str, *, at: datetime, link: LinkOrder | None = None, **context: str
) -> None:
    key = f"{template}:{digest(address)}:{at.isoformat()}"
    orders = {"link": link} if link is not None else {}
    mailing.queue(session, template, address, key=key, at=at, context=context, links=orders)
