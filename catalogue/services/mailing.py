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


def queue(
    session: Session,
    template: str,
    to: str,
    *,
    key: str,
    at: datetime,
    context: Mapping[str, Any] | None = None,
    links: Mapping[str, LinkOrder] | None = None,
) -> None:
    """Ask for the mail of `templates/email/<template>.txt` to an address, once what the session holds is committed.

    A key stands for one mail: however often it is asked for, at most one is sent. `context` is plain JSON for the
    template; each of `links` is there too, by its name, as a whole address.
    """
    payload = {
        "template": template,
        "to": to,
        "context": dict(context or {}),
        "links": {name: order.to_json() for name, order in (links or {}).items()},
    }
    enqueue(session, KIND, key, at=at, payload=payload)
