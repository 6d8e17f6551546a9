"""Links that end mail: signed, so that nobody else's mail can be ended, and good for as long as the key is.

Whoever holds one need not sign in (RFC 8058). It can end mail, and nothing else.
"""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from itsdangerous import BadSignature, Signer
from sqlalchemy import Update, select, update
from sqlalchemy.orm import Session, joinedload

from catalogue.domain.alerts import Often
from catalogue.domain.errors import LinkEnded
from catalogue.models import Follow, SavedSearch

SALT = "news.stop"
LONGEST_TOKEN = 200
GATHERED = (Often.DAILY, Often.WEEKLY)


class Scope(StrEnum):
    """What a link ends mail about: one search, one follow, everything gathered into digests, or everything."""

    SEARCH = "search"
    FOLLOW = "follow"
    DIGEST = "digest"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Target:
    """What a link ends. `mark` is the identifier of the search or follow, or else the number of the account."""

    scope: Scope
    mark: str


def token_of(target: Target, key: str) -> str:
    """The token that a link carries."""
    return _signer(key).sign(f"{target.scope.value}-{target.mark}").decode()


def read(token: str, key: str) -> Target:
    """What a token ends. Raises `LinkEnded` for one that was not signed here."""
    try:
        text = _signer(key).unsign(token[:LONGEST_TOKEN]).decode()
    except (BadSignature, UnicodeError) as error:
        raise LinkEnded from error
    scope, _, mark = text.partition("-")
    return Target(Scope(scope), mark)


def words_of(session: Session, target: Target) -> str:
    """What the mail is about; empty when nothing of the kind is kept any more."""
    if target.scope is Scope.SEARCH:
        name = session.scalar(select(SavedSearch.name).where(SavedSearch.identifier == target.mark))
        return f"the search “{name}”" if name is not None else ""
    if target.scope is Scope.FOLLOW:
        both = (joinedload(Follow.dataset), joinedload(Follow.organisation))
        found = session.scalars(select(Follow).where(Follow.identifier == target.mark).options(*both)).one_or_none()
        return f"“{found.name}”" if found is not None else ""
    return "everything in your digests" if target.scope is Scope.DIGEST else "all your searches and all that you follow"


def person_of(session: Session, target: Target) -> int | None:
    """Whose mail it ends."""
    if target.scope is Scope.SEARCH:
        return session.scalar(select(SavedSearch.user_id).where(SavedSearch.identifier == target.mark))
    if target.scope is Scope.FOLLOW:
        return session.scalar(select(Follow.user_id).where(Follow.identifier == target.mark))
    return int(target.mark)


def stop(session: Session, target: Target) -> None:
    """End the mail, and commit. The search and the follow stay; mail that was ended already is no mistake."""
    match target.scope:
        case Scope.SEARCH:
            changes: list[Update] = [update(SavedSearch).where(SavedSearch.identifier == target.mark)]
        case Scope.FOLLOW:
            changes = [update(Follow).where(Follow.identifier == target.mark)]
        case Scope.DIGEST:
            changes = [
                update(table).where(table.user_id == int(target.mark), table.often.in_(GATHERED))
                for table in (SavedSearch, Follow)
            ]
        case Scope.ALL:
            changes = [update(table).where(table.user_id == int(target.mark)) for table in (SavedSearch, Follow)]
    for each in changes:
        session.execute(each.values(often=Often.OFF))
    session.commit()


def _signer(key: str) -> Signer:
    if not key:
        raise LinkEnded
    return Signer(key, salt=SALT, key_derivation="hmac", digest_method=sha256)
