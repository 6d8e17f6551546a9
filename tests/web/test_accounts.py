"""Getting an account, getting back into one, and looking after it; what strangers learn is in the mail alone."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from catalogue import clock
from catalogue.app import create_app
from catalogue.config import Settings
from catalogue.domain.errors import LinkEnded, TooMany
from catalogue.domain.permissions import Role, require
from catalogue.mail.folder import KeptMail, kept_in
from catalogue.models import MailState, OneTimeLink, OutboxMessage, SentMail, User
from catalogue.outbox import worker
from catalogue.runtime import Runtime
from catalogue.services import accounts, deliveries, links, mailing, registration, sign_ins
from catalogue.services.mailing import Letter
from tests.page_checks import CheckingClient
from tests.people import CHEAP, PASSWORD, actor_for, client_of, person, token_in

NEW_PASSWORD = "barley copper thistle"
LINK = re.compile(r"http://catalogue\.example(\S+)")


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    return Settings(**{**_fields(settings), "mail_url": (tmp_path / "mail").as_uri()})


def _fields(settings: Settings) -> dict[str, str]:
    return {name: getattr(settings, name) for name in ("data_dir", "database_url", "secret_key", "base_url")}


def form(client: FlaskClient, path: str, /, **fields: str):
    token = token_in(client.get(path).get_data(as_text=True))
    return client.post(path.partition("?")[0], data={"csrf_token": token, **fields})


def delivered(runtime: Runtime, tmp_path: Path) -> list[KeptMail]:
    """Every mail, the first first."""
    worker.run_once(runtime, clock.now)
    return list(reversed(kept_in(tmp_path / "mail")))


def link_in(mail: KeptMail) -> str:
    return LINK.findall(mail.text)[0]


def ask_for_account(client: FlaskClient, **fields: str):
    return form(client, "/account/new", **{"name": "Ada Moss", "email": "Ada@people.example", **fields})


def test_an_account_is_made_by_the_link_in_the_mail_and_leads_back(
    app: Flask, runtime: Runtime, tmp_path: Path
) -> None:
    client = app.test_client()
    answer = ask_for_account(client, affiliation="University of Hollins", next="/search?q=asthma")
    assert answer.location == "/account/requested"
    assert client.get("/account/requested").status_code == 200
    with runtime.reading_sessions() as session:
        assert accounts.find(session, "ada@people.example") is None
    (mail,) = delivered(runtime, tmp_path)
    assert mail.to == "ada@people.example"
    path = link_in(mail)
    # programs that check mail look at every link, in every way that changes nothing
    for method in ("GET", "HEAD", "GET"):
        assert app.test_client().open(path, method=method).status_code == 200
    answer = form(client, path, password=NEW_PASSWORD, next="/search?q=asthma")
    assert answer.location == "/search?q=asthma"
    page = client.get("/account").get_data(as_text=True)
    assert "University of Hollins" in page
    assert client.get(path).status_code == 410
    assert client.post(path, data={"csrf_token": token_in(page), "password": NEW_PASSWORD}).status_code == 410


def test_no_stranger_writes_a_mail_through_the_form(app: Flask, runtime: Runtime, tmp_path: Path) -> None:
    ask_for_account(app.test_client(), name="A prize waits at https://evil.example", affiliation="Click now")
    (mail,) = delivered(runtime, tmp_path)
    assert "evil" not in mail.subject + mail.text
    assert "Click" not in mail.subject + mail.text


def test_who_has_an_account_is_told_in_the_mail_and_not_on_the_page(
    app: Flask, runtime: Runtime, tmp_path: Path
) -> None:
    person(runtime, "ada@people.example")
    pages = set()
    for email in ("ada@people.example", "bob@people.example"):
        client = app.test_client()
        answer = ask_for_account(client, email=email)
        pages.add((answer.status_code, answer.location))
    assert len(pages) == 1
    first, second = delivered(runtime, tmp_path)
    assert {first.subject, second.subject} == {
        "You have an account already",
        "Your account at the Health Dataset Catalogue",
    }


def test_forgotten_passwords_tell_nobody_who_has_an_account(app: Flask, runtime: Runtime, tmp_path: Path) -> None:
    person(runtime, "ada@people.example")
    person(runtime, "closed@people.example")
    with runtime.sessions() as session:
        accounts.set_active(session, "closed@people.example", is_active=False)
    answers = set()
    for email in ("ada", "closed", "nobody"):
        answer = form(app.test_client(), "/password/forgotten", email=f"{email}@people.example")
        answers.add((answer.status_code, answer.location))
    assert answers == {(303, "/password/asked")}
    mails = {mail.to.partition("@")[0]: mail for mail in delivered(runtime, tmp_path)}
    assert "/password/new/" in mails["ada"].text
    assert "/password/new/" not in mails["closed"].text + mails["nobody"].text
    with runtime.reading_sessions() as session:
        assert len(session.scalars(select(OneTimeLink)).all()) == 1


def test_a_new_password_ends_every_sign_in_and_every_link_and_says_so_by_mail(
    app: Flask, runtime: Runtime, tmp_path: Path
) -> None:
    user = person(runtime, "ada@people.example")
    elsewhere = client_of(app, user)
    client = app.test_client()
    form(client, "/password/forgotten", email="ada@people.example")
    form(client, "/password/forgotten", email="ada@people.example")
    first, second = [link_in(mail) for mail in delivered(runtime, tmp_path)]
    assert app.test_client().get(first).status_code == 200
    assert form(client, first, password=NEW_PASSWORD).location == "/account?saved=password"
    assert "Your password is saved" in client.get("/account?saved=password").get_data(as_text=True)
    assert elsewhere.get("/account").status_code == 303
    assert (client.get(first).status_code, client.get(second).status_code) == (410, 410)
    assert "Your password was changed" in {mail.subject for mail in delivered(runtime, tmp_path)}
    with runtime.sessions() as session:
        at = clock.now()
        assert sign_ins.sign_in(session, "ada@people.example", NEW_PASSWORD, origin="", at=at)[0].user_id == user.id


def test_links_end(runtime: Runtime) -> None:
    user = person(runtime, "ada@people.example")
    at = clock.now()
    with runtime.sessions() as session:
        lifetime = timedelta(hours=2)
        token = links.issue(session, "password", at=at - lifetime, lifetime=lifetime, user_id=user.id)
        session.commit()
        for purpose, text in (("password", token), ("account", token), ("password", "x" * 5000), ("password", "")):
            with pytest.raises(LinkEnded):
                links.redeem(session, purpose, text, at=at)


def test_a_link_that_failed_stays_good_and_one_of_a_closed_account_is_none(app: Flask, runtime: Runtime) -> None:
    user = person(runtime, "ada@people.example")
    with runtime.sessions() as session:
        token = links.issue(session, "password", at=clock.now(), lifetime=timedelta(hours=1), user_id=user.id)
        session.commit()
    client = app.test_client()
    for password, said in (("short", "fewer than 12"), ("", "Enter a password"), ("ada-2026-2026-2026", "e-mail")):
        answer = form(client, f"/password/new/{token}", password=password)
        assert answer.status_code == 422
        page = answer.get_data(as_text=True)
        assert said in page
        assert 'href="#password"' in page
    with runtime.sessions() as session:
        accounts.set_active(session, "ada@people.example", is_active=False)
    assert client.get(f"/password/new/{token}").status_code == 410


@pytest.mark.parametrize(
    ("path", "fields", "said", "kept"),
    [
        ("/account/new", {"name": "", "email": "ada@people.example"}, "#name", "ada@people.example"),
        ("/account/new", {"name": "Ada <Moss>", "email": "ada"}, "#email", "Ada &lt;Moss&gt;"),
        ("/account/new", {"name": "A" * 201, "email": "a@b.example", "affiliation": "B" * 301}, "#affiliation", "B"),
        ("/password/forgotten", {"email": "ada@"}, "#email", "ada@"),
    ],
)
def test_what_is_wrong_is_beside_its_field_and_nothing_typed_is_lost(
    client: FlaskClient, path: str, fields: dict[str, str], said: str, kept: str
) -> None:
    answer = form(client, path, **fields)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'href="{said}"' in page
    assert f'value="{kept}' in page
    assert "<title>Error: " in page


def test_so_many_mails_may_be_asked_for_one_address_and_from_one_place(runtime: Runtime) -> None:
    at = clock.now()
    with runtime.sessions() as session:
        for _ in range(registration.MAILS_PER_ADDRESS):
            registration.forgotten(session, "ada@people.example", origin="203.0.113.1", at=at)
        with pytest.raises(TooMany):
            registration.request_account(
                session, "ada@people.example", name="Ada", affiliation="", origin="203.0.113.2", at=at
            )
        registration.forgotten(session, "bob@people.example", origin="203.0.113.2", at=at)
        registration.forgotten(session, "ada@people.example", origin="203.0.113.1", at=at + timedelta(minutes=16))
        for number in range(registration.MAILS_PER_ORIGIN):
            registration.forgotten(session, f"a{number}@people.example", origin="203.0.113.3", at=at)
        with pytest.raises(TooMany):
            registration.forgotten(session, "one.more@people.example", origin="203.0.113.3", at=at)


def test_two_links_of_one_address_make_one_account(runtime: Runtime) -> None:
    at = clock.now()
    details = {"email": "ada@people.example", "name": "Ada", "affiliation": ""}
    with runtime.sessions() as session:
        first, second = (
            links.issue(session, "account", at=at, lifetime=timedelta(days=1), details=details) for _ in range(2)
        )
        session.commit()
        registration.confirm_account(session, first, NEW_PASSWORD, at=at, hasher=CHEAP)
        with pytest.raises(LinkEnded):
            registration.confirm_account(session, second, NEW_PASSWORD, at=at, hasher=CHEAP)


def test_people_say_who_they_are(app: Flask, runtime: Runtime) -> None:
    client = client_of(app, person(runtime, "ada@people.example"))
    answer = form(client, "/account", name=" Ada\u2028 Lovelace ", affiliation="Fell & Dale")
    assert answer.location == "/account?saved=details"
    page = client.get(answer.location).get_data(as_text=True)
    assert 'value="Ada Lovelace"' in page
    assert 'value="Fell &amp; Dale"' in page
    assert "Your details are saved" in page
    answer = form(client, "/account", name=" ", affiliation="Fell")
    assert answer.status_code == 422
    assert "Enter your name" in answer.get_data(as_text=True)


def test_a_password_is_changed_by_who_knows_the_old_one(app: Flask, runtime: Runtime) -> None:
    user = person(runtime, "ada@people.example")
    client, elsewhere = client_of(app, user), client_of(app, user)
    answer = form(client, "/account/password", current="wrong", password=NEW_PASSWORD)
    assert answer.status_code == 422
    assert "That is not your password" in answer.get_data(as_text=True)
    assert elsewhere.get("/account").status_code == 200
    answer = form(client, "/account/password", current=PASSWORD, password=NEW_PASSWORD)
    assert answer.location == "/account?saved=password"
    assert client.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303


def test_who_has_no_password_yet_needs_none_to_choose_one(app: Flask, runtime: Runtime) -> None:
    user = person(runtime, "ada@people.example")
    with runtime.sessions() as session:
        accounts.get(session, user.id).password_hash = None
        session.commit()
    client = client_of(app, user)
    assert 'name="current"' not in client.get("/account/password").get_data(as_text=True)
    assert form(client, "/account/password", password=NEW_PASSWORD).location == "/account?saved=password"


def test_the_office_reads_the_mail_of_a_folder_and_what_did_not_arrive(
    app: Flask, runtime: Runtime, tmp_path: Path
) -> None:
    office = client_of(app, actor_for(runtime, Role.OFFICE))
    assert "The folder is empty" in office.get("/admin/mail").get_data(as_text=True)
    with runtime.sessions() as session:
        registration.forgotten(session, "office@people.example", origin="", at=clock.now())
        session.add(
            SentMail(
                key="x",
                template="account_link",
                recipient="gone@people.example",
                state=MailState.REFUSED,
                error="550 <nobody>",
                at=clock.now(),
            )
        )
        session.commit()
    (mail,) = delivered(runtime, tmp_path)
    (tmp_path / "mail" / "stray.eml").write_bytes(b"\xff no mail")
    page = office.get("/admin/mail").get_data(as_text=True)
    assert "550 &lt;nobody&gt;" in page
    assert f'href="/admin/mail/{mail.name}"' in page
    assert f'href="http://catalogue.example{link_in(mail)}"' in office.get(f"/admin/mail/{mail.name}").get_data(
        as_text=True
    )
    assert "no-store" in office.get(f"/admin/mail/{mail.name}").headers["Cache-Control"]
    assert office.get("/admin/mail/..%2Fstray").status_code == 404
    assert office.get("/admin/mail/stray").status_code == 404


def test_the_office_sends_again_what_may_not_have_arrived(app: Flask, runtime: Runtime, tmp_path: Path) -> None:
    office = client_of(app, actor_for(runtime, Role.OFFICE))
    with runtime.sessions() as session:
        mailing.queue(session, "password_changed", "ada@people.example", key="lost", at=clock.now())
        lost = SentMail(key="lost", template="password_changed", recipient="ada@people.example", at=clock.now())
        lost.state = MailState.SENDING
        session.add(lost)
        session.commit()
    assert delivered(runtime, tmp_path) == []
    page = office.get("/admin/mail").get_data(as_text=True)
    form = {"csrf_token": token_in(page), "key": "lost"}
    assert 'name="key" value="lost">Send it again' in page
    page = office.post("/admin/mail/again", data=form, follow_redirects=True).get_data(as_text=True)
    assert "It is sent again." in page
    assert 'value="lost"' not in page
    assert office.post("/admin/mail/again", data=form).status_code == 409
    assert len(delivered(runtime, tmp_path)) == 1


def test_the_office_sees_why_a_mail_was_refused_and_sends_it_again(
    app: Flask, runtime: Runtime, tmp_path: Path
) -> None:
    office = client_of(app, actor_for(runtime, Role.OFFICE))
    with runtime.sessions() as session:
        letter = Letter("refused", "password_changed", "ada@people.example", clock.now())
        deliveries.settle(session, letter, MailState.REFUSED, at=clock.now(), error="550 <relaying> denied")
    page = office.get("/admin/mail").get_data(as_text=True)
    assert "550 &lt;relaying&gt; denied" in page
    assert 'name="key" value="refused">Send it again' in page
    form = {"csrf_token": token_in(page), "key": "refused"}
    page = office.post("/admin/mail/again", data=form, follow_redirects=True).get_data(as_text=True)
    assert "It is sent again." in page
    assert "550 &lt;relaying&gt; denied; sent again" in page
    assert 'value="refused"' not in page
    assert office.post("/admin/mail/again", data=form).status_code == 409
    (mail,) = delivered(runtime, tmp_path)
    assert mail.to == "ada@people.example"


def test_without_a_folder_there_is_no_mail_to_read(app: Flask, runtime: Runtime, settings: Settings) -> None:
    user = actor_for(runtime, Role.OFFICE)
    elsewhere = create_app(Settings(**_fields(settings)), runtime.engine)
    elsewhere.test_client_class = CheckingClient
    client = client_of(elsewhere, user)
    assert "Mail in the folder" not in client.get("/admin/mail").get_data(as_text=True)
    assert client.get("/admin/mail/x").status_code == 404


def test_nothing_of_a_password_or_a_token_is_left_in_the_outbox(app: Flask, runtime: Runtime) -> None:
    ask_for_account(app.test_client())
    with runtime.reading_sessions() as session:
        (message,) = session.scalars(select(OutboxMessage))
        assert "token" not in message.payload["context"]
        assert session.scalars(select(OneTimeLink)).all() == []


def test_of_two_who_make_one_account_at_once_the_second_is_told(new_app: Flask) -> None:
    runtime = new_app.extensions["catalogue"]

    def overtake() -> dict[str, str]:
        with runtime.sessions() as session:
            session.add(User(email="ada@people.example", name="Ada", created_at=clock.now()))
            session.commit()
        return {}

    new_app.add_url_rule("/overtake", view_func=require("site:read")(overtake))
    client = new_app.test_client()
    assert client.get("/overtake").status_code == 200
    answer = client.get("/overtake")
    assert answer.status_code == 409
    assert "at the same moment" in answer.get_data(as_text=True)
