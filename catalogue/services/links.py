"""Links that stand for a person. A token is told once, to whoever gets the link; the database keeps its digest."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from catalogue.domain.errors import LinkEnded
from catalogue.models import OneTimeLink

TOKEN_BYTES = 32
LONGEST_TOKEN = 100
KEPT_FOR = timedelta(days=30)
"""How long a link that has ended is remembered."""


def issue(
    session: Session,
    purpose: str,
    subject: str = "",
    *,
    at: datetime,
    lifetime: timedelta,
    user_id: int | None = None,
    details: dict[str, Any] | None = None,
) -> str:
    """Make a link and return its token. Does not commit: it is part of what the link is sent for."""
    session.execute(delete(OneTimeLink).where(OneTimeLink.expires_at < at - KEPT_FOR))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        OneTimeLink(
            purpose=purpose,
            subject=subject,
            token_hash=digest(token),
            user_id=user_id,
            details=details or {},
            created_at=at,
            expires_at=at + lifetime,
        )
    )
    session.flush()
    return token


def find(session: Session, purpose: str, token: str, *, at: datetime) -> OneTimeLink:
    """The link, which stays good: for showing what it does, and for links that work until they end.

    Raises `LinkEnded`, the same for a link that never was, one that ended and one that was used.
    """
    found = session.scalars(
        select(OneTimeLink).where(
            OneTimeLink.token_hash == digest(token[:LONGEST_TOKEN]),
            OneTimeLink.purpose == purpose,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > at,
        )
    ).one_or_none()
    if found is None:
        raise LinkEnded
    return found


def redeem(session: Session, purpose: str, token: str, *, at: datetime) -> OneTimeLink:
    """Use the link up. Raises `LinkEnded`. Does not commit: a use case that fails leaves the link good."""
    found = find(session, purpose, token, at=at)
    # Of two that come at once, only one may pass.
    taken = session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.id == found.id, OneTimeLink.used_at.is_(None))
        .values(used_at=at)
        .returning(OneTimeLink.id)
    )
    if taken.first() is None:
        raise LinkEnded
    return found


def revoke(
    session: Session, purpose: str, *, at: datetime, subject: str | None = None, user_id: int | None = None
) -> None:
    """End the links of this purpose about a subject or for a person. Does not commit."""
    chosen = [OneTimeLink.subject == subject] if subject is not None else []
    chosen += [OneTimeLink.user_id == user_id] if user_id is not None else []
    if not chosen:
        raise ValueError("which links?")
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.purpose == purpose, OneTimeLink.used_at.is_(None), *chosen)
        .values(used_at=at)
    )


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
