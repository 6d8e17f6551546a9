"""A catalogue in which much was asked, answered, claimed and refused, with titles and words as long as real ones."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from catalogue import clock
from catalogue.config import Settings
from catalogue.domain.permissions import Actor
from catalogue.migrations.running import upgrade
from catalogue.models import DatasetState, MailState, SentMail
from catalogue.runtime import Runtime
from catalogue.services import (
    accounts,
    claims,
    dataset_facts,
    desk_work,
    enquiries,
    indexing,
    invitations,
    links,
    registration,
    sign_ins,
    threads,
)
from catalogue.services.enquiry_mail import REPLY_LINK
from catalogue.services.enquiry_routing import published
from tests.asking import TARN, UNCLAIMED, Cast, gather, question, somebody
from tests.browser.conftest import served
from tests.people import CHEAP, PASSWORD
from tests.publishing import custodian, described, publish

SECRET = "not-a-secret-only-for-tests"
LONG_TITLE = (
    "Hospital stays, visits to casualty, prescriptions, laboratory results, deaths and their causes, of everybody who "
    "was registered with a doctor in the four valleys at any time since 1998, linked by a key that stays the same over "
    "the years and, for the years since 2011, to the records of schools, of social care and of the census of the year"
)
LONG_NAME = "The Foundation Trust of the Four Valleys and the Upper Dales, Department of Population Health Records"
LONG_WORD = "https://ethics.university.example/committees/2026/" + "protocol-" * 20
STUDY = (
    "Asthma, air and schools in small towns after the floods: a study of children who were born between 2004 and 2016"
)
MAIL = f"""From: catalogue@catalogue.example
To: ada@university.example
Subject: Does Fay Gill speak for Fell and Dale Trust?
Date: Sun, 22 Nov 2026 09:30:00 +0000

Hello,

confirm it on this page:

