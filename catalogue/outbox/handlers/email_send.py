"""`email.send`: write a mail and hand it over, at most once for each key.

A worker can be killed at any moment, and what a mail server took cannot be taken back. So it is written down that a
mail is being sent before the server gets its text, and afterwards what became of it. A mail found between the two was
in the server's hands when a worker died: it may have arrived, is not sent again, and is shown to the alliance office
as uncertain. So is mail that a server refused for good, as refused; the office can ask for either once more, which is a
mail with a key of its own. Whatever else fails before that moment is tried again. A doubled mail would
have every reader doubt the rest; a lost one is seen, and can be asked for again. The Message-ID follows from the key,
so that of a mail that a relay doubles, a reader's program can show one.
"""

import logging
from collections.abc import Sequence
from hashlib import sha256

from catalogue import clock, locks
from catalogue.mail import Refused, Sender, Uncertain, Unreachable
from catalogue.models import MailState, OutboxMessage
from catalogue.outbox.registry import Unavailable, handles
from catalogue.runtime import Runtime
from catalogue.services import deliveries, role_changes
from catalogue.services.deliveries import Site
from catalogue.services.mailing import KIND, Letter

log = logging.getLogger(__name__)


@handles(KIND)
def send(runtime: Runtime, messages: Sequence[OutboxMessage]) -> None:
    """Send every mail over one connection; one that cannot go holds up no other, and is raised at the end."""
    with runtime.sessions() as session:
        at = clock.now()
        role_changes.forget_old(session, at=at)
        deliveries.forget_old(session, at=at)
        letters = deliveries.unsettled(session, [Letter.from_json(each.key, each.payload) for each in messages])
        session.commit()
    if not letters:
        return
    failures: list[Unreachable] = []
    try:
        with runtime.mailer.opened() as sender:
            for letter in letters:
                try:
                    _send_alone(runtime, sender, letter)
                except Unreachable as error:
                    log.warning("a mail of kind %s did not go: %s", letter.template, error)
                    failures.append(error)
    except Unreachable as error:
        raise Unavailable(str(error)) from error
    if failures:
        raise failures[0]


def _send_alone(runtime: Runtime, sender: Sender, letter: Letter) -> None:
    """Send a mail while nobody else does. Its lock is free as soon as whoever held it is dead."""
    name = f"mail-{sha256(letter.key.encode()).hexdigest()[:32]}"
    with locks.held(runtime.engine, runtime.locks_folder, name) as is_mine:
        if not is_mine:
            raise Unreachable("another worker is sending this mail")
        _send(runtime, sender, letter)
    locks.forget(runtime.locks_folder, name)


def _send(runtime: Runtime, sender: Sender, letter: Letter) -> None:
    site, at = Site(runtime.settings.site_name, runtime.settings.base_url), clock.now()
    with runtime.sessions() as session:
        if not deliveries.is_open(session, letter, at=at):
            return
        try:
            sender.address(letter.to)
            sender.send(deliveries.prepare(session, letter, site, at=at))
        except Unreachable:
            deliveries.release(session, letter)
            raise
        except Refused as error:
            deliveries.settle(session, letter, MailState.REFUSED, at=at, error=str(error))
        except Uncertain as error:
            deliveries.settle(session, letter, MailState.UNCERTAIN, at=at, error=str(error))
        else:
            deliveries.settle(session, letter, MailState.SENT, at=at)
