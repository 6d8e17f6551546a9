"""What became of mail: at most one for each key, and what may not have arrived is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from types import MappingProxyType
from urllib.parse import urlsplit

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from catalogue.domain.errors import Refused
from catalogue.domain.mail_addresses import LONGEST_ADDRESS, folded
from catalogue.domain.permissions import Actor, check
from catalogue.mail import Message, write
from catalogue.mail.writing import line
from catalogue.models import MailState, SentMail
from catalogue.services import links, mailing
from catalogue.services.mailing import Letter

KEPT_FOR = timedelta(days=90)
"""How long it is remembered to whom what kind of mail was sent."""
GIVEN_UP_AFTER = timedelta(days=3)
"""Mail that could not go for so long tells nobody anything any more."""
SHOWN = 200
MARK_LENGTH = 40
CAN_GO_AGAIN: Mapping[MailState, bool] = MappingProxyType(
    {
        MailState.SENDING: False,
        MailState.SENT: False,
        MailState.REFUSED: True,
        MailState.UNCERTAIN: True,
    }
)
"""Whether the office may ask once more for mail that came so far. Such mail is shown to it, with what is known."""
AGAIN = "again:"
"""What the key of a mail begins with that was asked for once more."""


@dataclass(frozen=True, slots=True)
class Site:
    """What every mail says about the catalogue: its name, and its public address without a slash at the end."""

    name: str
    base_url: str


def is_open(session: Session, letter: Letter, *, at: datetime) -> bool:
    """Whether the mail is still to be sent; commits what this settles.

    Whoever asks holds the lock of the mail, so one that is being sent already was left by a worker that died.
    """
    known = session.get(SentMail, letter.key)
    hindrance = _hindrance(letter, at=at) if known is None else None
    if known is not None and known.state is MailState.SENDING:
        settle(session, letter, MailState.UNCERTAIN, at=at, error="the worker died while it was sending this")
    elif hindrance is not None:
        settle(session, letter, MailState.REFUSED, at=at, error=hindrance)
    session.commit()
    return known is None and hindrance is None


def prepare(session: Session, letter: Letter, site: Site, *, at: datetime) -> Message:
    """Write the mail and write down that it is being sent, and commit."""
    message = _written(session, letter, site, at=at)
    settle(session, letter, MailState.SENDING, at=at)
    return message


def settle(session: Session, letter: Letter, state: MailState, *, at: datetime, error: str | None = None) -> None:
    """Write down how far the mail came, and commit."""
    row = session.get(SentMail, letter.key)
    if row is None:
        recipient = line(letter.to)[:LONGEST_ADDRESS]
        row = SentMail(key=letter.key, template=letter.template, recipient=recipient, at=at)
        session.add(row)
    row.state, row.error = state, error
    # Nothing that anybody puts right makes an address of what is none.
    is_kept = CAN_GO_AGAIN[state] and folded(letter.to) is not None
    row.letter = letter.to_json() if is_kept else None
    session.commit()


def release(session: Session, letter: Letter) -> None:
    """It certainly did not go: let it be sent another time."""
    session.execute(delete(SentMail).where(SentMail.key == letter.key))
    session.commit()


def unsettled(session: Session, letters: Sequence[Letter]) -> list[Letter]:
    """The letters of which it is not settled what became of them."""
    keys = [letter.key for letter in letters]
    done = select(SentMail.key).where(SentMail.key.in_(keys), SentMail.state != MailState.SENDING)
    settled = set(session.scalars(done))
    return [letter for letter in letters if letter.key not in settled]


def undelivered(session: Session) -> Sequence[SentMail]:
    """The latest mails that did not arrive or may not have, the latest first."""
    states = [state for state, can_go in CAN_GO_AGAIN.items() if can_go]
    wanted = select(SentMail).where(SentMail.state.in_(states)).order_by(SentMail.at.desc()).limit(SHOWN)
    return session.scalars(wanted).all()


def send_again(session: Session, actor: Actor, key: str, *, at: datetime) -> None:
    """Ask once more for a mail that was refused or is uncertain. However often that is asked, one goes.

    What becomes of it is known by a key of its own, under which it can be asked for again in turn. Raises `Refused` for
    one that came through or is under way, was sent again already, or is to no address at all.
    """
    check(actor, "mail:send-again")
    # PostgreSQL refuses to look for some characters that a form can hold.
    row = session.get(SentMail, key, with_for_update=True) if key.isprintable() else None
    if row is None or row.letter is None or not CAN_GO_AGAIN[row.state]:
        raise Refused("This mail was sent again already, or it cannot be sent again.")
    letter = Letter.from_json(_key_again(key), row.letter)
    mailing.queue(
        session,
        letter.template,
        letter.to,
        key=letter.key,
        at=at,
        context=letter.context,
        links=letter.links,
        headers=letter.headers,
    )
    row.letter, row.error = None, f"{row.error}; sent again"
    session.commit()


def withdraw(session: Session, key: str) -> None:
    """Let a mail that did not arrive never go again: what it was to say is over. Does not commit."""
    while (row := session.get(SentMail, key)) is not None:
        row.letter, key = None, _key_again(key)


def erase(session: Session, address: str) -> None:
    """Forget what mail to somebody who leaves was to say. Does not commit."""
    session.execute(update(SentMail).where(SentMail.recipient == address).values(letter=None))


def forget_old(session: Session, *, at: datetime) -> None:
    """Forget mail that was sent long ago."""
    session.execute(delete(SentMail).where(SentMail.at < at - KEPT_FOR))
    session.commit()


def _key_again(key: str) -> str:
    return AGAIN + sha256(key.encode()).hexdigest()[:MARK_LENGTH]


def _hindrance(letter: Letter, *, at: datetime) -> str | None:
    """What keeps the mail from ever being sent, if anything does."""
    if folded(letter.to) is None:
        return "that is not an address that mail can be sent to"
    if at - letter.asked_at > GIVEN_UP_AFTER:
        return f"it could not be sent for {GIVEN_UP_AFTER.days} days"
    return None


def _written(session: Session, letter: Letter, site: Site, *, at: datetime) -> Message:
    made = {}
    for name, order in letter.links.items():
        token = links.issue(
            session,
            order.purpose,
            order.subject,
            at=at,
            lifetime=order.lifetime,
            user_id=order.user_id,
            details=dict(order.details),
        )
        made[name] = site.base_url + order.path.replace("{token}", token)
    subject, text = write(letter.template, {"name": "", **letter.context, **made, "site": site})
    mark = sha256(letter.key.encode()).hexdigest()[:MARK_LENGTH]
    return Message(
        kind=letter.template,
        identifier=f"{mark}@{urlsplit(site.base_url).hostname or 'localhost'}",
        to=letter.to,
        subject=subject,
        text=text,
        at=at,
        headers=letter.headers,
    )