http://catalogue.example/claims/{"x" * 43}
"""


@dataclass(frozen=True)
class Stage:
    """Where it is served, what stands in the gaps of addresses, and datasets to choose: one has left since."""

    address: str
    names: Mapping[str, str]
    chosen: tuple[str, ...]


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """Serve it while the block runs."""
    mail = folder / "mail"
    mail.mkdir()
    (mail / "kept.eml").write_text(MAIL, encoding="utf-8")
    runtime = Runtime.build(Settings(data_dir=str(folder / "var"), secret_key=SECRET))
    upgrade(runtime.engine)
    with runtime.sessions() as session:
        names, chosen = _play(session)
        session.commit()
        indexing.rebuild(session, runtime.backend)
    runtime.engine.dispose()
    command = ("serve", "--workers", "1", "--no-outbox")
    with served(folder, *command, secret_key=SECRET, mail_url=mail.as_uri()) as address:
        yield Stage(address, {**names, "mail": "kept"}, chosen)


def _play(session: Session) -> tuple[dict[str, str], tuple[str, ...]]:
    cast = gather(session)
    custodian(session, UNCLAIMED).contact_point = "data@fell.example"
    valleys = custodian(session, LONG_NAME)
    long = publish(session, described(LONG_TITLE), by=LONG_NAME)
    gone = publish(session, described("Records that have left"), by=TARN)
    read = publish(session, described("Records of falls", abstract="Records of 640 patients in Wales."), by=UNCLAIMED)
    dataset_facts.refresh(session, [long, read], at=clock.now())
    session.commit()
    fay = somebody(session, "fay@fell.example", "Fay Gill")
    for actor in (*cast.everybody.values(), fay):
        accounts.set_password(session, accounts.get(session, actor.user_id), PASSWORD, hasher=CHEAP)
    affiliation = "Institute of Health Research, University of Hollins"
    accounts.change_details(session, cast.researcher.user_id, name="Ada Moss", affiliation=affiliation)
    names = {"valleys": valleys.slug, "long": long, "short": cast.tarn_dataset, **_converse(session, cast, long)}
    names |= _links(session, cast, fay, names["forwarded"])
    names |= _invite(session, cast)
    published(session, [gone])[gone].state = DatasetState.WITHDRAWN
    error = "the mail server said 550 5.1.1 <somebody.with.a.long.name@records.fell.example>: no such user here"
    lost = SentMail(key="lost", template="news", recipient="ada@university.example", letter={"template": "news"})
    lost.state, lost.error, lost.at = MailState.UNCERTAIN, "the worker died while it was sending this", clock.now()
    refused = SentMail(key="refused", template="claim_link", recipient="somebody.with.a.long.name@records.fell.example")
    refused.state, refused.error, refused.at = MailState.REFUSED, error, clock.now()
    refused.letter = {"template": "claim_link"}
    session.add_all([lost, refused])
    return names, (cast.tarn_dataset, long, cast.unclaimed_dataset, gone)


def _converse(session: Session, cast: Cast, long: str) -> dict[str, str]:
    """Questions to Tarn Hospital and the valleys in several states; the names of the threads."""
    now, names = clock.now(), {}

    def do(actor: Actor, name: str, command: str, text: str = "") -> None:
        threads.move(session, actor, names[name], command, text=text, at=now)

    for days, name in ((20, "late"), (12, "ended"), (9, "answered"), (1, "asked_back")):
        asked = question(cast.tarn_dataset, long, title=STUDY)
        enquiry = enquiries.submit(session, cast.researcher, asked, at=now - timedelta(days=days))
        parts = enquiries.get_own(session, cast.researcher, enquiry.identifier).threads
        of_tarn = {each.thread.custodian.name == TARN: each.thread.identifier for each in parts}
        names |= {name: of_tarn[True], "forwarded": of_tarn[False], "enquiry": enquiry.identifier}
    do(cast.tarn_handler, "late", "note", f"The data team knows about ages in months.\n\n{LONG_WORD}")
    do(cast.tarn_handler, "ended", "answer", "Yes, from 2004 on.")
    do(cast.researcher, "ended", "close")
    do(cast.tarn_handler, "answered", "answer", f"About 4,200 children.\n\nSee {LONG_WORD}")
    do(cast.tarn_handler, "asked_back", "note", "Ask the data team.")
    do(cast.tarn_handler, "asked_back", "reply", "Are whole years of age enough?\n\nAnd which years do you need?")
    other = enquiries.submit(session, cast.researcher, question(cast.unclaimed_dataset), at=now)
    names["unrouted"] = enquiries.get_own(session, cast.researcher, other.identifier).threads[0].thread.identifier
    desk_work.forward(session, cast.office, names["forwarded"], "records@valleys.example", at=now)
    return names


def _invite(session: Session, cast: Cast) -> dict[str, str]:
    """Somebody with a long address and somebody with an account are invited; the links, and the numbers of people."""
    now, new = clock.now(), "somebody.with.a.long.name@population-health-records.tarn.example"
    names = {"tom": str(cast.tarn_handler.user_id), "ann": str(cast.tarn_administrator.user_id)}
    for name, email in (("account_invitation", cast.other_researcher.email), ("invitation", new)):
        invited = invitations.invite(
            session, cast.tarn_administrator, "tarn-hospital", email=email, roles=["editor", "handler"], at=now
        )
        names[name] = links.issue(session, invitations.LINK, invited.identifier, at=now, lifetime=timedelta(days=1))
        names["invited"] = invited.identifier
    return names


def _links(session: Session, cast: Cast, fay: Actor, forwarded: str) -> dict[str, str]:
    """A link of every kind, unused; a claim that waits."""
    now, day = clock.now(), timedelta(days=1)
    reason = f"I run the registry. The head of records can tell you: {LONG_WORD}"
    claim = claims.make(session, fay, "fell-and-dale-trust", reason=reason, at=now)
    number = threads.arrive(session, cast.office, forwarded).thread.forward_number
    wanted = {"email": "new@university.example", "name": "Nia Fold", "affiliation": ""}
    person = cast.researcher.user_id
    return {
        "claim": links.issue(session, claims.LINK, claim.identifier, at=now, lifetime=day),
        "reply": links.issue(session, REPLY_LINK, forwarded, at=now, lifetime=day, details={"forward": number}),
        "account": links.issue(session, registration.NEW_ACCOUNT, at=now, lifetime=day, details=wanted),
        "password": links.issue(session, registration.NEW_PASSWORD, at=now, lifetime=day, user_id=person),
        "sign_in": links.issue(session, sign_ins.LINK, at=now, lifetime=day, user_id=person),
    }
