"""Asking for mail, in the transaction of what it tells about. The worker writes and sends it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from catalogue.services.outbox import enqueue

KIND = "email.send"


@dataclass(frozen=True, slots=True)
class LinkOrder:
    """A link that a mail carries. It is made when the mail is sent, so that its token rests nowhere before.

    `path` is where it leads below the public address, with `{token}` in it.
    """

    purpose: str
    path: str
    lifetime: timedelta
    subject: str = ""
    user_id: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The order as the outbox keeps it."""
        return {
            "purpose": self.purpose,
            "path": self.path,
            "seconds": int(self.lifetime.total_seconds()),
            "subject": self.subject,
            "user_id": self.user_id,
            "details": dict(self.details),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "LinkOrder":
        """Read an order back."""
        return cls(
            purpose=kept["purpose"],
            path=kept["path"],
            lifetime=timedelta(seconds=kept["seconds"]),
            subject=kept["subject"],
            user_id=kept["user_id"],
            details=kept["details"],
        )


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it was asked for, before it is written. `asked_at` is when it was to go."""

    key: str
    template: str
    to: str
    asked_at: datetime
    context: Mapping[str, Any] = field(default_factory=dict)
    links: Mapping[str, LinkOrder] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The letter as the outbox keeps it, beside its key."""
        return {
            "template": self.template,
            "to": self.to,
            "asked_at": self.asked_at.isoformat(),
            "context": dict(self.context),
            "links": {name: order.to_json() for name, order in self.links.items()},
            "headers": dict(self.headers),
        }

    @classmethod
    def from_json(cls, key: str, kept: Mapping[str, Any]) -> "Letter":
        """Read a letter back."""
        return cls(
            key=key,
            template=kept["template"],
            to=kept["to"],
            asked_at=datetime.fromisoformat(kept["asked_at"]),
            context=kept["context"],
            links={name: LinkOrder.from_json(order) for name, order in kept["links"].items()},
            headers=kept.get("headers", {}),
        )


def queue(
    session: Session,
    template: str,
    to: str,
    *,
    key: str,
    at: datetime,
    context: Mapping[str, Any] | None = None,
    links: Mapping[str, LinkOrder] | None = None,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Ask for the mail of `templates/email/<template>.txt` to an address, once what the session holds is committed.

    A key stands for one mail: however often it is asked for, at most one is sent. `context` is plain JSON for the
    template; each of `links` is there too, by its name, as a whole address. `headers` go with the mail as they are.
    """
    letter = Letter(key, template, to, at, context or {}, links or {}, headers or {})
    enqueue(session, KIND, key, at=at, payload=letter.to_json())
